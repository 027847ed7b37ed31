import os
import subprocess
import sys
import time

import pytest

from soulguard.guard import protocol
from tests.guard.conftest import hello


@pytest.fixture
def child():
    """Start a Python with other flags or environment and give its process."""
    made = []

    def start(*flags, env=None):
        argv = [sys.executable, *flags, "-c", "print(flush=True); input()"]
        made.append(
            subprocess.Popen(
                argv, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        )
        made[-1].stdout.readline()
        return made[-1]

    yield start
    for process in made:
        process.kill()
        process.communicate()


def test_a_process_that_says_hello_is_guarded_and_learns_the_scope(office):
    decision = office.ask("hello", **hello(pid=4242))
    assert decision.verdict.value == "allow"
    assert decision.data == {**office.parts.scope(), "seeds": {}}
    assert 4242 in office.parts.processes.guarded
    [event] = office.ledger.events("run-1", types=("process.guarded",))
    assert event.target == "python agent.py"


def test_another_version_of_the_protocol_is_refused(office):
    decision = office.ask("hello", **hello(version=protocol.VERSION + 1))
    assert decision.verdict.value == "deny"
    assert office.parts.processes.guarded == {}


def test_an_interpreter_that_never_says_hello_is_reported_at_the_end(office):
    processes = office.parts.processes
    for pid in (1001, 1002):
        office.ask("spawned", pid=pid, argv=["python", str(pid)], python=True)
    office.ask("hello", **hello(pid=1001))
    processes.end()
    assert office.events("process.unguarded") == [("process.unguarded", "python 1002")]
    assert processes.unguarded == 1
    processes.end()
    assert processes.unguarded == 1


def test_an_attempt_in_which_nothing_was_guarded_says_so(office):
    office.parts.processes.end()
    assert office.events("process.unguarded") == [("process.unguarded", "test")]
    assert office.parts.processes.unguarded == 1


@pytest.mark.parametrize("how", ["flags", "environment"])
def test_one_that_cannot_come_under_the_guard_is_reported_at_once(office, child, how):
    if how == "flags":
        child("-I", env={**os.environ, protocol.ENV_SOCKET: "/s"})
    else:
        child(env={"PATH": os.environ["PATH"]})
    office.parts.processes.look(os.getpid())
    assert office.parts.processes.unguarded == 1
    office.parts.processes.look(os.getpid())
    assert office.parts.processes.unguarded == 1


def test_one_on_its_way_to_its_hello_is_given_time(office, child):
    process = child(env={**os.environ, protocol.ENV_SOCKET: "/s"})
    office.parts.processes.look(os.getpid())
    assert office.parts.processes.unguarded == 0
    office.ask("hello", **hello(pid=process.pid))
    office.parts.processes.look(os.getpid())
    assert office.parts.processes.unguarded == 0


def test_a_strict_run_stops_it(office, child):
    office.again(strict=True)
    process = child("-I")
    office.parts.processes.look(os.getpid())
    assert process.wait(30) == -9
    [event] = office.ledger.events("run-1", types=("process.unguarded",))
    assert "stopped" in event.reason


def test_after_another_program_started_the_tree_is_looked_at_closely(office):
    processes = office.parts.processes
    usual = processes.interval
    office.ask("spawned", pid=1, argv=["sh"], python=False)
    assert processes.interval < usual


def test_an_effect_around_the_doors_is_a_violation(office):
    office.ask("around", kind="file.write", target="/a.txt", via="open")
    [event] = office.ledger.events("run-1", types=("violation.unguarded",))
    assert event.data == {"kind": "file.write", "pid": os.getpid(), "observed": False}


def test_the_scope_can_be_asked_for_again(office):
    before = time.monotonic()
    assert office.ask("scope").data == office.parts.scope()
    assert time.monotonic() >= before
