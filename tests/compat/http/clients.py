"""The clients under test, each as one function: (url, body) -> (status, headers, body)."""

import asyncio
import http.client
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import aiohttp
import httpx
import httpx2
import requests
import urllib3


def by_http_client(url, body, headers=None):
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.netloc, timeout=5)
    try:
        connection.request("POST", split.path, body, headers or {})
        response = connection.getresponse()
        return response.status, response.headers.items(), response.read()
    finally:
        connection.close()


def by_urllib(url, body, headers=None):
    request = urllib.request.Request(url, body, headers or {}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, response.headers.items(), response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.items(), error.read()


def by_urllib3(url, body, headers=None):
    with urllib3.PoolManager(retries=False, timeout=5) as pool:
        response = pool.request("POST", url, body=body, headers=headers or {})
        return response.status, list(response.headers.items()), response.data


def by_requests(url, body, headers=None):
    with requests.Session() as session:
        response = session.post(url, data=body, headers=headers, timeout=5)
        return response.status_code, list(response.headers.items()), response.content


def _by_httpx(library):
    def call(url, body, headers=None):
        with library.Client(timeout=5) as client:
            response = client.post(url, content=body, headers=headers)
            return (
                response.status_code,
                response.headers.multi_items(),
                response.content,
            )

    return call


def _by_httpx_async(library):
    async def post(url, body, headers):
        async with library.AsyncClient(timeout=5) as client:
            response = await client.post(url, content=body, headers=headers)
            return (
                response.status_code,
                response.headers.multi_items(),
                response.content,
            )

    return lambda url, body, headers=None: asyncio.run(post(url, body, headers))


def by_aiohttp(url, body, headers=None):
    async def post():
        timeout = aiohttp.ClientTimeout(total=5)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, data=body, headers=headers) as response,
        ):
            content = await response.read()
            return response.status, list(response.headers.items()), content

    return asyncio.run(post())


CLIENTS = {
    "http.client": by_http_client,
    "urllib": by_urllib,
    "urllib3": by_urllib3,
    "requests": by_requests,
    "httpx": _by_httpx(httpx),
    "httpx async": _by_httpx_async(httpx),
    "httpx2": _by_httpx(httpx2),
    "httpx2 async": _by_httpx_async(httpx2),
    "aiohttp": by_aiohttp,
}
