import hashlib
import sqlite3
from contextlib import closing

import pytest

from soulguard.ledger import open_ledger
from soulguard.ledger.protocol import ChainReport
from soulguard.model import EffectState, EventType
from tests.ledger.samples import an_effect, an_event


@pytest.fixture
def written(started, path):
    """Give the path of a ledger with events 1 to 6 about effects 1 to 3."""
    for slot in "abc":
        number = started.add_effect(an_effect(slot, state=EffectState.BEGUN))
        started.add_event(an_event(EventType.EFFECT_INTENT, effect_id=number))
        started.update_effect(number, state="done", response="b" * 64)
        started.add_event(an_event(EventType.EFFECT_DONE, effect_id=number))
    started.put_blob(b"body")
    started.put_blob(b"large" * 300_000)
    started.commit(durable=False)
    started.close()
    return path


def verify(path, *tampering):
    with closing(sqlite3.connect(path)) as db, db:
        for sql in tampering:
            assert db.execute(sql).rowcount > 0
    ledger = open_ledger(path, read_only=True)
    report = ledger.verify()
    ledger.close()
    return report


def test_an_untouched_ledger_is_intact_and_names_its_head(written):
    report = verify(written)
    assert report == ChainReport(6, True, head=report.head)
    assert len(report.head) == 64


def test_an_empty_ledger_is_intact(ledger):
    assert ledger.verify() == ChainReport(0, True)


@pytest.mark.parametrize(
    "change",
    [
        "reason = 'x'",
        "at = 9",
        "type = 'effect.failed'",
        "attempt = 2",
        "data = '{}'",
        "hash = zeroblob(32)",
        "target = NULL || x'ff'",
        "data = 'no json'",
        "effect_id = 3",
    ],
)
def test_a_changed_event_is_found_and_named(written, change):
    change = change.replace("NULL || ", "")
    report = verify(written, f"UPDATE events SET {change} WHERE id = 4")
    assert (report.intact, report.broken_at) == (False, 4)
    assert report.reason


def test_a_missing_event_is_found(written):
    report = verify(written, "DELETE FROM events WHERE id = 3")
    assert report.broken_at == 4
    assert report.reason == "event 3 is missing before event 4"


def test_a_missing_beginning_is_found(written):
    report = verify(written, "DELETE FROM events WHERE id < 3")
    assert (report.broken_at, report.events) == (3, 6)


def test_the_oldest_event_that_does_not_fit_is_named(written):
    report = verify(
        written,
        "UPDATE events SET reason = 'x' WHERE id IN (2, 5)",
        "UPDATE effects SET state = 'failed' WHERE id = 2",
    )
    assert report.broken_at == 2


@pytest.mark.parametrize(
    "change",
    [
        "state = 'failed'",
        "slot = 'z'",
        "result = '{\"a\":1}'",
        "response = ''",
        "ordinal = 1",
        "kind = 'mail.send'",
        "fingerprint = NULL",
    ],
)
def test_a_changed_effect_is_found_at_its_newest_event(written, change):
    if "NULL" in change:
        change = "fingerprint = 'other'"
    report = verify(written, f"UPDATE effects SET {change} WHERE id = 2")
    assert report.broken_at == 4
    assert report.reason == "effect 2 was changed after event 4"


def test_a_forged_effect_is_found(written):
    columns = (
        "run, kind, slot, fingerprint, normalised, ordinal, state, attempt, seen, key,"
        " protection, rule, generation, intent, result, request, response, created_at,"
        " updated_at"
    )
    report = verify(
        written,
        f"INSERT INTO effects ({columns}) SELECT {columns} FROM effects WHERE id = 1",
    )
    assert (report.intact, report.broken_at) == (False, 0)
    assert report.reason == "effect 4 was added without an event"


def test_a_missing_effect_is_found(written):
    report = verify(written, "DELETE FROM effects WHERE id = 3")
    assert (report.broken_at, report.reason) == (6, "effect 3 is missing")


def test_a_changed_body_is_found(written):
    report = verify(written, "UPDATE blobs SET data = x'00' WHERE id = 1")
    assert report.reason == (
        f"body {hashlib.sha256(b'body').hexdigest()} is missing or was changed"
    )


def test_a_changed_body_in_a_file_is_found(written):
    (file,) = (f for f in (written.parent / "blobs").rglob("*") if f.is_file())
    file.write_bytes(b"other")
    assert file.name in verify(written).reason
