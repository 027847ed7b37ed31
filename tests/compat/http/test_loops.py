"""Other event loops: the asynchronous doors belong to none of them."""

import asyncio

import aiohttp
import anyio
import httpx
import pytest
import trio
import uvloop

from soulguard.supervisor import outcome

BODY = b'{"amount": 1}'


async def by_httpx(url):
    async with httpx.AsyncClient(timeout=5) as client:
        return (await client.post(url, content=BODY)).content


async def by_aiohttp(url):
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data=BODY) as response,
    ):
        return await response.read()


async def by_anyio(url):
    answers = []

    async def post():
        answers.append(await by_httpx(url))

    async with anyio.create_task_group() as group:
        group.start_soon(post)
    return answers[0]


WAYS = {
    "httpx on uvloop": lambda url: uvloop.run(by_httpx(url)),
    "aiohttp on uvloop": lambda url: uvloop.run(by_aiohttp(url)),
    "httpx on trio": lambda url: trio.run(by_httpx, url),
    "httpx in anyio on trio": lambda url: anyio.run(by_anyio, url, backend="trio"),
    "httpx in anyio on asyncio": lambda url: asyncio.run(by_anyio(url)),
}


@pytest.mark.parametrize("path", ["/plain/a", "/chunked/a", "/gzip/a", "/redirect/a"])
@pytest.mark.parametrize("way", WAYS)
def test_a_restart_answers_from_the_record(stage, world, way, path):
    first = WAYS[way](world.url + path)
    calls = world.total()
    stage.restart()
    assert WAYS[way](world.url + path) == first
    assert world.total() == calls


@pytest.mark.parametrize("way", WAYS)
def test_a_conflict_under_a_key_is_waited_for(stage, world, way, monkeypatch):
    monkeypatch.setattr(outcome, "_WAITS", (0.01,) * 8)
    assert WAYS[way](world.url + "/busy/2/a") == b'{"number": 1, "got": 13}'
    assert world.total() == 3
