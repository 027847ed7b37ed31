import json
import os

import pytest

from soulguard.cli.exits import Exit
from soulguard.cli.ledgers import NO_RUNS
from soulguard.ledger import open_ledger
from soulguard.model import EventType, RunStatus
from soulguard.supervisor.lease import owner_of
from tests.cli.ledger_stories import FIRST, SECOND, tell
from tests.cli.test_main import status_of
from tests.ledger.samples import a_run, an_event

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Stand in a folder below SOUL.md, without a ledger yet."""
    (tmp_path / "SOUL.md").write_text("# Agent\n")
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    monkeypatch.delenv("SOULGUARD_LEDGER", raising=False)
    return tmp_path


@pytest.fixture
def told(home):
    path = home / ".soulguard" / "ledger.db"
    tell(path, str(home))
    return path


def test_before_the_first_run_it_says_how_to_start_one(capsys):
    assert status_of("status") == Exit.OK
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"{NO_RUNS}\n")
    assert status_of("status", "--json") == Exit.OK
    assert json.loads(capsys.readouterr().out) == {"runs": []}


def test_without_soul_md_it_says_where_to_go(home, capsys):
    (home / "SOUL.md").unlink()
    (home / ".git").mkdir()  # nobody looks above a repository
    assert status_of("status") == Exit.USAGE
    assert "name the ledger with `--ledger`" in capsys.readouterr().err


def test_runs_are_a_table_with_the_newest_first(told, capsys):
    assert status_of("status") == Exit.OK
    head, second, first = capsys.readouterr().out.splitlines()
    assert head.split() == ["RUN", "STATUS", "ATTEMPTS", "WHEN", "COMMAND"]
    assert first.split()[:3] == [FIRST, "completed", "1"]
    assert second.startswith(f"{SECOND}  cut off           2  ")
    assert "python agent.py" in second
    counts = second.rpartition("agent.py  ")[2]
    assert counts == (
        "1 written, 1 appended, 1 called, 1 skipped, 1 replayed, 1 blocked, 1 in doubt,"
        " 1 diverged, 1 around the guard"
    )
    assert "nothing on record" in first


def test_older_runs_are_left_out_until_asked_for(told, capsys):
    ledger = open_ledger(told)
    for number in range(30):
        ledger.add_run(a_run(f"many-{number}", status=RunStatus.RESUMABLE))
    ledger.commit(durable=False)
    ledger.close()
    status_of("status")
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 21
    assert "`soulguard status --all`" in err
    status_of("status", "--all")
    out, err = capsys.readouterr()
    assert (len(out.splitlines()), err) == (33, "")


def test_a_run_is_reported_with_everything_that_was_not_plain(told, capsys):
    assert status_of("status", "0190b") == Exit.OK
    report = capsys.readouterr().out
    assert f"run {SECOND}: cut off\n" in report
    assert "  saved     1,200 tokens, $0.25\n" in report
    assert (
        "  coverage  1 file.append, 1 file.write, 2 http.call through the guard,"
        " 1 around it\n" in report
    )
    assert "in doubt (1): may have happened\n" in report
    assert "  #4  POST api.shop.example/v1/charges  attempt 2  key sent, " in report
    assert (
        f"settle: soulguard resolve {SECOND} 4 --happened [--answer FILE] | --did-not"
        in (report)
    )
    assert "skipped (1)\n  out/a.md  attempt 2  SOUL.md:4: why\n" in report
    assert "replayed (1)\n  POST api.shop.example/v1/charges  attempt 2" in report
    for heading in ("blocked", "diverged", "around the guard"):
        assert f"\n{heading} (1)\n  out/b\\x1b[31m.md  attempt 2" in report
    assert "re-sent" not in report
    assert "\x1b" not in report


def test_a_live_attempt_is_running(told, capsys):
    ledger = open_ledger(told)
    ledger.attempts(SECOND)
    ledger.claim(SECOND, owner_of(os.getpid()), 300.0)
    ledger.commit(durable=False)
    ledger.close()
    status_of("status", SECOND)
    assert f"run {SECOND}: running" in capsys.readouterr().out


def test_json_tells_the_same_and_no_secret(told, capsys):
    status_of("status", SECOND, "--json")
    out = capsys.readouterr().out
    report = json.loads(out)
    assert report["summary"]["in_doubt"] == len(report["in doubt"]) == 1
    assert report["skipped"][0]["source"] == "SOUL.md:4"
    assert report["run"]["standing"] == "cut off"
    assert "secret" not in report["run"]
    status_of("status", "--json")
    runs = json.loads(capsys.readouterr().out)["runs"]
    assert [run["run_id"] for run in runs] == [SECOND, FIRST]
    assert "secret" not in runs[0]


def test_an_edit_that_does_not_hold_is_told_before_the_table(told, capsys):
    ledger = open_ledger(told)
    event = an_event(
        EventType.POLICY_LOADED, run_id=SECOND, attempt=2, target="SOUL.md",
        data={"pending": {"approval": 99}},
    )  # fmt: skip
    ledger.add_event(event)
    ledger.commit(durable=False)
    ledger.close()
    status_of("status")
    out, err = capsys.readouterr()
    assert f"run {SECOND}: an edit of SOUL.md loosens the rules and waits" in err
    assert "`soulguard approve 99`" in err
    assert out.startswith("RUN ")


def test_an_unknown_run_is_a_usage_error_with_the_nearest(told, capsys):
    assert status_of("status", "0191aaaa") == Exit.USAGE
    assert f"hint: did you mean `{FIRST}`?" in capsys.readouterr().err
    assert status_of("status", "0190") == Exit.USAGE
    assert "beginning of 2 runs" in capsys.readouterr().err


@pytest.mark.parametrize("how", ["option", "variable"])
def test_another_ledger_can_be_named(told, capsys, how, monkeypatch, tmp_path):
    other = tmp_path / "other.db"
    told.rename(other)
    if how == "option":
        status_of("status", "--ledger", f"sqlite://{other}")
    else:
        monkeypatch.setenv("SOULGUARD_LEDGER", str(other))
        status_of("status")
    assert SECOND in capsys.readouterr().out


def test_a_named_ledger_must_be_there(tmp_path, capsys):
    assert status_of("status", "--ledger", str(tmp_path / "no.db")) == Exit.LEDGER
    assert "there is no ledger" in capsys.readouterr().err


def test_what_is_no_ledger_is_told_and_left_alone(home, capsys):
    path = home / ".soulguard" / "ledger.db"
    path.parent.mkdir()
    path.write_bytes(b"something else" * 100)
    for name in ("status", "log", "verify"):
        assert status_of(name) == Exit.LEDGER
        out, err = capsys.readouterr()
        assert out == ""
        assert f"error: `{path}` is not a readable ledger" in err
        assert "hint: nothing was changed" in err
    assert path.read_bytes() == b"something else" * 100


def test_looking_writes_nothing(told):
    before = {p: p.stat().st_mtime_ns for p in told.parent.iterdir() if p == told}
    status_of("status", SECOND)
    assert {p: p.stat().st_mtime_ns for p in before} == before
