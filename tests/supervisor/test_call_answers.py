"""What a person said of a call in doubt holds, in this attempt and in the next."""

import pytest

from soulguard.model import Action, EffectState
from soulguard.supervisor.settling import resolve
from tests.supervisor.attempts import MODEL, PLAIN, STRIPE, error, key_of, rule, verdict


def say(run, effect, *, happened):
    resolve(run.ledger, "run-1", effect, happened=happened, by="Ann", now=run.now)


@pytest.fixture
def held(run):
    """Give a run with one call in doubt that the agent was refused, and its id."""
    run.fail(run.begin())
    assert error(run.begin()) == "in-doubt"
    return run, run.effects()[0].id


def test_what_happened_is_answered_from_now_on(held):
    run, effect = held
    say(run, effect, happened=True)
    for _ in range(2):
        answer = run.begin()
        assert (verdict(answer), answer.blobs) == ("replay", (b"{}",))
        headers = dict(answer.decision.data["headers"])
        assert headers["Soulguard-Resolved"] == "happened"
        run.restart()


def test_what_did_not_happen_is_performed_under_the_same_key(held):
    run, effect = held
    key = run.effects()[0].key
    say(run, effect, happened=False)
    answer = run.begin()
    assert (verdict(answer), key_of(answer)) == ("allow", key)
    run.end(answer)
    assert [e.state for e in run.effects()] == [EffectState.DONE]


def test_what_did_not_happen_is_performed_by_the_next_attempt(held):
    run, effect = held
    say(run, effect, happened=False)
    run.restart()
    assert verdict(run.begin()) == "allow"


def test_a_diverging_once_call_is_freed_by_settling_the_earlier_one(run_with):
    run = run_with(rule(Action.ONCE))
    run.end(run.begin(STRIPE, b'{"amount": 1}'))
    run.restart()
    assert error(run.begin(STRIPE, b'{"amount": 2}')) == "in-doubt"
    say(run, run.effects()[0].id, happened=True)
    run.restart()
    assert verdict(run.begin(STRIPE, b'{"amount": 2}')) == "allow"


def test_a_replayed_inference_says_what_it_saved(run):
    used = b'{"model": "gpt-4o", "usage": {"prompt_tokens": 1000, "completion_tokens": 100}}'
    run.end(run.begin(MODEL), body=used)
    run.restart()
    assert run.begin(MODEL).blobs == (used,)
    (event,) = run.ledger.events("run-1", types=["effect.replayed"])
    assert event.data["saved"] == {"tokens": 1100, "usd": 0.0035}
    assert run.session.counts["saved:tokens"] == 1100


def test_a_mail_in_doubt_is_looked_up_at_the_mail_server(run):
    mail = ("mailto:ann@x.example", b"Subject: Hello\r\n\r\nHello\r\n", (), "MAIL")
    run.fail(run.begin(*mail))
    assert "look it up at the mail server" in run.begin(*mail).decision.message


def test_a_call_in_doubt_says_when_it_was_sent_and_with_which_key(run):
    run.fail(run.begin(PLAIN, b"{}"))
    said = run.begin(PLAIN, b"{}").decision.message
    (effect,) = run.effects()
    assert f" with key `{effect.key}`)" in said
    assert "look it up at api.example.com (sent 20" in said
