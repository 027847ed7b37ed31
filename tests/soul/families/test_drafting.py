"""Sentences that leave the sending to a person, and which do not."""

import pytest

from soulguard.model import Action, EffectKind


@pytest.mark.parametrize(
    "sentence",
    [
        "You draft, I send.",
        "Draft before publish.",
        "Drafts only \u2014 never send.",
        "Only create drafts of emails, never send them.",
        "Leave every reply as a draft for me to send.",
        "Replies stay in drafts until Tom approves.",
        "Draft first, ask for approval, then send.",
    ],
)
def test_sending_waits_for_a_person(ruled, sentence):
    rules = ruled(sentence)
    assert {r.family for r in rules} == {"ask-external"}
    assert all(r.action is Action.ASK for r in rules)
    assert {r.effects[0] for r in rules} == {
        EffectKind.MAIL_SEND, EffectKind.HTTP_CALL,
    }  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    ["Draft the plan first.", "Only draft documents in markdown.", "Draft posts are short.",
     "A draft is better than nothing.", "Drafts are kept for a week."],
)  # fmt: skip
def test_other_drafts_make_no_rule(ruled, sentence):
    assert not ruled(sentence)
