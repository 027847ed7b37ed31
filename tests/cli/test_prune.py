import json

import pytest

from soulguard.cli.exits import Exit
from soulguard.ledger import open_ledger
from tests.cli.ledger_stories import FIRST, tell
from tests.cli.test_main import status_of


@pytest.fixture
def told(tmp_path, monkeypatch):
    path = tmp_path / "ledger.db"
    tell(path)
    monkeypatch.setenv("SOULGUARD_LEDGER", str(path))
    return path


def prune(*args):
    return status_of("prune", "--older-than", "1d", *args)


def test_a_dry_run_says_what_would_go_and_changes_nothing(told, capsys):
    before = told.read_bytes()
    assert prune("--dry-run") == Exit.OK
    out = capsys.readouterr().out.splitlines()
    assert out[0].split()[0] == FIRST
    assert out[1].startswith(
        "would remove 1 run (1 events, 0 effects, 0 bodies): about"
    )
    assert told.read_bytes() == before


def test_a_removed_run_is_told_by_every_command_and_verified(told, capsys):
    assert prune() == Exit.OK
    assert capsys.readouterr().out.startswith("removed 1 run (1 events, 0 effects, 0")
    assert status_of("verify") == Exit.OK
    assert "9 events (1 of them pruned), head" in capsys.readouterr().out
    assert status_of("status") == Exit.OK
    [line] = [x for x in capsys.readouterr().out.splitlines() if x.startswith(FIRST)]
    assert line.endswith("pruned")
    assert status_of("status", FIRST) == Exit.OK
    assert "removed 1 events and 0 effects" in capsys.readouterr().out
    assert status_of("log", FIRST, "--type", "run.pruned") == Exit.OK
    assert "run.pruned" in capsys.readouterr().out
    assert prune() == Exit.OK
    said = capsys.readouterr().out
    assert said.startswith("removed nothing, no run is old enough: 0.0 MB freed")


def test_json_names_every_run(told, capsys):
    assert prune("--json") == Exit.OK
    data = json.loads(capsys.readouterr().out)
    assert (data["runs"], data["in doubt"], data["events"]) == ([FIRST], [], 1)
    assert data["dry run"] is False
    assert data["size"] > 0


def test_what_is_in_doubt_is_kept_and_said(told, capsys):
    ledger = open_ledger(told)
    doubtful = ledger.runs()[0].run_id
    ledger.update_run(doubtful, status="completed")
    ledger.commit(durable=False)
    ledger.close()
    assert prune("--dry-run") == Exit.OK
    out, err = capsys.readouterr()
    assert "would remove 1 run " in out
    assert f"kept: something in run {doubtful} is in doubt" in err


@pytest.mark.parametrize("age", ["", "90", "d", "3m", "-1d", "1.5d"])
def test_an_age_has_a_number_and_a_unit(told, capsys, age):
    assert status_of("prune", "--older-than", age) == Exit.USAGE
    assert "hint: a number of hours, days or weeks" in capsys.readouterr().err


def test_without_an_age_or_a_ledger_nothing_goes(told, capsys, tmp_path):
    assert status_of("prune") == Exit.USAGE
    assert "`--older-than`" in capsys.readouterr().err
    nowhere = str(tmp_path / "absent.db")
    for more in ((), ("--dry-run",)):
        assert prune("--ledger", nowhere, *more) == Exit.LEDGER
    assert not (tmp_path / "absent.db").exists()
