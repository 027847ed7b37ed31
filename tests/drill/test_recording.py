import pytest

from soulguard.drill.recording import Answers, Exchange, Recording, from_ledger
from soulguard.effects import secrecy
from soulguard.ledger import open_ledger
from soulguard.model import EffectKind, EffectRecord, EffectState, Run, RunStatus
from soulguard.model.call import Call
from soulguard.soul import shipped
from soulguard.supervisor.facts import Facts

FACTS = Facts(shipped.folder())
STRIPE = "https://api.stripe.com/v1/charges"
PLAIN = "https://api.example.com/v1/things"
MODEL = "https://api.openai.com/v1/chat/completions"


def exchange(url, body, answer, method="POST"):
    return Exchange(method, url, (), body, 200, "OK", (), (answer,))


def call(url, body, key=""):
    headers = (("Idempotency-Key", key),) if key else ()
    return Call("POST", url, headers, body)


def answers(*exchanges, **more):
    return Answers(Recording(exchanges), FACTS, **more)


def said(service, one, name="call POST x", attempt=1):
    found = service.ask(one, name, attempt, "agent.py:1")
    return None if found is None else b"".join(found.chunks)


def test_equal_requests_get_the_recorded_answers_in_their_order():
    service = answers(exchange(PLAIN, b"a=1", b"one"), exchange(PLAIN, b"a=1", b"two"))
    assert [said(service, call(PLAIN, b"a=1")) for _ in range(3)] == [
        b"one", b"two", b"two"
    ]  # fmt: skip
    assert [r.match for r in service.requests] == ["exact"] * 3


@pytest.mark.parametrize(
    ("body", "match"),
    [
        (
            b'{"q": 1, "requestId": "0b8d6d6e-7f2c-4b43-8b3e-1d8f3c1c9a10"}',
            "normalised",
        ),
        (b'{"q": 1, "requestId": "5a1c9e4e-3b1d-4c8e-9f2a-7d6e5c4b3a21"}', "exact"),
        (b'{"q": 2}', "place"),
    ],
)
def test_a_request_that_differs_is_answered_by_what_is_like_it(body, match):
    recorded = b'{"q": 1, "requestId": "5a1c9e4e-3b1d-4c8e-9f2a-7d6e5c4b3a21"}'
    headers = (("Content-Type", "application/json"),)
    one = Exchange("POST", PLAIN, headers, recorded, 200, "OK", (), (b"one",))
    service = answers(one)
    assert said(service, Call("POST", PLAIN, headers, body)) == b"one"
    assert service.requests[0].match == match


def test_a_request_to_nowhere_has_no_answer():
    service = answers(exchange(PLAIN, b"a=1", b"one"))
    assert said(service, call("https://other.example/", b"a=1")) is None
    assert service.requests[0].match == "none"


def test_a_key_is_recognised_where_the_service_honours_it():
    service = answers(exchange(STRIPE, b"amount=1", b"one"))
    for _ in range(2):
        assert said(service, call(STRIPE, b"amount=1", "key-1")) == b"one"
    said(service, call(STRIPE, b"amount=1", "key-2"))
    assert [r.recognised for r in service.requests] == [False, True, False]


def test_a_key_at_a_service_nobody_knows_is_no_protection():
    service = answers(exchange(PLAIN, b"a=1", b"one"))
    for _ in range(2):
        said(service, call(PLAIN, b"a=1", "key-1"))
    assert [r.recognised for r in service.requests] == [False, False]


@pytest.mark.parametrize(
    ("one", "harmless"),
    [
        (Call("GET", PLAIN), True),
        (Call("PUT", PLAIN), True),
        (call(MODEL, b"{}"), True),
        (call(PLAIN, b"{}"), False),
    ],
    ids=["look", "put", "model", "post"],
)
def test_what_may_be_repeated_is_harmless(one, harmless):
    service = answers()
    service.ask(one, "call x", 1, "")
    assert service.requests[0].harmless is harmless


def test_a_pattern_declares_a_call_harmless():
    service = answers(harmless=("POST api.example.com/*",))
    service.ask(call(PLAIN, b"{}"), "call POST api.example.com/v1/things", 1, "")
    assert service.requests[0].harmless


def test_what_is_not_on_record_is_answered_the_same_way_again():
    service = answers(exchange(PLAIN, b"a=1", b"one"), exchange(PLAIN, b"a=1", b"two"))
    said(service, call(PLAIN, b"a=1"))
    said(service, call(PLAIN, b"a=1"))
    service.again(lambda _: 1)
    assert said(service, call(PLAIN, b"a=1"), attempt=2) == b"two"
    service.again(lambda _: 0)
    assert said(service, call(PLAIN, b"a=1"), attempt=3) == b"one"


def test_a_recognised_repeat_takes_its_answer_out_of_the_order_again():
    recorded = [exchange(STRIPE, b"amount=1", answer) for answer in (b"one", b"two")]
    service = answers(*recorded)
    said(service, call(STRIPE, b"amount=1", "key-1"))
    service.again(lambda _: 0)
    assert said(service, call(STRIPE, b"amount=1", "key-1")) == b"one"
    assert said(service, call(STRIPE, b"amount=1", "key-2")) == b"two"


def test_a_real_run_is_recorded():
    service = answers(fetch=lambda one: exchange(one.url, one.body, b"real"))
    assert said(service, call(PLAIN, b"a=1")) == b"real"
    assert [e.body for e in service.made] == [b"a=1"]


def test_the_calls_of_a_run_on_record_are_its_recording(tmp_path):
    ledger = open_ledger(tmp_path / "ledger.db")
    ledger.add_run(
        Run("r", "i", ("x",), "/w", "/w", (), RunStatus.COMPLETED, b"s", 0.0, 0.0)
    )
    request, answer = ledger.put_blob(b"a=1"), ledger.put_blob(b"onetwo")
    result = {
        "status": 201, "reason": "Created", "chunks": [3, 3],
        "headers": [["X-A", "1"], ["Set-Cookie", secrecy.HIDDEN]],
    }  # fmt: skip
    for state in (EffectState.DONE, EffectState.FAILED):
        ledger.add_effect(EffectRecord(
            "r", EffectKind.HTTP_CALL, f"POST x {state}", "f", "n", 0, state, 1, 1,
            intent={"method": "POST", "url": PLAIN, "type": "text/plain"},
            result=result, request=request, response=answer,
        ))  # fmt: skip
    (found,) = from_ledger(ledger, "r").exchanges
    ledger.close()
    assert (found.method, found.url, found.body) == ("POST", PLAIN, b"a=1")
    assert (found.status, found.chunks) == (201, (b"one", b"two"))
    assert found.headers == (("Content-Type", "text/plain"),)
    assert found.answer_headers == (("X-A", "1"),)
    assert Recording.from_json(Recording((found,)).to_json()).exchanges == (found,)
