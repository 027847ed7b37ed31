"""Which run a launch belongs to: a new one, the next attempt of one, or none at all."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from soulguard.errors import UsageError
from soulguard.ledger.protocol import Ledger
from soulguard.model import Run, RunStatus
from soulguard.supervisor import runid


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user asked for: `name` is the expanded `--run-id`, empty without one."""

    command: tuple[str, ...]
    cwd: str
    root: str
    sources: tuple[str, ...]
    name: str = ""
    new: bool = False
    rerun: bool = False

    @property
    def identity(self) -> str:
        """The digest of command, directory and sources."""
        parts = [self.command, self.cwd, self.sources]
        return sha256(json.dumps(parts).encode()).hexdigest()


def choose(ledger: Ledger, wanted: Wanted, now: float) -> Run:
    """Give the run to make an attempt of; one that has completed means: nothing to do.

    Nothing is written; a run the ledger does not know yet comes back RESUMABLE with no
    attempts.

    Raises:
        UsageError: a run of this name belongs to another agent.
    """
    if wanted.name:
        return _named(ledger, wanted, now)
    last = None if wanted.new or wanted.rerun else ledger.latest(wanted.identity)
    if last is not None and last.status is not RunStatus.COMPLETED:
        return last
    return _fresh(wanted, runid.generate(now), now)


def _named(ledger: Ledger, wanted: Wanted, now: float) -> Run:
    number = 1
    newest = ledger.run(wanted.name)
    while newest is not None:
        later = ledger.run(runid.next_generation(wanted.name, number + 1))
        if later is None:
            break
        newest, number = later, number + 1
    if newest is None:
        return _fresh(wanted, wanted.name, now)
    if newest.root != wanted.root:
        raise UsageError(
            f"run `{wanted.name}` belongs to the agent in `{newest.root}`",
            hint="two agents that share a ledger need run ids of their own",
        )
    finished = newest.status in (RunStatus.COMPLETED, RunStatus.SUPERSEDED)
    if (wanted.rerun and finished) or wanted.new:
        name = runid.next_generation(wanted.name, number + 1)
        return _fresh(wanted, name, now)
    return newest


def supersede(ledger: Ledger, run: Run, now: float) -> None:
    """Note on the generation before a rerun that there is a newer one."""
    if not run.name or run.run_id == run.name:
        return
    number = int(run.run_id.rpartition("~")[2]) - 1
    ledger.update_run(
        runid.next_generation(run.name, number),
        status=RunStatus.SUPERSEDED, updated_at=now,
    )  # fmt: skip


def _fresh(wanted: Wanted, run_id: str, now: float) -> Run:
    return Run(
        run_id=run_id,
        identity=wanted.identity,
        command=wanted.command,
        cwd=wanted.cwd,
        root=wanted.root,
        sources=wanted.sources,
        status=RunStatus.RESUMABLE,
        secret=os.urandom(32),
        created_at=now,
        updated_at=now,
        name=wanted.name,
    )


def display(command: Sequence[str]) -> str:
    """Give a command as a person would type it."""
    import shlex

    return shlex.join(command)
