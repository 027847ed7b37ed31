"""Sentences about spending: what each becomes, and which make no such rule."""

import pytest

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
