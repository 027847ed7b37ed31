import pytest

from soulguard.model import Action, EffectState, OnDuplicate
from soulguard.supervisor.settling import resolve
from tests.supervisor.attempts import (
    MODEL,
    PLAIN,
    STRIPE,
    Attempts,
    error,
    key_of,
    rule,
    verdict,
)

ONCE = rule(Action.ONCE, name="once", text="Pay once.")


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


def test_a_budget_is_spent_by_what_the_answer_says_it_used(run_with):
    budget = rule(Action.LIMIT, name="budget", params={"max": 6.0, "unit": "usd"})
    run = run_with(budget)
    said = b'{"model": "gpt-4o", "usage": {"prompt_tokens": 1000000}}'
    for _ in range(3):  # 2.50 dollars each
        run.end(run.begin(), body=said)
    assert verdict(run.begin()) == "deny"


def test_an_agent_that_passes_over_what_is_done_goes_on_with_the_next(run_with):
    run = run_with(ONCE)
    run.end(run.begin(body=b'{"order_id": 1, "amount": 1}'))
    run.restart()
    assert verdict(run.begin(body=b'{"order_id": 2, "amount": 1}')) == "allow"
    assert "divergence" in run.events()


def test_a_diverging_once_call_waits_however_often_it_is_asked_for(run_with):
    run = run_with(ONCE)
    run.end(run.begin(body=b'{"amount": 1}'))
    run.restart()
    answers = [error(run.begin(body=b'{"amount": 2}')) for _ in range(3)]
    assert answers == ["in-doubt"] * 3


def test_a_once_call_whose_end_is_on_no_record_is_held(run_with):
    run = run_with(ONCE)
    begun = run.begin()
    run.calls._outcomes._flying.clear()
    assert begun.decision.effect_id
    assert error(run.begin()) == "in-doubt"


def test_trading_credentials_is_asked_about_and_counted_as_any_call(run_with):
    run = run_with(rule(Action.LIMIT, params={"max": 1.0, "unit": "calls"}))
    token = {"url": "https://auth.example/token", "body": b'{"grant_type": "refresh"}'}
    assert verdict(run.begin(**token)) == "allow"
    assert run.effects() == []
    assert error(run.begin(**token)) == "denied-call"


@pytest.mark.parametrize(
    ("url", "more", "what"),
    [
        (MODEL, {"early": True, "broken": True}, "allow"),
        (MODEL, {"early": True}, "replay"),
        (PLAIN, {"early": True, "broken": True}, "replay"),
    ],
)
def test_an_answer_cut_off_by_an_error_is_had_again_where_that_is_harmless(
    run, url, more, what
):
    run.end(run.begin(url), **more)
    run.restart()
    assert verdict(run.begin(url)) == what


ONE = rule(Action.LIMIT, name="one", params={"max": 1.0, "unit": "calls"})


@pytest.mark.parametrize("url", [STRIPE, PLAIN])
def test_a_call_in_doubt_is_not_stopped_by_its_own_count(tmp_path, url):
    run = Attempts(tmp_path, ONE)
    run.begin(url)
    run.restart()
    again = run.begin(url)
    assert verdict(again) == ("allow" if url == STRIPE else "deny")
    if url == PLAIN:
        assert error(again) == "in-doubt"
        effect = run.effects()[0].id
        resolve(run.ledger, "run-1", effect, happened=False, by="ada", now=run.now)
        run.restart()
        assert verdict(run.begin(url)) == "allow"
    other = run.begin(url, b'{"another": 1}')
    assert "there was 1 call already" in other.decision.reason
    run.close()


@pytest.mark.parametrize("sent", [True, False])
def test_a_call_of_which_nothing_left_is_none(tmp_path, sent):
    run = Attempts(tmp_path, ONE)
    run.fail(run.begin(), sent=sent)
    again = run.begin(PLAIN, b'{"another": 1}')
    assert verdict(again) == ("deny" if sent else "allow")
    run.close()
