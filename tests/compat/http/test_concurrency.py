"""Many calls at once, some equal and some failing: keys are stable, nothing doubles."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import pytest
import requests

from soulguard.model import EffectState


def bodies(count):
    """Give bodies of which every four are equal."""
    return [b'{"order": %d}' % (number // 4) for number in range(count)]


def by_key(world):
    found = {}
    for _, path, headers, body in world.seen:
        key = {k.title(): v for k, v in headers.items()}["Idempotency-Key"]
        found.setdefault(key, set()).add((path, body))
    return found


async def with_aiohttp(urls):
    async with aiohttp.ClientSession() as session:

        async def post(url, body):
            async with session.post(url, data=body) as response:
                return response.status, await response.read()

        return await asyncio.gather(*(post(u, b) for u, b in urls))


async def with_httpx(urls):
    async with httpx.AsyncClient(timeout=30) as client:

        async def post(url, body):
            response = await client.post(url, content=body)
            return response.status_code, response.content

        return await asyncio.gather(*(post(u, b) for u, b in urls))


def urls(world, count):
    kinds = ("/honours/a", "/honours/b", "/honours/c", "/first/429/d")
    return [
        (world.url + kinds[number % len(kinds)], body)
        for number, body in enumerate(bodies(count))
    ]


@pytest.mark.parametrize("run", [with_aiohttp, with_httpx])
def test_200_calls_of_one_loop_survive_a_restart(stage, world, run):
    wanted = urls(world, 200)
    first = asyncio.run(run(wanted))
    assert sum(status == 429 for status, _ in first) == 1
    sent, effects = world.total(), sum(world.effects.values())
    assert (sent, effects) == (200, 199)
    assert all(len(uses) == 1 for uses in by_key(world).values())
    assert len(by_key(world)) == 200
    stage.restart()
    second = asyncio.run(run(wanted))
    assert world.total() == 201  # the one that was not processed
    assert sorted(r for r in first if r[0] == 200) == sorted(
        r for r in second if r in first
    )
    assert {e.state for e in stage.effects()} == {EffectState.DONE}
    assert len(stage.effects()) == 200


def test_16_threads_survive_a_restart(stage, world):
    wanted = urls(world, 96)

    def post(item):
        url, body = item
        return requests.post(url, data=body, timeout=30).content

    def attempt():
        with ThreadPoolExecutor(16) as pool:
            return list(pool.map(post, wanted))

    first = attempt()
    assert world.total() == 96
    stage.restart()
    second = attempt()
    assert world.total() == 97
    assert len(by_key(world)) == 96
    # all but the answer of the call that was not processed at first
    assert len(set(first) ^ set(second)) == 2
