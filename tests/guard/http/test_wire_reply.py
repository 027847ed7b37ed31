import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.guard.http.wire_reply import WireReply
from tests.guard.http.recording import Flight

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"
)
CLOSED = b"HTTP/1.0 200 OK\r\n\r\nhello"
INTERIM = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n" + LENGTH


def fed(data, *cuts):
    kept = WireReply(flight := Flight())
    at = 0
    for cut in (*sorted(cuts), len(data)):
        kept.feed(data[at:cut])
        at = max(at, cut)
    return kept, flight


@pytest.mark.parametrize("data", [LENGTH, CHUNKED, CLOSED, INTERIM])
@given(cuts=st.lists(st.integers(0, 120), max_size=8))
def test_an_answer_is_kept_however_it_is_cut(data, cuts):
    kept, flight = fed(data, *cuts)
    kept.ended()
    (told,) = flight.told
    assert (told["status"], told["body"]) == (200, b"hello")


def test_chunk_boundaries_are_kept():
    kept, flight = fed(CHUNKED)
    kept.ended()
    assert flight.told[0]["chunks"] == [2, 3]


@pytest.mark.parametrize("data", [LENGTH[:-2], CHUNKED[:-9], CHUNKED[:40], b""])
def test_a_connection_that_ends_inside_the_answer_leaves_it_open(data):
    kept, flight = fed(data)
    kept.closed("Lost")
    assert flight.told == [{"error": "Lost", "sent": True}]


@pytest.mark.parametrize("data", [LENGTH, CHUNKED, CLOSED])
def test_a_connection_that_ends_after_it_does_not(data):
    kept, flight = fed(data)
    kept.closed("Lost")
    assert flight.told[0]["body"] == b"hello"


def test_what_the_agent_left_is_told_as_left():
    kept, flight = fed(LENGTH[:-3])
    kept.left()
    assert (flight.told[0]["early"], flight.told[0]["body"]) == (True, b"he")


def test_what_is_no_answer_is_left_to_the_client():
    kept, flight = fed(b"SSH-2.0-OpenSSH\r\n\r\nmore", 20)
    kept.left()
    assert flight.told == []
    kept.closed("Lost")
    assert flight.told == [{"error": "Lost", "sent": True}]


def test_chunks_that_are_none_leave_the_call_open():
    kept, flight = fed(CHUNKED.replace(b"3;x=y", b"zz"))
    kept.left()
    assert flight.told == [{"error": "the answer's chunks are malformed", "sent": True}]
