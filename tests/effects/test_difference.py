from hypothesis import given
from hypothesis import strategies as st

from soulguard.effects.difference import difference

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def test_the_places_that_differ_are_named():
    earlier = {"to": "acme", "lines": [{"n": 1}, {"n": 2}], "old": True}
    now = {"to": "acme", "lines": [{"n": 1}, {"n": 3}, 4], "new": None}
    assert difference(earlier, now) == [
        "lines[1].n: 2 -> 3",
        "lines[2]: absent -> 4",
        "old: True -> absent",
        "new: absent -> None",
    ]


def test_long_values_and_long_lists_are_shortened():
    found = difference(["x" * 500] * 20, ["y" * 500] * 20)
    assert len(found) == 9
    assert found[-1] == "..."
    assert max(map(len, found)) < 200


@given(values)
def test_equal_values_do_not_differ(value):
    assert difference(value, value) == []


@given(values, values)
def test_values_that_differ_say_so(one, two):
    assert bool(difference(one, two)) == (one != two)
