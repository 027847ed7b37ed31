import subprocess
import sys
import threading

import pytest

from soulguard.drill.conductor import Conductor
from soulguard.drill.probe import steps


@pytest.fixture
def conductor(tmp_path, monkeypatch):
    address = str(tmp_path / "line")
    monkeypatch.setenv(steps.ENV_SOCKET, address)
    one = Conductor(address, {"root": "/w"}, None)
    one.begin(1)
    yield one
    one.close()


def test_a_step_arrives_and_the_thread_goes_on(conductor):
    steps.step(steps.BEFORE, "write a", performs=True)
    assert [(p.moment, p.effect) for p in conductor.points] == [
        (steps.BEFORE, "write a")
    ]
    assert conductor.performed == {"write a": 1}


def test_steps_of_many_threads_are_all_counted(conductor):
    threads = [
        threading.Thread(target=steps.step, args=(steps.BEFORE, f"write {n}"))
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {p.effect for p in conductor.points} == {f"write {n}" for n in range(8)}


def test_the_probes_own_work_is_no_step(conductor):
    with steps.busy:
        steps.step(steps.BEFORE, "write a")
    assert conductor.points == []


def test_nothing_happens_after_a_step_that_nobody_answers(tmp_path):
    code = (
        "from soulguard.drill.probe import steps\n"
        "steps.step(steps.BEFORE, 'write a')\n"
        "print('went on')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={steps.ENV_SOCKET: str(tmp_path / "none")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (137, "")
