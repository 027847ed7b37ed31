import signal
import subprocess
import sys

import pytest

from soulguard.drill.conductor import Conductor, KilledError
from soulguard.drill.probe import steps
from soulguard.drill.results import Point

BEFORE, MADE = "before it", "made, not yet on record"


@pytest.fixture
def made(tmp_path):
    conductors = []

    def make(stop=None):
        one = Conductor(str(tmp_path / f"line{len(conductors)}"), {"root": "/w"}, stop)
        one.begin(1)
        conductors.append(one)
        return one

    yield make
    for one in conductors:
        one.close()


def test_points_are_counted_by_what_they_are(made):
    conductor = made()
    for effect in ("write a", "write b", "write a"):
        conductor.step(BEFORE, effect, "agent.py:1")
    assert conductor.points == [
        Point(BEFORE, "write a", 1, "agent.py:1", 1),
        Point(BEFORE, "write b", 1, "agent.py:1", 2),
        Point(BEFORE, "write a", 2, "agent.py:1", 3),
    ]
    assert conductor.count(BEFORE, "write a") == 2


def test_a_step_without_a_place_is_where_its_effect_was_last_seen(made):
    conductor = made()
    conductor.step(BEFORE, "call POST x", "agent.py:7")
    conductor.step("acted, answer lost", "call POST x")
    assert conductor.points[1].at == "agent.py:7"


def test_every_process_of_the_agent_dies_at_the_chosen_step_and_not_before(made):
    code = (
        "import subprocess, sys; print(1, flush=True); subprocess.run(['sleep', '60'])"
    )
    conductor = made(Point(BEFORE, "write a", 2))
    agent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    with agent:
        agent.stdout.readline()
        conductor.step(BEFORE, "write a")
        assert agent.poll() is None
        with pytest.raises(KilledError):
            conductor.step(BEFORE, "write a")
        assert agent.wait() == -signal.SIGKILL
    assert conductor.reached


def test_nobody_is_answered_after_the_death_until_the_next_attempt(made):
    conductor = made(Point(BEFORE, "write a", 1))
    with pytest.raises(KilledError):
        conductor.step(BEFORE, "write a")
    with pytest.raises(KilledError):
        conductor.step(BEFORE, "write b")
    conductor.begin(2)
    conductor.step(BEFORE, "write a")
    assert [p.effect for p in conductor.points] == ["write a"], "those of the first"


def test_what_dies_before_it_was_not_performed_and_what_dies_after_was(made):
    before, after = made(Point(BEFORE, "write a", 1)), made(Point(MADE, "write a", 1))
    with pytest.raises(KilledError):
        before.step(BEFORE, "write a", performs=True)
    with pytest.raises(KilledError):
        after.step(MADE, "write a", performs=True)
    assert before.performed == {}
    assert after.performed == {"write a": 1}


def test_an_address_of_a_name_is_turned_back_into_it(made):
    conductor = made()
    conductor._name({"host": "api.example.com", "address": "198.18.1.2"})
    conductor._line(
        {"port": 5, "host": "::ffff:198.18.1.2", "to": 443, "at": "", "mail": False}
    )
    line = conductor.line(5)
    assert (line.host, line.port) == ("api.example.com", 443)


def test_only_a_server_on_this_machine_that_was_announced_is_the_agents_own(made):
    conductor = made()
    conductor._listens({"port": 8000})
    own = {"own": True}
    assert conductor._route({"host": "127.0.0.1", "to": 8000}) == own
    assert conductor._route({"host": "127.0.0.1", "to": 8001}) != own
    assert conductor._route({"host": "198.18.1.2", "to": 8000}) != own


def test_a_message_that_makes_no_sense_is_noted_and_the_next_one_answered(
    tmp_path, monkeypatch
):
    conductor = Conductor(str(tmp_path / "line"), {"root": "/w"}, None)
    conductor.begin(1)
    for op, status in (("nonsense", 137), ("hello", 0)):
        code = f"from soulguard.drill.probe import steps; steps.send({op!r}, {{}})"
        done = subprocess.run(
            [sys.executable, "-c", code], env={steps.ENV_SOCKET: str(tmp_path / "line")},
            check=False,
        )  # fmt: skip
        assert done.returncode == status
    assert conductor.notes == [("broken", "KeyError('nonsense')", "")]
    conductor.close()


def test_a_note_is_kept_once(made):
    conductor = made()
    for _ in range(3):
        conductor.note("refused", "x:1")
    assert conductor.notes == [("refused", "x:1", "")]
