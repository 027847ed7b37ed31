import os
import select
import signal
import sys

import pytest

from soulguard.supervisor import launch
from soulguard.supervisor.launch import CommandError, Signals

ENV = {"PATH": os.environ["PATH"]}


@pytest.mark.parametrize("before", ["", "/mine", f"{launch.INJECT}:/mine"])
def test_the_agent_s_environment_brings_the_guard_in_first(before):
    env = launch.environment(
        {"PYTHONPATH": before, "MINE": "1"}, address="/s", run_id="r", attempt=2
    )
    path = env["PYTHONPATH"].split(os.pathsep)
    assert path == [str(launch.INJECT), *(["/mine"] if "mine" in before else [])]
    assert (env["MINE"], env["SOULGUARD_RUN_ID"]) == ("1", "r")
    assert env["SOULGUARD_ATTEMPT"] == "2"
    assert os.path.isfile(f"{env['SOULGUARD_HOME']}/soulguard/__init__.py")


def test_a_command_is_found_on_the_path_or_by_its_own(tmp_path):
    assert launch.resolve(["sh"], ENV).endswith("/sh")
    assert launch.resolve([sys.executable], {}) == sys.executable
    with pytest.raises(CommandError, match="not found") as missing:
        launch.resolve(["no-such-command"], ENV)
    assert missing.value.exit_code == 127
    (tmp_path / "script").write_text("")
    with pytest.raises(CommandError, match="not executable") as plain:
        launch.resolve([str(tmp_path / "script")], ENV)
    assert plain.value.exit_code == 126


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        ("agent.py -I", ""), ("-u -B agent.py", "-u -B"), ("-c pass", ""), ("-m mod", ""),
        ("-X dev -W error agent.py", "-X dev -W error"), ("-I agent.py", "-I"), ("-", ""),
        ("-Xdev agent.py", "-Xdev"), ("", ""),
    ],
)  # fmt: skip
def test_the_interpreter_is_taken_with_the_flags_before_its_script(words, flags):
    found = launch.interpreter([sys.executable, *words.split()], ENV)
    assert found == [sys.executable, *flags.split()]


@pytest.mark.parametrize(
    "line", [f"#!{sys.executable}", f"#! {sys.executable} -u", "#!/usr/bin/env python3"]
)
def test_a_script_s_first_line_names_its_interpreter(tmp_path, line):
    script = tmp_path / "script"
    script.write_text(f"{line}\npass\n")
    script.chmod(0o755)
    found = launch.interpreter([str(script)], ENV)
    assert os.path.basename(found[0]).startswith("python")
    assert found[1:] == (["-u"] if line.endswith("-u") else [])


def test_for_any_other_program_the_python_on_the_path_stands_in(tmp_path):
    found = launch.interpreter(["sh", "-c", "exit"], ENV)
    assert [os.path.basename(word) for word in found] == ["python3"]
    (tmp_path / "tool").write_text("#!/bin/sh\n")
    (tmp_path / "tool").chmod(0o755)
    assert launch.interpreter([str(tmp_path / "tool")], {"PATH": str(tmp_path)}) == []


def test_what_the_system_refuses_to_start_is_a_command_error(tmp_path):
    script = tmp_path / "script"
    script.write_text("#!/no/such/interpreter\n")
    script.chmod(0o755)
    with pytest.raises(CommandError, match="cannot be started") as refused:
        launch.spawn([str(script)], ENV)
    assert refused.value.exit_code == 126


def test_the_exit_status_is_that_of_a_shell():
    assert [launch.status_of(code) for code in (0, 3, -9)] == [0, 3, 137]


def test_signals_are_passed_on_and_put_back():
    before = signal.getsignal(signal.SIGUSR1)
    with Signals() as signals:
        agent = launch.spawn([sys.executable, "-c", "input()"], ENV)
        signals.follow(agent)
        os.kill(os.getpid(), signal.SIGUSR1)
        while not signals.ended():
            select.select([signals.fd], [], [], 30)
            signals.drain()
        assert agent.returncode == -signal.SIGUSR1
        with pytest.raises(BlockingIOError):
            os.read(signals.fd, 1)
    assert signal.getsignal(signal.SIGUSR1) is before


def test_the_agent_is_looked_at_only_after_a_word_of_it():
    with Signals() as signals:
        assert not signals.ended()
        signals.follow(launch.spawn([sys.executable, "-c", "input()"], ENV))
        assert not signals.ended()
        signals.agent.kill()
        assert select.select([signals.fd], [], [], 30)[0]
        assert not signals.ended()
        signals.drain()
        assert signals.ended()


def test_a_signal_that_came_while_the_agent_was_started_reaches_it():
    with Signals() as signals:
        os.kill(os.getpid(), signal.SIGUSR1)
        agent = launch.spawn([sys.executable, "-c", "input()"], ENV)
        signals.follow(agent)
        assert agent.wait(30) == -signal.SIGUSR1
