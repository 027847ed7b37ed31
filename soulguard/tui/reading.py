"""What the app knows of the ledger, brought up to date by looking again. No widgets.

Belongs to the app's own thread. Every look is a few reads of well under a millisecond;
what has to read many rows is done elsewhere with `searched`.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TypeAlias

from soulguard.ledger.feed import RECENT, Feed, Tally, find, find_recent
from soulguard.ledger.timeline import Clockwork, Timeline
from soulguard.ledger.waiting import Waiting, waiting
from soulguard.ledger.wanted import Wanted
from soulguard.ledger.watched import WatchedLedger, watch_ledger
from soulguard.model import Event, Run, RunStatus
from soulguard.postmortem.sentences import PolicyView, policy_of
from soulguard.supervisor import lease

FLAGGED = Wanted().flagged(on=True)
_RUNS = 500
"""Runs in the list; older ones are reached by naming them."""

_ASKED = 30
"""Newest runs looked through for what waits."""

_LIVE = 120.0
"""Seconds without an event after which a timeline shows the whole story instead."""

Found: TypeAlias = "tuple[array[int], int]"


class Reader:
    """The ledger as it stands: runs, counts, what waits, policy and timeline.

    `counted` says whether everything before was counted: in a large ledger that is done
    aside (`count`) and taken over.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.time) -> None:
        self.url = url
        self.clock = clock
        self.ledger: WatchedLedger | None = None
        self.runs: list[Run] = []
        self.standings: dict[str, str] = {}
        self.waiting: list[Waiting] = []
        self.policies: dict[str, PolicyView | None] = {}
        self.counted = False
        self.rate = 0.0
        self.last_id = 0
        self._versions: dict[str, int] = {}
        self._looked = 0.0

    def open(self) -> WatchedLedger:
        """Open the ledger unless it is open.

        Raises:
            LedgerError: there is none yet, or it cannot be read.
        """
        if self.ledger is None:
            self.ledger = watch_ledger(self.url)
            self.tally = Tally(self.ledger)
            self.flagged = Feed(self.ledger, FLAGGED)
            self._clock = Clockwork(self.ledger)
            self.last_id = self.ledger.last_event_id()
            self.counted = self.last_id <= RECENT
        return self.ledger

    def close(self) -> None:
        """Let go of the ledger."""
        if self.ledger is not None:
            self.ledger.close()
            self.ledger = None

    def take(self, counts: Tally, flagged: Found) -> None:
        """Take over what `count` found in another thread."""
        ledger = self.open()
        counts.use(ledger)
        self.tally, self.flagged = counts, Feed(ledger, FLAGGED, *flagged)
        self.counted = True
        self.flagged.poll()
        self.tally.poll()

    def changed(self, what: str) -> bool:
        """Whether another process wrote since the last time this was asked for `what`."""
        version = self.open().version()
        before = self._versions.get(what)
        self._versions[what] = version
        return version != before

    # -- once a second ------------------------------------------------------------------

    def look(self) -> None:
        """Bring everything but the rows up to date."""
        ledger, now = self.open(), self.clock()
        newest = ledger.last_event_id()
        passed = now - self._looked
        if self._looked and passed > 0:
            self.rate = (newest - self.last_id) / passed
        self._looked, self.last_id = now, newest
        changed = self.changed("look")
        if changed:
            if self.counted:
                self.tally.poll()
                self.flagged.poll()
            self.runs = ledger.runs(_RUNS)
            self.policies.clear()
        self._stand(ledger, now)
        if changed or any(w.expires for w in self.waiting):
            self.waiting = waiting(ledger, self._settleable(), now)

    def _stand(self, ledger: WatchedLedger, now: float) -> None:
        self.standings = {run.run_id: _standing(ledger, run, now) for run in self.runs}

    def _settleable(self) -> list[Run]:
        runs = [
            replace(run, status=RunStatus.RESUMABLE)
            if self.standings[run.run_id] == "cut off"
            else run
            for run in self.runs[:_ASKED]
        ]
        return [r for r in runs if r.status in (RunStatus.RUNNING, RunStatus.RESUMABLE)]

    # -- when it is asked for -----------------------------------------------------------

    def run(self, run_id: str) -> Run | None:
        """Give a run by its id, None if the list does not hold it."""
        return next((run for run in self.runs if run.run_id == run_id), None)

    def root(self, run_id: str) -> str:
        """Give the folder that a run's paths are shown relative to."""
        run = self.run(run_id)
        return run.root if run is not None else ""

    def policy(self, run_id: str) -> PolicyView | None:
        """Give the policy of a run, None where none is on record."""
        if run_id not in self.policies:
            self.policies[run_id] = policy_of(self.open(), run_id) if run_id else None
        return self.policies[run_id]

    def timeline(self, ids: Sequence[int], flagged: Sequence[int]) -> Timeline | None:
        """Give the last minute of the rows with these ids, or all of it if that is over."""
        ledger, now = self.open(), self.clock()
        if not len(ids):
            return None
        if now - ledger.moment(ids[-1]) > _LIVE:
            return self._clock.whole(ids, flagged)
        return self._clock.last(now, 1.0, ids, flagged)

    def minute(self, event: Event, minutes: int) -> int:
        """Give the id of the event that is some minutes away from another."""
        return self.open().first_since(event.at + 60 * minutes)


def _standing(ledger: WatchedLedger, run: Run, now: float) -> str:
    if run.status is not RunStatus.RUNNING:
        return str(run.status.value)
    return "running" if lease.held_by(ledger, run.run_id, now) else "cut off"


def count(url: str) -> tuple[Tally, Found]:
    """Count all and find what is flagged, on a connection of its own; takes its time."""
    with closing(watch_ledger(url)) as ledger:
        counts = Tally(ledger)
        counts.poll()
        return counts, find(ledger, FLAGGED)


def searched(url: str, wanted: Wanted, took: Callable[[Found, bool], bool]) -> None:
    """Search for the wanted events on a connection of its own, for another thread.

    What reads rows is told the newest first, then all: `took(found, whole)` says whether
    to go on.
    """
    with closing(watch_ledger(url)) as ledger:
        if wanted.textual and not took(find_recent(ledger, wanted), False):  # noqa: FBT003
            return
        took(find(ledger, wanted), True)  # noqa: FBT003


def started_by(ledger: WatchedLedger, pid: int) -> str:
    """Give the run whose newest attempt belongs to a process, empty if there is none."""
    for run in ledger.runs(10):
        attempts = ledger.attempts(run.run_id)
        if attempts and attempts[-1].owner.pid == pid:
            return run.run_id
    return ""
