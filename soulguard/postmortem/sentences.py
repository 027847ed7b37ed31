"""The policy a run is judged by, sentence by sentence, as the ledger has it.

SOUL.md itself is never opened: the record holds what was in force.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from soulguard.ledger.protocol import Ledger
from soulguard.model import Event, EventType, Noun
from soulguard.soul.compilation import Diagnostic, Sentence

_TYPES = (EventType.POLICY_LOADED.value, EventType.POLICY_REJECTED.value)


@dataclass(frozen=True, slots=True)
class PolicyView(Noun):
    """The newest policy of a run and, if its source was edited since, why not that.

    `sources` gives the place of each rule (``SOUL.md:6``) by its id. `diagnostics` are
    the errors of the newest edit that was not taken over; the policy stays in force.
    """

    run_id: str
    generation: int
    digest: str
    sentences: tuple[Sentence, ...]
    sources: dict[str, str] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    event_id: int = 0
    at: float = 0.0

    def deciding(self, event: Event) -> Sentence | None:
        """Give the sentence whose rule decided an event, None if it is not known."""
        for sentence in self.sentences:
            if event.rule and event.rule in sentence.rules:
                return sentence
        for sentence in self.sentences:
            if event.source and sentence.span.short == event.source:
                return sentence
        return None

    def hits(self, sentence: Sentence, counts: Mapping[str, int]) -> int:
        """Count what the rules of a sentence decided, from counts by rule id."""
        return sum(counts.get(rule, 0) for rule in sentence.rules)


def policy_of(ledger: Ledger, run_id: str) -> PolicyView | None:
    """Give the policy of a run, None where none is on record."""
    rejected: Event | None = None
    for event in ledger.events(run_id, types=_TYPES, limit=50, newest_first=True):
        if event.type is EventType.POLICY_LOADED:
            return _view(event, rejected)
        rejected = rejected or event
    return None


def _view(loaded: Event, rejected: Event | None) -> PolicyView:
    data = loaded.data
    newest = rejected or loaded
    return PolicyView(
        loaded.run_id,
        loaded.generation,
        str(data.get("digest", "")),
        tuple(_nouns(Sentence, data.get("sentences"))),
        {str(r.get("id")): _place(r.get("source")) for r in data.get("rules", ())},
        tuple(_nouns(Diagnostic, newest.data.get("diagnostics"))),
        newest.id,
        newest.at,
    )


def _nouns(kind: Any, values: Any) -> list[Any]:
    return [kind.from_json(value) for value in values or ()]


def _place(source: Any) -> str:
    if isinstance(source, Mapping):
        span = source.get("span", source)
        return f"{span.get('file', '')}:{span.get('line', 0)}"
    return str(source or "")
