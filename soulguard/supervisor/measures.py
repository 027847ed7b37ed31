"""Owns the measure of a deed: for whom it counts, and how much of what it has.

What may be is the limits' to say, and nothing is counted here.
"""

from __future__ import annotations

from soulguard.model import Rule
from soulguard.policy.addressed import named
from soulguard.policy.counted import LENGTHS, PEOPLE, SUM
from soulguard.policy.counted import unit as unit_of
from soulguard.policy.sums import moved
from soulguard.supervisor.deed import Deed

_SCOPES = frozenset(("target", "recipient", "host", "thread", "field"))


def scope(rule: Rule) -> str:
    """Give what each has a count of its own: a recipient, host, target, thread, field."""
    said = str(rule.params.get("scope") or str(rule.params.get("per", "run")))
    return said if said in _SCOPES else ""


def whom(rule: Rule, deed: Deed) -> tuple[str, ...]:
    """Give the keys under which a deed counts; one empty key where all count together."""
    if unit_of(rule) == "retries":
        return (deed.again,)
    whose = scope(rule)
    if whose == "thread":
        return tuple(filter(None, (deed.thread(),)))  # a new thread has no name yet
    if whose == "host":
        domains = (who.rpartition("@")[2].lower() for who in deed.who)
        hosts = tuple(dict.fromkeys(domains)) or (deed.effect.host,)
        return hosts if all(hosts) else (deed.place,)
    if not whose:
        return ("",)
    if whose == "field" or ("by" in rule.params and not deed.who):
        # what no field names counts together
        person = whose == "recipient"
        by = str(rule.params.get("by", ""))
        return named(deed.fields(), by, person=person) or ("",)
    # a person who is written otherwise is the same one
    return tuple(dict.fromkeys(map(str.lower, deed.who))) or (deed.place,)


def measured(unit: str, deed: Deed) -> float | None:
    """Give how much one effect has of what is limited, None where nobody can look."""
    if unit in LENGTHS:
        return _length(unit, deed)
    if unit == SUM:
        return sum_of(deed)
    return len(deed.who) if unit == PEOPLE else max(deed.size, deed.total)


def sum_of(deed: Deed) -> float | None:
    """Give the sum of money a request moves, None where nobody can say."""
    return moved(deed.fields(), deed.effect.host)


def _length(unit: str, deed: Deed) -> int | None:
    said = deed.message()
    if said is None:
        return None
    return len(said.split()) if unit == "words" else len(said)
