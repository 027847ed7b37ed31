"""Taking runs that are over out of a ledger, so that what is left stays proven.

A removed run leaves its row (its id is known as done for ever), one event that says what
was removed, and in `gaps` the hash of the last event of each stretch that is missing: the
chain goes on from there, and `verifying` counts that no more is missing than was said.
Which runs may go is the caller's to decide.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from soulguard.ledger import chain, rows
from soulguard.ledger.opening import ledger_path, open_ledger
from soulguard.ledger.schema import is_ledger
from soulguard.ledger.sqlite import SqliteLedger
from soulguard.model import Event, EventType, Noun, RunStatus

_LEFT = f"type <> '{EventType.RUN_PRUNED.value}'"
_OVER = (
    "SELECT run_id FROM runs r WHERE status IN (?, ?) AND updated_at < ?"
    f" AND EXISTS (SELECT 1 FROM events WHERE run = r.id AND {_LEFT}) ORDER BY id"
)
_DOUBT = (
    "SELECT 1 FROM effects WHERE run = ? AND state <> 'done' AND (state = 'in_doubt'"
    " OR (state = 'begun' AND kind NOT LIKE 'file.%')) LIMIT 1"
)
_EVENT_TEXT = "length(target) + length(reason) + length(source) + length(data) + 80"
_EFFECT_TEXT = "2 * length(slot) + length(intent) + length(result) + 500"
_HASHES = (
    f"SELECT id, hash FROM events WHERE run = ? AND id > ? AND {_LEFT}"
    " ORDER BY id LIMIT 5000"
)
_REF = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Weight(Noun):
    """What runs weigh in a ledger: rows, bodies of their own, and about how many bytes."""

    events: int = 0
    effects: int = 0
    bodies: int = 0
    bytes: int = 0


def pruning_ledger(
    url_or_path: str | os.PathLike[str], *, read_only: bool
) -> PruningLedger:
    """Open a ledger to take runs out of it, or to see what that would free.

    It is never made here.

    Raises:
        LedgerError: there is none, or it cannot be used.
    """
    missing = not ledger_path(url_or_path).exists()
    opened = open_ledger(url_or_path, read_only=read_only or missing)
    return PruningLedger(opened._db)


class PruningLedger(SqliteLedger):
    """A ledger that can forget. Every method says what it leaves behind."""

    # -- what there is ----------------------------------------------------------------

    def over(self, before: float) -> list[str]:
        """Give the runs that were complete before a moment and are still whole."""
        done = (RunStatus.COMPLETED.value, RunStatus.SUPERSEDED.value)
        return [rows.text(row[0]) for row in self._db.rows(_OVER, (*done, before))]

    def in_doubt(self, run_id: str) -> bool:
        """Whether something that a run did may have happened."""
        return self._db.row(_DOUBT, (self._key(run_id),)) is not None

    def running(self) -> list[str]:
        """Give the runs that have an attempt, or had one that was cut off."""
        sql = "SELECT run_id FROM runs WHERE status = ?"
        found = self._db.rows(sql, (RunStatus.RUNNING.value,))
        return [rows.text(row[0]) for row in found]

    def weigh(self, run_ids: Collection[str]) -> Weight:
        """Say what taking these runs out would free.

        With it goes what an earlier time that was cut off has left.
        """
        keys = {self._must_know(run_id) for run_id in run_ids}
        with self._db.snapshot():
            events = self._sum("events", _EVENT_TEXT, keys)
            effects = self._sum("effects", _EFFECT_TEXT, keys)
            bodies = self._unmentioned(keys)
        size = events[1] + effects[1] + sum(size for _, size in bodies.values())
        return Weight(events[0], effects[0], len(bodies), size)

    def _sum(self, table: str, text: str, keys: Collection[int]) -> tuple[int, int]:
        number = size = 0
        sql = f"SELECT count(*), sum({text}) FROM {table} WHERE run = ?"
        for key in keys:
            row = self._db.row(sql, (key,)) or (0, 0)
            number, size = number + row[0], size + (row[1] or 0)
        return number, size

    # -- taking out -------------------------------------------------------------------

    def prune(self, run_id: str, by: str, now: float) -> None:
        """Remove the events and effects of a run; its row and one event stay."""
        self.begin()
        run = self._must_know(run_id)
        weight = (
            self._sum("events", "0", (run,))[0], self._sum("effects", "0", (run,))[0]
        )  # fmt: skip
        # written first: the chain never loses its newest link
        self.add_event(Event(
            run_id, self._newest_attempt(run), now, EventType.RUN_PRUNED,
            reason=f"{by} removed {weight[0]} events and {weight[1]} effects",
            data={"events": weight[0], "effects": weight[1], "by": by},
        ))  # fmt: skip
        for stretch in self._stretches(run):
            self._leave_gap(*stretch)
        self._db.run(f"DELETE FROM events WHERE run = ? AND {_LEFT}", (run,))
        self._db.run("DELETE FROM effects WHERE run = ?", (run,))

    def _stretches(self, run: int) -> Iterator[tuple[int, int, bytes]]:
        """Give first and last id, and the hash of the last, of what follows in a row."""
        first, last, digest = 1, 0, chain.GENESIS
        while page := self._db.rows(_HASHES, (run, last)):
            for number, found in page:
                if number != last + 1:
                    if last:
                        yield first, last, digest
                    first = number
                last, digest = number, found
        if last:
            yield first, last, digest

    def _leave_gap(self, first: int, last: int, digest: bytes) -> None:
        before = self._db.row("SELECT first FROM gaps WHERE last = ?", (first - 1,))
        after = self._db.row("SELECT last, hash FROM gaps WHERE first = ?", (last + 1,))
        if before is not None:
            self._db.run("DELETE FROM gaps WHERE last = ?", (first - 1,))
            first = before[0]
        if after is not None:
            self._db.run("DELETE FROM gaps WHERE last = ?", (after[0],))
            last, digest = after
        self._db.run("INSERT INTO gaps VALUES (?, ?, ?)", (first, last, digest))

    # -- bodies -----------------------------------------------------------------------

    def sweep(self) -> None:
        """Remove the bodies that no run speaks of any more; commits.

        INVARIANT: files are removed under the write lock, when the rows are gone: who
        keeps the same bytes again writes file and row anew, before or after.
        """
        self.begin()
        gone = self._unmentioned(())
        for number, _ in gone.values():
            self._db.run("DELETE FROM blobs WHERE id = ?", (number,))
        self.commit(durable=True)
        if not self._alone():
            return
        self.begin()
        self._blobs.sweep()
        self.commit(durable=False)

    def _unmentioned(self, without: Collection[int]) -> dict[str, tuple[int, int]]:
        """Give id and size of the bodies that no run but those speaks of, by digest."""
        found = self._db.run("SELECT lower(hex(sha256)), id, size FROM blobs")
        left = {digest: (number, size) for digest, number, size in found}
        for sql in (
            "SELECT run, request, response, intent, result FROM effects",
            "SELECT run, data FROM events",
        ):
            for run, *texts in self._db.run(sql) if left else ():
                if run in without:
                    continue
                for digest in _REF.findall(" ".join(map(rows.text, texts))):
                    left.pop(digest, None)
        return left

    def _alone(self) -> bool:
        """Whether no other ledger lies beside: it would keep its bodies in one folder.

        The files of this one are not opened: to close one gives up SQLite's locks.
        """
        name = self.path.name
        with os.scandir(self.path.parent) as entries:
            beside = [e for e in entries if e.is_file() and not e.name.startswith(name)]
        return not any(map(is_ledger, beside))

    # -- the file ---------------------------------------------------------------------

    def is_loose(self) -> bool:
        """Whether there is room in the file that could be given back to the disk."""
        row = self._db.row("PRAGMA freelist_count")
        return bool(row and row[0])

    def compact(self) -> None:
        """Give what is free in the file back to the disk; nobody can write meanwhile."""
        self._db.run("VACUUM")
        self._db.run("PRAGMA wal_checkpoint(TRUNCATE)")

    def size(self) -> int:
        """Give the bytes of the ledger and its bodies on disk."""
        files = [self.path, self.path.with_name(f"{self.path.name}-wal")]
        files += (self.path.parent / "blobs").rglob("*")
        return sum(file.stat().st_size for file in files if file.is_file())
