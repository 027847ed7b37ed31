"""One place refuses, in one order, with all four parts; observing refuses nothing."""

import pytest

from soulguard.model import Action, Verdict
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


def test_never_beats_ask_and_a_person_is_not_asked_for_what_is_used_up(run):
    ask = a_rule(Action.ASK, name="ask")
    used_up = a_rule(Action.LIMIT, max=0.0, per="run")
    assert run.do(a_deed(ask, SECRET, content=lambda: [KEY])).verdict is Verdict.DENY
    assert run.do(a_deed(ask, used_up)).verdict is Verdict.DENY
    assert run.events("approval.asked") == []


def test_who_wants_to_be_told_is_told_when_it_happens(run):
    rule = a_rule(Action.NOTIFY)
    assert run.do(a_deed(rule)) is None
    [event] = run.events("notice")
    assert event.target == "bob@x.example"
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
