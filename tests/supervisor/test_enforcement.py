"""One place refuses, in one order, with all four parts; observing refuses nothing."""

from dataclasses import replace

import pytest

from soulguard.model import Action, Verdict, Where
from tests.supervisor.rules import a_deed, a_rule, attempts

DENY, SECRET = a_rule(Action.DENY), a_rule(Action.SECRET)
KEY = b"AKIA" + b"Z" * 16


@pytest.fixture
def run(tmp_path):
    with attempts(tmp_path) as made:
        yield made


def test_a_refusal_says_what_was_tried_the_sentence_the_fact_and_the_way_out(run):
    refused = run.do(a_deed(DENY, error="denied-call", instead="write a letter"))
    assert refused.message == (
        "soulguard refused to mail bob@x.example: it matches `it`. "
        'SOUL.md:7 says: "Mind this". Instead: write a letter.'
    )
    assert refused.data["error"] == "denied-call"
    [event] = run.events("violation.denied")
    assert (event.rule, event.source) == ("rule", "SOUL.md:7")
    assert event.data["observed"] is False


def test_what_no_rule_speaks_of_happens_and_leaves_nothing(run):
    assert run.do(a_deed()) is None
    assert run.events() == []


def test_a_secret_is_named_and_what_cannot_be_searched_is_refused(run):
    found = run.do(a_deed(SECRET, content=lambda: [b"key: ", KEY]))
    assert "it contains an AWS access key id" in found.message
    assert "too large to be searched" in run.do(a_deed(SECRET, content=None)).message
    assert run.do(a_deed(SECRET, content=lambda: [b"nothing"])) is None


def test_a_value_of_another_service_is_not_sent_beside_the_body(tmp_path):
    with attempts(tmp_path, STRIPE_API_KEY="abcd1234efgh") as run:
        refused = run.do(a_deed(SECRET, beside=lambda: "q abcd1234efgh"))
        assert "it contains the value of `STRIPE_API_KEY`" in refused.message
        assert run.do(a_deed(SECRET, beside=lambda: "q stripe")) is None


def test_never_beats_ask_and_a_person_is_not_asked_for_what_is_used_up(run):
    ask = a_rule(Action.ASK, name="ask")
    used_up = a_rule(Action.LIMIT, max=0.0, per="run")
    assert run.do(a_deed(ask, SECRET, content=lambda: [KEY])).verdict is Verdict.DENY
    assert run.do(a_deed(ask, used_up)).verdict is Verdict.DENY
    assert run.events("approval.asked") == []


def test_outside_a_list_the_refusal_names_what_is_on_it(run):
    rule = replace(
        a_rule(Action.DENY, allow_list=True), where=Where(except_hosts=("a.com",))
    )
    assert (
        "Instead: keep to `a.com`, which the rule allows."
        in run.do(a_deed(rule)).message
    )


def test_a_question_has_the_authors_words_for_who_is_asked(run):
    rule = a_rule(Action.ASK, approval="without approval from the owner")
    assert run.do(a_deed(rule)).verdict is Verdict.WAIT
    [event] = run.events("approval.asked")
    assert event.reason == (
        'it matches `it` and needs a person\'s yes ("without approval from the owner")'
    )


def test_a_yes_to_one_limit_is_none_to_another(run):
    asks = a_rule(Action.LIMIT, name="asks", max=0.0, per="run", on_exceed="ask")
    denies = a_rule(Action.LIMIT, name="denies", max=1.0, per="run")
    assert run.do(a_deed(denies)) is None
    assert run.do(a_deed(asks, denies)).verdict is Verdict.DENY
    waits = a_rule(Action.LIMIT, name="waits", max=0.0, per=60.0, gap=5.0)
    assert run.do(a_deed(asks, waits)).verdict is Verdict.DENY
    assert run.events("approval.asked") == []


def test_who_wants_to_be_told_is_told_when_it_happens(run):
    rule = a_rule(Action.NOTIFY)
    assert run.do(a_deed(rule)) is None
    [event] = run.events("notice")
    assert (event.target, event.data["text"]) == ("bob@x.example", "all of it")
    assert run.said == ["notice: the agent is about to mail bob@x.example (SOUL.md:7)"]


@pytest.mark.parametrize("rule", [
    DENY, SECRET, a_rule(Action.ASK), a_rule(Action.LIMIT, max=0.0, per="run"),
    a_rule(Action.LIMIT, max=0.0, per=60.0, on_exceed="wait"),
])  # fmt: skip
def test_observing_refuses_nothing_and_says_what_would_be(tmp_path, rule):
    with attempts(tmp_path, observe=True) as run:
        assert run.do(a_deed(rule, content=lambda: [KEY])) is None
        [event] = run.events("violation.denied")
        assert event.data["observed"] is True


def test_what_comes_at_another_time_is_refused_until_it_may(tmp_path):
    # 1000.0 is 00:16:40 of a Thursday in UTC
    rule = a_rule(Action.REQUIRE, quiet=["thu 00:00-00:30"], zone="UTC")
    with attempts(tmp_path) as run:
        refused = run.do(a_deed(rule))
        assert refused.verdict is Verdict.DENY
        assert refused.reason == (
            "it is Thursday 00:16 (UTC), and that is in `thu 00:00-00:30`"
        )
        assert "Instead: wait until 00:30, when it is allowed again" in refused.message
        ahead = run.rules.ahead(a_deed(rule))
        assert ahead.reason == refused.reason
        run.now = 1800.0
        assert run.do(a_deed(rule)) is None
    (tmp_path / "seen").mkdir()
    with attempts(tmp_path / "seen", observe=True) as run:
        assert run.do(a_deed(rule)) is None
        [denied] = run.events("violation.denied")
        assert denied.data["observed"]


def test_what_lacks_something_is_refused_or_waits_for_a_person(run):
    plain = {"fields": lambda: {"bcc": ["eve@x.example"]}}
    refused = run.do(a_deed(a_rule(Action.REQUIRE, absent=["bcc"]), **plain))
    assert "its `bcc` is `eve@x.example`" in refused.message
    asks = a_rule(Action.REQUIRE, name="ask", absent=["bcc"], unmet="ask")
    waiting = run.do(a_deed(asks, **plain))
    assert waiting.verdict is Verdict.WAIT
    assert run.do(a_deed(asks)) is None


def test_a_list_of_people_is_read_when_a_mail_goes_out(run, tmp_path):
    rule = a_rule(Action.REQUIRE, unlisted=[str(tmp_path / "no.csv")])
    assert "cannot be read" in run.do(a_deed(rule)).message
    (tmp_path / "no.csv").write_text('name,mail\n"Bob","BOB@x.example"\n')
    assert "is in" in run.do(a_deed(rule)).message
    (tmp_path / "no.csv").write_text("name,mail\n")
    assert run.do(a_deed(rule)) is None
