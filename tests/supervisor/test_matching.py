import pytest

from soulguard.model import EffectState
from soulguard.supervisor import matching
from tests.supervisor.attempts import (
    PLAIN,
    STRIPE,
    error,
    key_of,
    verdict,
)

DRAWN = "7b1c1b1e-8a1f-4c57-9f3e-0d6a3f1c2b3d"
OTHER = "0c3f5e0a-7a6b-4f3b-8d1e-5a4b3c2d1e0f"


def test_a_uuid_that_the_agent_drew_does_not_make_another_call(run):
    run.end(run.begin(body=b'{"ref": "%s"}' % DRAWN.encode(), drawn=[DRAWN]))
    run.restart()
    again = run.begin(body=b'{"ref": "%s"}' % OTHER.encode(), drawn=[OTHER])
    assert verdict(again) == "replay"


def test_a_uuid_that_came_from_outside_makes_another_call(run):
    run.end(run.begin(body=b'{"order": "%s"}' % DRAWN.encode()))
    run.restart()
    again = run.begin(body=b'{"order": "%s"}' % OTHER.encode())
    assert verdict(again) == "allow"
    assert "divergence" in run.events()


def test_a_time_of_now_does_not_make_another_call_and_a_due_date_does(run):
    body = '{"at": "%s", "due": "%s"}'
    run.end(
        run.begin(
            body=(body % ("2023-11-14T22:13:20Z", "2024-01-01T00:00:00Z")).encode()
        )
    )
    run.now += 86400
    run.restart()
    moved = (body % ("2023-11-15T22:13:20Z", "2024-02-01T00:00:00Z")).encode()
    assert verdict(run.begin(body=moved)) == "allow"
    same = (body % ("2023-11-15T22:13:21Z", "2024-01-01T00:00:00Z")).encode()
    assert verdict(run.begin(body=same)) == "replay"


def test_the_difference_of_a_divergence_is_on_record(run):
    run.end(run.begin(body=b'{"to": "acme", "amount": 1}'))
    run.restart()
    run.begin(body=b'{"to": "acme", "amount": 2}')
    events = [e for e in run.ledger.events("run-1") if e.type.value == "divergence"]
    assert [e.data["difference"] for e in events] == [["amount: 1 -> 2"]]


def test_the_real_call_is_answered_though_another_was_taken_for_it(run):
    mine = b'{"id": "%s"}' % DRAWN.encode()
    run.end(run.begin(body=mine, drawn=[DRAWN]), body=b"mine")
    run.restart()
    run.begin(body=b'{"id": "%s"}' % OTHER.encode(), drawn=[OTHER])
    answer = run.begin(body=mine)
    assert (verdict(answer), answer.blobs) == ("replay", (b"mine",))
    assert "divergence" in run.events()


@pytest.mark.parametrize("status", [408, 425, 429])
def test_a_call_that_was_not_processed_is_tried_again_as_the_same_effect(run, status):
    first = run.begin()
    run.end(first, status)
    again = run.begin()
    assert verdict(again) == "allow"
    assert key_of(again) == key_of(first)
    assert len(run.effects()) == 1


def test_a_call_in_doubt_is_sent_again_where_the_key_is_honoured(run):
    first = run.begin(STRIPE, b"amount=1")
    run.fail(first)
    again = run.begin(STRIPE, b"amount=1")
    assert key_of(again) == key_of(first)
    assert again.decision.effect_id == first.decision.effect_id
    assert "effect.resent" in run.events()


def test_a_call_in_doubt_is_held_where_nobody_knows_what_the_key_is_worth(run):
    run.fail(run.begin(PLAIN))
    answer = run.begin(PLAIN)
    assert error(answer) == "in-doubt"
    assert "soulguard resolve run-1" in answer.decision.message
    assert error(run.begin(PLAIN)) == "in-doubt"
    assert len(run.effects()) == 1


def test_two_equal_calls_in_flight_are_two_effects(run):
    one, two = run.begin(), run.begin()
    assert one.decision.effect_id != two.decision.effect_id
    run.end(one, 429)
    assert run.begin().decision.effect_id == one.decision.effect_id


def test_a_rejected_call_is_a_new_effect_in_the_same_attempt(run):
    run.end(run.begin(), 400)
    assert key_of(run.begin()) != run.effects()[0].key
    assert len(run.effects()) == 2


def test_a_late_answer_settles_a_call_that_was_taken_as_lost(run):
    answer = run.begin()
    run.calls.gone(run.peer)
    run.end(answer, body=b"late")
    assert run.effects()[0].state is EffectState.DONE
    run.restart()
    assert run.begin().blobs == (b"late",)


def test_what_was_forgotten_of_equal_calls_is_counted_on_record(run, monkeypatch):
    monkeypatch.setattr(matching, "_ORDINALS_KEPT", 1)
    for number in (1, 2, 1, 2, 2):
        run.end(run.begin(body=b'{"a": %d}' % number))
    assert sorted(effect.ordinal for effect in run.effects()) == [0, 0, 1, 1, 2]
    assert len({(e.fingerprint, e.ordinal) for e in run.effects()}) == 5
