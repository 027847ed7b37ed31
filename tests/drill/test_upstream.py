import pytest

from examples.service import Service
from soulguard.drill.upstream import fetch
from soulguard.model.call import Call


@pytest.fixture
def world(monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with Service() as service:
        yield service


def test_a_call_is_made_as_it_was_asked_for_and_its_answer_kept(world):
    headers = (
        ("Host", "x.example"), ("Idempotency-Key", "k1"), ("Connection", "keep-alive"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )  # fmt: skip
    call = Call("POST", f"{world.url}/v1/charges", headers, b"amount=5", at=3.0)
    exchange = fetch(call)
    assert (exchange.status, exchange.body, exchange.at) == (200, b"amount=5", 3.0)
    assert b'"amount": 5' in b"".join(exchange.chunks)
    assert ("Idempotency-Key", "k1") in exchange.answer_headers
    assert world.stats()["keys"] == ["k1"]


def test_a_stream_is_kept_in_the_pieces_it_came_in(world):
    body = b'{"messages": [], "stream": true}'
    exchange = fetch(Call("POST", f"{world.url}/v1/chat/completions", (), body))
    assert len(exchange.chunks) > 3
    assert exchange.chunks[-1] == b"data: [DONE]\n\n"
    assert not {"transfer-encoding"} & {n.lower() for n, _ in exchange.answer_headers}


def test_the_query_is_sent(world):
    assert fetch(Call("GET", f"{world.url}/stats?a=1")).status == 404
    assert fetch(Call("GET", f"{world.url}/stats")).status == 200


def test_nobody_there_is_an_error():
    with pytest.raises(OSError, match=r"."):
        fetch(Call("GET", "http://127.0.0.1:1/"))
