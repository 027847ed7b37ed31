import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from soulguard.ledger import chain
from soulguard.model import Event, EventType

TEXT = st.text(st.characters())
JSON = st.dictionaries(
    TEXT, st.recursive(st.none() | st.integers() | TEXT, st.lists, max_leaves=4)
)
NUMBER = st.integers(0, 2**40)
EVENTS = st.builds(
    Event,
    run_id=TEXT,
    attempt=NUMBER,
    at=st.floats(0, 1e11),
    type=st.sampled_from(EventType),
    target=TEXT,
    reason=TEXT,
    rule=TEXT,
    source=TEXT,
    generation=NUMBER,
    effect_id=NUMBER,
    data=JSON,
)


def fields_of(event):
    return (
        event.attempt,
        event.at,
        event.type.value,
        event.target,
        event.reason,
        event.rule,
        event.source,
        event.generation,
        event.effect_id,
        chain.document(event.data),
    )


@given(EVENTS)
def test_the_text_of_an_event_is_its_canonical_json(event):
    plain = {k: v for k, v in event.to_json().items() if k not in ("id", "hash")}
    assert chain.event_text(event.run_id, fields_of(event)) == chain.canonical(plain)


def test_canonical_json_is_one_text_per_value():
    assert chain.canonical({"b": 1, "a": ["ü", 1.5]}) == '{"a":["\\u00fc",1.5],"b":1}'
    assert chain.document({}) == "{}"


@given(TEXT)
def test_what_is_written_by_hand_is_canonical_too(text):
    assert chain.document({chain.EFFECT: text}) == chain.canonical({"effect": text})
    assert chain.document({chain.EFFECT: [text]}) == chain.canonical({"effect": [text]})


def test_a_hash_covers_the_one_before():
    assert chain.link(chain.GENESIS, "x") == hashlib.sha256(bytes(32) + b"x").digest()
    assert chain.link(b"1" * 32, "x") != chain.link(b"2" * 32, "x")


def test_an_effect_digest_is_over_a_canonical_list():
    fields = ["file.write", "/a\udcff", "f", 0, "done", '{"size":3}', "r"]
    listed = ["run", *fields[:5], {"size": 3}, "r"]
    text = json.dumps(listed, separators=(",", ":"), sort_keys=True)
    expected = hashlib.sha256(text.encode()).hexdigest()
    assert chain.effect_digest("run", fields) == expected
