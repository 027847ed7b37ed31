"""One connection to a ledger file: transactions, durability, errors. No table names.

Every writer commits at SQLite's ``synchronous=NORMAL``: in WAL mode that is one write
to the ``-wal`` file and no sync, and a file that is never torn (sqlite.org, "PRAGMA
synchronous"). A durable commit adds what ``FULL`` would add, one fdatasync of that
file, by a descriptor of our own: SQLite refuses to change the level inside a
transaction, and only its end knows what was in it. SQLite itself syncs when a log
starts over and at a checkpoint, `CHECKPOINT_PAGES` apart.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from soulguard.errors import LedgerError
from soulguard.ledger.failures import ledger_error, read_only

CHECKPOINT_PAGES = 4096
"""Size of the ``-wal`` file, in pages of 4 KiB, at which it is moved into the ledger."""

_CACHE_KIB = 16 * 1024
_sync = getattr(os, "fdatasync", os.fsync)

Row = tuple[Any, ...]


class Connection:
    """A connection that speaks in ledger errors and loses no half of a transaction."""

    def __init__(self, path: Path, *, read_only: bool, patience: float) -> None:
        self.path = path
        self.read_only = read_only
        self.writing = False
        self._wal = -1
        self._version = -1
        self._failed: LedgerError | None = None
        self._lost: LedgerError | None = None
        self._db = _connect(path, patience, read_only=read_only)

    # -- statements -------------------------------------------------------------------

    def run(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement, inside the open transaction if there is one."""
        try:
            return self._db.execute(sql, values)
        except UnicodeEncodeError:
            return self._db.execute(sql, [_storable(v) for v in values])
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run a query and give all its rows."""
        try:
            return self._db.execute(sql, values).fetchall()
        except UnicodeEncodeError:
            return self.rows(sql, [_storable(v) for v in values])
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """Run a query and give its first row, or None."""
        try:
            found: Row | None = self._db.execute(sql, values).fetchone()
        except UnicodeEncodeError:
            return self.row(sql, [_storable(v) for v in values])
        except sqlite3.Error as error:
            raise self._failure(error) from error
        return found

    # -- transactions -----------------------------------------------------------------

    def begin(self) -> bool:
        """Open a write transaction unless one is open; say whether others wrote since.

        What was read under an earlier lock still holds where they did not.
        """
        if self._failed is not None:
            raise self._failed
        if self.writing:
            return False
        if self.read_only:
            raise read_only(self.path)
        self.run("BEGIN IMMEDIATE")
        self.writing = True
        before, self._version = self._version, self.version()
        return before != self._version

    def version(self) -> int:
        """Give a number that changes once another connection has committed."""
        row = self.row("PRAGMA data_version")
        return int(row[0]) if row else 0

    def commit(self, *, durable: bool) -> None:
        """Commit what is open; with `durable` return only when it survives power loss.

        INVARIANT: once a statement of a transaction failed nothing of it is committed,
        whatever SQLite rolled back by itself; `rollback` makes the connection usable.
        """
        if self._failed is not None:
            raise self._failed
        if self.writing:
            if durable and self._lost is not None:
                raise self._lost
            self.run("COMMIT")
            self.writing = False
            if durable:
                self._sync_log()

    def rollback(self) -> None:
        """Forget what is open."""
        self._failed, self.writing = None, False
        try:
            self._db.rollback()
        except sqlite3.Error as error:
            raise ledger_error(error, self.path) from error

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let several reads see one state; checkpoints wait for the end of it."""
        if self.writing:
            yield
            return
        self.run("BEGIN")
        try:
            yield
        finally:
            self.run("COMMIT")

    def close(self) -> None:
        """Roll back what is open and let go of the file."""
        self._db.close()
        if self._wal >= 0:
            os.close(self._wal)
            self._wal = -1

    def _sync_log(self) -> None:
        # No SQLite lock lives on the -wal file, so opening and closing it is safe; it
        # is deleted by the last connection alone, so ours keeps it the same file.
        try:
            if self._wal < 0:
                self._wal = os.open(f"{self.path}-wal", os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise ledger_error(error, self.path) from error
        try:
            _sync(self._wal)
        except OSError as error:
            raise self.lose(error) from error

    def lose(self, error: OSError) -> LedgerError:
        """Take a failed sync as the end of durable commits here; give the error to raise.

        The kernel tells of a lost write once and counts the page as clean from then on
        (fsync(2), NOTES), so a later sync that succeeds proves nothing of this one.
        """
        self._lost = ledger_error(error, self.path)
        return self._lost

    def _failure(self, error: sqlite3.Error) -> LedgerError:
        failure = ledger_error(error, self.path)
        if self.writing:
            self._failed = failure
        return failure


def _connect(path: Path, patience: float, *, read_only: bool) -> sqlite3.Connection:
    try:
        if read_only:
            return _connect_reader(path, patience)
        db = _connect_uri(path, "mode=rw", patience)
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    except sqlite3.Error as error:
        raise ledger_error(error, path) from error
    return db


def _connect_reader(path: Path, patience: float) -> sqlite3.Connection:
    """Connect without write access; a folder that cannot take a log is read as it is.

    ``immutable`` ignores the log, so it is used only where none waits to be read.
    """
    db = _connect_uri(path, "mode=ro", patience)
    try:
        db.execute("PRAGMA user_version").fetchone()
    except sqlite3.OperationalError:
        db.close()
        log = Path(f"{path}-wal")
        if os.access(path.parent, os.W_OK) or (log.exists() and log.stat().st_size):
            raise
        return _connect_uri(path, "mode=ro&immutable=1", patience)
    return db


def _connect_uri(path: Path, how: str, patience: float) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(os.fsencode(path))}?{how}", uri=True, timeout=patience,
        isolation_level=None, cached_statements=256,
    )  # fmt: skip


def _storable(value: Any) -> Any:
    """Give text that is not Unicode (a file name from undecodable bytes) as bytes."""
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")
    return value
