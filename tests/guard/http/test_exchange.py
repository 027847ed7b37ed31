import inspect

import pytest

from soulguard.errors import DeniedCallError, GuardUnavailable
from soulguard.guard import client
from soulguard.guard import http as doors
from soulguard.guard.http import exchange
from soulguard.guard.local import inside
from soulguard.guard.scope import scope


@pytest.fixture
def told(monkeypatch):
    """Give what a flight tells, with no broker behind."""
    said = []
    monkeypatch.setattr(client, "tell", lambda op, m, blobs=(): said.append((m, blobs)))

    def ask(op, message, blobs=()):
        said.append((message, blobs))
        return {"verdict": "wait", "data": {"seconds": 2}}, []

    monkeypatch.setattr(client, "ask", ask)
    return said


def reply(*parts):
    made = exchange.Reply(200, "OK", "HTTP/1.1", [("A", "1")])
    for part in parts:
        made.add(part)
    return made


def test_an_answer_is_told_once_with_its_parts(told):
    flight = exchange.Flight(7)
    flight.answered(reply(b"ab", b"", b"c"))
    flight.answered(reply(b"x"))
    flight.failed("late", sent=True)
    ((message, blobs),) = told
    assert (message["effect"], message["chunks"], blobs) == (7, [2, 1], (b"abc",))


def test_a_failure_waits_until_it_is_written_down(told):
    exchange.Flight(7).failed("E", sent=False)
    assert told == [({"error": "E", "sent": False, "effect": 7, "wait": True}, ())]


def test_an_answer_may_mean_wait(told):
    assert exchange.Flight(7).answered(reply(), wait=True) == 2.0


@pytest.mark.parametrize(
    ("answer", "untold"),
    [
        ({"verdict": "allow"}, True),
        ({"verdict": "allow", "effect": 7}, False),
        ({"verdict": "replay", "effect": 7}, False),
    ],
)
def test_of_an_allowed_call_that_is_no_effect_nobody_wants_to_hear(
    told, answer, untold
):
    assert exchange.Permit(answer, []).untold is untold


def test_a_forgotten_flight_is_told_as_abandoned(told):
    flight = exchange.Flight(7)
    del flight
    assert told[0][0]["error"] == "abandoned"


def test_a_forked_child_tells_nothing_of_its_parents_calls(told, monkeypatch):
    flight = exchange.Flight(7)
    monkeypatch.setattr(exchange.originals, "os_getpid", lambda: -1)
    flight.failed("E", sent=True)
    assert told == []


def test_a_call_that_is_no_effect_is_never_told(told):
    flight = exchange.Flight(0)
    flight.answered(reply())
    del flight
    assert told == []


def test_a_body_over_the_limit_is_told_as_too_large_and_not_kept(told, monkeypatch):
    monkeypatch.setattr(exchange, "LIMIT", 10)
    made = reply(b"12345", b"67890", b"!")
    assert made.parts == []
    exchange.Flight(7).answered(made)
    message, blobs = told[0]
    assert (message["large"], blobs) == (True, ())


def test_a_request_over_the_limit_travels_as_its_digest(monkeypatch):
    monkeypatch.setattr(exchange, "LIMIT", 10)
    message, blobs = exchange.question("POST", "http://a", [], b"x" * 11, "c")
    assert (len(message["digest"]), message["size"], blobs) == (64, 11, ())


def test_a_refusal_raises(monkeypatch):
    answer = {"verdict": "deny", "message": "no", "data": {"error": "denied-call"}}
    monkeypatch.setattr(client, "ask", lambda *_: (answer, []))
    with pytest.raises(DeniedCallError, match="no"):
        exchange.permit(exchange.question("POST", "http://a", [], b"", "c"))


def test_observing_goes_on_without_a_supervisor_and_guarding_does_not(monkeypatch):
    def gone(*_):
        raise GuardUnavailable("gone")

    monkeypatch.setattr(client, "ask", gone)
    question = exchange.question("POST", "http://a", [], b"", "c")
    with pytest.raises(GuardUnavailable):
        exchange.permit(question)
    monkeypatch.setattr(scope, "observe", True)
    assert exchange.permit(question).flight.effect == 0


def test_safe_methods_and_the_guard_s_own_calls_are_never_asked_about(monkeypatch):
    monkeypatch.setattr(scope, "calls", True)
    assert [exchange.unsafe(m) for m in ("GET", "head", "OPTIONS")] == [False] * 3
    assert [exchange.unsafe(m) for m in ("POST", "delete", "QUERY")] == [True] * 3
    with inside:
        assert not exchange.unsafe("POST")
    monkeypatch.setattr(scope, "calls", False)
    assert not exchange.unsafe("POST")


def test_headers_are_replaced_by_name_in_any_case():
    headers = [("A", "1"), ("idempotency-key", "old"), ("B", "2")]
    assert exchange.set_headers(headers, [("Idempotency-Key", "new")]) == [
        ("A", "1"), ("B", "2"), ("Idempotency-Key", "new")
    ]  # fmt: skip


PRIVATE = "_make_request"  # urllib3's own; its form changes and is passed through


def test_every_replacement_has_the_signature_of_what_it_replaces(stage):
    import importlib

    import aiohttp  # noqa: F401 - its modules are patched when they are there
    import httpx  # noqa: F401
    import httpx2  # noqa: F401
    import urllib3  # noqa: F401

    checked = 0
    for name, attribute, _ in doors.TABLE:
        try:
            owner = importlib.import_module(name)
        except ImportError:
            continue
        for step in attribute.split("."):
            owner = getattr(owner, step, None)
        if not inspect.isfunction(owner) or attribute.endswith(PRIVATE):
            continue
        mine, theirs = parameters(owner), parameters(owner.__wrapped__)
        if name == "urllib3.connection":
            mine, theirs = mine[:5], theirs[:5]  # keywords are passed through
        assert mine == theirs, attribute
        checked += 1
    assert checked >= 15


@pytest.mark.parametrize("gets", [False, True])
def test_a_safe_call_is_asked_about_where_a_rule_speaks_of_it(monkeypatch, gets):
    monkeypatch.setattr(scope, "calls", True)
    monkeypatch.setattr(scope, "gets", gets)
    assert [exchange.unsafe(m) for m in ("get", "HEAD")] == [gets, gets]
    assert exchange.unsafe("POST")
    assert not exchange.unsafe("CONNECT")


def parameters(function):
    found = inspect.signature(function, follow_wrapped=False).parameters.values()
    return [(p.name, p.kind, repr(p.default)) for p in found]
