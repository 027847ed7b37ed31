import http.client

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.guard.http import wire

HEAD = b"POST /x HTTP/1.1\r\nHost: a\r\nX-B:c\r\nX-Long: d\r\n\te"
HEADERS = [("Host", "a"), ("X-B", "c"), ("X-Long", "d\r\n\te")]


def test_a_head_is_read_and_written():
    assert wire.read_head(HEAD) == ("POST", "/x", "HTTP/1.1", HEADERS)
    written = wire.write_head("POST", "/x", "HTTP/1.1", HEADERS)
    assert wire.read_head(written.removesuffix(b"\r\n\r\n"))[3] == HEADERS


@pytest.mark.parametrize(
    ("head", "read"),
    [
        (b"HTTP/1.1 200 OK", ("HTTP/1.1", 200, "OK", [])),
        (
            b"HTTP/1.1 404 Not Found\r\nA: b",
            ("HTTP/1.1", 404, "Not Found", [("A", "b")]),
        ),
        (b"HTTP/1.0 204", ("HTTP/1.0", 204, "", [])),
    ],
)
def test_an_answer_s_head_is_read(head, read):
    assert wire.read_status(head) == read


@given(st.lists(st.binary(min_size=1)))
def test_chunks_come_apart_as_they_were_put_together(parts):
    wired = b"".join(map(wire.chunk, parts))
    assert wire.unchunk(wired + wire.chunk(b"")) == (parts, True)
    assert wire.unchunk(wired) == (parts, False)


@given(st.binary())
def test_broken_chunks_are_never_taken_for_whole(data):
    chunks, whole = wire.unchunk(b"zz" + data)
    assert (chunks, whole) == ([], False)


answers = st.tuples(
    st.sampled_from([200, 201, 404, 500]), st.binary(), st.lists(st.integers(1, 9))
)


@given(answers, st.booleans())
def test_a_recorded_answer_is_read_by_a_real_parser(answer, chunked):
    status, body, sizes = answer
    cuts, at = [], 0
    for size in sizes:
        if at + size < len(body):
            cuts.append(size)
            at += size
    cuts.append(len(body) - at)
    framing = ("Transfer-Encoding", "chunked") if chunked else (
        "Content-Length", str(len(body))
    )  # fmt: skip
    data = {
        "status": status, "reason": "R", "version": "HTTP/1.1",
        "headers": [framing, ("X-A", "1")], "chunks": cuts,
    }  # fmt: skip
    socket = wire.RecordedSocket(wire.answer(data, body))
    response = http.client.HTTPResponse(socket, method="POST")
    response.begin()
    assert (response.status, response.reason) == (status, "R")
    assert response.headers["X-A"] == "1"
    assert response.read() == body


def test_a_recorded_socket_has_no_connection():
    socket = wire.RecordedSocket(b"abc")
    socket.sendall(b"x")
    socket.settimeout(3)
    assert (socket.gettimeout(), socket.fileno()) == (None, -1)
    assert socket.makefile("rb").peek() == b"abc"


def test_an_answer_says_where_it_ends_or_not():
    def framed(headers, status=200):
        return wire.is_framed({"status": status, "headers": headers})

    assert framed([("Content-Length", "3")])
    assert framed([("Transfer-Encoding", "chunked")])
    assert framed([], 204)
    assert not framed([])


def test_an_answer_that_was_left_early_does_not_end_like_a_whole_one():
    head = {"version": "HTTP/1.1", "status": 200, "reason": "OK", "chunks": [2]}
    for headers in ([], [("Content-Length", "9")], [("Transfer-Encoding", "chunked")]):
        data = {**head, "headers": headers, "early": True}
        response = http.client.HTTPResponse(
            wire.RecordedSocket(wire.answer(data, b"he"))
        )
        response.begin()
        with pytest.raises((ConnectionResetError, http.client.IncompleteRead)):
            response.read()
