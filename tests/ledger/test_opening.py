import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from soulguard.errors import (
    LedgerCorruptError,
    LedgerError,
    LedgerReadOnlyError,
    LedgerSchemaError,
    UsageError,
)
from soulguard.ledger import open_ledger, schema
from soulguard.ledger.opening import ledger_path
from tests.ledger.samples import an_event, start

NOBODY = 65534


@contextlib.contextmanager
def unprivileged():
    """Act as a user whom permissions bind, for root they do not."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def folder():
    """Give a folder that the unprivileged user owns."""
    made = Path(tempfile.mkdtemp())
    if os.getuid() == 0:
        os.chown(made, NOBODY, NOBODY)
    yield made
    for root, *_ in os.walk(made):
        os.chmod(root, 0o700)
    shutil.rmtree(made)


def written(path):
    ledger = open_ledger(path)
    start(ledger)
    ledger.add_event(an_event())
    ledger.commit(durable=True)
    return ledger


def test_a_new_ledger_is_for_this_user_alone_and_unknown_to_git(path):
    ledger = written(path)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert (path.parent / ".gitignore").read_text() == "*\n"
    files = sorted(file.name for file in path.parent.iterdir())
    assert files == [".gitignore", "ledger.db", "ledger.db-shm", "ledger.db-wal"]
    for name in files[1:]:
        assert (path.parent / name).stat().st_mode & 0o777 == 0o600
    ledger.close()


def test_a_folder_of_another_name_is_not_hidden_from_git(tmp_path):
    open_ledger(tmp_path / "deep" / "er" / "x.db").close()
    assert [f.name for f in (tmp_path / "deep" / "er").iterdir()] == ["x.db"]


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("sqlite:///a/b.db", "/a/b.db"),
        ("sqlite:///a/with%20blank.db", "/a/with blank.db"),
        ("/a/../b.db", "/b.db"),
        (Path("/a/b.db"), "/a/b.db"),
    ],
)
def test_urls_and_paths_name_a_file(given, path):
    assert ledger_path(given) == Path(path)


def test_a_relative_path_starts_at_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ledger_path("x.db") == tmp_path / "x.db"


@pytest.mark.parametrize(
    "given",
    ["sqlite://host/a.db", "sqlite:///", "mysql://h/a", "postgresql://u:pw@h/d"],
)
def test_other_urls_are_refused_without_repeating_their_secrets(given):
    with pytest.raises(UsageError) as refused:
        open_ledger(given)
    assert "sqlite:///absolute/path" in refused.value.hint
    assert "pw" not in str(refused.value)


def test_a_folder_is_no_ledger(tmp_path):
    with pytest.raises(UsageError, match="is a folder"):
        open_ledger(tmp_path)


def test_an_odd_file_name_is_taken_as_it_is(tmp_path):
    path = tmp_path / "a?mode=memory#%41 ü.db"
    open_ledger(path).close()
    open_ledger(path, read_only=True).close()
    assert path.stat().st_size


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(
    "content", [b"", b"no ledger" * 1000, b"SQLite format 3\0rest"]
)
def test_what_is_no_ledger_is_refused_and_kept(path, content, read_only):
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(LedgerCorruptError) as refused:
        open_ledger(path, read_only=read_only)
    assert "backup" in refused.value.hint
    assert path.read_bytes() == content


def test_the_database_of_another_program_is_refused_and_kept(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url)")
    before = path.read_bytes()
    with pytest.raises(LedgerCorruptError, match="of something else"):
        open_ledger(path)
    assert path.read_bytes() == before


def test_damage_inside_is_reported_when_it_is_met_and_nothing_is_lost(path):
    written(path).close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    ledger = open_ledger(path)
    with pytest.raises(LedgerCorruptError, match="malformed"):
        ledger.runs()
    with pytest.raises(LedgerCorruptError):
        ledger.verify()
    ledger.close()
    assert path.read_bytes() == content


def test_a_newer_ledger_is_refused_and_kept(path):
    written(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    for read_only in (False, True):
        with pytest.raises(LedgerSchemaError, match=f"version {schema.VERSION + 1}"):
            open_ledger(path, read_only=read_only)


def test_a_reader_needs_a_ledger(path):
    with pytest.raises(LedgerError, match="there is no ledger"):
        open_ledger(path, read_only=True)
    assert not path.parent.exists()


def test_a_reader_changes_nothing(path):
    written(path).close()
    ledger = open_ledger(path, read_only=True)
    with pytest.raises(LedgerReadOnlyError):
        ledger.add_event(an_event())
    ledger.commit(durable=True)
    assert ledger.last_event_id() == 1
    ledger.close()


def test_a_folder_that_cannot_be_written_takes_no_ledger(folder):
    with unprivileged():
        folder.chmod(0o500)
        with pytest.raises(LedgerReadOnlyError) as refused:
            open_ledger(folder / ".soulguard" / "ledger.db")
    assert "writable" in refused.value.hint


@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_ledger_that_cannot_be_written_is_refused_before_anything_runs(folder, which):
    path = folder / "ledger.db"
    with unprivileged():
        written(path).close()
        (path if which == "file" else folder).chmod(0o400 if which == "file" else 0o500)
        with pytest.raises(LedgerReadOnlyError):
            open_ledger(path)
        reader = open_ledger(path, read_only=True)
        assert reader.last_event_id() == 1
        reader.close()


def test_a_reader_reads_where_no_log_can_be_made(folder):
    path = folder / "ledger.db"
    with unprivileged():
        written(path).close()
        folder.chmod(0o500)
        ledger = open_ledger(path, read_only=True)
        assert ledger.verify().intact
        ledger.close()
        assert [f.name for f in folder.iterdir()] == ["ledger.db"]


def test_a_reader_does_not_pass_over_a_log_it_cannot_read(folder):
    path = folder / "ledger.db"
    with unprivileged():
        ledger = written(path)
        copy = folder / "copy"
        copy.mkdir()
        for name in ("ledger.db", "ledger.db-wal"):
            shutil.copy(folder / name, copy / name)
        ledger.close()
        copy.chmod(0o500)
        with pytest.raises(LedgerReadOnlyError):
            open_ledger(copy / "ledger.db", read_only=True)


def test_many_openers_of_a_new_ledger_get_the_same_one(path):
    script = (
        "import sys; from soulguard.ledger import open_ledger\n"
        "from tests.ledger.samples import start\n"
        "ledger = open_ledger(sys.argv[1]); start(ledger, sys.argv[2]); ledger.close()"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", script, str(path), f"run-{n}"])
        for n in range(6)
    ]
    assert [child.wait() for child in children] == [0] * 6
    ledger = open_ledger(path)
    assert len(ledger.runs()) == 6
    ledger.close()
    assert sorted(f.name for f in path.parent.iterdir()) == [".gitignore", "ledger.db"]
