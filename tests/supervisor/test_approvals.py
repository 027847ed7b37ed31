"""A question waits for a person; no answer is no; what was answered is remembered."""

import pytest

from soulguard.model import Action, Verdict
from soulguard.supervisor.settling import answer
from tests.supervisor.rules import a_deed, a_rule, attempts

ASK = a_rule(Action.ASK)


@pytest.fixture
def run(tmp_path):
    with attempts(tmp_path, ACME_KEY="abcd1234") as made:
        yield made


def settle(run, number, *, approve=True, scope="once"):
    answer(run.ledger, number, approve=approve, scope=scope, by="ada", now=run.now)


def asked(run, deed):
    decision = run.do(deed)
    assert decision.verdict is Verdict.WAIT
    return decision.data["approval"]


def test_a_question_is_asked_once_and_says_how_to_answer(run):
    number = asked(run, a_deed(ASK))
    assert asked(run, a_deed(ASK)) == number
    [event] = run.events("approval.asked")
    assert event.id == number == event.data["approval"]
    assert event.data["expires"] == run.now + 60
    assert (event.data["text"], event.data["target"]) == ("all of it", "bob@x.example")
    [line] = run.said
    assert f"soulguard approve {number}" in line
    assert f"soulguard deny {number}" in line
    assert "mail bob@x.example" in line


def test_the_question_shows_no_secrets_and_a_long_one_is_whole_in_a_blob(run):
    text = "key abcd1234 " + "x" * 20_000
    asked(run, a_deed(ASK, shown=lambda: text))
    [event] = run.events("approval.asked")
    assert "abcd1234" not in event.data["text"]
    whole = run.ledger.blob(event.data["whole"]).decode()
    assert whole == text.replace("abcd1234", "[the value of `ACME_KEY`]")


def test_approved_once_is_good_for_one(run):
    settle(run, asked(run, a_deed(ASK)))
    assert run.do(a_deed(ASK)) is None
    assert len(run.events("approval.used")) == 1
    asked(run, a_deed(ASK))


def test_another_content_is_another_question(run):
    settle(run, asked(run, a_deed(ASK)))
    asked(run, a_deed(ASK, shown=lambda: "something else"))


def test_an_approval_that_was_not_used_outlives_the_attempt(run):
    settle(run, asked(run, a_deed(ASK)))
    run.restart()
    assert run.do(a_deed(ASK)) is None
    run.restart()
    asked(run, a_deed(ASK))


@pytest.mark.parametrize("approve", [True, False])
def test_for_the_run_holds_for_the_like_in_it(run, approve):
    settle(run, asked(run, a_deed(ASK)), approve=approve, scope="run")
    for _ in range(2):
        decision = run.do(a_deed(ASK, shown=lambda: "else"))
        assert (decision is None) == approve
        run.restart()
    asked(run, a_deed(ASK, target="eve@x.example"))
    run.begin("run-2")
    asked(run, a_deed(ASK))


def test_always_holds_in_other_runs_of_the_folder(run):
    settle(run, asked(run, a_deed(ASK)), scope="always")
    assert run.do(a_deed(ASK)) is None
    run.begin("run-2")
    assert run.do(a_deed(ASK)) is None
    asked(run, a_deed(a_rule(Action.ASK, name="another rule")))


def test_no_answer_is_no_until_the_next_attempt(run):
    asked(run, a_deed(ASK))
    run.now += 60
    refused = run.do(a_deed(ASK))
    assert refused.verdict is Verdict.DENY
    assert "nobody answered in time" in refused.message
    assert run.do(a_deed(ASK)).verdict is Verdict.DENY
    [event] = run.events("approval.settled")
    assert (event.data["answer"], event.data["by"]) == ("deny", "nobody")
    run.restart()
    asked(run, a_deed(ASK))


def test_a_no_names_who_said_it_and_is_not_asked_again(run):
    settle(run, asked(run, a_deed(ASK)), approve=False)
    for _ in range(2):
        assert "ada said no" in run.do(a_deed(ASK)).message
    assert len(run.events("approval.asked")) == 1


def test_a_rule_may_have_a_patience_of_its_own(run):
    asked(run, a_deed(a_rule(Action.ASK, timeout=5)))
    [event] = run.events("approval.asked")
    assert event.data["expires"] == run.now + 5


def test_a_limit_may_ask_for_more(run):
    rule = a_rule(Action.LIMIT, max=1.0, per="run", on_exceed="ask")
    assert run.do(a_deed(rule)) is None
    settle(run, asked(run, a_deed(rule)))
    assert run.do(a_deed(rule)) is None
    asked(run, a_deed(rule))


def test_what_an_effect_is_known_by_decides_where_what_is_shown_differs(run):
    def mail(said, is_):
        return a_deed(ASK, shown=lambda: said, identity=lambda: is_)

    settle(run, asked(run, mail("Date: Monday", "the mail")))
    run.restart()
    assert run.do(mail("Date: Tuesday", "the mail")) is None
    asked(run, mail("Date: Tuesday", "another mail"))


def test_who_looks_on_at_a_restart_is_asked_too_and_no_longer_than_that_may_wait(run):
    number = asked(run, a_deed(ASK))
    run.now += 20
    run.restart()
    asked(run, a_deed(ASK))
    asked(run, a_deed(ASK))
    [_, again] = run.said
    assert f"soulguard approve {number}" in again
    assert again.endswith("no answer in 40 seconds is no")
    run.patience = 0
    run.restart()
    decision = run.do(a_deed(ASK))
    assert decision.verdict is Verdict.DENY
    assert "nobody answered" in decision.reason


def test_a_question_that_could_not_be_recorded_is_put_again(run):
    deed = a_deed(ASK)
    assert run.rules.hold(deed).verdict is Verdict.WAIT
    run.session.roll_back()
    settle(run, asked(run, deed))
    assert run.do(deed) is None


def test_what_is_large_is_asked_about_less_often(run):
    waits = [run.do(a_deed(ASK, size=s)).data["seconds"] for s in (10, 8_000_000)]
    assert waits == pytest.approx([0.2, 2.2], abs=1e-3)


def test_a_question_of_an_earlier_attempt_may_still_be_answered(run):
    number = asked(run, a_deed(ASK))
    run.restart()
    assert asked(run, a_deed(ASK)) == number
    settle(run, number)
    assert run.do(a_deed(ASK)) is None
