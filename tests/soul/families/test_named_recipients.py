"""Sentences about people by name: a person is asked, or the sentence makes no rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import named_recipients

MAIL, CALL = EffectKind.MAIL_SEND, EffectKind.HTTP_CALL


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("NEVER send messages to anyone other than Adam unless explicitly instructed.",
         {MAIL, CALL}),
        ("Never email anyone outside the company.", {MAIL}),
        ("Only send to notification email.", {MAIL}),
        ("Only message Maria.", {MAIL, CALL}),
        ("Never message strangers, only message Adam.", {MAIL, CALL}),
        ("Only ever email the user themselves.", {MAIL}),
        ("The only person you may message is Adam.", {MAIL, CALL}),
        ("You may send messages only to the owner.", {MAIL, CALL}),
        ("Do not contact anyone but the owner.", {MAIL, CALL}),
        ("Send emails on behalf of the user (only send to notification email)", {MAIL}),
        ("Outgoing mail may only go to Anna and bob@example.com.", {MAIL}),
        ("Never send notifications to anyone except {{owner}}.", {MAIL, CALL}),
    ],
)  # fmt: skip
def test_a_message_to_others_than_a_name_waits_for_a_person(ruled, sentence, kinds):
    found = ruled(sentence)
    assert {kind for rule in found for kind in rule.effects} == kinds
    assert {(r.family, r.action) for r in found} == {("recipient-allow", Action.ASK)}


def test_an_address_beside_a_name_needs_no_answer(drafts_of):
    [draft] = drafts_of(named_recipients, "Only email Anna and bob@example.com.")
    assert draft.where.except_hosts == ("bob@example.com",)


def test_who_may_say_otherwise_is_asked_for(drafts_of):
    said = "Never message anyone but Adam unless explicitly instructed."
    draft, _ = drafts_of(named_recipients, said)
    assert draft.params == {"approval": "unless explicitly instructed"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Only email people at @example.com.",
        "Never send money to anyone other than Adam.",
        "Only email customers who opted in.",
        "Only write to Anna when she is back.",
        "Only email reports in PDF format.",
        "Send the digest to the team.",
        "Don't contact anyone outside the company.",
        "Only reply to Adam.",
        "Only text files are accepted.",
        "Never talk to anyone other than customers about pricing.",
    ],
)
def test_addresses_conditions_and_talk_are_not_asked_about(drafts_of, sentence):
    assert drafts_of(named_recipients, sentence) == []
