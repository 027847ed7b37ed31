"""Runs, attempts and fencing of a SQLite ledger: who may write, and as which attempt.

No effect or event is written here, and no process is looked at.
"""

from __future__ import annotations

from typing import Any

from soulguard.errors import LeaseHeldError, LedgerError
from soulguard.ledger import rows
from soulguard.ledger.connection import Connection
from soulguard.model import Attempt, Owner, Run

_ADD_RUN = f"INSERT INTO runs ({rows.RUN_COLUMNS}) VALUES ({','.join('?' * 13)})"
_RUN = f"SELECT {rows.RUN_COLUMNS} FROM runs"
_ADD_ATTEMPT = (
    f"INSERT INTO attempts (run, {rows.ATTEMPT_COLUMNS}) VALUES ({','.join('?' * 11)})"
)
_ATTEMPTS = f"SELECT {rows.ATTEMPT_COLUMNS} FROM attempts WHERE run = ? ORDER BY number"
_NEWEST_ATTEMPT = "SELECT max(number) FROM attempts WHERE run = ?"
_END_ATTEMPT = (
    "UPDATE attempts SET ended_at = ?, exit_status = ?, guarded = ?, unguarded = ?"
    " WHERE run = ? AND number = ?"
)


class SqliteRuns:
    """The runs and attempts of one ledger file, and the fence around them."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._keys: dict[str, int] = {}  # run id -> runs.id
        self._names: dict[int, str] = {}  # and back
        self._looked: dict[str, int] = {}  # run id -> newest attempt the caller saw
        self._claimed: dict[int, int] = {}  # runs.id -> the attempt claimed here
        self._claiming: list[tuple[int, str, int]] = []  # not committed yet
        self._newest: dict[int, int] = {}  # runs.id -> newest attempt there is

    def begin(self) -> None:
        """Open a write transaction unless one is open."""
        if self._db.begin():
            self._forget()

    def rollback(self) -> None:
        """Forget the open transaction, if any."""
        self._db.rollback()
        self._forget()
        self._keys.clear()
        self._names.clear()
        self._claiming.clear()

    def commit(self, *, durable: bool) -> None:
        """Commit the open transaction, if any; with `durable` it survives power loss."""
        self._db.commit(durable=durable)
        for run, run_id, number in self._claiming:
            self._claimed[run] = self._looked[run_id] = number
        self._claiming.clear()

    def _forget(self) -> None:
        """Drop what another writer, or a rollback, may have made untrue."""
        self._newest.clear()

    # -- runs and attempts ------------------------------------------------------------

    def add_run(self, run: Run) -> None:
        """Add a new run.

        Raises:
            LeaseHeldError: the run exists, so somebody else started it first.
        """
        self.begin()
        if self._key(run.run_id) is not None:
            raise LeaseHeldError(f"run `{run.run_id}` was started by another process")
        self._db.run(_ADD_RUN, rows.run_values(run))

    def run(self, run_id: str) -> Run | None:
        """Give one run, or None."""
        return self._one_run(f"{_RUN} WHERE run_id = ?", run_id)

    def latest(self, identity: str) -> Run | None:
        """Give the newest run of a command, directory and sources, or None."""
        return self._one_run(
            f"{_RUN} WHERE identity = ? ORDER BY id DESC LIMIT 1", identity
        )

    def runs(self, limit: int = 100) -> list[Run]:
        """Give the newest runs, newest first."""
        found = self._db.rows(f"{_RUN} ORDER BY id DESC LIMIT ?", (limit,))
        return [rows.run_from(row) for row in found]

    def update_run(self, run_id: str, **changes: Any) -> None:
        """Change fields of a run; its id stays."""
        self.begin()
        self._update("runs", self._must_know(run_id), changes, rows.RUN_FIELDS)

    def claim(self, run_id: str, owner: Owner, now: float) -> Attempt:
        """Add the next attempt of a run; it counts once it is committed.

        What the caller has seen is what `run`, `latest` or `attempts` of this object
        last told about the run. This object then writes as that attempt.

        Raises:
            LeaseHeldError: an attempt newer than the caller has seen exists.
        """
        opened = not self._db.writing
        self.begin()
        run = self._must_know(run_id)
        newest = self._newest_attempt(run)
        if newest > self._looked.get(run_id, 0):
            if opened:
                self.rollback()
            raise LeaseHeldError(f"attempt {newest} of run `{run_id}` was just started")
        attempt = Attempt(run_id, newest + 1, owner, now)
        self._db.run(_ADD_ATTEMPT, (run, *rows.attempt_values(attempt)))
        self._db.run("UPDATE runs SET attempts = ? WHERE id = ?", (newest + 1, run))
        self._claiming.append((run, run_id, newest + 1))
        self._newest[run] = newest + 1
        return attempt

    def attempts(self, run_id: str) -> list[Attempt]:
        """Give the attempts of a run, oldest first."""
        found = self._db.rows(_ATTEMPTS, (self._key(run_id),))
        self._looked[run_id] = found[-1][0] if found else 0
        return [rows.attempt_from(run_id, row) for row in found]

    def end_attempt(
        self, run_id: str, number: int, *, at: float, exit_status: int | None,
        guarded: int = 0, unguarded: int = 0,
    ) -> None:  # fmt: skip
        """Record how an attempt ended."""
        self.begin()
        run = self._must_know(run_id)
        self._db.run(_END_ATTEMPT, (at, exit_status, guarded, unguarded, run, number))

    def _one_run(self, sql: str, value: str) -> Run | None:
        row = self._db.row(sql, (value,))
        if row is None:
            return None
        run = rows.run_from(row)
        self._looked[run.run_id] = run.attempts
        return run

    # -- inside -----------------------------------------------------------------------

    def _key(self, run_id: str) -> int | None:
        key = self._keys.get(run_id)
        if key is None:
            row = self._db.row("SELECT id FROM runs WHERE run_id = ?", (run_id,))
            if row is None:
                return None
            key = self._keys[run_id] = row[0]
            self._names[key] = run_id
        return key

    def _must_know(self, run_id: str) -> int:
        key = self._key(run_id)
        if key is None:
            raise LedgerError(f"ledger `{self._db.path}` knows no run `{run_id}`")
        return key

    def _name(self, run: int) -> str:
        if run not in self._names:
            row = self._db.row("SELECT run_id FROM runs WHERE id = ?", (run,))
            self._names[run] = rows.text(row[0]) if row else ""
        return self._names[run]

    def _newest_attempt(self, run: int) -> int:
        row = self._db.row(_NEWEST_ATTEMPT, (run,))
        return (row and row[0]) or 0

    def _acting(self, run: int) -> int | None:
        """Give the attempt this object claimed, committed or not, or None."""
        for claimed, _, number in reversed(self._claiming):
            if claimed == run:
                return number
        return self._claimed.get(run)

    def _fence(self, run: int, attempt: int) -> None:
        newest = self._newest.get(run)
        if newest is None:
            newest = self._newest[run] = self._newest_attempt(run)
        if attempt < newest:
            raise LeaseHeldError(
                f"attempt {attempt} of run `{self._name(run)}` lost it to attempt"
                f" {newest}"
            )

    def _update(
        self, table: str, key: int, changes: dict[str, Any], allowed: frozenset[str]
    ) -> list[Any]:
        if not changes.keys() <= allowed:
            unknown = ", ".join(sorted(changes.keys() - allowed))
            raise TypeError(f"{table} have no field {unknown} that may change")
        values = [rows.column(value) for value in changes.values()]
        if values:
            names = ", ".join(f"{name} = ?" for name in changes)
            self._db.run(f"UPDATE {table} SET {names} WHERE id = ?", [*values, key])
        return values
