import pytest

from soulguard.errors import LedgerError
from soulguard.ledger import open_ledger
from soulguard.ledger.protocol import Ledger
from soulguard.model import EffectKind, EffectState, EventType, RunStatus
from tests.ledger.samples import a_run, an_effect, an_event, start

SURROGATE = "/home/a/\udcff.txt"


def test_it_keeps_the_contract(ledger):
    promised: Ledger = ledger
    assert promised.url == f"sqlite://{ledger.path}"
    names = [name for name in vars(Ledger) if not name.startswith("_")]
    assert [name for name in names if not callable(getattr(ledger, name))] == []


def test_a_run_comes_back_as_it_went_in(ledger):
    run = a_run(exit_status=3, name="daily", status=RunStatus.RESUMABLE)
    ledger.add_run(run)
    assert ledger.run("run-1") == run
    assert ledger.run("run-2") is None


def test_runs_are_newest_first_whatever_the_clock_said(ledger):
    for number, at in enumerate((50.0, 10.0, 30.0)):
        ledger.add_run(a_run(f"run-{number}", created_at=at))
    assert [run.run_id for run in ledger.runs(2)] == ["run-2", "run-1"]
    assert ledger.latest("digest").run_id == "run-2"
    assert ledger.latest("another") is None


def test_a_run_can_be_changed_but_for_its_id(ledger):
    ledger.add_run(a_run())
    ledger.update_run("run-1", status=RunStatus.COMPLETED, command=("a", "b"))
    assert ledger.run("run-1").status is RunStatus.COMPLETED
    assert ledger.run("run-1").command == ("a", "b")
    with pytest.raises(TypeError, match="runs have no field id"):
        ledger.update_run("run-1", id=2)
    with pytest.raises(LedgerError, match="knows no run `run-9`"):
        ledger.update_run("run-9", status=RunStatus.COMPLETED)


def test_an_effect_comes_back_as_it_went_in(started):
    effect = an_effect(
        SURROGATE,
        key="k",
        protection="key honoured",
        rule="once",
        generation=3,
        intent={"offset": 7, "nested": {"a": [1, None, "ü"]}},
        result={"digest": "d"},
        request="a" * 64,
        response="b" * 64,
        created_at=1.25,
        updated_at=2.5,
    )
    number = started.add_effect(effect)
    found = started.effect(number)
    assert found.to_json() == {**effect.to_json(), "id": number}
    assert started.find_effects("run-1", slot=SURROGATE) == [found]
    assert started.effect(number + 1) is None


def test_an_effect_can_be_changed_but_for_its_id(started):
    number = started.add_effect(an_effect(state=EffectState.BEGUN))
    started.update_effect(number, state="done", result={"a": 1}, seen=2)
    found = started.effect(number)
    assert (found.state, found.result, found.seen) == (EffectState.DONE, {"a": 1}, 2)
    with pytest.raises(TypeError, match="effects have no field id"):
        started.update_effect(number, id=9)
    with pytest.raises(LedgerError, match="knows no effect 77"):
        started.update_effect(77, seen=2)


def test_effects_are_counted_by_kind_and_state(started):
    for slot, kind, state in (
        ("a", EffectKind.FILE_WRITE, EffectState.DONE),
        ("b", EffectKind.FILE_WRITE, EffectState.DONE),
        ("c", EffectKind.FILE_WRITE, EffectState.BEGUN),
        ("d", EffectKind.HTTP_CALL, EffectState.IN_DOUBT),
    ):
        started.add_effect(an_effect(slot, kind=kind, state=state))
    assert started.count_effects("run-1") == {
        ("file.write", "done"): 2,
        ("file.write", "begun"): 1,
        ("http.call", "in_doubt"): 1,
    }
    assert started.count_effects("run-9") == {}


def test_the_places_inside_a_folder_are_found(started):
    inside = ["/out/a", "/out/b/c", "/out/\udcff"]
    others = ["/out", "/out-2/a", "/ou", "/out0"]
    for slot in [*inside, *others, "/out/a"]:
        started.add_effect(an_effect(slot=slot, kind=EffectKind.FILE_WRITE))
    started.add_effect(an_effect(slot="/out/d", kind=EffectKind.FILE_APPEND))
    kinds = [EffectKind.FILE_WRITE]
    assert started.slots("run-1", kinds, 9, below="/out") == inside
    assert started.slots("run-1", kinds, 2, below="/out") is None
    assert sorted(started.slots("run-1", kinds, 9) or ()) == sorted(inside + others)


def test_an_event_comes_back_as_it_went_in(started):
    event = an_event(
        target=SURROGATE,
        reason='"quoted" and ü',
        rule="once",
        source="SOUL.md:3",
        generation=2,
        data={"status": 200},
    )
    number = started.add_event(event)
    (found,) = started.events()
    assert found.to_json() == {**event.to_json(), "id": number, "hash": found.hash}
    assert started.last_event_id() == number == 1


def test_events_are_counted_by_type_but_for_the_routine(started):
    for kind in (EventType.EFFECT_DONE, EventType.DRIFT, EventType.DRIFT):
        started.add_event(an_event(kind))
    assert started.count_events("run-1") == {"drift": 2}
    assert started.count_events("run-9") == {}


def test_rolled_back_is_as_if_never_asked(started):
    started.add_event(an_event())
    started.commit(durable=False)
    started.add_effect(an_effect())
    started.add_event(an_event())
    started.add_run(a_run("run-2"))
    started.rollback()
    started.commit(durable=True)
    assert started.find_effects("run-1") == []
    assert started.last_event_id() == 1
    assert started.run("run-2") is None
    started.add_run(a_run("run-2"))
    start(started, "run-3")
    started.add_event(an_event(run_id="run-2"))
    started.commit(durable=False)
    assert started.verify().intact


def test_what_was_not_committed_is_gone_after_reopening(started, path):
    started.add_event(an_event())
    started.commit(durable=False)
    started.add_event(an_event())
    started.close()
    reopened = open_ledger(path)
    assert reopened.last_event_id() == 1
    reopened.close()


def test_a_change_nobody_speaks_of_gets_an_event_of_its_own(started):
    number = started.add_effect(an_effect(state=EffectState.BEGUN))
    started.add_event(an_event(EventType.EFFECT_INTENT, effect_id=number))
    started.update_effect(number, state="done", updated_at=9.0)
    started.commit(durable=False)
    started.update_effect(number, seen=1, protection="none")
    started.commit(durable=False)
    kinds = [(event.type.value, event.effect_id) for event in started.events()]
    assert kinds == [("effect.intent", number), ("effect.changed", number)]
    assert started.verify().intact


def test_writers_of_one_file_continue_one_chain(started, path):
    other = open_ledger(path)
    for writer in (started, other, other, started, other):
        number = writer.add_effect(an_effect(f"/{writer.last_event_id()}"))
        writer.add_event(an_event(effect_id=number))
        writer.commit(durable=False)
    started.update_effect(number, state="gone")
    started.add_event(an_event(effect_id=number))
    started.commit(durable=False)
    assert other.last_event_id() == 6
    assert other.verify().intact
    other.close()


def test_the_version_tells_that_another_writer_committed(started, path):
    reader = open_ledger(path, read_only=True)
    before = reader.version()
    assert reader.version() == before
    started.add_event(an_event())
    started.commit(durable=False)
    assert reader.version() != before
    reader.close()
