from dataclasses import fields, replace

import pytest

from soulguard.ledger.rows import (
    ATTEMPT_COLUMNS,
    EFFECT_COLUMNS,
    EFFECT_FIELDS,
    RUN_COLUMNS,
    RUN_FIELDS,
    attempt_from,
    attempt_values,
    column,
    effect_from,
    effect_values,
    mapping,
    run_from,
    run_values,
    text,
)
from soulguard.model import (
    Attempt,
    EffectKind,
    EffectRecord,
    EffectState,
    Run,
    RunStatus,
)
from tests.ledger.samples import OWNER, a_run, an_effect, an_event

RUN = a_run(
    command=("python", "a b.py", "--x=ü"),
    sources=("SOUL.md", "AGENTS.md"),
    status=RunStatus.COMPLETED,
    name="daily",
    attempts=3,
    exit_status=0,
)
EFFECT = an_effect(
    id=7,
    kind=EffectKind.HTTP_CALL,
    state=EffectState.IN_DOUBT,
    key="k",
    intent={"body": {"a": [1, None]}},
    result={"status": 502},
)
ATTEMPT = Attempt("run-1", 2, OWNER, 1.0, 2.5, -9, 4, 1)


def test_a_run_comes_back_from_its_row():
    assert run_from(run_values(RUN)) == RUN


def test_an_attempt_comes_back_from_its_row():
    assert attempt_from("run-1", attempt_values(ATTEMPT)) == ATTEMPT


def test_an_effect_comes_back_from_its_row():
    assert effect_from("run-1", effect_values(EFFECT)) == EFFECT


def test_an_effect_without_a_number_takes_the_next_one():
    row = effect_values(replace(EFFECT, id=0))
    names = EFFECT_COLUMNS.replace(",", "").split()
    assert row[names.index("id")] is None


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        (RUN_COLUMNS, run_values(RUN)),
        (ATTEMPT_COLUMNS, attempt_values(ATTEMPT)),
        (EFFECT_COLUMNS, effect_values(EFFECT)),
    ],
)
def test_there_is_one_value_for_each_column(columns, values):
    assert len(columns.split(",")) == len(values)


def test_what_may_be_changed_are_the_fields_of_the_nouns():
    assert {f.name for f in fields(Run)} - {"run_id"} == RUN_FIELDS
    assert {f.name for f in fields(EffectRecord)} - {"run_id", "id"} == EFFECT_FIELDS


@pytest.mark.parametrize("name", ["plain ü", "/out/\udcff.txt", "\ud800"])
def test_names_that_are_no_unicode_come_back_from_the_store(started, name):
    number = started.add_effect(an_effect(name))
    event = started.add_event(an_event(target=name, effect_id=number))
    started.commit(durable=False)
    assert started.effect(number).slot == name
    assert next(started.events(after=event - 1)).target == name


def test_text_is_left_alone_and_bytes_become_text_again():
    assert text("ü") == "ü"
    assert text("\udcff".encode("utf-8", "surrogatepass")) == "\udcff"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (EffectState.DONE, "done"),
        (("a", "ü"), '["a", "\\u00fc"]'),
        ({}, "{}"),
        (None, None),
        (1.5, 1.5),
        (b"\x00", b"\x00"),
    ],
)
def test_a_changed_field_stands_in_its_column_as_a_plain_value(value, stored):
    assert column(value) == stored


def test_a_mapping_comes_back_from_its_column():
    data = {"b": [1, {"c": None}], "a": "\udcff"}
    assert mapping(column(data)) == data
