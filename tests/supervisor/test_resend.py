import base64
import json

import pytest

from soulguard.model import Action, Where
from tests.supervisor.attempts import (
    JSON,
    MODEL,
    PLAIN,
    STRIPE,
    error,
    key_of,
    rule,
    verdict,
)

DRAWN = "7b1c1b1e-8a1f-4c57-9f3e-0d6a3f1c2b3d"
OTHER = "0c3f5e0a-7a6b-4f3b-8d1e-5a4b3c2d1e0f"


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
    run.begin(PLAIN + "/1", method="PATCH")
    run.restart()
    assert verdict(run.begin(method="PUT")) == "allow"
    assert error(run.begin(PLAIN + "/1", method="PATCH")) == "in-doubt"


@pytest.mark.parametrize(
    ("method", "url", "ends", "error_of"),
    [
        ("PUT", PLAIN, True, "in-doubt"),
        ("POST", PLAIN, True, "in-doubt"),
        ("POST", PLAIN, False, "in-doubt"),
        ("PUT", PLAIN, False, None),  # it is sent again as well, and later
        ("PUT", PLAIN + "?part=2", True, None),
    ],
)
def test_a_put_is_not_repeated_over_a_later_call_to_its_url(
    run, method, url, ends, error_of
):
    run.begin(method="PUT", body=b'{"v": 1}')
    later = run.begin(url, method=method, body=b'{"v": 2}')
    if ends:
        run.end(later)
    run.restart()
    again = run.begin(method="PUT", body=b'{"v": 1}')
    assert error(again) == error_of
    if error_of:
        assert "a later call to the same URL" in again.decision.message


def test_a_put_is_retried_over_a_later_call_by_the_attempt_that_made_it(run):
    run.fail(run.begin(method="PUT", body=b'{"v": 1}'))
    run.end(run.begin(method="PUT", body=b'{"v": 2}'))
    assert verdict(run.begin(method="PUT", body=b'{"v": 1}')) == "allow"


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


def payment(identifier, nonce):
    value = {
        "payload": {"nonce": nonce},
        "extensions": {"payment-identifier": {"info": {"id": identifier}}},
    }
    text = base64.b64encode(json.dumps(value).encode()).decode()
    return (*JSON, ("X-PAYMENT", text))


def test_a_payment_identifier_is_repeated_like_a_key(run):
    run.begin(headers=payment("pay_1", "n1"))
    assert run.effects()[0].key == "pay_1"
    assert run.effects()[0].protection == "key honoured"
    run.restart()
    answer = run.begin(headers=payment("pay_2", "n2"))
    ((name, value),) = answer.decision.data["headers"]
    sent = json.loads(base64.b64decode(value))
    assert name == "X-PAYMENT"
    assert sent["extensions"]["payment-identifier"]["info"]["id"] == "pay_1"
    assert sent["payload"]["nonce"] == "n2"


@pytest.mark.parametrize(
    ("method", "answered", "what"),
    [("PUT", True, "replay"), ("PUT", False, "allow"), ("POST", True, "allow")],
)
def test_a_put_that_was_turned_away_is_not_made_over_a_later_one(
    run, method, answered, what
):
    first = run.begin(method=method, body=b'{"v": 1}')
    if answered:
        run.end(first, 429)
    else:
        run.fail(first, sent=False)
    run.end(run.begin(method=method, body=b'{"v": 2}'))
    run.restart()
    again = run.begin(method=method, body=b'{"v": 1}')
    assert verdict(again) == what
    if what == "replay":
        assert again.decision.data["status"] == 429
