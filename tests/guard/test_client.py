import gc
import os
import threading

import pytest

from soulguard.errors import GuardUnavailable
from soulguard.guard import client
from soulguard.guard.local import local
from tests.guard.conftest import hello


def test_a_question_is_answered_over_a_connection_that_is_kept(served):
    client.ask("scope", {})
    [line] = local.connections
    reply, blobs = client.ask("scope", {})
    assert reply["verdict"] == "allow"
    assert blobs == []
    assert local.connections == [line]


def test_a_fact_is_told_without_an_answer(served):
    client.tell("around", {"kind": "file.write", "target": "/x/a.txt", "via": "open"})
    assert served.events("violation.unguarded") == [("violation.unguarded", "a.txt")]


def test_every_thread_has_a_connection_of_its_own(served):
    lines = []

    def work():
        client.ask("scope", {})
        lines.append(local.connections[0])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(line) for line in lines}) == 4


def test_a_question_inside_a_question_takes_a_second_connection(served):
    client.ask("scope", {})
    line = client._take()
    client.ask("scope", {})
    client._give_back(line)
    assert len(local.connections) == 2


def test_a_descriptor_that_is_somebody_else_s_by_now_is_never_written_to(served):
    client.ask("scope", {})
    number = local.connections[0].socket.fileno()
    reader, writer = os.pipe()
    os.dup2(writer, number)
    client.ask("scope", {})
    os.set_blocking(reader, False)
    with pytest.raises(BlockingIOError):
        os.read(reader, 1)
    for fd in (reader, writer, number):
        os.close(fd)


def test_a_connection_that_is_dropped_is_closed_without_a_warning(served):
    client.ask("scope", {})
    number = local.connections[0].socket.fileno()
    client.forget_connections()
    gc.collect()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(number)


def test_hanging_up_is_no_end(served):
    client.hang_up()
    assert local.connections == []
    assert client.ask("scope", {})[0]["verdict"] == "allow"


def test_nobody_there_is_told_with_a_way_out(served):
    served.kill()
    for act in (lambda: client.ask("scope", {}), lambda: client.tell("around", {})):
        with pytest.raises(GuardUnavailable, match="soulguard run --") as closed:
            act()
        assert closed.value.decision["verdict"] == "deny"
    served.revive()


def test_without_an_address_everything_is_closed():
    before = client.address()
    client.connect_to("")
    with pytest.raises(GuardUnavailable, match="no address was given"):
        client.ask("hello", hello())
    client.connect_to(before)


def test_an_unknown_question_fails_closed(served):
    reply, _ = client.ask("no such thing", {})
    assert reply["verdict"] == "deny"
    assert reply["data"]["error"] == "guard-unavailable"
