"""What a ledger must do, whatever it is built on. No SQL here.

Writes happen inside a transaction that the broker opens lazily and commits once per
batch of requests: `begin` is idempotent, `commit(durable=True)` returns only when the
batch survives power loss, `commit(durable=False)` when it survives SIGKILL. Nothing a
broker promised may be answered before its batch is committed.

One `Ledger` object belongs to one thread. Rows written under an attempt number smaller
than the run's newest are refused (`LeaseHeldError`): the fencing token.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from soulguard.model import (
    Attempt,
    EffectKind,
    EffectRecord,
    Event,
    Noun,
    Owner,
    Run,
    RunStatus,
)


@dataclass(frozen=True, slots=True)
class ChainReport(Noun):
    """What `verify` found: events checked, and the first one that does not fit.

    `broken_at` is 0 where what does not fit belongs to no event. `head` is the newest
    event's hash: kept elsewhere, it shows whether the end was cut off. `pruned` of the
    events were taken out on purpose, which is proven too.
    """

    events: int
    intact: bool
    broken_at: int = 0
    reason: str = ""
    head: str = ""
    pruned: int = 0


@dataclass(frozen=True, slots=True)
class Tally(Noun):
    """What was added to a counter since a moment: how much, first and last when.

    `first` and `last` are Unix seconds, 0.0 where nothing was added.
    """

    total: float = 0.0
    first: float = 0.0
    last: float = 0.0


class Ledger(Protocol):
    """The durable record of runs, attempts, effects and events.

    Every method raises a subclass of `LedgerError` with a way out when the store fails:
    `LedgerCorruptError`, `LedgerReadOnlyError`, `LedgerSchemaError`, `LedgerFullError`.
    """

    url: str

    # -- transactions ---------------------------------------------------------------

    def begin(self) -> None:
        """Open a write transaction unless one is open."""

    def commit(self, *, durable: bool) -> None:
        """Commit the open transaction, if any; with `durable` it survives power loss."""

    def rollback(self) -> None:
        """Forget the open transaction, if any."""

    def close(self) -> None:
        """Roll back what is open and release the store."""

    # -- runs and attempts ----------------------------------------------------------

    def add_run(self, run: Run) -> None:
        """Add a new run."""

    def run(self, run_id: str) -> Run | None:
        """Give one run, or None."""

    def latest(self, identity: str) -> Run | None:
        """Give the newest run of a command, directory and sources, or None."""

    def runs(self, limit: int = 100) -> list[Run]:
        """Give the newest runs, newest first."""

    def update_run(self, run_id: str, **changes: Any) -> None:
        """Change fields of a run (status, exit_status, updated_at, command, ...)."""

    def claim(self, run_id: str, owner: Owner, now: float) -> Attempt:
        """Add the next attempt of a run for `owner`, whatever was there before.

        The caller has found the previous owner dead (`supervisor.lease`). Compare and
        set: inside one exclusive transaction the newest attempt is looked at again, so
        that of two callers one gets the attempt.

        Raises:
            LeaseHeldError: an attempt newer than the caller has seen exists.
        """

    def attempts(self, run_id: str) -> list[Attempt]:
        """Give the attempts of a run, oldest first."""

    def end_attempt(
        self,
        run_id: str,
        number: int,
        *,
        at: float,
        exit_status: int | None,
        guarded: int = 0,
        unguarded: int = 0,
    ) -> None:
        """Record how an attempt ended."""

    # -- effects --------------------------------------------------------------------

    def add_effect(self, effect: EffectRecord) -> int:
        """Add an effect and give its id."""

    def update_effect(self, effect_id: int, **changes: Any) -> None:
        """Change fields of an effect (state, seen, attempt, intent, result, ...)."""

    def effect(self, effect_id: int) -> EffectRecord | None:
        """Give one effect, or None."""

    def find_effects(
        self,
        run_id: str,
        *,
        kind: EffectKind | None = None,
        slot: str | None = None,
        fingerprint: str | None = None,
        normalised: str | None = None,
        states: Sequence[str] = (),
        unseen_by: int | None = None,
        limit: int | None = None,
    ) -> list[EffectRecord]:
        """Give effects of a run in order of (ordinal, id), narrowed by what is given.

        `unseen_by` keeps the rows whose `seen` is smaller than that attempt number.
        Every combination the broker asks for is answered from an index.
        """

    def effects(
        self,
        run_id: str | None = None,
        *,
        after: int = 0,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Iterator[EffectRecord]:
        """Give effects with an id greater than `after`, in order of id."""

    def slots(
        self, run_id: str, kinds: Sequence[EffectKind], limit: int, *, below: str = ""
    ) -> list[str] | None:
        """Give the slots of a run's effects of some kinds; None: more than `limit`.

        `below` keeps those that are paths inside a folder.
        """

    def count_effects(self, run_id: str) -> dict[tuple[str, str], int]:
        """Count effects by (kind, state)."""

    # -- bodies ---------------------------------------------------------------------

    def put_blob(self, data: bytes) -> str:
        """Keep bytes and give their sha256 in hex; equal bytes are kept once."""

    def adopt_blob(self, source: Path, ref: str, size: int) -> None:
        """Take a whole file over as the bytes of a reference; it is gone from there."""

    def blob(self, ref: str) -> bytes | None:
        """Give the bytes of a reference, or None."""

    def blob_file(self, ref: str) -> Path | None:
        """Give the file that holds the bytes of a reference; None where none does.

        Its length is right; whether its bytes are is for the reader to check.
        """

    # -- counters -------------------------------------------------------------------

    def count(
        self, counter: str, amount: float, at: float, *, keep: float = 0.0
    ) -> float:
        """Add to a counter of any name, for all runs of the ledger.

        The total is kept for ever, the times of what was added for `keep` seconds.
        Gives the moment it was added under, for `uncount`.
        """

    def uncount(self, counter: str, amount: float, at: float) -> None:
        """Take back what `count` added under a moment, as if it had never been."""

    def tally(self, counter: str, since: float = 0.0) -> Tally:
        """Give what was added to a counter after a moment in Unix seconds.

        Without a moment it is all that was ever added. A moment longer ago than the
        `keep` it was counted with gives what was added in that time.
        """

    # -- events ---------------------------------------------------------------------

    def add_event(self, event: Event) -> int:
        """Append an event to the chain (its `hash` is computed here), give its id."""

    def events(
        self,
        run_id: str | None = None,
        *,
        after: int = 0,
        limit: int | None = None,
        types: Sequence[str] = (),
        newest_first: bool = False,
    ) -> Iterator[Event]:
        """Give events with an id greater than `after`, in order of id."""

    def count_events(self, run_id: str) -> dict[str, int]:
        """Count the events of a run by type, but for intents and what was simply done."""

    def version(self) -> int:
        """Give a number that differs once another writer has committed; cheap."""

    def last_event_id(self) -> int:
        """Give the id of the newest event, 0 if there is none."""

    def verify(self) -> ChainReport:
        """Walk the whole hash chain and the effect digests its events carry."""


__all__ = ["ChainReport", "Ledger", "RunStatus", "Tally"]
