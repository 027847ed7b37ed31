"""What waits for a person: approvals that were asked for, and effects in doubt.

Reads only. An answer is written by `supervisor.settling`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from soulguard.ledger import queries
from soulguard.ledger.protocol import Ledger
from soulguard.model import (
    EffectRecord,
    EffectState,
    Event,
    EventType,
    Noun,
    Run,
    RunStatus,
)

_NEWEST = 200
"""Questions and answers looked at per run: older ones were answered or ran out."""

_TYPES = (EventType.APPROVAL_ASKED, EventType.APPROVAL_SETTLED)


@dataclass(frozen=True, slots=True)
class Waiting(Noun):
    """One thing a person has to decide.

    `kind` is ``approval`` (`id` is the event that asked) or ``doubt`` (`id` is the
    effect). `expires` is when no answer becomes "no", 0.0 where nothing runs out.
    `effect_id` is the effect it is about, 0 where none is on record yet; `data` has its
    `kind` at least.
    """

    kind: str
    run_id: str
    id: int
    target: str
    reason: str
    since: float
    expires: float = 0.0
    rule: str = ""
    source: str = ""
    effect_id: int = 0
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """A name that no other waiting thing has."""
        return f"{self.kind} {self.run_id} {self.id}"


def waiting(ledger: Ledger, runs: Iterable[Run], now: float) -> list[Waiting]:
    """Give what waits in these runs at a moment, what waits longest first."""
    found: list[Waiting] = []
    for run in runs:
        found += approvals(ledger, run.run_id, now)
        found += doubts(ledger, run)
    return sorted(found, key=lambda w: (w.since, w.id))


def approvals(ledger: Ledger, run_id: str, now: float) -> list[Waiting]:
    """Give the questions of a run that nobody has answered and that did not run out."""
    asked: list[Event] = []
    settled: set[int] = set()
    for event in ledger.events(
        run_id, types=[t.value for t in _TYPES], limit=_NEWEST, newest_first=True
    ):
        if event.type is EventType.APPROVAL_ASKED:
            asked.append(event)
        else:
            settled.add(int(event.data.get("asked", 0)))
    open_ones = [e for e in asked if e.id not in settled]
    return [w for w in map(_asked, open_ones) if not 0 < w.expires <= now]


def _asked(event: Event) -> Waiting:
    return Waiting(
        "approval", event.run_id, event.id, event.target, event.reason, event.at,
        float(event.data.get("expires") or 0), event.rule, event.source,
        event.effect_id, dict(event.data),
    )  # fmt: skip


def doubts(ledger: Ledger, run: Run) -> list[Waiting]:
    """Give the effects of a run that wait for a person to say whether they happened.

    While the run is live these are the ones the agent was refused for that reason; and
    always those in whose place the agent wanted to send another request.
    """
    found = queries.in_doubt(ledger, run)
    held, replaced = _held(ledger, run.run_id)
    if run.status is RunStatus.RUNNING:
        found = [effect for effect in found if effect.id in held]
    known = {effect.id for effect in found}
    others = [ledger.effect(i) for i in sorted((held & replaced) - known)]
    found += [e for e in others if e is not None and e.state is EffectState.DONE]
    return [_doubt(effect) for effect in found]


def held_effects(ledger: Ledger, run_id: str) -> set[int]:
    """Give the ids of the effects that were held and not settled since."""
    return _held(ledger, run_id)[0]


def _held(ledger: Ledger, run_id: str) -> tuple[set[int], set[int]]:
    """Give the effects that are held, and those another request stood in place of."""
    held: dict[int, bool] = {}
    replaced: set[int] = set()
    types = (EventType.HELD, EventType.EFFECT_RESOLVED, EventType.DIVERGENCE)
    for event in ledger.events(
        run_id, types=[t.value for t in types], limit=_NEWEST, newest_first=True
    ):
        if event.type is EventType.DIVERGENCE:
            replaced.add(event.effect_id)
        else:
            held.setdefault(event.effect_id, event.type is EventType.HELD)
    return {effect_id for effect_id, is_held in held.items() if is_held}, replaced


def _doubt(effect: EffectRecord) -> Waiting:
    target = str(effect.intent.get("url") or effect.slot)
    if effect.intent.get("method"):
        target = f"{effect.intent['method']} {target}"
    if effect.state is EffectState.DONE:
        why = "it is done, and the agent wants to send another request in its place"
    else:
        why = str(effect.result.get("why") or "its process ended before it told more")
    return Waiting(
        "doubt", effect.run_id, effect.id, target, why, effect.updated_at,
        rule=effect.rule, effect_id=effect.id, data={"kind": effect.kind.value},
    )  # fmt: skip
