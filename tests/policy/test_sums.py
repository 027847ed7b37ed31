"""The sum a request moves, by the fields it has."""

import pytest

from soulguard.policy.sums import moved


@pytest.mark.parametrize(
    ("fields", "host", "sum_"),
    [
        ({"amount": [250]}, "shop.example", 250),
        ({"amount": [2500], "currency": ["usd"]}, "api.stripe.com", 25),
        ({"amount_cents": ["1999"]}, "shop.example", 19.99),
        ({"price": ["12.50"], "quantity": [4]}, "shop.example", 50),
        ({"total": ["$1,200.00"], "price": [3]}, "shop.example", 1200),
        ({"notional": [10, 900]}, "broker.example", 900),
    ],
)
def test_a_sum_is_read_from_the_field_that_has_it(fields, host, sum_):
    assert moved(fields, host) == sum_


@pytest.mark.parametrize(
    "fields", [None, {}, {"price": [3]}, {"amount": ["much"]}, {"amount": [True]}]
)
def test_where_no_field_says_it_nobody_knows(fields):
    assert moved(fields) is None
