"""What a client raises when a call goes wrong is the same bare and under the guard."""

import asyncio
import contextlib
import socket
import threading
import time

import aiohttp
import httpx
import httpx2
import pytest

from soulguard.model import EffectState
from tests.compat.http import kinds
from tests.compat.http.kinds import CLIENTS

WRONG = {
    "an answer that is none": b"SSH-2.0-OpenSSH\r\n\r\n",
    "no answer": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\nhalf",
    "half a chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf"),
    "a bad chunk": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf\r\n"
    ),
}


class Wrong:
    """A server that answers every request with the same bytes and hangs up."""

    def __init__(self, answer):
        self.answer = answer
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/x"
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                with connection:
                    data = b""
                    while not data.endswith(b"plain") and (
                        more := connection.recv(4096)
                    ):
                        data += more
                    connection.sendall(self.answer)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


@pytest.fixture
def wrong():
    made = []

    def make(answer):
        made.append(Wrong(answer))
        return made[-1].url

    yield make
    for server in made:
        server.close()


def raised(call):
    """Give the types of an exception and of what it names as its causes."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - its type is what is compared
        types, cause = [], error
        while cause is not None:
            types.append((type(cause), [type(a) for a in cause.args]))
            cause = cause.__cause__
        return types


each_client = pytest.mark.parametrize("client", CLIENTS)


@each_client
@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_raises_what_it_raises_bare(request, wrong, client, kind):
    url = wrong(WRONG[kind])
    bare = raised(lambda: CLIENTS[client]("plain", url))
    stage = request.getfixturevalue("stage")
    assert raised(lambda: CLIENTS[client]("plain", url)) == bare
    # some clients take half a head for a whole one, and the agent goes on with that
    taken = EffectState.DONE if isinstance(bare, tuple) else EffectState.IN_DOUBT
    assert {e.state for e in stage.effects()} == {taken}


@each_client
@pytest.mark.parametrize("kind", ["half a body", "half a chunk"])
def test_a_stream_that_ends_early_raises_what_it_raises_bare(
    request, wrong, client, kind
):
    url = wrong(WRONG[kind])
    bare = raised(lambda: CLIENTS[client]("streamed response", url))
    request.getfixturevalue("stage")
    assert raised(lambda: CLIENTS[client]("streamed response", url)) == bare


@each_client
@pytest.mark.parametrize("path", ["/slow/a", "/lost/a"])
def test_silence_and_a_reset_raise_what_they_raise_bare(
    request, world, client, path, monkeypatch
):
    monkeypatch.setattr(kinds, "TIMEOUT", 0.5)
    bare = raised(lambda: CLIENTS[client]("plain", world.url + path))
    request.getfixturevalue("stage")
    assert raised(lambda: CLIENTS[client]("plain", world.url + path)) == bare
    assert len(bare) >= 1


@each_client
def test_a_refused_connection_raises_what_it_raises_bare(request, client):
    bare = raised(lambda: CLIENTS[client]("plain", "http://127.0.0.1:1/x"))
    stage = request.getfixturevalue("stage")
    assert raised(lambda: CLIENTS[client]("plain", "http://127.0.0.1:1/x")) == bare
    assert {e.state for e in stage.effects()} == {EffectState.FAILED}


# -- cancellation -------------------------------------------------------------------------


async def by_httpx(library, url):
    async with library.AsyncClient(timeout=9) as client:
        await client.post(url, content=b"plain")


async def by_aiohttp(_, url):
    async with aiohttp.ClientSession() as session:
        await session.post(url, data=b"plain")


def wait_for_more(world, than):
    while world.total() == than:
        time.sleep(0.005)


async def cancelled(send, library, world, how):
    task = asyncio.ensure_future(send(library, world.url + "/slow/a"))
    if how == "wait_for":
        await asyncio.wait_for(task, 0.8)  # the call has left by then
    await asyncio.to_thread(wait_for_more, world, world.total())
    task.cancel()
    await task


@pytest.mark.parametrize("how", ["cancel", "wait_for"])
@pytest.mark.parametrize(
    ("send", "library"),
    [(by_httpx, httpx), (by_httpx, httpx2), (by_aiohttp, None)],
    ids=["httpx", "httpx2", "aiohttp"],
)
def test_a_cancelled_call_is_cancelled_and_in_doubt(request, world, send, library, how):
    kind = asyncio.CancelledError if how == "cancel" else asyncio.TimeoutError
    with pytest.raises(kind) as bare:
        asyncio.run(cancelled(send, library, world, how))
    stage = request.getfixturevalue("stage")
    with pytest.raises(kind) as guarded:
        asyncio.run(cancelled(send, library, world, how))
    assert type(guarded.value) is type(bare.value)
    assert [e.state for e in stage.effects()] == [EffectState.IN_DOUBT]
