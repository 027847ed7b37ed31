"""Owns lists of hosts behind a colon: with what stands before they are one statement.

``Network access is limited to: a.example, b.example``. What a statement means is not
known here.
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.soul import views
from soulguard.soul.literals import Kind
from soulguard.soul.tokens import Statement


def listed(found: list[Statement]) -> Iterator[Statement]:
    """``Network access is limited to: a.example, b.example``: one statement.

    What leaves only its list, or none of it, says of what before the colon.
    """
    rest = list(found)
    while rest:
        first = rest.pop(0)
        if rest and _opens(first) and _names_alone(rest[0]):
            then = rest.pop(0)
            kept = tuple(i for i in first.items if i.text != "following")
            yield Statement(
                (*kept, *then.items), (*first.aside, *then.aside), then.after
            )
        else:
            yield first


def _opens(statement: Statement) -> bool:
    said = statement.items
    hosts = any("hosts" in i.of("obj") for i in said)
    told = any(i.literal for i in said) or not hosts
    return statement.after == ":" and not told and views.first(said, "mod:only") >= 0


def _names_alone(statement: Statement) -> bool:
    """Whether it is a list of hosts and services, and nothing else."""
    named = [i for i in statement.items if i.text not in (",", "and", "or", "the")]
    return bool(named) and all(
        (i.literal and i.literal.kind is Kind.HOST) or "service" in i.of("obj")
        for i in named
    )
