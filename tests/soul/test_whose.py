"""Whose count a limit is."""

import pytest

from soulguard.soul import units, whose


@pytest.mark.parametrize(
    ("text", "unit", "params"),
    [
        ("per patient", "reminders", {"scope": "recipient", "by": "patient"}),
        ("the same customer", "mails", {"scope": "recipient"}),
        ("of the same service", "restarts", {"scope": "target"}),
        ("on the same symbol", "orders", {"scope": "field", "by": "symbol"}),
        ("to any one host", "requests", {"scope": "host"}),
        ("per customer", "files", None),
    ],
)
def test_a_noun_says_whose_the_count_is(text, unit, params):
    found = whose.find(text)
    assert found
    assert found.params(units.find(unit)) == params


def test_all_customers_together_are_nobody_in_particular():
    assert whose.find("at most 3 mails per day to customers") is None
