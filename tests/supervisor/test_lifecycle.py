import sys

import pytest

from soulguard.errors import SelfTestError, UsageError
from soulguard.model import RunStatus
from soulguard.supervisor.attempt import Options
from soulguard.supervisor.launch import CommandError
from soulguard.supervisor.lifecycle import run


@pytest.fixture
def go(office, monkeypatch, capfd):
    """Run a command in the office's folder as a run of its own."""
    monkeypatch.chdir(office.folder)
    monkeypatch.delenv("PYTHONPATH", raising=False)

    def launched(*command, **options):
        return run(Options(command=command, durability="crash", **options))

    return launched


def test_the_command_s_status_is_given_and_completes_the_run(go, capfd):
    assert go("sh", "-c", "exit 3", run_id="a") == 3
    assert go("sh", "-c", "exit 0", run_id="a") == 0
    assert "attempt 1 ended with status 3" in capfd.readouterr().err
    assert go("sh", "-c", "exit 5", run_id="a") == 0
    said = capfd.readouterr().err
    assert (
        "has completed: `sh -c 'exit 5'` is not run, although `sh -c 'exit 0'`" in said
    )
    assert go("sh", "-c", "exit 0", run_id="a") == 0
    assert "has completed: nothing to do" in capfd.readouterr().err


def test_a_python_is_proved_and_served(go, office, capfd):
    code = "open('a.txt', 'w').write('x'); print('did')"
    assert go(sys.executable, "-c", code, run_id="b") == 0
    out, err = capfd.readouterr()
    assert out == "did\n"
    assert "1 written" in err
    assert (office / "a.txt").read_text() == "x"


def test_a_run_inside_a_run_is_refused(go, monkeypatch):
    monkeypatch.setattr(sys, "_soulguard", "run-0", raising=False)
    with pytest.raises(UsageError, match="guarded already, by run `run-0`"):
        go("true")


def test_a_command_that_does_not_exist_makes_no_run(go, office):
    before = len(office.ledger.runs())
    with pytest.raises(CommandError):
        go("no-such-command")
    assert len(office.ledger.runs()) == before


def test_a_guard_that_does_not_come_up_ends_the_attempt_without_the_agent(go, capfd):
    with pytest.raises(SelfTestError):
        go(sys.executable, "-I", "-c", "print('ran')", run_id="c")
    assert capfd.readouterr().out == ""
    assert go("true", run_id="c") == 0


def test_an_agent_that_is_no_python_is_said_to_be_unguarded(go, office, capfd):
    options = {"run_id": "shell", "quiet": False}
    assert go("sh", "-c", f"echo x > {office.folder}/around.txt", **options) == 0
    assert "nothing here came up with the guard" in capfd.readouterr().err
    assert office.ledger.attempts("shell")[0].unguarded == 1
    assert go(sys.executable, "-c", "", **{**options, "run_id": "python"}) == 0
    assert "came up" not in capfd.readouterr().err


def test_an_agent_that_is_stopped_and_ends_in_good_order_has_not_completed(
    go, office, capfd
):
    stopped = "trap 'exit 0' TERM; kill -TERM $PPID; while :; do sleep 0.01; done"
    assert go("sh", "-c", stopped, run_id="d") == 0
    assert "told to stop (SIGTERM) and ended with status 0" in capfd.readouterr().err
    assert office.ledger.run("d").status is RunStatus.RESUMABLE
    assert go("sh", "-c", "exit 0", run_id="d") == 0
    assert office.ledger.run("d").status is RunStatus.COMPLETED
