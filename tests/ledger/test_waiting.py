from soulguard.ledger.waiting import approvals, doubts, held_effects, waiting
from soulguard.model import EffectKind, EffectState, EventType, RunStatus
from tests.ledger.samples import an_effect, an_event

ASKED, SETTLED = EventType.APPROVAL_ASKED, EventType.APPROVAL_SETTLED


def ask(ledger, **data):
    return ledger.add_event(
        an_event(ASKED, target="mail to ops@example.com", reason="why", data=data)
    )


def doubt(ledger, state=EffectState.IN_DOUBT, **changes):
    return ledger.add_effect(an_effect(
        "POST pay.example/v1/charges", kind=EffectKind.HTTP_CALL, state=state,
        intent={"method": "POST", "url": "https://pay.example/v1/charges"}, **changes,
    ))  # fmt: skip


def test_what_was_asked_waits_until_it_is_settled_or_runs_out(started):
    first, second, third = ask(started), ask(started, expires=50.0), ask(started)
    started.add_event(an_event(SETTLED, data={"asked": first}))
    assert {w.id for w in approvals(started, "run-1", 49.0)} == {second, third}
    assert [w.id for w in approvals(started, "run-1", 50.0)] == [third]


def test_a_call_that_was_cut_off_waits_once_the_attempt_is_over(started):
    begun = doubt(started, EffectState.BEGUN)
    assert doubts(started, started.run("run-1")) == []
    started.update_run("run-1", status=RunStatus.RESUMABLE)
    [found] = doubts(started, started.run("run-1"))
    assert (found.id, found.target) == (begun, "POST https://pay.example/v1/charges")


def test_of_a_live_run_only_what_was_held_waits(started):
    effect = doubt(started)
    run = started.run("run-1")
    assert doubts(started, run) == []
    started.add_event(an_event(EventType.HELD, effect_id=effect))
    assert [w.id for w in doubts(started, run)] == [effect]
    started.add_event(an_event(EventType.EFFECT_RESOLVED, effect_id=effect))
    assert held_effects(started, "run-1") == set()


def test_all_runs_wait_in_one_line_the_oldest_first(started):
    started.update_run("run-1", status=RunStatus.RESUMABLE)
    asked = ask(started)
    effect = doubt(started, updated_at=1.0)
    found = waiting(started, [started.run("run-1")], 2.0)
    assert [w.name for w in found] == [
        f"doubt run-1 {effect}",
        f"approval run-1 {asked}",
    ]


def test_a_done_call_waits_where_another_request_stood_in_its_place(started):
    effect = doubt(started, EffectState.DONE)
    started.add_event(an_event(EventType.HELD, effect_id=effect))
    assert doubts(started, started.run("run-1")) == []
    started.add_event(an_event(EventType.DIVERGENCE, effect_id=effect))
    [found] = doubts(started, started.run("run-1"))
    assert "another request" in found.reason
