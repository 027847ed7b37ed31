"""Calls over HTTP/2 are recorded and replayed as those over HTTP/1.1 are."""

import asyncio
import ssl

import httpx
import httpx2
import pytest
import trustme

from tests.compat.http.h2_world import H2World

BODY = b'{"amount": 100}'


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def service(authority):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(server)
    made = H2World(server)
    yield made
    made.close()


@pytest.fixture(scope="module")
def trust(authority):
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def shown(response):
    return (
        response.status_code, response.http_version, response.headers.multi_items(),
        response.content,
    )  # fmt: skip


def sync(library, trust, url, number):
    with library.Client(http2=True, verify=trust) as client:
        return [shown(client.post(f"{url}/{n}", content=BODY)) for n in range(number)]


def concurrent(library, trust, url, number):
    async def post():
        async with library.AsyncClient(http2=True, verify=trust) as client:
            calls = (client.post(f"{url}/{n}", content=BODY) for n in range(number))
            return [shown(r) for r in await asyncio.gather(*calls)]

    return asyncio.run(post())


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
@pytest.mark.parametrize("send", [sync, concurrent])
def test_a_call_over_http2_is_recorded_and_replayed(
    stage, service, trust, library, send
):
    first = send(library, trust, service.url, 5)
    assert {(status, version) for status, version, *_ in first} == {(201, "HTTP/2")}
    assert len(service.calls) == 5
    keys = {headers["idempotency-key"] for headers, _ in service.calls}
    assert keys == {effect.key for effect in stage.effects()}
    assert len(keys) == 5
    assert {body for _, body in service.calls} == {BODY}
    stage.restart()
    assert send(library, trust, service.url, 5) == first
    assert len(service.calls) == 5


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_a_stream_over_http2_keeps_its_parts(stage, service, trust, library):
    def parts():
        with (
            library.Client(http2=True, verify=trust) as client,
            client.stream("POST", service.url + "/s", content=BODY) as response,
        ):
            return list(response.iter_raw())

    first = parts()
    stage.restart()
    assert parts() == first
    assert len(service.calls) == 1


def test_streams_share_one_connection_as_they_do_bare(request, service, trust):
    with_client = httpx.Client(http2=True, verify=trust)
    with with_client as client:
        for number in range(3):
            client.post(f"{service.url}/bare/{number}", content=BODY)
    bare = service.connections
    request.getfixturevalue("stage")
    sync(httpx, trust, service.url, 3)
    assert service.connections - bare == bare == 1
