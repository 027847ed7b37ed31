"""Every client against a real server, the guard's doors in between."""

import pytest

from soulguard.errors import GuardUnavailable, InDoubtError
from soulguard.guard import client as line
from soulguard.model import EffectState
from tests.compat.http.clients import CLIENTS
from tests.compat.http.stage import hang_up

BODY = b'{"amount": 100, "to": "acme"}'

each_client = pytest.mark.parametrize("name", CLIENTS)


def outcome(call):
    """Give what the agent gets: an answer, or the exception's own type."""
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - whatever the agent would see
        return refusal_in(error) or type(error)


def refusal_in(error):
    while error is not None:
        if hasattr(error, "decision"):
            return type(error)
        error = error.__cause__ or error.__context__
    return None


@each_client
@pytest.mark.parametrize("path", ["/plain/a", "/chunked/a", "/status/404"])
def test_an_answered_call_is_answered_the_same_after_a_restart(
    stage, world, name, path
):
    call = CLIENTS[name]
    first = call(world.url + path, BODY)
    stage.restart()
    assert call(world.url + path, BODY)[0] == first[0]
    if first[0] == 200:
        assert world.total() == 1


@each_client
def test_the_replayed_answer_has_the_same_headers_and_bytes(stage, world, name):
    first = CLIENTS[name](world.url + "/chunked/a", BODY)
    stage.restart()
    again = CLIENTS[name](world.url + "/chunked/a", BODY)
    assert again == first
    assert world.total() == 1


@each_client
def test_an_answer_recorded_by_requests_replays_in_every_client(stage, world, name):
    headers = {"Content-Type": "application/json"}
    first = CLIENTS["requests"](world.url + "/plain/a", BODY, headers)
    stage.restart()
    again = CLIENTS[name](world.url + "/plain/a", BODY, headers)
    assert (again[0], again[2]) == (first[0], first[2])
    assert world.total() == 1


@each_client
def test_the_key_reaches_the_server_and_the_bytes_are_untouched(stage, world, name):
    CLIENTS[name](world.url + "/plain/a", BODY)
    _, _, headers, body = world.seen[0]
    assert body == BODY
    key = {k.lower(): v for k, v in headers.items()}["idempotency-key"]
    assert [e.key for e in stage.effects()] == [key]


@each_client
def test_a_second_equal_call_is_a_second_effect(stage, world, name):
    call = CLIENTS[name]
    numbers = [call(world.url + "/honours/a", BODY)[2] for _ in range(2)]
    stage.restart()
    assert [call(world.url + "/honours/a", BODY)[2] for _ in range(2)] == numbers
    assert world.effects["/honours/a"] == 2
    assert world.total() == 2


@each_client
def test_a_lost_answer_is_in_doubt_and_never_sent_again_silently(stage, world, name):
    call = CLIENTS[name]
    failed = outcome(lambda: call(world.url + "/lost/a", BODY))
    assert isinstance(failed, type)
    assert failed is not InDoubtError
    assert outcome(lambda: call(world.url + "/lost/a", BODY)) is InDoubtError
    stage.restart()
    assert outcome(lambda: call(world.url + "/lost/a", BODY)) is InDoubtError
    assert world.total() == 1
    assert [e.state for e in stage.effects()] == [EffectState.IN_DOUBT]


@each_client
def test_a_refused_connection_is_no_effect_and_may_be_tried_again(stage, world, name):
    call = CLIENTS[name]
    closed = "http://127.0.0.1:1"
    assert isinstance(outcome(lambda: call(closed + "/a", BODY)), type)
    assert outcome(lambda: call(closed + "/a", BODY)) is not InDoubtError
    assert [e.state for e in stage.effects()] == [EffectState.FAILED]


@each_client
def test_a_rate_limited_call_is_the_same_effect_when_tried_again(stage, world, name):
    call = CLIENTS[name]
    assert call(world.url + "/first/429/a", BODY)[0] == 429
    assert call(world.url + "/first/429/a", BODY)[0] == 200
    assert len({h["Idempotency-Key"] for _, _, h, _ in map(_titled, world.seen)}) == 1
    assert len(stage.effects()) == 1


@each_client
def test_without_a_supervisor_nothing_is_sent(stage, world, name):
    hang_up()
    line.connect_to("/nowhere/socket")
    answer = outcome(lambda: CLIENTS[name](world.url + "/plain/a", BODY))
    assert answer is GuardUnavailable
    assert world.total() == 0


@each_client
def test_a_key_the_caller_chose_is_the_one_that_is_sent(stage, world, name):
    chosen = {"Idempotency-Key": "order-17"}
    CLIENTS[name](world.url + "/plain/a", BODY, chosen)
    assert _titled(world.seen[0])[2]["Idempotency-Key"] == "order-17"
    assert [e.key for e in stage.effects()] == ["order-17"]


def _titled(seen):
    method, path, headers, body = seen
    return method, path, {k.title(): v for k, v in headers.items()}, body
