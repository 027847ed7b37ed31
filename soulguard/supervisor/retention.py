"""Owns which runs may leave the record: complete, old enough, and nothing in doubt.

What is taken out, and what stays to prove the rest, is `ledger.pruning`'s.
"""

from __future__ import annotations

from dataclasses import dataclass

from soulguard.errors import LedgerError
from soulguard.ledger.pruning import PruningLedger, Weight
from soulguard.model import Noun, RunStatus
from soulguard.supervisor import lease

_OVER = (RunStatus.COMPLETED, RunStatus.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Plan(Noun):
    """The runs that may go, what they weigh, and the old ones kept for a doubt."""

    runs: tuple[str, ...]
    in_doubt: tuple[str, ...]
    weight: Weight


def plan(ledger: PruningLedger, before: float, now: float) -> Plan:
    """Say what may go of what was complete before a moment. Reads only."""
    old = [
        run_id
        for run_id in ledger.over(before)
        if lease.held_by(ledger, run_id, now) is None
    ]
    doubtful = tuple(run_id for run_id in old if ledger.in_doubt(run_id))
    runs = tuple(run_id for run_id in old if run_id not in doubtful)
    return Plan(runs, doubtful, ledger.weigh(runs))


def prune(ledger: PruningLedger, runs: tuple[str, ...], by: str, now: float) -> bool:
    """Take runs out of the record; say whether the file could give its space back.

    What was left of a time before that was cut off, or when an agent ran, is done too.

    One transaction for each run, so that a live agent waits for one at most. The file
    is made small only where no agent is at work, who would wait for all of it.

    Raises:
        LedgerError: the ledger cannot be written; what was taken out stays so.
    """
    for run_id in runs:
        ledger.begin()
        run = ledger.run(run_id)
        if run is not None and run.status in _OVER and not ledger.in_doubt(run_id):
            ledger.prune(run_id, by, now)
        ledger.commit(durable=False)
    ledger.sweep()
    if not ledger.is_loose():
        return True
    if any(lease.held_by(ledger, run_id, now) for run_id in ledger.running()):
        return False
    try:
        ledger.compact()
    except LedgerError:  # it takes as much free space as the ledger has left
        return False
    return True
