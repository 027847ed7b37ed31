"""What is started in place of a command: itself, a recorder, or its recorded word."""

import json
import subprocess
import sys

import pytest

from soulguard.errors import DeniedError
from soulguard.guard import commands
from soulguard.guard.commands import INHERITED, Permit, ask
from soulguard.guard.scope import scope

RULES = """
# A

```soulguard
rules:
  - {id: ship, text: Ship once., where: {command: "ship*"}, once: run}
  - {id: drop, text: Drop nothing., where: {command: drop}, deny: true}
```
"""


@pytest.fixture
def asked(served):
    served.end()
    served.soul.write_text(RULES)
    return served.begin()


def test_a_command_that_no_rule_stops_goes_on_and_leaves_nothing(served):
    assert scope.commands, "what is built in names files, and so may a command"
    permit = ask(["drop"], ["/bin/sh"])
    assert permit.instead(["drop"], ["/bin/sh"], INHERITED) is None
    assert permit.effect == 0
    assert served.events("violation.denied") == []


def test_nobody_is_asked_where_no_rule_speaks_of_files_hosts_or_commands(
    asked, monkeypatch
):
    monkeypatch.setattr(scope, "commands", False)
    assert ask(["drop"], ["/bin/sh"]) is None


def test_a_refusal_is_an_error_of_the_system(asked):
    with pytest.raises(DeniedError, match="Drop nothing"):
        ask(["drop", "it"], ["/bin/sh"])


def test_what_the_system_cannot_start_is_left_to_it(asked):
    assert ask(["drop"], ["/nowhere/drop"]) is None
    assert ask(["drop"], ["sh"], cwd="/nowhere") is None
    assert ask(["drop"], ["/usr"]) is None, "a folder"


def test_workers_of_multiprocessing_are_no_commands(asked):
    words = ["python3", "-c", "from multiprocessing.spawn import spawn_main; x()"]
    assert ask(words, [sys.executable]) is None


def test_an_allowed_one_is_itself_and_a_once_command_is_recorded(asked):
    plain = ask(["ls"], ["/bin/ls"])
    assert plain.instead(["ls"], ["/bin/ls"], INHERITED) is None
    once = ask(["ship", "a"], ["/bin/ls"])
    start = once.instead(["ship", "a"], ["/bin/ls"], commands.BOTH)
    assert (start[0], start[-2:]) == (sys.executable, ["ship", "a"])
    assert json.loads(start[3]) == {
        "effect": once.effect, "executables": ["/bin/ls"], "output": "both"
    }  # fmt: skip


def test_what_this_process_waited_for_is_told_by_it(asked):
    ask(["ship"], ["/bin/ls"]).ended(0)
    asked.again()
    assert ask(["ship"], ["/bin/ls"]).replays


@pytest.mark.parametrize(("status", "out", "err"), [
    (0, b"out\n", b""), (3, b"", b"err\n"), (-15, b"\0", b"x"), (0, b"", b""),
])  # fmt: skip
def test_the_stand_in_says_and_ends_as_the_recorded_one(served, status, out, err):
    reply = {"verdict": "replay", "data": {"status": status}}
    out *= 100_000
    start = Permit(reply, [out, err]).instead(["ship"], ["/ship"], INHERITED)
    done = subprocess.run(start, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (status, out, err)


def test_the_stand_in_removes_nothing():
    assert "rm" not in commands._STAND_IN.split()


VARIABLE = """
# A

```soulguard
rules:
  - {id: m, text: Mind the mode., where: {command: "apt"}, require: {variables: {MODE: on}}}
```
"""


def test_of_the_environment_only_what_rules_name_is_told(served, monkeypatch):
    served.end()
    served.soul.write_text(VARIABLE)
    served.begin()
    assert scope.variables == ("MODE",)
    with pytest.raises(DeniedError, match="`MODE` is not set"):
        ask(["apt", "x"], ["/bin/ls"], env={"OTHER": "on"})
    assert ask(["apt", "x"], ["/bin/ls"], env={"MODE": "on"})
    monkeypatch.setenv("MODE", "on")
    assert ask(["apt", "x"], ["/bin/ls"])
