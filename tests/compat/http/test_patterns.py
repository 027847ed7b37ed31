"""What agents really do with their clients, through a lost answer and a restart.

`world.lose` lets the service act and hang up; the restart is a fresh attempt. One
effect, equal bytes to the agent, and what the service gets is a request it can read.
"""

import asyncio
import gzip
import http.client
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from soulguard.errors import InDoubtError
from soulguard.supervisor.facts import Facts
from tests.compat.http.stage import POLICIES


@pytest.fixture
def honoured(stage, tmp_path):
    """Give the stage with this machine known to honour keys everywhere."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "providers:\n"
        "  - {id: here, name: Here, hosts: [127.0.0.1, '::1'], window: 24h,\n"
        "     carrier: header Idempotency-Key, honours: [POST /**],\n"
        "     source: tests, date: today}\n"
    )
    stage.stop()
    stage.attempt = 0
    stage.folder = tmp_path / "again"
    stage.facts = Facts(POLICIES, (own,))
    stage.start()
    return stage


def keys(world):
    return {
        {n.lower(): v for n, v in headers.items()}["idempotency-key"]
        for _, _, headers, _ in world.seen
    }


# -- multipart -------------------------------------------------------------------------

FILES = {"file": ("a.txt", b"hello"), "note": (None, "n")}


def multipart_requests(url):
    return requests.post(url, files=FILES, timeout=5).content


def multipart_httpx(url):
    return httpx.post(url, files=FILES, timeout=5).content


def multipart_urllib3(url):
    with urllib3.PoolManager(retries=False) as pool:
        return pool.request("POST", url, fields={"file": ("a.txt", b"hello")}).data


def multipart_aiohttp(url):
    async def post():
        form = aiohttp.FormData()
        form.add_field("file", b"hello", filename="a.txt")
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=form) as response,
        ):
            return await response.read()

    return asyncio.run(post())


@pytest.mark.parametrize(
    "send",
    [multipart_requests, multipart_httpx, multipart_urllib3, multipart_aiohttp],
)
def test_a_form_with_a_random_boundary_is_readable_when_sent_again(
    honoured, world, send
):
    world.lose.add("/honours/form")
    with pytest.raises(Exception, match=r"(?i)disconnect|abort|remote|closed"):
        send(f"{world.url}/honours/form")
    honoured.restart()
    assert json.loads(send(f"{world.url}/honours/form"))["number"] == 1
    assert (world.effects.total(), len(world.seen), len(keys(world))) == (1, 2, 1)
    for _, _, headers, body in world.seen:
        boundary = headers[
            "Content-Type" if "Content-Type" in headers else "content-type"
        ]
        assert boundary.partition("boundary=")[2].strip('"').encode() in body
    assert world.seen[0][3] == world.seen[1][3]


# -- retries of the client's own -----------------------------------------------------------


def test_an_adapter_that_retries_every_method(honoured, world):
    world.lose.add("/honours/a")
    with requests.Session() as session:
        retry = Retry(total=3, allowed_methods=None, backoff_factor=0)
        session.mount("http://", HTTPAdapter(max_retries=retry))
        first = session.post(f"{world.url}/honours/a", json={"a": 1}).content
    assert (world.effects.total(), len(keys(world))) == (1, 1)
    honoured.restart()
    assert requests.post(f"{world.url}/honours/a", json={"a": 1}).content == first
    assert len(world.seen) == 2


def test_an_adapter_that_retries_is_held_where_nobody_honours_the_key(stage, world):
    world.lose.add("/plain/a")
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(
            max_retries=Retry(total=3, allowed_methods=None, backoff_factor=0)
        ))  # fmt: skip
        with pytest.raises(InDoubtError):
            session.post(f"{world.url}/plain/a", json={"a": 1})
    assert world.effects.total() == 1


def test_a_loop_of_retries_around_raise_for_status(honoured, world):
    async def post():
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            for _ in range(3):
                try:
                    async with session.post(
                        f"{world.url}/first/503/a", json={"a": 1}
                    ) as response:
                        return await response.read()
                except aiohttp.ClientResponseError:
                    continue
        raise AssertionError("no try worked")

    first = asyncio.run(post())
    assert (world.total(), len(keys(world))) == (2, 1)
    honoured.restart()
    assert asyncio.run(post()) == first
    assert world.total() == 2


# -- hooks and authentication ------------------------------------------------------------


class Refresh(httpx.Auth):
    """Signs in anew after a 401, as SDKs of token services do."""

    requires_response_body = True

    def __init__(self):
        self.token = "old"

    def auth_flow(self, request):
        request.headers["Authorization"] = f"Bearer {self.token}"
        response = yield request
        if response.status_code == 401:
            self.token = "fresh-token"
            request.headers["Authorization"] = f"Bearer {self.token}"
            yield request


def test_a_token_that_is_refreshed_on_401(honoured, world):
    seen = []

    def send():
        hooks = {"request": [seen.append], "response": [lambda r: r.read()]}
        with httpx.Client(auth=Refresh(), event_hooks=hooks) as client:
            return client.post(f"{world.url}/first/401/a", json={"a": 1})

    first = send()
    assert (first.status_code, world.total()) == (200, 2)
    honoured.restart()
    again = send()
    assert (again.content, world.total()) == (first.content, 2)
    assert len(seen) >= 2


def test_a_token_that_ran_out_before_the_call_is_sent_again(honoured, world):
    path = "/honours/lost-then-401"
    world.lose.add(path)
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(world.url + path, json={"a": 1})
    honoured.restart()
    world.refuse = 1
    with httpx.Client(auth=Refresh()) as client:
        answer = client.post(world.url + path, json={"a": 1})
    assert (answer.status_code, answer.json()["number"]) == (200, 1)
    assert (world.effects.total(), len(keys(world))) == (1, 1)


@pytest.mark.parametrize("turned_away", [429, 401, 503])
def test_a_copy_turned_away_leaves_the_first_one_in_doubt(stage, world, turned_away):
    url = f"{world.url}/plain/put"
    world.lose.add("/plain/put")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.put(url, json={"a": 1})
    world.refuse = turned_away
    assert httpx.put(url, json={"a": 1}).status_code == turned_away
    (effect,) = stage.effects()
    assert effect.state.value == "in_doubt"


def test_digest_authentication_asks_twice_and_acts_once(honoured, world):
    def send():
        auth = httpx.DigestAuth("u", "p")
        return httpx.post(f"{world.url}/honours/d", json={"a": 1}, auth=auth).content

    first = send()
    honoured.restart()
    assert send() == first
    assert world.effects.total() == 1


def test_a_hook_of_requests_and_a_cookie_that_changes_with_every_call(honoured, world):
    for attempt in range(2):
        if attempt:
            honoured.restart()
        with requests.Session() as session:
            session.hooks["response"].append(lambda r, **_: r)
            session.cookies.set("csrf", f"value-{attempt}")
            answer = session.post(f"{world.url}/plain/c", json={"a": 1})
        assert answer.json()["number"] == 1
    assert world.total() == 1


# -- bodies ----------------------------------------------------------------------------


def test_a_body_that_is_compressed_anew_each_time(honoured, world):
    def send(stamp):
        body = gzip.compress(b'{"a": 1}', mtime=stamp)
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        return httpx.post(f"{world.url}/plain/g", content=body, headers=headers).content

    first = send(0)
    honoured.restart()
    assert send(0) == first
    assert world.total() == 1


def test_a_generator_is_sent_again_from_the_record(honoured, world):
    def parts():
        yield b"one"
        yield b"two"

    world.lose.add("/honours/s")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{world.url}/honours/s", content=parts())
    honoured.restart()
    assert httpx.post(f"{world.url}/honours/s", content=parts()).status_code == 200
    assert [body for *_, body in world.seen] == [b"onetwo"] * 2


def test_expect_continue_by_aiohttp(honoured, world):
    async def post():
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{world.url}/plain/e", data=b"x", expect100=True) as response,
        ):
            return await response.read()

    first = asyncio.run(asyncio.wait_for(post(), 10))
    honoured.restart()
    assert asyncio.run(asyncio.wait_for(post(), 10)) == first
    assert world.total() == 1


# -- answers ---------------------------------------------------------------------------


def test_a_stream_that_is_left_early_is_left_early_again(honoured, world):
    def send():
        with httpx.stream("POST", f"{world.url}/chunked/x", content=b"x") as response:
            return next(response.iter_raw())

    first = send()
    honoured.restart()
    assert send() == first
    assert world.total() == 1


@pytest.mark.parametrize("status", [201, 204, 304])
@pytest.mark.parametrize("client", ["http.client", "requests", "httpx", "aiohttp"])
def test_answers_without_much_of_a_body(honoured, wire, status, client):
    empty = b"" if status in (204, 304) else b"Content-Length: 0\r\n"
    wire.answer = b"HTTP/1.1 %d X\r\nX-A: 1\r\n%b\r\n" % (status, empty)
    first = raw(client, wire.url)
    honoured.restart()
    assert raw(client, wire.url) == first == (status, b"")
    assert wire.count == 1


@pytest.mark.parametrize("client", ["http.client", "requests", "httpx", "aiohttp"])
def test_trailers_after_the_chunks(honoured, wire, client):
    wire.answer = (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
        b"3\r\nabc\r\n3;x=y\r\ndef\r\n0\r\nX-Sum: 6\r\n\r\n"
    )
    first = raw(client, wire.url)
    honoured.restart()
    assert raw(client, wire.url) == first == (200, b"abcdef")
    assert wire.count == 1


@pytest.mark.parametrize("client", ["http.client", "requests", "httpx", "aiohttp"])
def test_a_very_long_header_and_two_cookies(honoured, wire, client):
    wire.answer = (
        b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Long: %b\r\n"
        b"Content-Length: 2\r\n\r\nok" % (b"v" * 8000)
    )
    first = raw(client, wire.url)
    honoured.restart()
    assert raw(client, wire.url) == first == (200, b"ok")
    assert wire.count == 1


# -- addresses -------------------------------------------------------------------------


def test_a_path_outside_ascii_and_a_joined_base(honoured, world):
    def send():
        with httpx.Client(base_url=f"{world.url}/plain/") as client:
            return client.post("straße/ключ?q=ü", json={"a": 1}).content

    first = send()
    honoured.restart()
    assert send() == first
    assert requests.post(f"{world.url}/plain/straße/ключ?q=ü", json={"a": 1}).ok
    assert world.total() <= 2


@pytest.mark.parametrize("client", ["http.client", "requests", "httpx", "aiohttp"])
def test_an_address_in_brackets(honoured, client):
    wire = Wire(socket.AF_INET6)
    try:
        wire.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        assert raw(client, wire.url) == (200, b"ok")
        assert honoured.effects()[0].slot.startswith("POST ::1:")
        honoured.restart()
        assert raw(client, wire.url) == (200, b"ok")
        assert wire.count == 1
    finally:
        wire.close()


@pytest.mark.parametrize("client", ["httpx", "aiohttp"])
def test_a_service_on_a_socket_in_the_file_system(honoured, tmp_path, client):
    wire = Wire(socket.AF_UNIX, str(tmp_path / "s"))
    wire.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    def by_httpx():
        transport = httpx.HTTPTransport(uds=str(tmp_path / "s"))
        with httpx.Client(transport=transport) as made:
            return made.post("http://docker/v1/x", content=b"x").content

    async def by_aiohttp():
        connector = aiohttp.UnixConnector(str(tmp_path / "s"))
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.post("http://docker/v1/x", data=b"x") as response,
        ):
            return await response.read()

    def send():
        return by_httpx() if client == "httpx" else asyncio.run(by_aiohttp())

    try:
        assert send() == b"ok"
        honoured.restart()
        assert send() == b"ok"
        assert wire.count == 1
    finally:
        wire.close()


def test_a_redirect_that_keeps_the_method_is_two_calls_once_each(honoured, world):
    def send():
        return httpx.post(
            f"{world.url}/redirect/r", json={"a": 1}, follow_redirects=True
        ).content

    first = send()
    honoured.restart()
    assert send() == first
    assert world.total() == 2


def test_a_pool_that_threads_share(honoured, world):
    def send(n, session):
        return session.post(f"{world.url}/honours/{n % 4}", json={"n": n}).content

    answers = []
    for attempt in range(2):
        if attempt:
            honoured.restart()
        with requests.Session() as session, ThreadPoolExecutor(8) as pool:
            answers.append(list(pool.map(lambda n: send(n, session), range(24))))
    assert answers[0] == answers[1]
    assert world.total() == 24


# -- a service of fixed bytes ------------------------------------------------------------


class Wire:
    """Answers every request with the same bytes and closes."""

    def __init__(self, family=socket.AF_INET, place=None):
        self.count = 0
        self.answer = b""
        self.listener = socket.socket(family, socket.SOCK_STREAM)
        host = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}.get(family)
        self.listener.bind(place or (host, 0))
        self.listener.listen()
        name = self.listener.getsockname()
        shown = f"[{host}]" if family == socket.AF_INET6 else host
        self.url = f"http://{shown}:{name[1]}/x"
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client:
                client.settimeout(5)
                got = b""
                while not got.endswith((b"\r\n\r\nx", b"0\r\n\r\n")):
                    part = client.recv(4096)
                    if not part:
                        break
                    got += part
                else:
                    self.count += 1
                    client.sendall(self.answer)

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


@pytest.fixture
def wire():
    """Give a service of fixed bytes."""
    made = Wire()
    yield made
    made.close()


def raw(client, url):
    """Make one call and give status and body."""
    if client == "requests":
        answer = requests.post(url, data=b"x", timeout=5)
        return answer.status_code, answer.content
    if client == "httpx":
        answer = httpx.post(url, content=b"x", timeout=5)
        return answer.status_code, answer.content
    if client == "http.client":
        connection = http.client.HTTPConnection(url.split("/")[2], timeout=5)
        connection.request("POST", "/x", b"x")
        answer = connection.getresponse()
        got = answer.status, answer.read()
        connection.close()
        return got

    async def post():
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=b"x") as response,
        ):
            return response.status, await response.read()

    return asyncio.run(post())
