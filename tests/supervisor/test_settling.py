import os
from contextlib import closing

import pytest

from soulguard.errors import LeaseHeldError, UsageError
from soulguard.ledger import open_ledger
from soulguard.ledger.waiting import waiting
from soulguard.model import EffectKind, EffectState, EventType, RunStatus
from soulguard.supervisor.lease import owner_of
from soulguard.supervisor.settling import alike, answer, resolve, resolve_all
from tests.ledger.samples import an_effect, an_event, start

DOUBT, BEGUN, DONE = EffectState.IN_DOUBT, EffectState.BEGUN, EffectState.DONE


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".soulguard" / "ledger.db"


@pytest.fixture
def ledger(path):
    opened = open_ledger(path)
    start(opened)
    opened.end_attempt("run-1", 1, at=2.0, exit_status=-9)
    opened.update_run("run-1", status=RunStatus.RESUMABLE)
    opened.commit(durable=False)
    yield opened
    opened.close()


def add(ledger, state=DOUBT, **changes):
    effect = ledger.add_effect(an_effect(
        "POST pay.example/", kind=EffectKind.HTTP_CALL, state=state,
        intent={"method": "POST", "url": "https://pay.example/"}, **changes,
    ))  # fmt: skip
    ledger.commit(durable=False)
    return effect


def settle(ledger, effect, *, happened=True, run="run-1", said=None):
    return resolve(ledger, run, effect, happened=happened, by="ada", now=9.0, said=said)


def test_equal_ones_are_settled_together_or_not_at_all(ledger):
    equal = [add(ledger), add(ledger, BEGUN, ordinal=1), add(ledger, ordinal=2)]
    other = add(ledger, fingerprint="other")
    done = add(ledger, DONE, ordinal=3)
    assert sorted(alike(ledger, "run-1", equal[1])) == equal
    with pytest.raises(UsageError, match=f"effect {done} is not in doubt"):
        resolve_all(ledger, "run-1", [*equal, done], happened=True, by="ada", now=9.0)
    assert ledger.effect(equal[0]).state is DOUBT
    settled = resolve_all(ledger, "run-1", equal, happened=False, by="ada", now=9.0)
    assert {effect.state for effect in settled} == {EffectState.FAILED}
    assert len(list(ledger.events("run-1", types=["effect.resolved"]))) == 3
    assert ledger.effect(other).state is DOUBT


def live(ledger):
    ledger.attempts("run-1")
    ledger.claim("run-1", owner_of(os.getpid()), 3.0)
    ledger.commit(durable=False)


@pytest.mark.parametrize("state", [DOUBT, BEGUN])
def test_what_happened_is_done_and_its_useless_answer_forgotten(ledger, state):
    effect = add(ledger, state, result={"status": 500}, response="ab" * 32)
    settled = settle(ledger, effect)
    assert (settled.state, settled.response) == (DONE, "")
    assert settled.result["resolved"] == "happened"
    assert "status" not in settled.result
    [event] = ledger.events("run-1", types=["effect.resolved"])
    assert (event.effect_id, event.data["by"], event.at) == (effect, "ada", 9.0)
    assert waiting(ledger, ledger.runs(), 10.0) == []
    assert ledger.verify().intact


@pytest.mark.parametrize("late", [False, True])
def test_what_it_answered_is_kept_at_once_or_later(ledger, late):
    effect = add(ledger, result={"status": 500}, response="ab" * 32)
    if late:
        settle(ledger, effect)
    settled = settle(ledger, effect, said=b'{"ticket": 7}')
    assert ledger.blob(settled.response) == b'{"ticket": 7}'
    assert (settled.state, settled.result["status"]) == (DONE, 200)
    assert ["Content-Type", "application/json"] in settled.result["headers"]
    *_, event = ledger.events("run-1", types=["effect.resolved"])
    assert event.reason == "ada says it happened and what it answered"
    assert event.data["response"] == settled.response


@pytest.mark.parametrize(
    ("kind", "said"),
    [(EffectKind.MAIL_SEND, "reads no answer"), (EffectKind.CUSTOM, "be JSON")],
)
def test_an_answer_is_of_the_effect_s_own_kind(ledger, kind, said):
    effect = ledger.add_effect(an_effect("it", kind=kind, state=DOUBT))
    ledger.commit(durable=False)
    with pytest.raises(UsageError, match=said):
        settle(ledger, effect, said=b"no json")
    assert ledger.effect(effect).state is DOUBT


def test_an_answer_too_large_to_keep_may_be_given(ledger):
    effect = add(ledger, DONE, result={"status": 200, "large": True})
    settled = settle(ledger, effect, said=b"short")
    assert (settled.result["status"], "large" in settled.result) == (200, False)
    assert ledger.blob(settled.response) == b"short"


def test_an_answer_that_came_stays_as_it_is(ledger):
    effect = add(ledger, DONE, result={"status": 201}, response="ab" * 32)
    with pytest.raises(UsageError, match="on record as done"):
        settle(ledger, effect, said=b"{}")


def test_what_did_not_happen_is_free_to_be_performed(ledger):
    settled = settle(ledger, add(ledger), happened=False)
    assert settled.state is EffectState.FAILED
    assert settled.result["resolved"] == "did-not"


def test_a_live_run_settles_its_own_doubts(ledger):
    effect = add(ledger)
    live(ledger)
    with pytest.raises(UsageError, match="is live"):
        settle(ledger, effect)
    assert not ledger._db.writing


def test_what_a_live_run_was_refused_for_is_settled_under_its_attempt(ledger, path):
    effect = add(ledger)
    live(ledger)
    ledger.add_event(an_event(EventType.HELD, attempt=2, effect_id=effect))
    ledger.commit(durable=False)
    with closing(open_ledger(path)) as other:
        settle(other, effect)
        [event] = other.events("run-1", types=["effect.resolved"])
    assert event.attempt == 2
    ledger.update_effect(effect, seen=2)  # the live attempt writes on


def test_a_changed_request_is_released_by_confirming_the_recorded_one(ledger):
    effect = add(ledger, DONE, result={"status": 200})
    with pytest.raises(UsageError, match="not in doubt"):
        settle(ledger, effect)
    ledger.add_event(an_event(EventType.HELD, effect_id=effect))
    ledger.commit(durable=False)
    with pytest.raises(UsageError, match="not in doubt"):
        settle(ledger, effect, happened=False)
    assert settle(ledger, effect).result == {
        "status": 200, "resolved": "happened", "by": "ada"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("run", "effect", "said"),
    [("nobody", 1, "no run named"), ("run-1", 99, "has no effect 99")],
)
def test_what_does_not_exist_is_said(ledger, run, effect, said):
    with pytest.raises(UsageError, match=said):
        settle(ledger, effect, run=run)


def ask(ledger, **data):
    asked = ledger.add_event(an_event(
        EventType.APPROVAL_ASKED, target="mail", rule="ask", source="SOUL.md:7",
        data=data,
    ))  # fmt: skip
    ledger.commit(durable=False)
    return asked


def say(ledger, asked, *, approve=True, scope="once"):
    return answer(ledger, asked, approve=approve, scope=scope, by="ada", now=9.0)


@pytest.mark.parametrize(("approve", "word"), [(True, "approve"), (False, "deny")])
def test_an_answer_is_an_event_that_names_question_scope_and_person(
    ledger, approve, word
):
    asked = ask(ledger)
    say(ledger, asked, approve=approve, scope="run")
    [event] = ledger.events("run-1", types=["approval.settled"])
    assert {k: event.data[k] for k in ("asked", "answer", "scope", "by")} == {
        "asked": asked, "answer": word, "scope": "run", "by": "ada"
    }  # fmt: skip
    assert (event.target, event.rule, event.source) == ("mail", "ask", "SOUL.md:7")


def test_nothing_is_answered_twice_too_late_or_unasked(ledger):
    asked = ask(ledger)
    say(ledger, asked)
    late = ask(ledger, expires=8.0)
    for question, said in ((asked, "was answered"), (late, "ran out"), (99, "nothing")):
        with pytest.raises(UsageError, match=said):
            say(ledger, question)
    with pytest.raises(UsageError, match="no scope named"):
        say(ledger, asked, scope="forever")


def test_an_older_attempt_stays_fenced_off(ledger, path):
    effect = add(ledger)
    with closing(open_ledger(path)) as other:
        other.attempts("run-1")
        other.claim("run-1", owner_of(os.getpid()), 3.0)
        other.commit(durable=False)
    with pytest.raises(LeaseHeldError):
        ledger.update_effect(effect, seen=1)
