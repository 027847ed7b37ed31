"""A service of large bodies, and each client sending and reading them in pieces."""

import asyncio
import hashlib
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import aiohttp
import httpx
import requests
import urllib3

MIB = 1 << 20
BLOCK = bytes(range(256)) * 256


def blocks(mib, salt=b""):
    """Give so many MiB of bytes that are everywhere different."""
    for n in range(mib * MIB // len(BLOCK)):
        mark = b"%08d%b" % (n, salt)
        yield mark + BLOCK[len(mark) :]


def digest(parts):
    made = hashlib.sha256()
    for part in parts:
        made.update(part)
    return made.hexdigest()


class Large:
    """``/length/N`` and ``/chunked/N`` answer with N MiB, ``/to-the-end/N`` until the
    connection closes, ``/stuck/N`` stops in the middle; every body that came is known
    by its digest.
    """

    def __init__(self):
        self.got = []
        self.stop = threading.Event()
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def do_POST(self):
                world.got.append(digest(world.read(self)))
                kind, mib = self.path.split("/")[1:3]
                world.answer(self, kind, int(mib))

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def read(self, handler):
        if "chunked" in handler.headers.get("Transfer-Encoding", ""):
            while size := int(handler.rfile.readline().split(b";")[0], 16):
                yield handler.rfile.read(size)
                handler.rfile.readline()
            handler.rfile.readline()
            return
        left = int(handler.headers.get("Content-Length", 0))
        while left:
            part = handler.rfile.read(min(left, MIB))
            left -= len(part)
            yield part

    def answer(self, handler, kind, mib):
        handler.send_response(200)
        if kind == "chunked":
            handler.send_header("Transfer-Encoding", "chunked")
        elif kind == "to-the-end":
            handler.send_header("Connection", "close")
        else:
            handler.send_header("Content-Length", str(mib * MIB))
        handler.end_headers()
        for n, part in enumerate(blocks(mib)):
            if kind == "stuck" and n == mib * 8:
                self.stop.wait(20)
                return
            if kind == "chunked":
                handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            else:
                handler.wfile.write(part)
        if kind == "chunked":
            handler.wfile.write(b"0\r\n\r\n")


# each: (url, body parts or None, headers, pieces) -> digest of the answer; `pieces` is
# called with each piece read


def by_http_client(url, body, headers, piece):
    split = urlsplit(url)
    connection = http.client.HTTPConnection(split.netloc, timeout=20)
    try:
        connection.request(
            "POST", split.path, body, headers, encode_chunked=body is not None
        )
        response = connection.getresponse()
        while part := response.read(MIB // 4):
            piece(part)
    finally:
        connection.close()


def by_urllib3(url, body, headers, piece):
    with urllib3.PoolManager(retries=False, timeout=20) as pool:
        response = pool.request(
            "POST", url, body=body, headers=headers, preload_content=False
        )
        for part in response.stream(MIB // 4):
            piece(part)


def by_requests(url, body, headers, piece):
    with requests.post(
        url, data=body, headers=headers, stream=True, timeout=20
    ) as response:
        for part in response.iter_content(MIB // 4):
            piece(part)


def by_httpx(url, body, headers, piece):
    with (
        httpx.Client(timeout=20) as client,
        client.stream("POST", url, content=body, headers=headers) as response,
    ):
        for part in response.iter_raw():
            piece(part)


async def _async(body):
    for part in body:
        yield part


def by_httpx_async(url, body, headers, piece):
    async def post():
        content = _async(body) if body is not None else None
        async with (
            httpx.AsyncClient(timeout=20) as client,
            client.stream("POST", url, content=content, headers=headers) as response,
        ):
            async for part in response.aiter_raw():
                piece(part)

    asyncio.run(post())


def by_aiohttp(url, body, headers, piece):
    async def post():
        data = _async(body) if body is not None else None
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=data, headers=headers) as response,
        ):
            async for part in response.content.iter_chunked(MIB // 4):
                piece(part)

    asyncio.run(post())


CLIENTS = {
    "http.client": by_http_client,
    "urllib3": by_urllib3,
    "requests": by_requests,
    "httpx": by_httpx,
    "httpx async": by_httpx_async,
    "aiohttp": by_aiohttp,
}


def fetch(name, url, body=None, headers=None):
    """Make a call and give the digest of the answer, never holding it."""
    made = hashlib.sha256()
    CLIENTS[name](url, body, dict(headers or {}), made.update)
    return made.hexdigest()
