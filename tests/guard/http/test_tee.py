import http.client

import pytest

from soulguard.guard.http import exchange
from soulguard.guard.http.tee import TeeFile
from soulguard.guard.http.wire import RecordedSocket
from tests.guard.http.recording import Flight

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello\nworld"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"6\r\nhello\n\r\n5\r\nworld\r\n0\r\n\r\n"
)
CLOSED = b"HTTP/1.1 200 OK\r\n\r\nhello\nworld"


def readinto(response):
    parts, buffer = [], bytearray(4)
    while count := response.readinto(buffer):
        parts.append(bytes(buffer[:count]))
    return b"".join(parts)


WAYS = {
    "read": lambda r: r.read(),
    "read in parts": lambda r: b"".join(iter(lambda: r.read(3), b"")),
    "read1": lambda r: b"".join(iter(lambda: r.read1(4), b"")),
    "readinto": readinto,
    "lines": b"".join,
    "readline": lambda r: b"".join(iter(r.readline, b"")),
}


def teed(data):
    response = http.client.HTTPResponse(RecordedSocket(data), method="POST")
    response.begin()
    flight = Flight()
    head = exchange.Reply(response.status, response.reason, "HTTP/1.1", [])
    TeeFile.onto(response, flight, head)
    return response, flight


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("data", [LENGTH, CHUNKED, CLOSED])
def test_every_way_to_read_gives_and_keeps_the_body(data, way):
    response, flight = teed(data)
    assert WAYS[way](response) == b"hello\nworld"
    response.close()
    (told,) = flight.told
    assert told["body"] == b"hello\nworld"
    assert "early" not in told


def test_chunk_boundaries_are_kept():
    response, flight = teed(CHUNKED)
    response.read()
    assert flight.told[0]["chunks"] == [6, 5]


def test_an_answer_is_told_before_its_last_byte_is_handed_over():
    response, flight = teed(LENGTH)
    response.read(11)
    assert len(flight.told) == 1


@pytest.mark.parametrize("data", [LENGTH, CHUNKED, CLOSED])
def test_what_the_agent_does_not_read_is_told_as_left(data):
    response, flight = teed(data)
    assert response.read(3) == b"hel"
    response.close()
    assert flight.told[0]["early"] is True
    assert flight.told[0]["body"].startswith(b"hel")


@pytest.mark.parametrize("data", [LENGTH[:-3], CHUNKED[:-9]])
def test_an_answer_cut_short_leaves_the_call_open(data):
    response, flight = teed(data)
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    response.close()
    assert flight.told[0]["sent"] is True


def test_an_answer_without_a_body_is_told_at_once():
    _, flight = teed(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert flight.told[0]["status"] == 204


def test_a_response_that_is_forgotten_is_told():
    response, flight = teed(LENGTH)
    del response
    assert flight.told[0]["early"] is True


def test_chunks_that_are_none_leave_the_call_open():
    response, flight = teed(CHUNKED.replace(b"5\r\n", b"zz\r\n"))
    with pytest.raises(http.client.IncompleteRead):
        response.read()
    response.close()
    assert flight.told == [{"error": "the answer's chunks are malformed", "sent": True}]
