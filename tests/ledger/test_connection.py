import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from soulguard.errors import LedgerBusyError, LedgerError, LedgerFullError
from soulguard.ledger import blobs, connection, open_ledger
from tests.ledger.samples import a_run, an_effect, an_event, start

WRITER = """
import os, sys
from soulguard.ledger import open_ledger
from tests.ledger.samples import an_event, start
ledger = open_ledger(sys.argv[1])
start(ledger)
ledger.commit(durable=True)
os.access("begin", os.F_OK)
for durable in map(int, sys.argv[2]):
    ledger.add_event(an_event())
    ledger.commit(durable=bool(durable))
os.access("end", os.F_OK)
"""


def syncs(tmp_path, commits):
    """Give the sync calls between the marks, as strace saw them."""
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,sync_file_range,access,faccessat,faccessat2"
    strace = ["strace", "-f", "-y", "-e", calls, "-o", trace]
    writer = [sys.executable, "-c", WRITER, tmp_path / "ledger.db", commits]
    subprocess.run([*strace, *writer], check=True)
    lines = trace.read_text().splitlines()
    first, last = (
        next(i for i, line in enumerate(lines) if f'"{mark}"' in line)
        for mark in ("begin", "end")
    )
    return [line for line in lines[first:last] if "sync" in line]


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace to count syncs")
@pytest.mark.parametrize("commits", ["1111111111", "0000000000", "0010110001"])
def test_a_durable_commit_syncs_the_log_once_and_another_not_at_all(tmp_path, commits):
    found = syncs(tmp_path, commits)
    assert len(found) == commits.count("1")
    assert all("ledger.db-wal" in line for line in found)


def test_a_writer_that_waits_too_long_says_who_to_look_for(started, path):
    started.begin()
    waiting = open_ledger(path, patience=0.05)
    before = time.monotonic()
    with pytest.raises(LedgerBusyError) as refused:
        waiting.begin()
    assert time.monotonic() - before < 5
    assert "stop the process" in refused.value.hint
    started.commit(durable=False)
    waiting.add_event(an_event())  # the failed wait opened nothing
    waiting.commit(durable=False)
    assert waiting.last_event_id() == 1
    waiting.close()


def test_a_reader_is_not_kept_waiting_by_a_writer(started, path):
    started.add_event(an_event())
    reader = open_ledger(path, read_only=True, patience=0)
    assert reader.last_event_id() == 0
    reader.close()


def fill(ledger):
    """Write until there is no more room; give how many effects were committed."""
    kept = []
    with pytest.raises(LedgerFullError, match="no space left") as refused:
        write_effects(ledger, kept)
    assert "free some space" in refused.value.hint
    return len(kept)


def write_effects(ledger, kept):
    for number in range(100_000):
        effect = ledger.add_effect(an_effect(f"/{number}", "f" * 500))
        ledger.add_event(an_event(effect_id=effect))
        ledger.commit(durable=False)
        kept.append(effect)


def assert_whole(ledger, effects):
    ledger.rollback()
    assert len(ledger.find_effects("run-1")) == effects == ledger.last_event_id()
    assert ledger.verify().intact


def test_a_full_ledger_keeps_what_was_committed(started):
    (pages,) = started._db.row("PRAGMA page_count")
    started._db.run(f"PRAGMA max_page_count = {pages + 40}")
    effects = fill(started)
    with pytest.raises(LedgerFullError):  # until it is rolled back
        started.commit(durable=True)
    assert_whole(started, effects)
    started._db.run(f"PRAGMA max_page_count = {pages + 400}")
    started.add_event(an_event())
    started.commit(durable=True)
    assert started.verify().intact


def mounted(folder, size):
    if os.getuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_a_full_disk_is_named_and_loses_nothing(tmp_path):
    if not mounted(tmp_path, "1m"):
        pytest.skip("needs to mount a small file system")
    try:
        path = tmp_path / "ledger.db"
        ledger = open_ledger(path)
        start(ledger)
        ballast = tmp_path / "ballast"
        ballast.write_bytes(b"x" * 200_000)
        effects = fill(ledger)
        with pytest.raises(LedgerFullError):
            ledger.put_blob(os.urandom(2_000_000))
        ledger.close()
        with pytest.raises(LedgerFullError):
            open_ledger(tmp_path / "another" / "ledger.db")
        ballast.unlink()
        ledger = open_ledger(path)
        assert_whole(ledger, effects)
        ledger.close()
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_after_a_failed_statement_nothing_of_the_transaction_is_kept(started):
    started.add_event(an_event())
    with pytest.raises(LedgerError):
        started._db.run("INSERT INTO effects (id) VALUES (1)")
    for act in (started.begin, lambda: started.commit(durable=False)):
        with pytest.raises(LedgerError, match="NOT NULL constraint"):
            act()
    started.rollback()
    started.commit(durable=False)
    assert started.last_event_id() == 0


def test_a_file_in_another_journal_mode_is_put_right(path):
    open_ledger(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    ledger = open_ledger(path)
    ledger.add_run(a_run())
    ledger.commit(durable=True)
    ledger.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_closing_twice_is_closing_once(ledger):
    ledger.begin()
    ledger.close()
    ledger.close()


def fails(*_):
    """Stand in for a sync that fails; the kernel says so only once."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize("what", ["the log", "a large body"])
def test_after_a_failed_sync_nothing_more_is_called_durable(started, monkeypatch, what):
    started.commit(durable=True)
    if what == "the log":
        monkeypatch.setattr(connection, "_sync", fails)
        started.add_event(an_event())
    else:
        monkeypatch.setattr(blobs, "_fsync", fails)
        started.put_blob(b"x" * (blobs.FILE_ABOVE + 1))
    for _ in range(2):
        with pytest.raises(LedgerError, match="Input/output error"):
            started.commit(durable=True)
        monkeypatch.undo()
        started.rollback()
        started.add_event(an_event())
    started.rollback()
    started.add_event(an_event())
    started.commit(durable=False)  # promises nothing that a sync would have to hold


def test_a_ledger_opened_again_after_a_failed_sync_is_durable(
    started, path, monkeypatch
):
    monkeypatch.setattr(connection, "_sync", fails)
    started.add_event(an_event())
    with pytest.raises(LedgerError):
        started.commit(durable=True)
    monkeypatch.undo()
    started.close()
    with closing(open_ledger(path)) as again:
        again.begin()
        again.add_event(an_event())
        again.commit(durable=True)
        assert again.verify().intact
