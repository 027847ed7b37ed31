"""Owns whose count a limit is: *per customer*, *of the same service*, *each host*.

A person is known by an address, a host by its name, a command by its line, everything
else by a field of a request that is called like it. What is counted is not decided here.
"""

from __future__ import annotations

from dataclasses import dataclass

from soulguard.model import EffectKind
from soulguard.soul.units import Unit
from soulguard.soul.wording import Pattern

_PEOPLE = (
    r"recipients?|contacts?|persons?|people|users?|customers?|clients?|leads?|address(?:es)?|patients?|"
    r"guests?|suppliers?|vendors?|members?|subscribers?|students?|candidates?|applicants?|residents?|"
    r"buyers?|sellers?|investors?|donors?|followers?|prospects?|parents?|phone numbers?|numbers?|"
    r"individuals?|inbox(?:es)?|mailbox(?:es)?|employees?|volunteers?|debtors?|drivers?|families|family"
)
_HOSTS = r"hosts?|domains?|sites?|websites?|servers?|web ?sites?"
_THINGS = (
    r"services?|symbols?|products?|accounts?|commits?|repos?|repository|repositories|projects?|branch(?:es)?|"
    r"tenants?|channels?|chats?|jobs?|pods?|containers?|devices?|instruments?|pairs?|workspaces?|machines?|units?|skus?"
)
_LINK = (
    r"(?:per|each|every|(?:(?:to|for|from|of|on|at|in|against|towards?|with) )?"
    r"(?:each|every|any one|any single|a single|one single|one and the same|the same|same|an individual))"
)
_WHOSE = Pattern(
    rf"\b{_LINK}(?: (?:individual|single|unique|given|same))? (?:(?P<recipient>{_PEOPLE})|(?P<host>{_HOSTS})|(?P<thing>{_THINGS}))\b|"
    rf"\A(?:an?|one) (?P<one>{_PEOPLE}) (?:gets?|receives?|is (?:sent|written|contacted|called|mailed)|may (?:get|receive))\b"
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose count it is: a scope of `limits`, the noun, and where a text says so."""

    scope: str
    noun: str
    start: int
    end: int

    def params(self, unit: Unit) -> dict[str, object] | None:
        """Give what a rule says of it, None where a count of this has none."""
        if self.scope == "host":
            known = EffectKind.HTTP_CALL in unit.kinds or unit.unit == "mails"
            return {"scope": "host"} if known else None
        if unit.kinds == (EffectKind.COMMAND_RUN,):
            return {"scope": "target"} if self.scope == "thing" else None
        if EffectKind.HTTP_CALL in unit.kinds:
            named = "recipient" if self.scope == "recipient" else "field"
            return {"scope": named, "by": self.noun}
        mails = unit.unit == "mails" and self.scope == "recipient"
        return {"scope": "recipient"} if mails else None


def find(low: str) -> Whose | None:
    """Say whose count a text in lower case speaks of, None for one that all share."""
    found = _WHOSE.search(low)
    if found is None or found.lastgroup is None:
        return None
    noun = found[found.lastgroup]
    scope = "recipient" if found.lastgroup == "one" else found.lastgroup
    return Whose(scope, _single(noun), found.start(), found.end())


def _single(noun: str) -> str:
    if noun == "people":
        return "person"
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return (
        noun[:-2] if noun.endswith(("sses", "xes", "ches")) else noun.removesuffix("s")
    )
