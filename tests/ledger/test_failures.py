import errno
import os
import sqlite3
from contextlib import closing

import pytest

from soulguard.errors import (
    LedgerBusyError,
    LedgerCorruptError,
    LedgerError,
    LedgerFullError,
    LedgerReadOnlyError,
    LedgerSchemaError,
)
from soulguard.ledger.failures import corrupt, ledger_error, newer, read_only


@pytest.fixture
def base(tmp_path):
    """Give the path of a SQLite file with one table."""
    path = tmp_path / "ledger.db"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE t (x)")
    return path


def fails(db, statement):
    with pytest.raises(sqlite3.Error) as raised:
        db.execute(statement)
    return raised.value


def test_a_file_that_is_no_database_is_corrupt(tmp_path):
    path = tmp_path / "ledger.db"
    path.write_bytes(b"something else" * 100)
    with closing(sqlite3.connect(path)) as db:
        found = ledger_error(fails(db, "SELECT * FROM t"), path)
    assert type(found) is LedgerCorruptError
    assert "file is not a database" in found.message


@pytest.mark.parametrize(
    "statement", ["SELECT * FROM missing", "SELECT missing FROM t"]
)
def test_a_database_of_something_else_is_corrupt_too(base, statement):
    with closing(sqlite3.connect(base)) as db:
        assert type(ledger_error(fails(db, statement), base)) is LedgerCorruptError


def test_a_ledger_somebody_keeps_locked_is_busy(base):
    with (
        closing(sqlite3.connect(base)) as holder,
        closing(sqlite3.connect(base, timeout=0)) as db,
    ):
        holder.execute("BEGIN EXCLUSIVE")
        found = ledger_error(fails(db, "INSERT INTO t VALUES (1)"), base)
    assert type(found) is LedgerBusyError
    assert "wait for the other run" in found.hint


def test_a_ledger_opened_for_reading_may_not_be_written(base):
    with closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as db:
        found = ledger_error(fails(db, "INSERT INTO t VALUES (1)"), base)
    assert type(found) is LedgerReadOnlyError
    assert f"`{base.parent}`" in found.hint


def test_a_folder_that_is_not_there_may_not_be_written(tmp_path):
    path = tmp_path / "none" / "ledger.db"
    with pytest.raises(sqlite3.Error) as raised:
        sqlite3.connect(path)
    assert type(ledger_error(raised.value, path)) is LedgerReadOnlyError


def test_a_database_that_cannot_grow_is_full(base):
    with closing(sqlite3.connect(base)) as db:
        db.execute("PRAGMA max_page_count = 2")
        found = ledger_error(fails(db, "INSERT INTO t VALUES (zeroblob(99999))"), base)
    assert type(found) is LedgerFullError
    assert "what was recorded is kept" in found.hint


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, LedgerFullError),
        (errno.EDQUOT, LedgerFullError),
        (errno.EACCES, LedgerReadOnlyError),
        (errno.EROFS, LedgerReadOnlyError),
        (errno.EIO, LedgerError),
    ],
)
def test_what_the_system_says_becomes_the_same_errors(tmp_path, number, kind):
    error = OSError(number, os.strerror(number))
    assert type(ledger_error(error, tmp_path / "l.db")) is kind


def test_what_nobody_foresaw_keeps_its_words_and_names_a_way_out(tmp_path):
    found = ledger_error(sqlite3.OperationalError("disk I/O error"), tmp_path / "l.db")
    assert type(found) is LedgerError
    assert found.message.endswith("failed: disk I/O error")
    assert "--ledger" in found.hint


def test_every_error_names_the_ledger_and_what_to_do(tmp_path):
    path = tmp_path / "l.db"
    for error in (corrupt(path, "torn"), read_only(path), newer(path, 9, 3)):
        assert f"`{path}`" in error.message
        assert error.hint
    assert type(newer(path, 9, 3)) is LedgerSchemaError
    assert "version 9" in newer(path, 9, 3).message
