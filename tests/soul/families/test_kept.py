"""Sentences that keep what is there: what each becomes, and which say something else."""

import pytest

from soulguard.model import Action


@pytest.mark.parametrize(
    ("sentence", "paths"),
    [
        ("`data/raw/` is immutable.", ("data/raw/",)),
        ("`rates/2024.csv` is strictly immutable", ("rates/2024.csv",)),
        ("Raw downloads stay in `desk/raw/` and must not be modified.", ("desk/raw/",)),
        ("Scripts under `db/up/` that are already on main can't be edited; add a new one",
         ("db/up/",)),
        ("A filed bill in `bills/` shall not be overwritten or renamed.", ("bills/",)),
        ("Don't replace files that already exist under `minutes/`", ("minutes/",)),
        ("`editions/*.md` may be created but never rewritten.", ("editions/*.md",)),
        ("Once a report is written to `reports/`, it is never changed.", ("reports/",)),
    ],
)  # fmt: skip
def test_what_is_there_stays(ruled, sentence, paths):
    [rule] = ruled(sentence)
    assert (rule.family, rule.action) == ("write-once", Action.ONCE)
    assert rule.where.paths == paths
    assert rule.params == {"existing": "keep"}


def test_the_place_may_stand_in_the_sentence_before(ruled):
    text = "Parcels land in `in/raw/`. Land new files, never modify or remove what's there."
    kept, deletes = [r for r in ruled(text) if r.action is not Action.ALLOW]
    assert (kept.action, kept.where.paths) == (Action.ONCE, ("in/raw/",))
    assert (deletes.action, deletes.where.paths) == (Action.DENY, ("in/raw/",))


def test_a_kind_of_thing_is_looked_for_in_the_place_before(ruled):
    text = "Bills go to `bills/`. A filed bill shall not be overwritten."
    assert [r.where.paths for r in ruled(text) if r.action is Action.ONCE] == [
        ("bills/",)
    ]
    assert not [
        r
        for r in ruled(
            "Bills go to `out/x/`. A signed letter shall not be overwritten."
        )
        if r.action is Action.ONCE
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Never change existing behaviour in `src/api.py`.",
        "`data/raw/` is not immutable.",
        "`a.md` must not be changed once it is signed off.",
        "Notes in `notes/` must not be changed unless they are wrong.",
    ],
)
def test_what_nobody_can_check_keeps_nothing(ruled, sentence):
    assert not [r for r in ruled(sentence) if r.action is Action.ONCE]
