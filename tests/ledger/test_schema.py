import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from soulguard.ledger import open_ledger, schema
from soulguard.model import EffectState, EventType
from tests.ledger.samples import an_event

VERSION_1 = Path(__file__).parents[1] / "assets" / "ledger-version-1.db"


@pytest.fixture
def old(tmp_path):
    return Path(shutil.copy(VERSION_1, tmp_path / "ledger.db"))


def layout(path):
    with closing(sqlite3.connect(path)) as db:
        (version,) = db.execute("PRAGMA user_version").fetchone()
        tables = db.execute("SELECT name, sql FROM sqlite_master ORDER BY name")
        return version, tables.fetchall()


def test_a_ledger_of_version_1_is_brought_up_to_date_with_all_it_knows(old, path):
    assert layout(old)[0] == 1
    ledger = open_ledger(old)
    open_ledger(path).close()
    assert layout(old) == layout(path)
    assert ledger.run("run-1").attempts == 1
    effects = ledger.find_effects("run-1", states=["done"])
    assert [effect.state for effect in effects] == [EffectState.DONE] * 3
    ledger.add_event(an_event(EventType.DENIED))
    ledger.commit(durable=False)
    assert (ledger.verify().events, ledger.verify().intact) == (8, True)
    ledger.close()


def test_a_reader_understands_version_1_as_it_is(old):
    before = old.read_bytes()
    ledger = open_ledger(old, read_only=True)
    types = ["violation.duplicate", "violation.denied"]
    assert [event.id for event in ledger.events(types=types)] == [7]
    assert ledger.verify().intact
    ledger.close()
    assert old.read_bytes() == before


def test_a_ledger_is_told_by_its_header(old, tmp_path):
    assert schema.is_ledger(old)
    (tmp_path / "short").write_bytes(b"SQLite format 3\0")
    assert not schema.is_ledger(tmp_path / "short")
    assert not schema.is_ledger(tmp_path)
    with closing(sqlite3.connect(tmp_path / "other.db")) as db:
        db.execute("CREATE TABLE a (b)")
    assert not schema.is_ledger(tmp_path / "other.db")


def test_every_version_leads_to_the_present_one():
    assert len(schema.MIGRATIONS) == schema.VERSION
    assert schema.OLDEST_READABLE >= 1
    assert schema.steps_from(schema.VERSION)[-1] == (
        f"PRAGMA user_version = {schema.VERSION}"
    )
