import json
import sqlite3
from contextlib import closing

import pytest

from soulguard.cli.exits import Exit
from soulguard.ledger.schema import VERSION
from tests.cli.ledger_stories import tell
from tests.cli.test_main import status_of


@pytest.fixture
def told(tmp_path, monkeypatch):
    path = tmp_path / "ledger.db"
    tell(path)
    monkeypatch.setenv("SOULGUARD_LEDGER", str(path))
    return path


def tamper(path, sql):
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(sql)


def test_an_intact_record_ends_with_0_and_names_its_head(told, capsys):
    assert status_of("verify") == Exit.OK
    words = capsys.readouterr().out.split()
    assert words[:4] == ["intact:", "8", "events,", "head"]
    assert len(words[4]) == 64


def test_a_broken_record_ends_with_1_and_says_where(told, capsys):
    tamper(told, "UPDATE events SET target = 'x' WHERE id = 5")
    assert status_of("verify") == Exit.VIOLATIONS
    assert capsys.readouterr().out == (
        "broken at event 5 of 8: event 5 was changed after it was written\n"
    )


def test_a_changed_effect_breaks_the_record(told, capsys):
    tamper(told, "UPDATE effects SET state = 'done' WHERE state = 'in_doubt'")
    assert status_of("verify") == Exit.VIOLATIONS
    assert "effect 4 was changed after event 5" in capsys.readouterr().out


def test_json_is_the_report(told, capsys):
    assert status_of("verify", "--json") == Exit.OK
    report = json.loads(capsys.readouterr().out)
    assert (report["events"], report["intact"], report["broken_at"]) == (8, True, 0)


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        (f"PRAGMA user_version = {VERSION + 1}", "upgrade soulguard"),
        ("PRAGMA application_id = 7", "backup"),
    ],
)
def test_a_record_that_cannot_be_read_ends_with_3(told, capsys, sql, word):
    tamper(told, sql)
    assert status_of("verify") == Exit.LEDGER
    out, err = capsys.readouterr()
    assert out == ""
    assert f"hint: {word}" in err or word in err


def test_no_record_ends_with_3(tmp_path, capsys, monkeypatch):
    monkeypatch.delenv("SOULGUARD_LEDGER", raising=False)
    (tmp_path / "SOUL.md").write_text("# Agent\n")
    monkeypatch.chdir(tmp_path)
    assert status_of("verify") == Exit.LEDGER
    assert "there is no ledger" in capsys.readouterr().err
