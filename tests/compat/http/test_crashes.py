"""Kill the agent at every point of a call, start it again, count what reached the world.

The agent is a forked child that makes one call; SIGKILL comes from the side that knows
the point: the broker (intent, record) or the service (acted, in the middle).
"""

import os
import pickle
import signal

import pytest

from soulguard.errors import InDoubtError
from soulguard.guard import client as line
from soulguard.supervisor.facts import Facts
from tests.compat.http.kinds import CLIENTS
from tests.compat.http.stage import POLICIES, hang_up

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

BEFORE = ("before intent", "after intent")
AFTER = ("after the server acted", "mid-response", "after record")
POINTS = BEFORE + AFTER


@pytest.fixture
def honoured(stage, tmp_path):
    """Give the stage with `/honours/**` of this machine known to honour keys."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "providers:\n"
        "  - {id: here, name: Here, hosts: [127.0.0.1], paths: ['/honours/**'],\n"
        "     carrier: header Idempotency-Key, honours: [POST /honours/**],\n"
        "     window: 24h, source: tests, date: today}\n"
    )
    stage.stop()
    stage.attempt = 0
    stage.folder = tmp_path / "again"
    stage.facts = Facts(POLICIES, (own,))
    return stage


def killer(point):
    """Give a wrapper of the broker's handlers that kills the asker at a point."""

    def wrap(handlers):
        def at(op, *, first):
            inner = handlers[op]

            def handle(peer, message, blobs):
                if first:
                    os.kill(peer.pid, signal.SIGKILL)
                answer = inner(peer, message, blobs)
                os.kill(peer.pid, signal.SIGKILL)
                return answer

            return handle

        if point == "before intent":

            def never(peer, message, blobs):
                os.kill(peer.pid, signal.SIGKILL)

            return {**handlers, "call.begin": never}
        if point == "after intent":
            return {**handlers, "call.begin": at("call.begin", first=False)}
        if point == "after record":
            return {**handlers, "call.end": at("call.end", first=False)}
        return handlers

    return wrap


def agent(client, kind, url, *, lives_on=False):
    """Make one call in a child process: give its exit status and what it got."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            line.forget_connections()
            try:
                got = CLIENTS[client](kind, url)
            except BaseException as error:  # noqa: BLE001 - told to the parent
                while error.__cause__ is not None:
                    error = error.__cause__
                got = type(error)
            os.write(write, pickle.dumps(got))
            if lives_on:
                signal.pause()
        finally:
            os._exit(0)
    os.close(write)
    _, status = os.waitpid(pid, 0)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    return status, pickle.loads(told) if told else None


def crash(stage, world, client, path, point, *, kind="plain"):
    """Run the agent into a point, then start it twice more."""
    world.kill_at = point
    stage.start(killer(point))
    hang_up()
    url = world.url + path
    status, _ = agent(client, kind, url, lives_on=point == "after record")
    assert os.WIFSIGNALED(status), f"the agent was not killed {point}"
    world.kill_at = ""
    results = []
    for _ in range(2):
        stage.restart()
        hang_up()
        results.append(agent(client, kind, world.url + path)[1])
    stage.stop()
    return results


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("client", CLIENTS)
def test_where_keys_are_honoured_there_is_one_effect_and_a_usable_result(
    honoured, world, client, point
):
    first, second = crash(honoured, world, client, "/honours/a", point)
    assert first == second
    assert first[0] == 200
    assert world.effects["/honours/a"] == 1
    assert world.total() <= 2


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("client", ["requests", "httpx async", "aiohttp"])
def test_elsewhere_it_is_sent_once_and_its_state_is_honest(
    honoured, world, client, point
):
    results = crash(honoured, world, client, "/plain/a", point)
    if point in ("before intent", "after record"):
        assert [r[0] for r in results] == [200, 200]
    else:
        assert results == [InDoubtError, InDoubtError]
    assert world.total() == (0 if point == "after intent" else 1)


@pytest.mark.parametrize("point", ["after the server acted", "mid-response"])
@pytest.mark.parametrize("client", ["requests", "httpx async", "aiohttp"])
def test_model_inference_is_asked_again(honoured, world, client, point):
    path = "/v1/chat/completions"
    first, second = crash(honoured, world, client, path, point, kind="json")
    assert first == second
    assert first[0] == 200
    assert world.total() == 2


@pytest.mark.parametrize("client", [c for c in CLIENTS if c != "urllib"])
def test_a_stream_cut_by_a_crash_is_in_doubt_and_fetched_again(honoured, world, client):
    path = "/honours/chunked"
    first, second = crash(
        honoured, world, client, path, "mid-response", kind="streamed response"
    )
    assert first == second
    assert first[0] == 200
    assert world.effects[path] == 1
