import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.model import (
    Action,
    EffectKind,
    Event,
    EventType,
    Noun,
    Owner,
    Policy,
    Rule,
    Run,
    RunStatus,
    Source,
    Span,
    Where,
)

TEXT = st.text(max_size=8)
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
PLAIN = st.dictionaries(
    TEXT, TEXT | st.integers() | st.booleans() | st.none(), max_size=3
)
SPANS = st.builds(Span, TEXT, st.integers(0), st.integers(0))
RULES = st.builds(
    Rule,
    id=TEXT,
    family=TEXT,
    action=st.sampled_from(Action),
    effects=st.lists(st.sampled_from(EffectKind), max_size=2).map(tuple),
    source=st.builds(Source, SPANS, TEXT),
    where=st.builds(Where, paths=TEXTS, hosts=TEXTS),
    params=PLAIN,
)
POLICIES = st.builds(
    Policy, TEXT, st.integers(0), st.lists(RULES, max_size=3).map(tuple), TEXTS
)
EVENTS = st.builds(
    Event,
    TEXT,
    st.integers(1),
    st.floats(0, 4e9),
    st.sampled_from(EventType),
    data=PLAIN,
)
RUNS = st.builds(
    Run,
    run_id=TEXT,
    identity=TEXT,
    command=TEXTS,
    cwd=TEXT,
    root=TEXT,
    sources=TEXTS,
    status=st.sampled_from(RunStatus),
    secret=st.binary(max_size=32),
    created_at=st.floats(0, 4e9),
    updated_at=st.floats(0, 4e9),
    exit_status=st.none() | st.integers(0, 255),
)


@given(POLICIES | EVENTS | RUNS)
def test_what_became_json_comes_back_equal(noun):
    assert type(noun).from_json(json.loads(json.dumps(noun.to_json()))) == noun


def test_fields_keep_the_order_of_their_declaration():
    assert list(Span("SOUL.md", 3).to_json()) == [
        "file",
        "line",
        "column",
        "end_line",
        "end_column",
    ]


def test_an_unknown_key_is_refused():
    with pytest.raises(TypeError, match="colour"):
        Span.from_json({"file": "SOUL.md", "colour": "red"})


def test_a_missing_field_is_refused():
    with pytest.raises(TypeError, match="boot"):
        Owner.from_json({"pid": 1, "started": 2, "host": "h"})


def test_a_noun_does_not_change():
    with pytest.raises(AttributeError):
        Span("SOUL.md").line = 4


class Colour(enum.Enum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Thing(Noun):
    names: frozenset[str]
    inner: Span | None = None
    items: list[Span] = field(default_factory=list)
    extra: Mapping[str, Colour] = field(default_factory=dict)


def test_sets_lists_and_absent_nouns_come_back():
    thing = Thing(frozenset({"b", "a"}), None, [Span("x", 1)])
    assert thing.to_json()["names"] == ["a", "b"]
    assert Thing.from_json(thing.to_json()) == thing


def test_values_of_a_mapping_become_plain():
    assert Thing(frozenset(), extra={"c": Colour.RED}).to_json()["extra"] == {
        "c": "red"
    }
