import http.client
import io

import pytest

from soulguard.errors import InDoubtError
from soulguard.guard.http.wire import RecordedSocket
from soulguard.model import EffectState


@pytest.fixture
def connection(world):
    made = http.client.HTTPConnection("127.0.0.1", world.server.server_port, timeout=5)
    yield made
    made.close()


def post(connection, path="/plain/a", body=b"x"):
    connection.request("POST", path, body)
    return connection.getresponse().read()


def test_a_request_written_by_hand_is_asked_about_too(stage, world, connection):
    for _ in range(2):
        connection.putrequest("POST", "/plain/a")
        connection.putheader("Content-Length", "4")
        connection.endheaders()
        connection.send(b"ab")
        connection.send(io.BytesIO(b"cd"))
        assert connection.getresponse().read() == b'{"number": 1, "got": 4}'
        connection.close()
        stage.restart()
    assert world.seen[0][3] == b"abcd"
    assert world.total() == 1


@pytest.mark.parametrize(
    "body", [b"abc", "abc", bytearray(b"abc"), memoryview(b"abc"), io.BytesIO(b"abc"),
             io.StringIO("abc"), [b"a", b"bc"], iter([b"abc"])],
    ids=lambda b: type(b).__name__,
)  # fmt: skip
def test_every_kind_of_body_arrives_as_it_is(stage, world, connection, body):
    post(connection, body=body)
    assert world.seen[0][3] == b"abc"


@pytest.mark.parametrize(("size", "pieces"), [(10, 1), (100_000, 2)])
def test_a_small_request_leaves_as_one_piece(stage, connection, size, pieces):
    sent = []
    connection.sock = RecordedSocket(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    connection.sock.sendall = sent.append
    assert post(connection, body=b"x" * size) == b""
    assert len(sent) == pieces
    assert b"".join(sent).endswith(b"\r\n\r\n" + b"x" * size)


def test_a_body_that_is_none_fails_as_before(stage, world, connection):
    with pytest.raises(TypeError, match="message_body should be a bytes-like"):
        connection.request("POST", "/plain/a", 17, {"Content-Length": "2"})
    connection.close()
    connection.putrequest("POST", "/plain/a")
    connection.endheaders()
    with pytest.raises(TypeError, match="data should be a bytes-like object"):
        connection.send(17)
    assert world.total() == 0


def test_a_live_connection_goes_on_after_a_replay(stage, world, connection):
    post(connection)
    connection.close()
    stage.restart()
    connection.request("GET", "/plain/before")
    connection.getresponse().read()
    live = connection.sock
    assert post(connection) == b'{"number": 1, "got": 1}'
    assert connection.sock is live
    connection.request("GET", "/plain/after")
    assert connection.getresponse().status == 200
    assert world.connections == 2


def test_a_replay_opens_no_connection(stage, world, connection):
    post(connection)
    stage.restart()
    fresh = http.client.HTTPConnection("127.0.0.1", 1)
    fresh.port = world.server.server_port
    world.close()
    assert post(fresh) == b'{"number": 1, "got": 1}'


def test_safe_requests_are_sent_as_they_are_written(stage, world, connection):
    connection.request("GET", "/plain/a")
    assert connection.getresponse().status == 200
    assert stage.effects() == []


def test_a_connection_can_be_used_after_a_refusal(stage, world, connection):
    connection.request("POST", "/lost/a", b"x")
    with pytest.raises(http.client.RemoteDisconnected):
        connection.getresponse()
    connection.close()
    with pytest.raises(InDoubtError):
        connection.request("POST", "/lost/a", b"x")
    assert post(connection, "/plain/b") == b'{"number": 1, "got": 1}'


def test_a_request_whose_answer_nobody_asked_for_is_in_doubt(stage, world, connection):
    connection.request("POST", "/plain/a", b"x")
    connection.close()
    del connection._soulguard
    assert [e.state for e in stage.effects()] == [EffectState.IN_DOUBT]


def test_the_journaled_body_goes_out_with_its_own_length(stage, world, connection):
    """The bytes differ in a token, and are longer: framing has to follow."""
    first = '{"nonce": "0c3f5e0a-7a6b-4f3b-8d1e-5a4b3c2d1e0f"}'
    second = '{"nonce":  "7b1c1b1e-8a1f-4c57-9f3e-0d6a3f1c2b3d"}'
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/first/429/a", first, headers)
    connection.getresponse().read()
    connection.request("POST", "/first/429/a", second, headers)
    assert connection.getresponse().status == 200
    assert [body for _, _, _, body in world.seen] == [first.encode()] * 2
