"""From a URL or path to an open ledger: found, made, brought up to date, or refused.

A file that is not a ledger is never written to, and one that exists is never replaced:
a ledger that is lost forgets what already happened.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from soulguard.errors import LedgerError, UsageError
from soulguard.ledger import failures, schema

if TYPE_CHECKING:
    from soulguard.ledger.connection import Connection
    from soulguard.ledger.sqlite import SqliteLedger

PATIENCE = 30.0
"""Seconds a writer waits for another one before `LedgerBusyError`."""

FOLDER = ".soulguard"


def open_ledger(
    url_or_path: str | os.PathLike[str],
    *,
    read_only: bool = False,
    patience: float = PATIENCE,
) -> SqliteLedger:
    """Open a ledger given as ``sqlite:///abs/path`` or as a plain path.

    A writer makes what is missing: the folder for this user alone, and the file. A
    reader writes nothing and reads from media that cannot be written, too.

    Raises:
        UsageError: the URL names no ledger this version can use.
        LedgerError: the file cannot be used; the subclass says why, the hint how on.
    """
    path = ledger_path(url_or_path)
    try:
        folder = path.is_dir()
    except OSError as error:  # a folder above may not be looked into
        raise failures.ledger_error(error, path) from None
    if folder:
        raise UsageError(
            f"ledger `{path}` is a folder", hint=f"name a file: `{path / 'ledger.db'}`"
        )
    if read_only:
        _must_exist(path)
    else:
        _provide(path)
    return _open(path, read_only=read_only, patience=patience)


def ledger_path(url_or_path: str | os.PathLike[str]) -> Path:
    """Give the absolute path that a URL or path of a SQLite ledger means.

    Raises:
        UsageError: it is a URL of another kind.
    """
    given = os.fspath(url_or_path)
    scheme, found, _ = given.partition("://")
    if not found:
        return Path(os.path.abspath(given))
    if scheme in ("postgresql", "postgres"):
        raise UsageError(
            "ledgers on PostgreSQL are not supported yet",
            hint="use `sqlite:///absolute/path` or a plain path",
        )
    parts = urlsplit(given)
    path = unquote(parts.path)
    if scheme != "sqlite" or parts.netloc or len(path) < 2:
        raise UsageError(
            f"`{scheme}://` with this path names no ledger",
            hint="use `sqlite:///absolute/path` or a plain path",
        )
    return Path(os.path.abspath(path))


def _open(path: Path, *, read_only: bool, patience: float) -> SqliteLedger:
    from soulguard.ledger.connection import Connection
    from soulguard.ledger.sqlite import SqliteLedger

    db = Connection(path, read_only=read_only, patience=patience)
    try:
        _recognise(db)
        if not read_only:
            _log_ahead(db)
            _migrate(db)
    except BaseException:
        db.close()
        raise
    return SqliteLedger(db)


def _must_exist(path: Path) -> None:
    if not path.exists():
        raise LedgerError(
            f"there is no ledger at `{path}`",
            hint="start a run with `soulguard run -- python agent.py`,"
            " or name another ledger with `--ledger`",
        )


def _provide(path: Path) -> None:
    try:
        _provide_folder(path.parent)
        if not path.exists():
            _create(path)
    except OSError as error:
        raise failures.ledger_error(error, path) from error
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
        raise failures.read_only(path)


def _provide_folder(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    ignore = folder / ".gitignore"
    if folder.name == FOLDER and not ignore.exists():
        ignore.write_text("*\n", encoding="ascii")


def _create(path: Path) -> None:
    """Make a ledger aside and link it in place: it appears whole, and only once.

    So a file of no bytes is what is left of a ledger and never a new one.
    """
    from soulguard.ledger.connection import Connection

    new = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        db = Connection(new, read_only=False, patience=0)
        try:
            _log_ahead(db)
            _migrate(db)
        finally:
            db.close()
        try:
            os.link(new, path)
        except FileExistsError:
            return  # another process was first
        _sync_folder(path.parent)
    finally:
        os.unlink(new)


def _recognise(db: Connection) -> None:
    if not db.path.stat().st_size:
        raise failures.corrupt(db.path, "it is empty")
    application = _pragma(db, "application_id")
    version = _pragma(db, "user_version")
    if application != schema.APPLICATION_ID:
        raise failures.corrupt(db.path, "it is a database of something else")
    if version > schema.VERSION:
        raise failures.newer(db.path, version, schema.VERSION)
    if version < schema.OLDEST_READABLE:
        raise failures.corrupt(db.path, f"schema version {version} never existed")


def _log_ahead(db: Connection) -> None:
    if _pragma(db, "journal_mode = WAL") != "wal":
        raise LedgerError(
            f"the file system of `{db.path}` cannot hold a ledger (no write-ahead log)",
            hint="name a ledger on a local disk with `--ledger`",
        )


def _migrate(db: Connection) -> None:
    if _pragma(db, "user_version") == schema.VERSION:
        return
    db.begin()
    # Looked at again under the lock: another process may have been faster.
    for step in schema.steps_from(_pragma(db, "user_version")):
        db.run(step)
    db.commit(durable=True)


def _pragma(db: Connection, text: str) -> Any:
    row = db.row(f"PRAGMA {text}")
    return row[0] if row else None


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
