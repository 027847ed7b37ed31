"""TLS: the same calls, and a replay that opens no connection at all."""

import ssl

import httpx
import httpx2
import pytest
import requests
import trustme
import urllib3

from soulguard.model import EffectState
from tests.compat.http.world import World

BODY = b'{"amount": 100}'


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def secure(authority):
    """Give a local TLS service and the path of the certificate to trust."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    service = World(context)
    with authority.cert_pem.tempfile() as path:
        yield service, path
    service.close()


def by_requests(url, trusted):
    with requests.Session() as session:
        return session.post(url, data=BODY, verify=trusted, timeout=5).content


def by_urllib3(url, trusted):
    with urllib3.PoolManager(ca_certs=trusted, retries=False, timeout=5) as pool:
        return pool.request("POST", url, body=BODY).data


def by_httpx(url, trusted):
    with httpx.Client(verify=ssl.create_default_context(cafile=trusted)) as client:
        return client.post(url, content=BODY).content


def by_httpx2(url, trusted):
    with httpx2.Client(verify=ssl.create_default_context(cafile=trusted)) as client:
        return client.post(url, content=BODY).content


each_client = pytest.mark.parametrize(
    "call", [by_requests, by_urllib3, by_httpx, by_httpx2]
)


@each_client
def test_a_replay_opens_no_connection(stage, secure, call):
    service, trusted = secure
    first = call(service.url + "/chunked/a", trusted)
    assert service.connections == 1
    stage.restart()
    assert call(service.url + "/chunked/a", trusted) == first
    assert service.connections == 1
    assert service.total() == 1


@each_client
def test_a_failed_handshake_is_no_effect_and_its_exception_is_the_same(
    stage, secure, call, tmp_path
):
    service, _ = secure
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(other)
    stage.stop()
    from soulguard.guard.scope import scope

    scope.calls = False
    bare = failure(call, service.url, str(other))
    stage.start()
    assert failure(call, service.url, str(other)) == bare
    assert [e.state for e in stage.effects()] == [EffectState.FAILED]


def failure(call, url, trusted):
    with pytest.raises(Exception) as found:  # noqa: PT011 - compared with the bare one
        call(url + "/plain/a", trusted)
    chain, error = [], found.value
    while error is not None:
        chain.append(type(error))
        error = error.__cause__
    return chain
