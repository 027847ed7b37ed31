import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.effects.volatile import MASK, Mask

NOW = 1_700_000_000.0  # 2023-11-14T22:13:20Z
V1 = "a5dbc000-833a-11ee-8080-808080808080"  # begins with NOW
V7 = f"{int(NOW * 1000):012x}"
V7 = f"{V7[:8]}-{V7[8:]}-7000-8000-000000000000"

mask = Mask(NOW)


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-14T22:13:20Z",
        "2023-11-14 22:13:19.123456",
        "2023-11-14T23:13:20+01:00",
        "2023-11-14T14:13:20",  # local time somewhere
        "1700000000",
        "1700000000123",
        "1700000000.25",
        V7,
        V1,
    ],
)
def test_a_time_of_now_is_masked_wherever_it_stands(text):
    assert mask("field", text) == MASK
    assert mask("field", f"it is {text} here") == f"it is {MASK} here"


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-15T22:13:20Z",
        "2023-11-14",
        "1700009999",
        "1600000000000",
        "order 17 of 2023",
        str(uuid.UUID(int=5, version=4)),
        "2023-99-14T22:13:20Z",
    ],
)
def test_what_is_not_of_now_stays(text):
    assert mask("field", text) == text


@pytest.mark.parametrize("number", [1_700_000_000, 1_700_000_000_000, 1_700_000_000.5])
def test_numbers_are_times_when_they_are_of_now(number):
    assert mask("at", number) == MASK
    assert mask("at", number + 10**6 * (1000 if number > 1e12 else 1)) != MASK


def test_amounts_and_flags_stay():
    for value in (0, 1, 17, 99.5, True, None, -1_700_000_000):
        assert mask("amount", value) is value


@pytest.mark.parametrize(
    "name", ["idempotency_key", "ClientToken", "request-id", "nonce"]
)
def test_a_random_token_is_masked_by_the_name_of_its_field(name):
    assert mask(name, "0c3f5e0a-7a6b-4f3b-8d1e-5a4b3c2d1e0f") == MASK
    assert mask(name, "V1StGXR8_Z5jdHi6B-myT") == MASK
    assert mask(name, "order-17") == "order-17"


def test_what_the_process_drew_is_masked_inside_any_text():
    drawn = Mask(NOW, ("0123456789abcdef",))
    assert drawn("note", "ref 0123456789abcdef!") == f"ref {MASK}!"


@given(st.text(), st.text() | st.integers() | st.floats() | st.none() | st.booleans())
def test_masking_never_fails_and_is_done_at_once(name, value):
    once = mask(name, value)
    assert repr(mask(name, once)) == repr(once)


@pytest.mark.parametrize("key", ["k1", "order-1"])
def test_a_directive_s_key_is_masked_where_it_is_random_alone(key):
    random = "5f0c1e6a-2f6b-4d1a-9c36-0b6f4f0b2a11"
    text = 'mutation { x @idempotent(key: "%s") { id } }'
    assert random not in Mask(0.0).text("query", text % random)
    assert Mask(0.0).text("query", text % key) == text % key
