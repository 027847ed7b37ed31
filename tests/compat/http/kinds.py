"""Every kind of request that every client can make, as (url) -> (status, body)."""

import asyncio
import http.client
import io
import json
import urllib.error
import urllib.parse
import urllib.request
import uuid
from urllib.parse import urlsplit

import aiohttp
import httpx
import httpx2
import requests
import urllib3
from urllib3.util.retry import Retry

FIELDS = {"to": "acme", "amount": "100", "model": "large"}
TIMEOUT = 1.5


def parts():
    yield b'{"to": "acme", '
    yield b'"amount": 100}'


async def async_parts():
    for part in parts():
        yield part


def a_file():
    return io.BytesIO(b"\x00\xffcontent")


# -- requests, urllib3 --------------------------------------------------------------------


def with_requests(kind, url):
    options = {
        "plain": {"data": b"plain"},
        "json": {"json": FIELDS},
        "form": {"data": FIELDS},
        "multipart": {"data": FIELDS, "files": {"f": ("x.bin", a_file())}},
        "streamed request": {"data": parts()},
    }.get(kind, {"data": b"plain"})
    with requests.Session() as session:
        if kind == "own retry":
            retry = Retry(3, status_forcelist=[429], allowed_methods=None)
            session.mount("http://", requests.adapters.HTTPAdapter(max_retries=retry))
        stream = kind == "streamed response"
        with session.post(url, timeout=TIMEOUT, stream=stream, **options) as response:
            content = (
                b"".join(response.iter_content(None)) if stream else response.content
            )
            return response.status_code, content


def with_urllib3(kind, url):
    options = {
        "json": {"json": FIELDS},
        "form": {"fields": FIELDS, "encode_multipart": False},
        "multipart": {"fields": {**FIELDS, "f": ("x.bin", a_file().read())}},
        "streamed request": {"body": parts()},
    }.get(kind, {"body": b"plain"})
    retries = Retry(3, connect=0, read=False, other=0, raise_on_status=False)
    if kind == "own retry":
        retries = Retry(3, status_forcelist=[429], allowed_methods=None)
    with urllib3.PoolManager(retries=retries, timeout=TIMEOUT) as pool:
        stream = kind == "streamed response"
        response = pool.request("POST", url, preload_content=not stream, **options)
        return response.status, b"".join(response.stream()) if stream else response.data


# -- http.client, urllib ------------------------------------------------------------------


def raw(kind):
    if kind == "json":
        return json.dumps(FIELDS).encode(), "application/json"
    if kind == "form":
        return urllib.parse.urlencode(
            FIELDS
        ).encode(), "application/x-www-form-urlencoded"
    if kind == "multipart":
        boundary = uuid.uuid4().hex
        lines = [
            f"--{boundary}",
            'Content-Disposition: form-data; name="to"',
            "",
            "acme",
        ]
        body = "\r\n".join([*lines, f"--{boundary}--", ""]).encode()
        return body, f"multipart/form-data; boundary={boundary}"
    if kind == "streamed request":
        return parts(), "application/json"
    return b"plain", "text/plain"


def with_http_client(kind, url):
    body, content_type = raw(kind)
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.netloc, timeout=TIMEOUT)
    try:
        connection.request("POST", split.path, body, {"Content-Type": content_type})
        response = connection.getresponse()
        if kind == "streamed response":
            return response.status, b"".join(iter(lambda: response.read(5), b""))
        return response.status, response.read()
    finally:
        connection.close()


def with_urllib(kind, url):
    body, content_type = raw(kind)
    headers = {"Content-Type": content_type}
    request = urllib.request.Request(url, body, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
            if kind == "streamed response":
                return response.status, b"".join(response)
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


# -- httpx, httpx2, aiohttp ---------------------------------------------------------------


def httpx_options(kind, body):
    return {
        "json": {"json": FIELDS},
        "form": {"data": FIELDS},
        "multipart": {"data": FIELDS, "files": {"f": ("x.bin", a_file())}},
        "streamed request": {"content": body},
    }.get(kind, {"content": b"plain"})


def with_httpx(library):
    def send(kind, url):
        options = httpx_options(kind, parts())
        with library.Client(timeout=TIMEOUT, follow_redirects=True) as client:
            if kind == "streamed response":
                with client.stream("POST", url, **options) as response:
                    return response.status_code, b"".join(response.iter_raw())
            response = client.post(url, **options)
            return response.status_code, response.content

    return send


def with_httpx_async(library):
    async def send(kind, url):
        options = httpx_options(kind, async_parts())
        async with library.AsyncClient(
            timeout=TIMEOUT, follow_redirects=True
        ) as client:
            if kind == "streamed response":
                async with client.stream("POST", url, **options) as response:
                    return response.status_code, b"".join(
                        [part async for part in response.aiter_raw()]
                    )
            response = await client.post(url, **options)
            return response.status_code, response.content

    return lambda kind, url: asyncio.run(send(kind, url))


def with_aiohttp(kind, url):
    async def send():
        form = aiohttp.FormData(FIELDS)
        if kind == "multipart":
            form.add_field("f", a_file(), filename="x.bin")
        options = {
            "json": {"json": FIELDS},
            "form": {"data": FIELDS},
            "multipart": {"data": form},
            "streamed request": {"data": async_parts()},
        }.get(kind, {"data": b"plain"})
        timeout = aiohttp.ClientTimeout(total=TIMEOUT)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, **options) as response,
        ):
            if kind == "streamed response":
                return response.status, b"".join(
                    [part async for part in response.content.iter_any()]
                )
            return response.status, await response.read()

    return asyncio.run(send())


CLIENTS = {
    "http.client": with_http_client,
    "urllib": with_urllib,
    "urllib3": with_urllib3,
    "requests": with_requests,
    "httpx": with_httpx(httpx),
    "httpx async": with_httpx_async(httpx),
    "httpx2": with_httpx(httpx2),
    "httpx2 async": with_httpx_async(httpx2),
    "aiohttp": with_aiohttp,
}

PATHS = {
    "plain": "/honours/plain",
    "json": "/honours/json",
    "form": "/honours/form",
    "multipart": "/honours/multipart",
    "streamed request": "/honours/upload",
    "streamed response": "/chunked/down",
    "redirect": "/redirect/x",
    "error status": "/status/404",
    "timeout": "/honours/once-slow/x",
    "reset after processing": "/honours/once-lost/x",
    "own retry": "/first/429/x",
}
