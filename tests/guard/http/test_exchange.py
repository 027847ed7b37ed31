import inspect
from hashlib import sha256

import pytest

from soulguard.errors import DeniedCallError, DuplicateCallError, GuardUnavailable
from soulguard.guard import client
from soulguard.guard import http as doors
from soulguard.guard.http import bodies, exchange
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


@pytest.fixture
def stage_dir(tmp_path, monkeypatch):
    """Give a folder to spool to, and a memory that is soon full."""
    monkeypatch.setattr(scope, "stage_dir", str(tmp_path))
    monkeypatch.setattr(scope, "keep", 100)
    monkeypatch.setattr(exchange, "IN_MEMORY", 10)
    monkeypatch.setattr(bodies, "LIMIT", 10)
    return tmp_path


def test_a_large_answer_is_told_as_a_file_with_its_parts(told, stage_dir):
    made = reply(b"12345", b"67890", b"!")
    made.feed(b"ab")
    made.feed(b"cd")
    exchange.Flight(7).answered(made)
    ((message, blobs),) = told
    assert (stage_dir / message["spool"]).read_bytes() == b"1234567890!abcd"
    assert message["sha256"] == sha256(b"1234567890!abcd").hexdigest()
    assert (message["size"], message["chunks"], blobs) == (15, [5, 5, 1, 4], ())


def test_an_answer_nobody_hears_of_leaves_no_file(stage_dir):
    made = reply(b"x" * 11)
    assert len(list(stage_dir.iterdir())) == 1
    del made
    assert list(stage_dir.iterdir()) == []


@pytest.mark.parametrize("folder", ["", "/nowhere"])
def test_an_answer_that_fits_nowhere_is_told_as_too_large(
    told, stage_dir, monkeypatch, folder
):
    monkeypatch.setattr(scope, "stage_dir", folder)
    exchange.Flight(7).answered(reply(b"x" * 11, b"y"))
    message, blobs = told[0]
    assert (message["large"], "spool" in message, blobs) == (True, False, ())


def test_an_answer_over_the_cap_leaves_no_file(told, stage_dir):
    exchange.Flight(7).answered(reply(b"x" * 90, b"y" * 11))
    assert told[0][0]["large"] is True
    assert list(stage_dir.iterdir()) == []


def test_a_large_request_travels_as_a_file(stage_dir):
    body = bodies.Body.of([b"x" * 8, b"y" * 8])
    message, blobs = exchange.question("POST", "http://a", [], body, "c")
    assert (stage_dir / message["spool"]).read_bytes() == b"x" * 8 + b"y" * 8
    assert (message["size"], message["digest"], blobs) == (16, message["sha256"], ())


def test_a_request_over_the_cap_travels_as_its_digest(stage_dir):
    body = bodies.Body.of([b"x" * 101])
    message, _ = exchange.question("POST", "http://a", [], body, "c")
    assert (len(message["digest"]), message["size"]) == (64, 101)
    assert ("spool" in message, list(stage_dir.iterdir())) == (False, [])
    assert b"".join(body) == b"x" * 101


def test_a_spool_the_broker_did_not_take_is_removed_with_its_answer(
    stage_dir, monkeypatch
):
    body = bodies.Body.of([b"x" * 11])
    question = exchange.question("POST", "http://a", [], body, "c")
    answers = [{"verdict": "wait", "data": {"seconds": 1}}, {"verdict": "allow"}]
    monkeypatch.setattr(client, "ask", lambda *_: (answers.pop(0), []))
    assert exchange.begin(question) == 1.0
    assert len(list(stage_dir.iterdir())) == 1
    exchange.begin(question)
    assert list(stage_dir.iterdir()) == []


@pytest.mark.parametrize("there", [b"whole", b"other", None])
def test_a_recorded_file_is_taken_as_it_was_or_not_at_all(tmp_path, there):
    file = tmp_path / "kept"
    if there is not None:
        file.write_bytes(there)
    torn = {"message": "torn", "data": {"error": "duplicate-call"}}
    data = {"file": str(file), "size": 5, "sha256": sha256(b"whole").hexdigest()}
    answer = {"verdict": "replay", "data": {**data, "torn": torn}}
    if there == b"whole":
        assert b"".join(exchange.Permit(answer, []).recorded) == b"whole"
    else:
        with pytest.raises(DuplicateCallError, match="torn"):
            exchange.Permit(answer, [])


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
