"""All that is told of a run afterwards, gathered from its ledger. No layout here."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from soulguard.ledger.protocol import Ledger
from soulguard.ledger.queries import Savings, Summary, find_run, savings, summary
from soulguard.ledger.waiting import Waiting, waiting
from soulguard.ledger.wanted import FLAGGED
from soulguard.model import (
    Attempt,
    EffectRecord,
    Event,
    EventType,
    Noun,
    Run,
    RunStatus,
)
from soulguard.postmortem.contents import Difference, difference
from soulguard.postmortem.sentences import PolicyView, policy_of
from soulguard.supervisor import lease

MOST = 1000
"""Events of each kind and effects that a page shows; the numbers count all."""

_TOLD = (
    *FLAGGED,
    EventType.EFFECT_SKIPPED,
    EventType.EFFECT_REPLAYED,
    EventType.EFFECT_RESENT,
    EventType.EFFECT_RESOLVED,
    EventType.EFFECT_FAILED,
    EventType.APPROVAL_SETTLED,
    EventType.RUN_RECOVERED,
    EventType.POLICY_LOADED,
)


@dataclass(frozen=True, slots=True)
class Told(Noun):
    """One event worth telling, with the difference of contents it speaks of."""

    event: Event
    difference: Difference | None = None


@dataclass(frozen=True, slots=True)
class Account(Noun):
    """What became of a run. `standing` is how it stands, `now` when it was looked at.

    `told` are the newest events but for what is routine, oldest first, `untold` how many
    older ones were left out; `effects` and `unlisted` the same for effects. `hits`
    counts by rule id what `told` says was decided.
    """

    run: Run
    standing: str
    now: float
    attempts: tuple[Attempt, ...]
    summary: Summary
    savings: Savings
    told: tuple[Told, ...]
    untold: int
    effects: tuple[EffectRecord, ...]
    unlisted: int
    waiting: tuple[Waiting, ...]
    policy: PolicyView | None
    hits: dict[str, int]


def account_of(ledger: Ledger, name: str, now: float) -> Account:
    """Gather what became of the run whose id is, or begins with, `name`.

    Raises:
        UsageError: there is no such run.
    """
    run, standing = _standing(ledger, find_run(ledger, name), now)
    counts = summary(ledger, run)
    events, untold = _events(ledger, run)
    effects = list(
        ledger.effects(run.run_id, limit=MOST + 1, newest_first=True)
    )  # fmt: skip
    return Account(
        run, standing, now, tuple(ledger.attempts(run.run_id)), counts,
        savings(ledger, run.run_id),
        tuple(Told(e, difference(ledger, e) if e.violation else None) for e in events),
        untold,
        tuple(effects[:MOST][::-1]),
        max(sum(counts.effects.values()) - MOST, 0),
        tuple(waiting(ledger, [run], now)),
        policy_of(ledger, run.run_id),
        dict(Counter(e.rule for e in events if e.rule)),
    )  # fmt: skip


def _standing(ledger: Ledger, run: Run, now: float) -> tuple[Run, str]:
    if run.status is not RunStatus.RUNNING:
        return run, str(run.status.value)
    if lease.held_by(ledger, run.run_id, now):
        return run, "running"
    return replace(run, status=RunStatus.RESUMABLE), "cut off"


def _events(ledger: Ledger, run: Run) -> tuple[list[Event], int]:
    types = [type_.value for type_ in _TOLD]
    found = list(
        ledger.events(run.run_id, types=types, limit=MOST, newest_first=True)
    )  # fmt: skip
    counts = ledger.count_events(run.run_id)
    every = sum(counts.get(type_, 0) for type_ in types)
    return found[::-1], max(every - len(found), 0)
