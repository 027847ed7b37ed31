"""A run, its attempts, and who owns one."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from soulguard.model.noun import Noun


class RunStatus(str, enum.Enum):
    """Where a run stands.

    RUNNING: an attempt holds the lease. RESUMABLE: no attempt is live and the run did
    not complete. COMPLETED: an attempt ended with status 0, and nothing is in doubt
    that only this run can settle. SUPERSEDED: `--rerun` made a newer generation of it.
    """

    RUNNING = "running"
    RESUMABLE = "resumable"
    COMPLETED = "completed"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Owner(Noun):
    """The process that owns an attempt, recognisable after pid reuse and reboot.

    `started` is the process start time in clock ticks since boot (field 22 of
    ``/proc/PID/stat``, proc(5)), 0 where the system does not tell. `boot` is the boot id
    (``/proc/sys/kernel/random/boot_id``), `host` the host name.
    """

    pid: int
    started: int
    boot: str
    host: str


@dataclass(frozen=True, slots=True)
class Attempt(Noun):
    """One launch of the process tree for a run. Times are Unix seconds.

    `number` counts from 1 and is the fencing token: a row written under a smaller
    number than the run's current one is refused.
    """

    run_id: str
    number: int
    owner: Owner
    started_at: float
    ended_at: float = 0.0
    exit_status: int | None = None
    guarded: int = 0
    unguarded: int = 0


@dataclass(frozen=True, slots=True)
class Run(Noun):
    """One logical execution of an agent.

    `identity` is the digest of command, directory and sources by which an unnamed
    restart finds its run. `secret` keys the idempotency keys of the run (32 bytes) and
    never leaves the ledger. `name` is the id the user gave, before `--rerun` numbered
    it; empty for generated ids.
    """

    run_id: str
    identity: str
    command: tuple[str, ...]
    cwd: str
    root: str
    sources: tuple[str, ...]
    status: RunStatus
    secret: bytes
    created_at: float
    updated_at: float
    name: str = ""
    attempts: int = 0
    exit_status: int | None = None
