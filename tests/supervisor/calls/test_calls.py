import json

import pytest

from soulguard.model import Action, EffectState, OnDuplicate, Where
from tests.supervisor.calls.attempts import (
    JSON,
    MODEL,
    PLAIN,
    STRIPE,
    error,
    key_of,
    rule,
    verdict,
)

ONCE = rule(Action.ONCE, name="once", text="Pay once.")
DRAWN = "7b1c1b1e-8a1f-4c57-9f3e-0d6a3f1c2b3d"
OTHER = "0c3f5e0a-7a6b-4f3b-8d1e-5a4b3c2d1e0f"


def test_an_intent_is_on_record_before_the_call_may_go_out(run):
    answer = run.begin()
    assert verdict(answer) == "allow"
    (effect,) = run.effects()
    assert effect.id == answer.decision.effect_id
    assert effect.state is EffectState.BEGUN
    assert effect.key == key_of(answer) != ""
    assert run.ledger.blob(effect.request) == b'{"a": 1}'


def test_a_key_is_a_lower_case_uuid4_and_differs_by_ordinal(run):
    keys = [key_of(run.begin()) for _ in range(3)]
    assert len(set(keys)) == 3
    assert all(len(k) == 36 and k[14] == "4" and k == k.lower() for k in keys)


def test_a_done_call_is_answered_from_the_record_after_a_restart(run):
    run.end(
        run.begin(),
        201,
        b'{"id": 7}',
        [["X-A", "1"], ["Set-Cookie", "s=1"]],
        chunks=[4, 5],
    )
    run.restart()
    answer = run.begin()
    assert verdict(answer) == "replay"
    assert answer.blobs == (b'{"id": 7}',)
    data = answer.decision.data
    assert (data["status"], data["headers"], data["chunks"]) == (
        201,
        [["X-A", "1"]],
        [4, 5],
    )


def test_the_replays_follow_the_order_of_equal_calls(run):
    for number in range(3):
        run.end(run.begin(), body=b"%d" % number)
    run.restart()
    assert [run.begin().blobs[0] for _ in range(3)] == [b"0", b"1", b"2"]
    assert verdict(run.begin()) == "allow"


def test_order_between_different_calls_does_not_matter(run):
    for letter in "abc":
        run.end(run.begin(body=b'{"x": "%s"}' % letter.encode()), body=letter.encode())
    run.restart()
    for letter in "cab":
        answer = run.begin(body=b'{"x": "%s"}' % letter.encode())
        assert answer.blobs[0] == letter.encode()
    assert "divergence" not in run.events()


# -- retries in one attempt --------------------------------------------------------------


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


# -- restarts ---------------------------------------------------------------------------


def test_a_begun_call_is_sent_again_with_the_same_key_after_a_crash(run):
    first = run.begin(STRIPE, b"amount=1")
    run.restart()
    again = run.begin(STRIPE, b"amount=1")
    assert key_of(again) == key_of(first)
    assert len(run.effects()) == 1


def test_a_key_that_the_sdk_drew_is_replaced_by_the_journaled_one(run):
    first, second = (("Idempotency-Key", DRAWN),), (("Idempotency-Key", OTHER),)
    assert key_of(run.begin(STRIPE, b"amount=1", first)) == ""
    run.restart()
    assert key_of(run.begin(STRIPE, b"amount=1", second)) == DRAWN


def test_the_window_of_a_key_closes(run):
    run.begin(STRIPE, b"amount=1")
    run.now += 24 * 3600
    run.restart()
    assert error(run.begin(STRIPE, b"amount=1")) == "in-doubt"


def test_model_inference_is_sent_again(run):
    run.begin(MODEL)
    run.now += 30 * 24 * 3600
    run.restart()
    assert verdict(run.begin(MODEL)) == "allow"
    assert "effect.resent" in run.events()


def test_a_resend_rule_declares_a_repetition_harmless(run_with):
    run = run_with(rule(Action.RESEND, where=Where(hosts=("api.example.com",))))
    run.begin()
    run.restart()
    assert verdict(run.begin()) == "allow"


def test_put_is_idempotent_by_its_definition_and_patch_is_not(run):
    run.begin(method="PUT")
    run.begin(method="PATCH")
    run.restart()
    assert verdict(run.begin(method="PUT")) == "allow"
    assert error(run.begin(method="PATCH")) == "in-doubt"


def test_a_rejected_call_is_performed_after_a_restart_under_a_new_key(run):
    first = run.begin(STRIPE, b"amount=1")
    run.end(first, 402)
    run.restart()
    again = run.begin(STRIPE, b"amount=1")
    assert verdict(again) == "allow"
    assert key_of(again) != key_of(first)
    assert [e.id for e in run.effects()] == [first.decision.effect_id]
    run.restart()
    assert key_of(run.begin(STRIPE, b"amount=1")) == key_of(again)


def test_the_journaled_bytes_are_sent_where_the_body_differs_in_volatile_values(run):
    old = json.dumps({"amount": 1, "nonce": DRAWN}).encode()
    new = json.dumps({"amount": 1, "nonce": OTHER}).encode()
    run.begin(STRIPE, old, JSON)
    run.restart()
    answer = run.begin(STRIPE, new, JSON)
    assert verdict(answer) == "allow"
    assert answer.blobs == (old,)


def test_a_replay_marker_teaches_that_a_key_is_honoured(run):
    first = run.begin()
    run.end(first, 429)
    run.end(run.begin(), 200, b"{}", [["Idempotent-Replayed", "true"]])
    assert run.effects()[0].protection == "key honoured"
    assert run.effects()[0].result["replayed"] is True


# -- identity ---------------------------------------------------------------------------


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


# -- once, names, rules -----------------------------------------------------------------


def test_once_refuses_a_second_equal_call_and_quotes_the_line(run_with):
    run = run_with(ONCE)
    run.end(run.begin())
    answer = run.begin()
    assert error(answer) == "duplicate-call"
    assert 'SOUL.md:7 says: "Pay once"' in answer.decision.message
    assert "violation.duplicate" in run.events()


def test_once_holds_over_a_restart(run_with):
    run = run_with(ONCE)
    run.end(run.begin(), body=b"first")
    run.restart()
    assert run.begin().blobs == (b"first",)
    assert error(run.begin()) == "duplicate-call"


def test_once_may_answer_a_duplicate_from_the_record(run_with):
    run = run_with(rule(Action.ONCE, on_duplicate=OnDuplicate.SKIP))
    run.end(run.begin(), body=b"first")
    assert run.begin().blobs == (b"first",)


def test_once_lets_an_equal_call_wait_for_the_one_in_flight(run_with):
    run = run_with(ONCE)
    first = run.begin()
    assert verdict(run.begin()) == "wait"
    run.end(first)
    assert error(run.begin()) == "duplicate-call"


def test_once_allows_another_try_after_a_rejection(run_with):
    run = run_with(ONCE)
    run.end(run.begin(), 400)
    assert verdict(run.begin()) == "allow"


def test_a_name_makes_a_legitimate_second_one(run_with):
    run = run_with(ONCE)
    run.end(run.begin(), body=b"1")
    run.end(run.begin(name="second"), body=b"2")
    run.restart()
    assert run.begin(name="second").blobs == (b"2",)
    assert run.begin().blobs == (b"1",)


def test_a_diverging_once_call_waits_for_a_person(run_with):
    run = run_with(ONCE)
    run.end(run.begin(body=b'{"amount": 1}'))
    run.restart()
    answer = run.begin(body=b'{"amount": 2}')
    assert error(answer) == "in-doubt"
    assert "amount: 1 -> 2" in answer.decision.message


def test_a_denied_call_leaves_no_effect(run_with):
    run = run_with(rule(Action.DENY, text="Never call example."))
    answer = run.begin()
    assert error(answer) == "denied-call"
    assert "Never call example" in answer.decision.message
    assert run.effects() == []


def test_observing_changes_nothing_and_says_what_would_have_been_done(run_with):
    run = run_with(rule(Action.DENY), observe=True)
    first = run.begin()
    assert (verdict(first), key_of(first)) == ("allow", "")
    run.end(first)
    run.restart()
    again = run.begin()
    assert verdict(again) == "allow"
    assert run.events().count("violation.denied") == 2
    assert "effect.passed" in run.events()


# -- replies ----------------------------------------------------------------------------


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


# -- secrets ----------------------------------------------------------------------------

SECRETS = ("sk_live_51Habcdef", "cookie-0123456789", "pass-word-99", "query-secret-1")


def test_no_secret_that_was_sent_reaches_the_ledger(run, tmp_path):
    headers = (
        *JSON, ("Authorization", f"Bearer {SECRETS[0]}"), ("Cookie", f"a={SECRETS[1]}")
    )  # fmt: skip
    body = json.dumps({"password": SECRETS[2], "note": f"use {SECRETS[0]}"}).encode()
    url = f"{PLAIN}?api_key={SECRETS[3]}&page=2"
    run.end(run.begin(url, body, headers), headers=[["Set-Cookie", SECRETS[1]]])
    run.fail(run.begin(url, body, headers))
    run.begin(url, body, headers)
    run.ledger.commit(durable=True)
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert [s for s in SECRETS if s.encode() in kept] == []
    assert b"page=2" in kept


def test_a_body_with_a_secret_is_sent_again_only_as_the_agent_wrote_it(run):
    def body(nonce):
        return json.dumps({"password": "pass-word-99", "nonce": nonce}).encode()

    run.begin(STRIPE, body(DRAWN), JSON)
    run.restart()
    assert verdict(run.begin(STRIPE, body(DRAWN), JSON)) == "allow"
    run.restart()
    assert error(run.begin(STRIPE, body(OTHER), JSON)) == "in-doubt"


def test_an_exchange_of_credentials_is_neither_kept_nor_replayed(run):
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    url = "https://auth.example.com/oauth/token"
    answer = run.begin(url, b"grant_type=client_credentials&client_secret=s3cr3t", form)
    assert (verdict(answer), answer.decision.effect_id) == ("allow", 0)
    assert run.effects() == []
    assert "effect.passed" in run.events()


def test_a_signed_request_is_never_touched(run):
    signed = (*JSON, ("Authorization", "AWS4-HMAC-SHA256 Credential=x"))
    assert key_of(run.begin(headers=signed)) == ""
    assert run.effects()[0].protection == "none"
