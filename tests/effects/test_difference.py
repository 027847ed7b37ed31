import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.effects.difference import difference, same_subject

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


SUBJECTS = [
    ({"order_id": 1, "amount": 5}, {"order_id": 2, "amount": 5}, False),
    ({"orderId": "a"}, {"orderId": "b"}, False),
    ([{"metadata[order]": "1"}, {"amount": "5"}], [{"metadata[order]": "2"}, {"amount": "5"}], False),
    ({"to": "a@x.example", "text": "hi"}, {"to": "b@x.example", "text": "hi"}, False),
    ({"customer": {"id": 1}}, {"customer": {"id": 2}}, False),
    ({"lines": [{"sku": "a"}]}, {"lines": [{"sku": "a"}, {"sku": "b"}]}, False),
    ({"order_id": 1, "amount": 5}, {"order_id": 1, "amount": 6}, True),
    ({"to": "a", "text": "one way"}, {"to": "a", "text": "another way"}, True),
    (None, {"order_id": 2}, True),
]  # fmt: skip


@pytest.mark.parametrize(("earlier", "now", "same"), SUBJECTS)
def test_two_requests_are_about_the_same_thing_unless_a_name_of_it_differs(
    earlier, now, same
):
    assert same_subject(earlier, now) is same


@given(values, values)
def test_any_two_values_can_be_compared(one, two):
    assert same_subject(one, one)
    assert same_subject(one, two) == same_subject(two, one)
