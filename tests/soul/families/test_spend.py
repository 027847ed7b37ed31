"""Sentences about spending: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action
from soulguard.soul import lexicon
from soulguard.soul.families import spend

# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Never spend money without approval.", "ask-spend", "ask", "api.stripe.com"),
    ("No purchases over $50 without asking.", "ask-spend", "ask", "api.stripe.com"),
    ("Don't issue refunds.", "spend-deny", "deny", "api.stripe.com"),
    ("Ask before charging a customer.", "ask-spend", "ask", "api.stripe.com"),
    ("Never make purchases.", "spend-deny", "deny", "api.stripe.com"),
    ("Never transfer funds.", "spend-deny", "deny", "api.stripe.com"),
    (
        "Every purchase needs my explicit approval.",
        "ask-spend",
        "ask",
        "api.stripe.com",
    ),
]
REFUSED = [
    "Spend time wisely.",
    "The decision is not to buy.",
    "Never pay attention to trolls.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(spend, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(spend, text) == []


@pytest.mark.parametrize(
    ("sentence", "action"),
    [
        ("No purchases without confirmation.", Action.ASK),
        ("Ask before paying an invoice.", Action.ASK),
        ("Never charge customers.", Action.DENY),
    ],
)
def test_money_moves_by_unsafe_calls_to_the_payment_providers(ruled, sentence, action):
    (rule,) = ruled(sentence)
    assert rule.action is action
    assert rule.where.hosts == lexicon.classes()["hosts"]["payments"]
    assert "GET" not in rule.where.methods


def test_the_words_of_the_approval_are_kept(ruled):
    (rule,) = ruled("Never make financial transactions without explicit approval.")
    assert rule.params == {"approval": "without explicit approval"}


@pytest.mark.parametrize(
    "sentence", ["Spend your time wisely.", "Pay attention to detail."]
)
def test_what_costs_no_money_is_no_spending(ruled, sentence):
    assert ruled(sentence) == []


def test_a_cap_on_an_amount_is_the_limits_family_s(ruled):
    (rule,) = ruled("Never spend more than $50 per day.")
    assert (rule.family, rule.params["max"]) == ("budget", 50)
