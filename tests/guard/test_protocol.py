import socket
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.guard.protocol import (
    MAX_HEADER,
    MAX_PAYLOAD,
    FrameError,
    decode,
    encode,
    lengths,
    receive,
)

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)
MESSAGES = st.dictionaries(st.text().filter(lambda k: k != "blobs"), VALUES, max_size=4)
BLOBS = st.lists(st.binary(max_size=40), max_size=4)


def reader(data, cuts=()):
    """Give a `recv` that hands the bytes out in pieces, ending at the cuts."""
    edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(data)}), len(data)]
    left = [data[a:b] for a, b in pairwise(edges)]

    def recv(size):
        if not left:
            return b""
        piece, rest = left[0][:size], left[0][size:]
        left[:1] = [rest] if rest else []
        return piece

    return recv


@given(MESSAGES, BLOBS, st.lists(st.integers(0, 400), max_size=8))
def test_a_frame_comes_back_however_the_stream_cuts_it(message, blobs, cuts):
    recv = reader(encode(message, blobs), cuts)
    assert receive(recv) == (message, blobs)
    assert receive(recv) is None


@given(MESSAGES, BLOBS)
def test_more_than_one_frame_under_way_is_an_error(message, blobs):
    frame = encode(message, blobs)
    with pytest.raises(FrameError):
        receive(reader(frame + frame[:1]))


@given(MESSAGES, BLOBS, st.data())
def test_a_stream_that_ends_inside_a_frame_is_an_error(message, blobs, data):
    frame = encode(message, blobs)
    end = data.draw(st.integers(1, len(frame) - 1))
    with pytest.raises(FrameError, match="ended inside"):
        receive(reader(frame[:end]))


def test_a_frame_travels_over_a_real_socket():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(encode({"op": "hello"}, [b"body"]))
        assert receive(theirs.recv) == ({"op": "hello"}, [b"body"])


@pytest.mark.parametrize(
    "head", [(MAX_HEADER + 1, 0), (0, MAX_PAYLOAD + 1)], ids=["header", "payload"]
)
def test_a_length_over_the_limit_is_refused_before_anything_is_read(head):
    with pytest.raises(FrameError, match="over the limit"):
        lengths(b"".join(n.to_bytes(4, "big") for n in head))


@pytest.mark.parametrize(
    ("header", "payload", "reason"),
    [
        (b"{", b"", "not JSON"),
        (b"\xff", b"", "not JSON"),
        (b"[]", b"", "not an object"),
        (b"{}", b"x", "parts say 0 bytes, payload has 1"),
        (b'{"blobs":[2]}', b"x", "parts say 2 bytes, payload has 1"),
        (b'{"blobs":1}', b"x", "not a list"),
        (b'{"blobs":["1"]}', b"x", "something else than lengths"),
        (b'{"blobs":[2,-1]}', b"x", "something else than lengths"),
    ],
)
def test_a_malformed_frame_is_refused_with_its_reason(header, payload, reason):
    with pytest.raises(FrameError, match=reason):
        decode(header, payload)
