import json
import os
import signal
import subprocess
import sys

import pytest

from soulguard.cli.exits import Exit
from soulguard.cli.ledgers import NO_RUNS
from soulguard.ledger import open_ledger
from soulguard.model import Event, EventType
from tests.cli.ledger_stories import FIRST, SECOND, tell
from tests.cli.test_main import status_of
from tests.ledger.samples import an_event


@pytest.fixture
def told(tmp_path, monkeypatch):
    path = tmp_path / "ledger.db"
    tell(path)
    monkeypatch.setenv("SOULGUARD_LEDGER", str(path))
    return path


def printed(capsys, *args):
    assert status_of("log", *args) == Exit.OK
    return capsys.readouterr().out.splitlines()


def ids(capsys, *args):
    return [json.loads(line)["id"] for line in printed(capsys, "--json", *args)]


def test_every_event_is_a_line_with_its_source_and_no_control_characters(told, capsys):
    lines = printed(capsys)
    assert len(lines) == 8
    assert lines[1].endswith("effect.skipped          out/a.md  SOUL.md:4: why")
    assert lines[1].startswith("     2  ")
    assert f"{SECOND[-8:]}/2" in lines[1]
    assert "out/b\\x1b[31m.md" in lines[-1]


def test_json_lines_are_the_events_themselves(told, capsys):
    found = [Event.from_json(json.loads(line)) for line in printed(capsys, "--json")]
    ledger = open_ledger(told, read_only=True)
    assert found == list(ledger.events())
    ledger.close()


def test_a_run_a_type_and_a_beginning_narrow_it(told, capsys):
    assert ids(capsys, FIRST) == [1]
    assert ids(capsys, "0190b", "--since", "6") == [7, 8]
    assert ids(capsys, "--type", "effect.done", "--type", "divergence") == [3, 8]
    assert ids(capsys, "--violations") == [6, 7]
    assert ids(capsys, SECOND, "--violations", "--type", "effect.replayed") == [4, 6, 7]


def test_an_unknown_type_is_answered_with_the_nearest(told, capsys):
    assert status_of("log", "--type", "efect.done") == Exit.USAGE
    assert "hint: did you mean `effect.done`?" in capsys.readouterr().err


def test_before_the_first_run_it_says_how_to_start_one(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("SOULGUARD_LEDGER", raising=False)
    (tmp_path / "SOUL.md").write_text("# Agent\n")
    monkeypatch.chdir(tmp_path)
    assert status_of("log") == Exit.OK
    assert capsys.readouterr() == ("", f"{NO_RUNS}\n")


@pytest.fixture
def following(told):
    """Start `soulguard log --follow --json --since 8`."""
    # a test run in the background is started with SIGINT ignored, and hands that on
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from soulguard.cli.main import main; main()"
    )
    args = ["log", "--follow", "--json", "--since", "8"]
    child = subprocess.Popen(
        [sys.executable, "-c", code, *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "SOULGUARD_LEDGER": str(told)},
    )
    yield child
    child.kill()
    child.wait()
    child.stdout.close()
    child.stderr.close()


def add(path, target):
    ledger = open_ledger(path)
    event = an_event(EventType.DRIFT, run_id=SECOND, attempt=2, target=target)
    ledger.add_event(event)
    ledger.commit(durable=False)
    ledger.close()


def test_following_prints_events_as_they_come_and_ends_with_130(told, following):
    for target in ("one", "two"):
        add(told, target)
        assert json.loads(following.stdout.readline())["target"] == target
    following.send_signal(signal.SIGINT)
    assert following.wait(60) == Exit.INTERRUPTED
    assert following.stderr.read() == ""


def test_a_reader_that_leaves_ends_it_silently(told, following):
    add(told, "one")
    following.stdout.readline()
    following.stdout.close()
    add(told, "two")
    assert following.wait(60) == Exit.OK
    assert following.stderr.read() == ""


def test_following_waits_for_the_first_run(tmp_path, monkeypatch):
    (tmp_path / "SOUL.md").touch()
    path = tmp_path / ".soulguard" / "ledger.db"
    code = "from soulguard.cli.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "log", "--follow"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stderr.readline() == f"{NO_RUNS}\n"
        path.parent.mkdir()
        tell(path)
        assert "run.started" in child.stdout.readline()
        child.kill()
