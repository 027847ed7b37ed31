"""What a person wants to see of the history: a filter as a noun, and how it is typed.

Nothing is read here; `ledger.watched` turns a `Wanted` into questions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from soulguard.model import EventType, Noun

VIOLATIONS = tuple(type_ for type_ in EventType if type_.value.startswith("violation."))

FLAGGED = (
    *VIOLATIONS,
    EventType.EFFECT_IN_DOUBT,
    EventType.PROCESS_UNGUARDED,
    EventType.DRIFT,
    EventType.DIVERGENCE,
    EventType.CONTENT_DIFFERS,
    EventType.POLICY_REJECTED,
    EventType.APPROVAL_ASKED,
    EventType.NOTICE,
)
"""The types of event a person should look at, most urgent first."""

_FIELDS = {"type": "types", "kind": "types", "run": "runs", "rule": "rules"}


@dataclass(frozen=True, slots=True)
class Wanted(Noun):
    """Which events are wanted; an empty field does not narrow.

    `words` must all occur in the target, the reason, the type or the rule, `without`
    in none of these. `types`, `runs` and `rules` narrow by a part of these fields,
    `run` and `rule_ids` by the whole. Case does not matter for ASCII.
    """

    run: str = ""
    only: tuple[str, ...] = ()
    rule_ids: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether nothing is filtered out."""
        return self == Wanted()

    @property
    def textual(self) -> bool:
        """Whether rows have to be read to tell: the indexes alone do not."""
        parts = self.words, self.without, self.types, self.runs, self.rules
        return any(parts) or bool(self.rule_ids)

    def flagged(self, *, on: bool) -> Wanted:
        """Give the same narrowed to what is flagged, or not."""
        return replace(self, only=tuple(t.value for t in FLAGGED) if on else ())


def parse(text: str) -> Wanted:
    """Read a filter as typed: ``word -word type:… run:… rule:…``, all must hold."""
    found: dict[str, list[str]] = {}
    for part in text.split():
        name, colon, value = part.partition(":")
        if colon and name in _FIELDS:
            field, said = _FIELDS[name], value
        elif part.startswith("-"):
            field, said = "without", part[1:]
        else:
            field, said = "words", part
        if said:
            found.setdefault(field, []).append(said)
    wanted: dict[str, Any] = {field: tuple(said) for field, said in found.items()}
    return Wanted(**wanted)
