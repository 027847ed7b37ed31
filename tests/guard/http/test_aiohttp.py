import asyncio
import io

import aiohttp
import pytest

from soulguard.errors import InDoubtError
from soulguard.model import EffectState


def session(**options):
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5), **options)


def test_keep_alive_connections_carry_one_answer_after_the_other(stage, world):
    async def posts():
        connector = aiohttp.TCPConnector(limit=1)
        async with session(connector=connector) as client:
            found = []
            for number in range(3):
                url = f"{world.url}/{'plain' if number % 2 else 'chunked'}/{number}"
                async with client.post(url, data=b"x") as response:
                    found.append(await response.json())
                async with client.get(url) as response:
                    await response.read()
            return found

    first = asyncio.run(posts())
    assert world.connections == 1
    stage.restart()
    assert asyncio.run(posts()) == first
    assert [e.state for e in stage.effects()] == [EffectState.DONE] * 3
    assert sum(method == "POST" for method, *_ in world.seen) == 3


def test_a_stream_that_the_agent_leaves_early_is_recorded_as_left(stage, world):
    async def head():
        async with (
            session() as client,
            client.post(world.url + "/chunked/held") as response,
        ):
            return response.status

    assert asyncio.run(head()) == 200
    (record,) = stage.effects()
    assert record.state is EffectState.DONE
    stage.restart()
    assert asyncio.run(head()) == 200
    assert world.total() == 1

    async def all_of_it():
        async with (
            session() as client,
            client.post(world.url + "/chunked/held") as response,
        ):
            return await response.read()

    stage.restart()
    with pytest.raises(aiohttp.ClientPayloadError):
        asyncio.run(all_of_it())


def test_a_cancelled_call_is_in_doubt(stage, world):
    async def cancelled():
        async with session() as client:
            task = asyncio.create_task(client.post(world.url + "/slow/a", data=b"x"))
            while world.total() == 0:  # noqa: ASYNC110 - the world is another thread
                await asyncio.sleep(0.005)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            with pytest.raises(InDoubtError):
                await client.post(world.url + "/slow/a", data=b"x")

    asyncio.run(cancelled())
    assert [e.state for e in stage.effects()] == [EffectState.IN_DOUBT]


def test_exceptions_are_the_client_s_own(stage, world):
    async def failing():
        async with aiohttp.ClientSession() as client:
            with pytest.raises(aiohttp.ClientConnectorError):
                await client.post("http://127.0.0.1:1/a")
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await client.post(world.url + "/lost/a")
            timeout = aiohttp.ClientTimeout(total=0.2)
            with pytest.raises(asyncio.TimeoutError):
                await client.post(world.url + "/slow/a", timeout=timeout)

    asyncio.run(failing())
    states = sorted(e.state.value for e in stage.effects())
    assert states == ["failed", "in_doubt", "in_doubt"]


def test_compressed_answers_are_kept_as_they_came(stage, world):
    async def post():
        async with session() as client, client.post(world.url + "/gzip/a") as response:
            return await response.read(), response.headers["Content-Encoding"]

    first = asyncio.run(post())
    assert first == (b'{"number": 1, "got": 0}', "gzip")
    stage.restart()
    assert asyncio.run(post()) == first
    assert world.total() == 1


async def _in_parts():
    yield b"[1, "
    yield b"2]"


@pytest.mark.parametrize(
    ("given", "kind", "length"),
    [
        (lambda: {"json": {"a": 1}}, "application/json", "8"),
        (lambda: {"data": {"a": "1"}}, "application/x-www-form-urlencoded", "3"),
        (lambda: {"data": io.BytesIO(b"x" * 2000000)}, "application/octet-stream", "2000000"),
        (lambda: {"data": _in_parts()}, "application/octet-stream", "6"),
    ],
)  # fmt: skip
def test_a_redirected_body_is_the_same_one_after_a_replay(
    stage, world, given, kind, length
):
    async def post():
        async with (
            session() as client,
            client.post(world.url + "/redirect/a", **given()) as response,
        ):
            return await response.read()

    first = asyncio.run(post())
    stage.restart()
    assert asyncio.run(post()) == first
    assert world.posts == {"/redirect/a": 1, "/honours/target": 1}
    (_, _, sent, body), (_, _, again, moved) = world.seen
    assert body == moved
    assert [sent["Content-Type"], again["Content-Type"]] == [kind, kind]
    assert sent.get("Content-Length", length) == again["Content-Length"] == length
