import os
import socket
import subprocess
import sys
from dataclasses import replace

import pytest

from soulguard.errors import LeaseHeldError
from soulguard.ledger import open_ledger
from soulguard.model import EventType, RunStatus
from soulguard.supervisor import lease, tree
from tests.ledger.samples import a_run, an_event


@pytest.fixture
def ledger(tmp_path):
    opened = open_ledger(tmp_path / "ledger.db")
    opened.add_run(a_run(status=RunStatus.RESUMABLE))
    opened.commit(durable=False)
    yield opened
    opened.close()


@pytest.fixture
def other():
    """Another live process."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def held(ledger, owner):
    ledger.attempts("run-1")
    ledger.claim("run-1", owner, 1.0)
    ledger.commit(durable=False)


def test_a_process_is_alive_until_it_ends(other):
    owner = lease.owner_of(other.pid)
    assert lease.alive(owner)
    other.kill()
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    assert not lease.alive(owner), "a zombie holds nothing"
    other.wait()
    assert not lease.alive(owner)


def test_a_process_id_used_again_is_another_process():
    me = lease.owner_of(os.getpid())
    assert lease.alive(me)
    assert not lease.alive(replace(me, started=me.started - 1))
    assert not lease.alive(replace(me, boot="another boot"))


def test_a_live_owner_keeps_its_run(ledger, other):
    held(ledger, lease.owner_of(other.pid))
    with pytest.raises(LeaseHeldError, match=f"belongs to process {other.pid}"):
        lease.claim(ledger, "run-1", wait=False)


def test_a_dead_owner_is_taken_over_at_once(ledger, other):
    held(ledger, lease.owner_of(other.pid))
    other.kill()
    other.wait()
    assert lease.claim(ledger, "run-1", wait=False).number == 2


def test_an_attempt_that_ended_holds_nothing(ledger, other):
    held(ledger, lease.owner_of(other.pid))
    ledger.end_attempt("run-1", 1, at=2.0, exit_status=1)
    ledger.commit(durable=False)
    assert lease.held_by(ledger, "run-1", 3.0) is None


def test_an_owner_elsewhere_is_believed_while_it_gives_signs_of_life(ledger):
    held(ledger, replace(lease.owner_of(1), host=f"not-{socket.gethostname()}"))
    ledger.update_run("run-1", updated_at=100.0)
    ledger.commit(durable=False)
    assert lease.held_by(ledger, "run-1", 100.0 + lease.EXPIRY - 1).number == 1
    assert lease.held_by(ledger, "run-1", 100.0 + lease.EXPIRY + 1) is None


def test_waiting_goes_on_until_the_owner_is_gone(ledger, other):
    held(ledger, lease.owner_of(other.pid))
    told = []

    def notice(holder):
        told.append(holder.number)
        other.kill()
        other.wait()

    assert lease.claim(ledger, "run-1", wait=True, notice=notice).number == 2
    assert told == [1]


def test_a_run_that_completed_meanwhile_is_not_claimed(ledger):
    ledger.update_run("run-1", status=RunStatus.COMPLETED)
    ledger.commit(durable=False)
    assert lease.claim(ledger, "run-1", wait=False) is None
    assert ledger.attempts("run-1") == []


def test_what_a_dead_supervisor_left_running_is_stopped(ledger, other):
    held(ledger, lease.owner_of(os.getpid()))
    for pid, started in ((other.pid, lease.started(other.pid)), (os.getpid(), 1)):
        ledger.add_event(an_event(
            EventType.PROCESS_GUARDED, data={"pid": pid, "started": started}
        ))  # fmt: skip
    ledger.commit(durable=False)
    [attempt] = ledger.attempts("run-1")
    assert lease.stop_leftovers(ledger, "run-1", attempt) == [other.pid]
    assert other.wait() == -9


def test_what_never_introduced_itself_is_stopped_too_and_nobody_else(ledger, tmp_path):
    """A program, a run of another name, and one of this name whose supervisor lives."""
    held(ledger, lease.owner_of(os.getpid()))
    ledger.commit(durable=False)
    [attempt] = ledger.attempts("run-1")
    python = (sys.executable, "-c", "input()")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(tmp_path / "live"))
    listener.listen()
    started = [
        subprocess.Popen(
            argv, stdin=subprocess.PIPE,
            env={
                "SOULGUARD_RUN_ID": run_id, "SOULGUARD_SOCKET": str(tmp_path / address)
            },
        )
        for argv, run_id, address in [
            (python, "run-1", "dead"), (python, "run-11", "dead"),
            (("cat",), "run-1", "dead"), (python, "run-1", "live"),
        ]
    ]  # fmt: skip
    while not all(tree.argv(one.pid) for one in started):
        """The kernel has not laid out what the program is given yet."""
    ours = started[0]
    assert lease.stop_leftovers(ledger, "run-1", attempt) == [ours.pid]
    assert ours.wait() == -9
    for other in started[1:]:
        assert other.poll() is None
        other.kill()
    for one in started:
        one.communicate()
    listener.close()
