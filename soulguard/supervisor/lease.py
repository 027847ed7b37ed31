"""Who owns a run: at most one live attempt, and a dead owner is recognised at once.

On this host pid, process start time and boot id decide; an owner on another host is
believed for as long as it renews its lease.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from soulguard.errors import LeaseHeldError
from soulguard.guard import protocol
from soulguard.guard.interpreter import is_python
from soulguard.ledger.protocol import Ledger
from soulguard.model import Attempt, EventType, Owner, RunStatus
from soulguard.supervisor import tree

EXPIRY = 30.0
"""Seconds without a sign of life after which an owner on another host is dead."""

RENEW = 10.0
"""Seconds between two signs of life."""

_DYING = 5.0
"""Seconds to wait for killed processes to be gone."""

_BOOT = Path("/proc/sys/kernel/random/boot_id")


def owner_of(pid: int) -> Owner:
    """Describe a process of this host so that a later look can tell it from another."""
    return Owner(
        pid=pid, started=started(pid), boot=boot_id(), host=socket.gethostname()
    )


def started(pid: int) -> int:
    """Give a process's start time in clock ticks since boot (proc(5)), 0 if unknown."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return 0
    return int(stat.rpartition(b")")[2].split()[19])


def boot_id() -> str:
    """Give the id of this boot, empty where the system has none."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def alive(owner: Owner) -> bool:
    """Say whether an owner of this host still runs (zombies do not)."""
    if owner.boot != boot_id():
        return False
    try:
        os.kill(owner.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    now = started(owner.pid)
    return (now == owner.started or not owner.started) and not _zombie(owner.pid)


def _zombie(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    return stat.rpartition(b")")[2].split()[0] == b"Z"


def held_by(ledger: Ledger, run_id: str, now: float) -> Attempt | None:
    """Give the live attempt that holds a run, or None."""
    attempts = ledger.attempts(run_id)
    if not attempts or attempts[-1].ended_at:
        return None
    last = attempts[-1]
    if last.owner.host != socket.gethostname():
        run = ledger.run(run_id)
        fresh = run is not None and now - run.updated_at < EXPIRY
        return last if fresh else None
    return last if alive(last.owner) else None


def stop_leftovers(ledger: Ledger, run_id: str, attempt: Attempt) -> list[int]:
    """Kill what is left of an attempt whose supervisor died; give the pids.

    Those processes can do nothing any more (the guard fails closed), and two copies of
    one agent at work at once is what a run must never be. Forks never introduced
    themselves, and are told by the environment they share.
    """
    stopped = []
    for owner in [*_introduced(ledger, run_id, attempt), *_forked(run_id)]:
        if owner.started and owner.host == socket.gethostname() and alive(owner):
            with contextlib.suppress(OSError):
                os.kill(owner.pid, signal.SIGKILL)
                stopped.append(owner)
    end = time.monotonic() + _DYING
    while any(map(alive, stopped)) and time.monotonic() < end:
        time.sleep(0.01)  # what is on disk may be looked at only when they are gone
    return [owner.pid for owner in stopped]


def _introduced(ledger: Ledger, run_id: str, attempt: Attempt) -> list[Owner]:
    events = ledger.events(run_id, types=(EventType.PROCESS_GUARDED.value,))
    return [
        replace(attempt.owner, pid=event.data["pid"], started=event.data["started"])
        for event in events
        if event.attempt == attempt.number
    ]


def _forked(run_id: str) -> list[Owner]:
    """Give the Python processes of a run, however they came about.

    INVARIANT: a run of the same name in another folder is not this one: its supervisor
    still answers, and its processes are left alone.
    """
    pids = tree.carrying(f"{protocol.ENV_RUN_ID}={run_id}")
    return [
        owner_of(pid)
        for pid in pids
        if is_python(tree.executable(pid))
        and not _answers(tree.variable(pid, protocol.ENV_SOCKET))
    ]


def _answers(address: str) -> bool:
    """Whether somebody listens at a socket; a full queue is somebody, too."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        try:
            line.connect(address)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except OSError:
            return True
    return True


def claim(
    ledger: Ledger,
    run_id: str,
    *,
    wait: bool,
    clock: Callable[[], float] = time.time,
    notice: Callable[[Attempt], None] = lambda _: None,
) -> Attempt | None:
    """Become the owner of a run's next attempt; None where the run has completed.

    With `wait` a live owner is waited for; `notice` is told of it once.

    Raises:
        LeaseHeldError: another attempt is live.
    """
    told = False
    while True:
        holder = held_by(ledger, run_id, clock())
        if holder is None:
            # what stood there when the run was chosen may have completed meanwhile
            run = ledger.run(run_id)
            if run is not None and run.status is RunStatus.COMPLETED:
                return None
            try:
                return ledger.claim(run_id, owner_of(os.getpid()), clock())
            except LeaseHeldError:
                holder = held_by(ledger, run_id, clock())
                if holder is None:
                    continue
        if not wait:
            raise LeaseHeldError(
                f"run `{run_id}` is live: attempt {holder.number} belongs to process "
                f"{holder.owner.pid} on {holder.owner.host}",
                hint="wait for it with `--wait`, or start another run with `--new`",
            )
        if not told:
            told = True
            notice(holder)
        time.sleep(0.2)
