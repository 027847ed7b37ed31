"""TLS, CONNECT proxies, keep-alive and pools are as they are without the guard."""

import asyncio
import contextlib
import http.client
import socket
import ssl
import threading
import urllib.request

import aiohttp
import httpx
import httpx2
import pytest
import requests
import trustme
import urllib3

from soulguard.model import EffectState
from tests.compat.http.world import World

BODY = b'{"amount": 100}'
TYPE = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def trusted(authority, tmp_path_factory):
    """Give the file with the authority's certificate."""
    file = tmp_path_factory.mktemp("tls") / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return str(file)


@pytest.fixture
def secure(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    service = World(context)
    yield service
    service.close()


class Proxy:
    """A proxy that knows CONNECT alone and counts its tunnels."""

    def __init__(self):
        self.tunnels = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.start(self.connect, client)

    def start(self, act, *args):
        self.threads.append(threading.Thread(target=act, args=args))
        self.threads[-1].start()

    def connect(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        method, target, _ = head.decode().split(" ", 2)
        assert method == "CONNECT"
        self.tunnels += 1
        host, port = target.rsplit(":", 1)
        server = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        self.start(self.pump, client, server)
        self.pump(server, client)

    def pump(self, source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join()


@pytest.fixture
def proxy():
    made = Proxy()
    yield made
    made.close()


# -- the clients: n calls over one pool, each answer's body --------------------------------


def by_http_client(url, trusted, proxy, number):
    place = url.removeprefix("https://")
    context = ssl.create_default_context(cafile=trusted)
    via = proxy.removeprefix("http://") if proxy else place
    connection = http.client.HTTPSConnection(via, timeout=5, context=context)
    if proxy:
        connection.set_tunnel(place)
    with contextlib.closing(connection):
        answers = []
        for n in range(number):
            connection.request("POST", f"/plain/{n}", BODY, TYPE)
            answers.append(connection.getresponse().read())
        return answers


def by_urllib(url, trusted, proxy, number):
    context = ssl.create_default_context(cafile=trusted)
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context),
        urllib.request.ProxyHandler({"https": proxy} if proxy else {}),
    )
    answers = []
    for n in range(number):
        request = urllib.request.Request(f"{url}/plain/{n}", BODY, TYPE)
        with opener.open(request, timeout=5) as response:
            answers.append(response.read())
    return answers


def by_urllib3(url, trusted, proxy, number):
    options = {"ca_certs": trusted, "retries": False, "timeout": 5}
    made = urllib3.ProxyManager(proxy, **options) if proxy else (
        urllib3.PoolManager(**options)
    )  # fmt: skip
    with made as pool:
        return [
            pool.request("POST", f"{url}/plain/{n}", body=BODY, headers=TYPE).data
            for n in range(number)
        ]


def by_requests(url, trusted, proxy, number):
    with requests.Session() as session:
        session.verify, session.trust_env = trusted, False
        session.proxies = {"https": proxy} if proxy else {}
        return [
            session.post(f"{url}/plain/{n}", BODY, headers=TYPE, timeout=5).content
            for n in range(number)
        ]


def _by_httpx(library):
    def send(url, trusted, proxy, number):
        context = ssl.create_default_context(cafile=trusted)
        with library.Client(verify=context, proxy=proxy, timeout=5) as client:
            return [
                client.post(f"{url}/plain/{n}", content=BODY, headers=TYPE).content
                for n in range(number)
            ]

    return send


def _by_httpx_async(library):
    async def send(url, trusted, proxy, number):
        context = ssl.create_default_context(cafile=trusted)
        async with library.AsyncClient(
            verify=context, proxy=proxy, timeout=5
        ) as client:
            answers = []
            for n in range(number):
                sent = client.post(f"{url}/plain/{n}", content=BODY, headers=TYPE)
                answers.append((await sent).content)
            return answers

    return lambda *args: asyncio.run(send(*args))


def by_aiohttp(url, trusted, proxy, number):
    async def send():
        context = ssl.create_default_context(cafile=trusted)
        async with aiohttp.ClientSession() as session:
            answers = []
            for n in range(number):
                async with session.post(
                    f"{url}/plain/{n}", data=BODY, headers=TYPE, ssl=context,
                    proxy=proxy,
                ) as response:  # fmt: skip
                    answers.append(await response.read())
            return answers

    return asyncio.run(send())


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
each_client = pytest.mark.parametrize("client", CLIENTS)


@each_client
def test_calls_over_tls_share_connections_as_bare_and_replay_without_one(
    request, secure, trusted, client
):
    bare = CLIENTS[client](secure.url, trusted, None, 3)
    used = secure.connections
    assert used == (3 if client == "urllib" else 1)
    secure.posts.clear()
    secure.effects.clear()
    secure.answers.clear()
    stage = request.getfixturevalue("stage")
    assert CLIENTS[client](secure.url, trusted, None, 3) == bare
    assert secure.connections == 2 * used
    stage.restart()
    assert CLIENTS[client](secure.url, trusted, None, 3) == bare
    assert secure.total() == 3
    assert len({e.key for e in stage.effects()}) == 3


@each_client
def test_a_certificate_nobody_vouches_for_is_refused_as_bare(request, secure, client):
    def refused():
        with pytest.raises(Exception) as error:  # noqa: PT011 - compared below
            CLIENTS[client](secure.url, None, None, 1)
        return type(error.value)

    bare = refused()
    stage = request.getfixturevalue("stage")
    assert refused() is bare
    assert [e.state for e in stage.effects()] == [EffectState.FAILED]
    assert secure.total() == 0


@each_client
def test_a_call_through_a_tunnel_is_the_call_to_the_service(
    stage, secure, trusted, proxy, client
):
    first = CLIENTS[client](secure.url, trusted, proxy.url, 2)
    place = secure.url.removeprefix("https://")
    assert [e.slot for e in stage.effects()] == [
        f"POST {place}/plain/{n}" for n in range(2)
    ]
    assert proxy.tunnels == (2 if client == "urllib" else 1)
    opened, used = proxy.tunnels, secure.connections
    stage.restart()
    assert CLIENTS[client](secure.url, trusted, proxy.url, 2) == first
    assert secure.total() == 2
    assert (proxy.tunnels, secure.connections) == (opened, used), "a replay is no call"


@each_client
def test_a_proxy_that_is_gone_fails_as_bare(request, secure, trusted, client):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gone = f"http://127.0.0.1:{listener.getsockname()[1]}"

    def refused():
        with pytest.raises(Exception) as error:  # noqa: PT011 - compared below
            CLIENTS[client](secure.url, trusted, gone, 1)
        return type(error.value), type(error.value.__cause__)

    bare = refused()
    stage = request.getfixturevalue("stage")
    assert refused() == bare
    assert [e.state for e in stage.effects()] == [EffectState.FAILED]


@pytest.mark.parametrize("client", ["urllib3", "requests"])
def test_a_call_that_only_reads_goes_through_a_tunnel_too(
    stage, secure, trusted, proxy, client
):
    if client == "requests":
        proxies = {"https": proxy.url}
        answer = requests.get(f"{secure.url}/x", verify=trusted, proxies=proxies)
        assert answer.status_code == 200
    else:
        with urllib3.ProxyManager(proxy.url, ca_certs=trusted) as pool:
            assert pool.request("GET", f"{secure.url}/x").status == 200
            assert pool.request("GET", f"{secure.url}/y").status == 200
    assert (proxy.tunnels, stage.effects()) == (1, [])
