import os
import sys

import pytest

from soulguard.errors import DeniedError
from soulguard.guard import process, protocol
from soulguard.guard.scope import scope


@pytest.fixture
def remembered(monkeypatch):
    monkeypatch.setattr(process, "_OURS", {})
    monkeypatch.setattr(process, "_INJECT", "")
    monkeypatch.setenv(protocol.ENV_SOCKET, "/run/guard.sock")
    monkeypatch.setenv(protocol.ENV_RUN_ID, "run-1")
    process.remember("/inject")


@pytest.mark.parametrize(
    ("before", "after"),
    [("", "/inject"), ("/a:/b", "/inject:/a:/b"), ("/a:/inject", "/a:/inject")],
)
def test_an_environment_gets_the_guard_s_way_in(remembered, before, after):
    env = process.with_guard({"PYTHONPATH": before, "MINE": "kept"})
    assert env["PYTHONPATH"] == after
    assert env["MINE"] == "kept"
    assert env[protocol.ENV_SOCKET] == "/run/guard.sock"
    assert env[protocol.ENV_RUN_ID] == "run-1"


def test_an_environment_that_lies_is_put_right(remembered):
    env = process.with_guard({protocol.ENV_RUN_ID: "another"})
    assert env[protocol.ENV_RUN_ID] == "run-1"


def test_the_process_s_own_environment_is_put_right(remembered, monkeypatch):
    monkeypatch.delenv(protocol.ENV_SOCKET)
    monkeypatch.setenv("PYTHONPATH", "/mine")
    process.restore_environment()
    assert os.environ[protocol.ENV_SOCKET] == "/run/guard.sock"
    assert os.environ["PYTHONPATH"] == "/inject:/mine"


def test_a_strict_run_refuses_an_interpreter_without_the_guard(monkeypatch):
    argv = [sys.executable, "-I", "agent.py"]
    assert process.check(argv, sys.executable)
    monkeypatch.setattr(scope, "strict", True)
    with pytest.raises(DeniedError, match="start it without -I, -E, -S"):
        process.check(argv, sys.executable)
    assert process.check([sys.executable, "agent.py"], sys.executable)
    assert not process.check(["sh", "-I"], "/bin/sh")


def test_children_of_a_guarded_process_say_hello(served):
    done = served.python("""
        import os, subprocess, sys
        code = "print('up', bool(os.environ.get('SOULGUARD_RUN_ID')))"
        argv = [sys.executable, "-c", "import os; " + code]
        subprocess.run(argv, env={}, check=True)
        os.waitpid(os.posix_spawn(sys.executable, argv, {}), 0)
        sys.stdout.flush()
        os.environ.clear()
        os.execv(sys.executable, argv)
    """)
    assert done.stdout == "up True\n" * 3, done.stderr
    # this process, the parent, two children, and the parent under a new program
    assert len(served.events("process.guarded")) == 5


def test_what_a_child_writes_after_its_parent_closed_the_file_is_told_of(served):
    result = served.python("""
        import subprocess
        with open("a.txt", "w") as file:
            child = subprocess.Popen(
                ["cat"], stdin=subprocess.PIPE, stdout=file
            )
        child.communicate(b"by the child")
        open("b.txt", "w").close()
    """)
    assert result.returncode == 0, result.stderr
    assert (served / "a.txt").read_text() == "by the child"
    assert served.done() == ["a.txt", "a.txt", "b.txt"]
