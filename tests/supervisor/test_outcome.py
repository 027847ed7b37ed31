from soulguard.model import EffectState
from tests.supervisor.attempts import (
    STRIPE,
    error,
    key_of,
    verdict,
)


def test_a_conflict_in_flight_lets_the_door_wait_and_send_the_same_again(run):
    first = run.begin(STRIPE, b"amount=1")
    told = run.end(first, 409, b'{"code": "idempotency_key_in_use"}', wait=True)
    assert (verdict(told), told.decision.data["seconds"]) == ("wait", 0.25)
    assert key_of(run.begin(STRIPE, b"amount=1")) == key_of(first)


def test_a_mismatch_stops(run):
    run.end(run.begin(STRIPE, b"amount=1"), 400, b'{"type": "idempotency_error"}')
    assert error(run.begin(STRIPE, b"amount=1")) == "in-doubt"
    assert "divergence" in run.events()


def test_already_happened_becomes_done(run):
    url = "https://api.moov.io/accounts/1/transfers"
    run.end(run.begin(url), 409, b"{}")
    assert run.effects()[0].state is EffectState.DONE


def test_an_answer_too_large_to_keep_is_not_made_up(run):
    run.end(run.begin(), body=b"", large=True)
    run.restart()
    answer = run.begin()
    assert error(answer) == "duplicate-call"
    assert "too large to keep" in answer.decision.message
