import os
import sys

import pytest

from soulguard.errors import SelfTestError
from soulguard.supervisor import launch, selftest
from soulguard.supervisor.broker import Broker
from soulguard.supervisor.server import Server


@pytest.fixture
def proof(office, tmp_path_factory):
    """Run the self-test of an interpreter against a broker that waits for it."""

    def prove(python, *, handlers=None, env=None):
        address = f"{tmp_path_factory.mktemp('s')}/s"
        found = handlers or selftest.handlers(office.handlers, office.parts.scope)
        server = Server(Broker(found), office.session, address, left=office.parts.left)
        variables = launch.environment(
            {"PATH": os.environ["PATH"]}, address=address, run_id="run-1", attempt=1
        )
        try:
            one = selftest.SelfTest(python, {**variables, **(env or {})})
            one.run(lambda: server.turn(0.05))
        finally:
            server.close()

    return prove


def test_a_guard_that_is_up_passes(proof):
    proof([sys.executable])


def test_the_canary_is_no_process_of_the_run(proof, office):
    proof([sys.executable])
    assert not office.parts.processes.guarded


@pytest.mark.parametrize("flag", ["-I", "-S", "-E"])
def test_flags_that_switch_the_guard_off_fail_with_a_way_out(proof, flag):
    with pytest.raises(SelfTestError, match="the guard is not up") as failed:
        proof([sys.executable, flag])
    assert flag in str(failed.value)
    assert "without -I, -E and -S" in failed.value.hint


def test_an_environment_that_keeps_the_guard_out_fails(proof):
    with pytest.raises(SelfTestError) as failed:
        proof([sys.executable], env={"PYTHONPATH": ""})
    assert failed.value.hint.startswith("use a CPython")


def test_a_canary_that_gets_through_fails(proof, office):
    with pytest.raises(SelfTestError, match="was not refused"):
        proof([sys.executable], handlers=office.handlers)


def test_a_program_that_is_no_python_fails(proof):
    with pytest.raises(SelfTestError):
        proof(["/bin/echo"])


def test_one_that_is_killed_is_said_to_be(proof):
    with pytest.raises(SelfTestError, match="killed by signal 9") as failed:
        proof(["sh", "-c", "kill -9 $$"])
    assert "start the run again" in failed.value.hint
