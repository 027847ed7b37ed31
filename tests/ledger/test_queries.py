from dataclasses import replace

import pytest

from soulguard.errors import UsageError
from soulguard.ledger import open_ledger, queries
from soulguard.ledger.queries import Savings, Tail, find_run
from soulguard.model import EffectKind, EffectState, EventType, RunStatus
from tests.ledger.samples import a_run, an_effect, an_event

CALL = EffectKind.HTTP_CALL


def add(ledger, slot, kind, state):
    return ledger.add_effect(an_effect(slot, kind=kind, state=state))


@pytest.fixture
def told(started):
    """Give a ledger with one effect or event of every sort people ask for."""
    add(started, "a", EffectKind.FILE_WRITE, EffectState.DONE)
    add(started, "b", EffectKind.FILE_APPEND, EffectState.DONE)
    add(started, "c", EffectKind.FILE_WRITE, EffectState.BEGUN)
    add(started, "d", CALL, EffectState.BEGUN)
    add(started, "e", CALL, EffectState.IN_DOUBT)
    add(started, "f", CALL, EffectState.FAILED)
    add(started, "g", CALL, EffectState.DONE)
    for type_ in EventType:
        started.add_event(an_event(type_, target=type_.value))
    started.commit(durable=False)
    return started


def test_a_summary_counts_every_sort_apart(told):
    found = queries.summary(told, told.run("run-1"))
    assert (found.written, found.appended, found.called, found.failed) == (1, 1, 1, 1)
    assert (found.skipped, found.replayed, found.resent) == (1, 1, 1)
    assert (found.diverged, found.drifted, found.around, found.unguarded) == (
        1,
        1,
        1,
        1,
    )
    assert found.blocked == 4
    assert found.effects == {"file.append": 1, "file.write": 2, "http.call": 4}
    add(told, "h", EffectKind.CUSTOM, EffectState.DONE)
    assert queries.summary(told, told.run("run-1")).explicit == 1


def test_what_a_dead_attempt_began_is_in_doubt_unless_recovery_settles_it(told):
    live = told.run("run-1")
    over = replace(live, status=RunStatus.RESUMABLE)
    assert [e.slot for e in queries.in_doubt(told, live)] == ["e"]
    assert [e.slot for e in queries.in_doubt(told, over)] == ["d", "e"]
    assert queries.summary(told, live).in_doubt == 1
    assert queries.summary(told, over).in_doubt == 2


def test_an_untouched_run_has_an_empty_summary(ledger):
    ledger.add_run(a_run())
    assert queries.summary(ledger, a_run()) == queries.Summary("run-1")


@pytest.mark.parametrize("heading", queries.TOLD)
def test_every_heading_gives_its_events_oldest_first(told, heading):
    told.add_event(an_event(queries.TOLD[heading][0], target="newest"))
    found = queries.told(told, "run-1", heading)
    assert [e.id for e in found] == sorted(e.id for e in found)
    assert {e.type for e in found} == set(queries.TOLD[heading])
    assert queries.told(told, "run-1", heading, 1) == found[-1:]


def test_every_violation_stands_under_a_heading():
    under = {type_ for types in queries.TOLD.values() for type_ in types}
    assert set(queries.VIOLATIONS) <= under
    assert len(queries.VIOLATIONS) == 5


def test_savings_are_what_the_replayed_effects_say(started):
    for saved in ({"tokens": 5, "usd": 0.5}, {"tokens": 2}, None, {}):
        data = {} if saved is None else {"saved": saved}
        started.add_event(an_event(EventType.EFFECT_REPLAYED, data=data))
    assert queries.savings(started, "run-1") == Savings(7, 0.5)


def test_a_run_is_found_by_the_beginning_of_its_id(ledger):
    for run_id in ("abc-1", "abc-2", "abd-3", "abc"):
        ledger.add_run(a_run(run_id))
    assert find_run(ledger, "abc-1").run_id == "abc-1"
    assert find_run(ledger, "abd").run_id == "abd-3"
    assert find_run(ledger, "abc").run_id == "abc"
    with pytest.raises(UsageError, match="beginning of 4 runs") as refused:
        find_run(ledger, "ab")
    assert "`abc-2`" in refused.value.hint


def test_a_run_is_found_by_the_end_of_its_id_as_the_log_prints_it(ledger):
    ledger.add_run(a_run("01a20d84-7c50-7726-acbd-fb6a32be7bc9"))
    assert find_run(ledger, "32be7bc9").run_id.endswith("32be7bc9")
    with pytest.raises(UsageError, match="no run named"):
        find_run(ledger, "be7bc9")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("abx-3", "did you mean `abd-3`?"),
        ("adb", "did you mean `abd-3`?"),
        ("zzz", "see `soulguard status`"),
        ("", "see `soulguard status`"),
    ],
)
def test_an_unknown_run_is_answered_with_the_nearest(ledger, name, hint):
    ledger.add_run(a_run("abd-3"))
    with pytest.raises(UsageError, match=f"no run named `{name}`") as refused:
        find_run(ledger, name)
    assert refused.value.hint == hint


def test_a_tail_gives_every_event_once_as_it_is_committed(told, path):
    reader = open_ledger(path, read_only=True)
    tail = Tail(reader, types=[EventType.DRIFT])
    assert [event.type for event in tail.poll()] == [EventType.DRIFT]
    assert list(tail.poll()) == []
    told.add_event(an_event(EventType.DRIFT))
    assert list(tail.poll()) == [], "not committed yet"
    told.add_event(an_event(EventType.DENIED))
    told.commit(durable=False)
    assert [event.id for event in tail.poll()] == [told.last_event_id() - 1]
    assert list(tail.poll()) == []
    reader.close()


def test_a_tail_starts_after_an_event_and_keeps_to_its_run(told, path):
    reader = open_ledger(path, read_only=True)
    everything = [event.id for event in Tail(reader, "run-1", after=3).poll()]
    assert everything == list(range(4, told.last_event_id() + 1))
    assert list(Tail(reader, "run-2").poll()) == []
    reader.close()


def test_effects_are_paged_by_id_in_both_directions(told):
    ids = [effect.id for effect in told.effects()]
    assert ids == list(range(1, 8))
    assert [e.id for e in told.effects(newest_first=True, limit=2)] == [7, 6]
    assert [e.id for e in told.effects("run-1", after=5)] == [6, 7]
    assert list(told.effects("run-2")) == []
