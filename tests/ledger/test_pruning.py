import random
import sqlite3
from contextlib import closing

import pytest

from soulguard.ledger import open_ledger
from soulguard.ledger.pruning import Weight, pruning_ledger
from soulguard.model import EffectKind, EffectState, EventType, RunStatus
from tests.ledger.samples import OWNER, a_run, an_effect, an_event

COMPLETED = {"status": RunStatus.COMPLETED}
LARGE = b"large" * 300_000


@pytest.fixture
def pruner(path):
    open_ledger(path).close()
    opened = pruning_ledger(path, read_only=False)
    yield opened
    opened.close()


def begin(ledger, *run_ids, **changes):
    for run_id in run_ids:
        ledger.add_run(a_run(run_id, **changes))
        ledger.claim(run_id, OWNER, 1.0)
    ledger.commit(durable=False)


def act(ledger, run_id, slot="a", body=b"", **changes):
    """Put one effect of a run on record, with its two events."""
    asked = ledger.put_blob(body) if body else ""
    number = ledger.add_effect(an_effect(slot, run_id=run_id, request=asked, **changes))
    for type_ in (EventType.EFFECT_INTENT, EventType.EFFECT_DONE):
        ledger.add_event(an_event(type_, run_id=run_id, effect_id=number))
    ledger.commit(durable=False)
    return asked


def prune(ledger, *run_ids):
    for run_id in run_ids:
        ledger.prune(run_id, "ada", 9.0)
        ledger.commit(durable=False)


def test_what_is_left_of_a_run_is_its_name_and_what_was_removed(pruner):
    begin(pruner, "old", "new", **COMPLETED)
    act(pruner, "old")
    act(pruner, "new")
    act(pruner, "old")
    assert (
        pruner.weigh(["old"]).to_json().items() >= {"events": 4, "effects": 2}.items()
    )
    prune(pruner, "old")
    assert pruner.run("old").status is RunStatus.COMPLETED
    assert len(pruner.attempts("old")) == 1
    assert list(pruner.effects("old")) == []
    [event] = pruner.events("old")
    assert (event.type, event.data["events"]) == (EventType.RUN_PRUNED, 4)
    assert event.reason == "ada removed 4 events and 2 effects"
    assert len(list(pruner.effects("new"))) == 1
    report = pruner.verify()
    assert (report.intact, report.events, report.pruned) == (True, 7, 4)


def test_only_what_was_complete_and_is_whole_may_go(pruner):
    begin(pruner, "old", "later", updated_at=5.0, **COMPLETED)
    begin(pruner, "open", "superseded", "empty", status=RunStatus.RESUMABLE)
    pruner.update_run("superseded", status=RunStatus.SUPERSEDED)
    pruner.update_run("later", updated_at=7.0)
    for run_id in ("old", "later", "open", "superseded"):
        act(pruner, run_id)
    assert pruner.over(6.0) == ["old", "superseded"]
    prune(pruner, "old")
    assert pruner.over(8.0) == ["later", "superseded"]
    assert pruner.running() == []


@pytest.mark.parametrize(
    ("kind", "state", "doubt"),
    [
        (EffectKind.HTTP_CALL, EffectState.IN_DOUBT, True),
        (EffectKind.COMMAND_RUN, EffectState.BEGUN, True),
        (EffectKind.HTTP_CALL, EffectState.FAILED, False),
        (EffectKind.FILE_WRITE, EffectState.BEGUN, False),  # the disk settles it
    ],
)
def test_what_may_have_happened_is_in_doubt(pruner, kind, state, doubt):
    begin(pruner, "old", **COMPLETED)
    act(pruner, "old", kind=kind, state=state)
    assert pruner.in_doubt("old") is doubt


@pytest.mark.parametrize("seed", range(4))
def test_the_chain_holds_whatever_goes_in_which_order(pruner, path, seed):
    draw = random.Random(seed)
    names = [f"run-{n}" for n in range(6)]
    begin(pruner, *names, **COMPLETED)
    left = list(names)
    while left:
        for _ in range(draw.randrange(6)):
            act(pruner, draw.choice(left), slot=str(draw.random()))
        gone = left.pop(draw.randrange(len(left)))
        prune(pruner, gone)
        report = pruner.verify()
        assert report.intact, report.reason
    said = sum(e.data["events"] for e in pruner.events(types=["run.pruned"]))
    assert report.pruned == said == report.events - len(names)
    with closing(sqlite3.connect(path)) as db:
        # every stretch ends at an event that is left
        assert db.execute("SELECT count(*) FROM gaps").fetchone()[0] <= len(names)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("DELETE FROM gaps", "event 1 is missing"),
        ("UPDATE gaps SET hash = zeroblob(32)", "event 3 was changed"),
        ("DELETE FROM events WHERE id = 3", "event 1 is missing before event 4"),
        ("UPDATE events SET type = 'notice' WHERE type = 'run.pruned'", "was changed"),
        (
            """UPDATE gaps SET last = 3,
                   hash = (SELECT hash FROM events WHERE id = 3);
               DELETE FROM events WHERE id = 3""",
            "3 events are missing, 2 were taken out",
        ),
    ],
)
def test_more_than_was_removed_cannot_go_unseen(pruner, path, sql, reason):
    begin(pruner, "old", "new", **COMPLETED)
    act(pruner, "old")
    act(pruner, "new")
    prune(pruner, "old")
    assert pruner.verify().intact
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(sql)
    report = pruner.verify()
    assert not report.intact
    assert reason in report.reason


def test_a_body_goes_with_the_last_run_that_speaks_of_it(pruner, path):
    begin(pruner, "old", "new", **COMPLETED)
    shared = act(pruner, "old", body=b"both")
    act(pruner, "new", body=b"both")
    small, large = act(pruner, "old", body=b"one"), act(pruner, "old", body=LARGE)
    named = pruner.put_blob(b"named in an event")
    pruner.add_event(an_event(run_id="new", data={"blocked": named}))
    pruner.commit(durable=False)
    assert pruner.weigh(["old"]).bodies == 2
    assert pruner.weigh(["old", "new"]).bodies == 4
    assert pruner.weigh([]) == Weight()
    before = pruner.size()
    prune(pruner, "old")
    pruner.sweep()
    assert [pruner.blob(ref) for ref in (shared, named)] == [
        b"both", b"named in an event",
    ]  # fmt: skip
    assert [pruner.blob(ref) for ref in (small, large)] == [None, None]
    assert not [f for f in (path.parent / "blobs").rglob("*") if f.is_file()]
    pruner.compact()
    assert pruner.size() < before - len(LARGE)
    assert pruner.verify().intact


def test_beside_another_ledger_no_file_is_removed(pruner, path):
    begin(pruner, "old", **COMPLETED)
    act(pruner, "old", body=LARGE)
    open_ledger(path.with_name("other.db")).close()
    prune(pruner, "old")
    pruner.sweep()
    assert [f for f in (path.parent / "blobs").rglob("*") if f.is_file()]
    assert pruner.verify().intact
    path.with_name("other.db").unlink()
    pruner.sweep()
    assert not [f for f in (path.parent / "blobs").rglob("*") if f.is_file()]
