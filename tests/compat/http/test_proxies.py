"""A call through a proxy is the call to the service behind it."""

import asyncio

import aiohttp
import httpx
import httpx2
import pytest
import requests
import urllib3

URL = "http://service.example/v1/notes"


def by_requests(proxy):
    return requests.post(URL, data=b"x", proxies={"http": proxy}, timeout=5).content


def by_urllib3(proxy):
    with urllib3.ProxyManager(proxy) as pool:
        return pool.request("POST", URL, body=b"x").data


def by_httpx(proxy):
    with httpx.Client(proxy=proxy) as client:
        return client.post(URL, content=b"x").content


def by_httpx2(proxy):
    with httpx2.Client(proxy=proxy) as client:
        return client.post(URL, content=b"x").content


def by_aiohttp(proxy):
    async def post():
        async with (
            aiohttp.ClientSession() as session,
            session.post(URL, data=b"x", proxy=proxy) as response,
        ):
            return await response.read()

    return asyncio.run(post())


@pytest.mark.parametrize(
    "call", [by_requests, by_urllib3, by_httpx, by_httpx2, by_aiohttp]
)
def test_a_call_through_a_proxy_is_recorded_and_replayed(stage, world, call):
    first = call(world.url)
    assert [e.slot for e in stage.effects()] == ["POST service.example/v1/notes"]
    assert world.seen[0][1] == URL
    stage.restart()
    assert call(world.url) == first
    assert world.total() == 1
