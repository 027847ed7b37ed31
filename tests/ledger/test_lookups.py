import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soulguard.ledger import history, lookups, open_ledger
from soulguard.model import EffectKind, EffectState, EventType
from tests.ledger.samples import an_effect, start

KINDS = (EffectKind.HTTP_CALL, EffectKind.FILE_APPEND)
STATES = ("done", "begun", "failed")

EFFECTS = st.builds(
    an_effect,
    st.sampled_from("ab"),
    st.sampled_from("xy"),
    kind=st.sampled_from(KINDS),
    normalised=st.sampled_from("xyz"),
    ordinal=st.integers(0, 2),
    state=st.sampled_from([EffectState(s) for s in STATES]),
    attempt=st.just(4),
    seen=st.integers(1, 3),
)
QUESTIONS = st.fixed_dictionaries(
    {
        "kind": st.none() | st.sampled_from(KINDS),
        "slot": st.none() | st.sampled_from("ab"),
        "fingerprint": st.none() | st.sampled_from("xy"),
        "normalised": st.none() | st.sampled_from("xyz"),
        "states": st.lists(st.sampled_from(STATES), unique=True).map(tuple),
        "unseen_by": st.none() | st.integers(1, 4),
        "limit": st.none() | st.integers(0, 3),
    }
)


def answer(effects, *, states, unseen_by, limit, **wanted):
    """Give what a plain walk over all effects finds."""
    found = [
        effect
        for effect in effects
        if all(v is None or getattr(effect, k) == v for k, v in wanted.items())
        and (not states or effect.state.value in states)
        and (unseen_by is None or effect.seen < unseen_by)
    ]
    found.sort(key=lambda effect: (effect.ordinal, effect.id))
    return found[:limit]


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    opened = open_ledger(tmp_path_factory.mktemp("shared") / "ledger.db")
    start(opened)
    yield opened
    opened.close()


@given(st.lists(EFFECTS, max_size=12), QUESTIONS)
@settings(max_examples=200, deadline=None)
def test_every_question_is_answered_as_a_plain_walk_would(shared, effects, question):
    for effect in effects:
        shared.add_effect(effect)
    stored = [shared.effect(n) for n in range(1, len(effects) + 1)]
    assert shared.find_effects("run-1", **question) == answer(stored, **question)
    shared.rollback()


class Explained:
    """A connection that also collects how SQLite means to answer."""

    def __init__(self, db):
        self.db = db
        self.plan = []

    def rows(self, sql, values=()):
        self.plan += [
            row[3] for row in self.db.rows(f"EXPLAIN QUERY PLAN {sql}", values)
        ]
        return self.db.rows(sql, values)

    def row(self, sql, values=()):
        return next(iter(self.rows(sql, values)), None)


def every_question():
    fields = {
        "kind": (None, EffectKind.HTTP_CALL),
        "slot": (None, "a"),
        "fingerprint": (None, "x"),
        "normalised": (None, "x"),
        "states": ((), ("begun", "in_doubt"), ("done",)),
        "unseen_by": (None, 2),
        "limit": (None, 1),
    }
    for values in itertools.product(*fields.values()):
        yield dict(zip(fields, values, strict=True))


def test_no_question_about_effects_scans_the_table(started):
    started.add_effect(an_effect("a", "x", kind=EffectKind.HTTP_CALL))
    for question in every_question():
        spy = Explained(started._db)
        lookups.find(spy, 1, **question)
        assert spy.plan
        assert [step for step in spy.plan if step.startswith("SCAN")] == [], question


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (
            {"fingerprint": "x"},
            "effects_exact (run=? AND kind=? AND slot=? AND fingerp",
        ),
        ({"normalised": "x"}, "effects_masked (run=? AND kind=? AND slot=? AND normal"),
        ({}, "effects_place (run=? AND kind=? AND slot=?)"),
        (
            {"states": ("begun",)},
            "effects_open (run=? AND state=? AND kind=? AND slot=",
        ),
        (
            {"unseen_by": 2, "limit": 1},
            "effects_place (run=? AND kind=? AND slot=? AND ",
        ),
    ],
)
def test_the_hot_questions_use_the_index_made_for_them(started, question, index):
    spy = Explained(started._db)
    plain = dict.fromkeys(("fingerprint", "normalised", "unseen_by", "limit"))
    wanted = {"kind": EffectKind.HTTP_CALL, "slot": "a", "states": (), **plain}
    started.add_effect(an_effect("a", kind=EffectKind.HTTP_CALL))
    lookups.find(spy, 1, **{**wanted, **question})
    assert any(index in step for step in spy.plan), spy.plan


def test_the_first_unseen_one_among_many_needs_no_sort(started):
    for number in range(50):
        started.add_effect(an_effect("a", "x", ordinal=number, kind=KINDS[0]))
    spy = Explained(started._db)
    question = {"kind": KINDS[0], "slot": "a", "fingerprint": "x", "normalised": None}
    (row,) = lookups.find(spy, 1, **question, states=(), unseen_by=2, limit=1)
    assert row[lookups._ORDINAL] == 0
    assert not any("TEMP B-TREE" in step for step in spy.plan)


@pytest.mark.parametrize("run", [None, 1])
@pytest.mark.parametrize("newest_first", [True, False])
@pytest.mark.parametrize("types", [(), ("violation.denied",), ("drift", "effect.done")])
def test_no_page_of_events_scans_the_table(started, run, newest_first, types):
    spy = Explained(started._db)
    query = history.Query(run, tuple(map(EventType, types)), newest_first)
    history._page(spy, query, (0, 100), 10)
    assert spy.plan
    scans = [step for step in spy.plan if step.startswith("SCAN events")]
    assert scans == []


def test_counts_are_read_from_indexes_alone(started):
    spy = started._db = Explained(started._db)
    started.count_effects("run-1")
    started.count_events("run-1")
    steps = [step for step in spy.plan if step.startswith(("SCAN", "SEARCH"))]
    tables = [s for s in steps if "effects" in s or "events" in s]
    assert len(tables) == 3
    assert all("COVERING INDEX" in step for step in tables), tables
    started._db = spy.db
