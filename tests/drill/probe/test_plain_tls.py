import ssl

import pytest

from soulguard.drill.probe.plain_tls import PlainObject, marker


def pipes():
    return ssl.MemoryBIO(), ssl.MemoryBIO()


def test_every_client_speaks_plain_text_to_a_tls_host(guarded_walk, bare_walk):
    for walk in (guarded_walk, bare_walk):
        assert walk.walk.statuses == (0,)
        for words in ("urllib b'first'", "requests second", "aiohttp fourth"):
            assert words in walk.said


def test_what_comes_is_read_as_it_is_and_nothing_yet_is_no_end():
    incoming, outgoing = pipes()
    plain = PlainObject(incoming, outgoing, "x.example", None)
    plain.do_handshake()
    assert outgoing.read() == marker("x.example") == b"\0TLS x.example\n"
    with pytest.raises(ssl.SSLWantReadError):
        plain.read()
    incoming.write(b"hello")
    assert plain.pending() == 5
    buffer = bytearray(3)
    assert plain.read(3, buffer) == 3
    assert bytes(buffer) == b"hel"
    assert plain.read() == b"lo"
    incoming.write_eof()
    assert plain.read() == b""


def test_what_leaves_is_written_as_it_is():
    incoming, outgoing = pipes()
    assert PlainObject(incoming, outgoing, None, None).write(b"hello") == 5
    assert outgoing.read() == b"hello"
