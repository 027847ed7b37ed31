"""A program counts from its permission to its end, whoever tells of it."""

import os
import subprocess
import sys

import pytest

from soulguard.supervisor.at_work import AtWork, Crowds
from soulguard.supervisor.broker import Peer


@pytest.fixture
def at_work():
    return AtWork()


def told(at_work, ticket, pid):
    [handler] = at_work.handlers().values()
    assert handler(Peer(), {"ticket": ticket, "pid": pid}, ()) is None


def test_a_program_counts_until_its_process_ends(at_work):
    ticket = at_work.begin(Peer())
    assert at_work.working(ticket)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    told(at_work, ticket, child.pid)
    assert at_work.working(ticket)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert not at_work.working(ticket), "nobody has waited for it yet, and it ended"
    child.communicate()
    assert not at_work.working(ticket)


def test_what_did_not_start_or_is_over_counts_no_more(at_work):
    one, two = at_work.begin(Peer()), at_work.begin(Peer())
    told(at_work, one, 0)
    assert (at_work.working(one), at_work.working(two)) == (False, True)
    at_work.forget(two)
    assert not at_work.working(two)
    told(at_work, two, os.getpid())
    assert not at_work.working(two)


def test_what_a_lost_connection_told_nothing_of_counts_no_more(at_work):
    peer, other = Peer(), Peer()
    silent, spoken, others = (at_work.begin(p) for p in (peer, peer, other))
    told(at_work, spoken, os.getpid())
    at_work.gone(peer)
    assert [at_work.working(t) for t in (silent, spoken, others)] == [False, True, True]


def test_a_crowd_is_asked_who_is_left_and_knows_when_it_moved():
    now, left = [10.0], [True, True]
    crowds = Crowds(lambda: now[0])
    assert (crowds.present("a"), crowds.still("a")) == (0, 0.0)
    for number in range(2):
        crowds.join("a", lambda number=number: left[number])
    now[0] = 15.0
    assert (crowds.present("a"), crowds.still("a"), crowds.present("b")) == (2, 5.0, 0)
    left[0] = False
    assert (crowds.present("a"), crowds.still("a")) == (1, 0.0)
