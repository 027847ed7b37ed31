"""Sentences about sums: what each becomes, and which make no such rule."""

import pytest

from soulguard.soul.families import sums

DAY = 86_400


@pytest.mark.parametrize(
    ("sentence", "most", "per", "asks"),
    [
        ("No single order above $2,500.", 2500, "call", False),
        ("Groceries: max. 180 EUR a week.", 180, 7 * DAY, False),
        ("The total of a payment batch must not exceed EUR 50,000 per day.", 50_000, DAY, False),
        ("I don't buy anything that costs more than $20.", 20, "call", False),
        ("Maximum order value: $250", 250, "call", False),
        ("Purchases over $200 need my approval.", 200, "call", True),
        ("If a payment exceeds $500, ask first.", 500, "call", True),
        ("Any invoice above 1,000 EUR has to be approved by Lena.", 1000, "call", True),
    ],
)  # fmt: skip
def test_a_sum_is_the_most_of_one_order_or_of_a_time(ruled, sentence, most, per, asks):
    rules = ruled(sentence)
    assert {r.params["unit"] for r in rules} == {"sum"}
    assert {(r.params["max"], r.params["per"]) for r in rules} == {(most, per)}
    assert {r.params.get("on_exceed") == "ask" for r in rules} == {asks}


def test_a_heading_that_forbids_lends_its_never(ruled):
    assert {
        r.params["max"] for r in ruled("order anything over 60 EUR", "## Never")
    } == {60}


@pytest.mark.parametrize(
    "sentence",
    [
        "Orders over $50 ship free.",
        "The order was $50.",
        "Customers with orders over $100 need no approval.",
        "The budget for Q3 was $20,000.",
        "Premium plan costs $20 per month, max 5 users.",
        "Max $5/day LLM cost per tenant.",
    ],
)
def test_what_is_told_or_is_of_models_makes_no_such_rule(drafts_of, sentence):
    assert not drafts_of(sums, sentence)
