"""Sentences about what leaves once: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import effect_once


@pytest.mark.parametrize(
    ("sentence", "kinds"),
    [
        ("Never send the same email twice.", {EffectKind.MAIL_SEND}),
        ("No duplicate charges.", {EffectKind.HTTP_CALL}),
        ("Do not post the same tweet twice.", {EffectKind.HTTP_CALL, EffectKind.MAIL_SEND}),
        ("Each customer gets the mail only once per run.", {EffectKind.MAIL_SEND}),
        ("Never run `deploy.sh` twice in one run.", {EffectKind.COMMAND_RUN}),
        ("Run `make migrate` only once per run.", {EffectKind.COMMAND_RUN}),
    ],
)  # fmt: skip
def test_the_family_takes(ruled, sentence, kinds):
    rules = ruled(sentence)
    assert {rule.family for rule in rules} == {effect_once.FAMILY}
    assert {rule.action for rule in rules} == {Action.ONCE}
    assert {kind for rule in rules for kind in rule.effects} == kinds


def test_charges_are_calls_to_those_who_move_money(ruled):
    [rule] = ruled("Never charge a customer twice.")
    assert "api.stripe.com" in rule.where.hosts
    assert "GET" not in rule.where.methods


@pytest.mark.parametrize(
    "sentence",
    [
        "Never ask the same question twice.",
        "Never send more than one email a day.",
        "Never write the same file twice.",
        "Never call the user twice.",
        "Never send it again without approval.",
        "I never make the same mistake twice.",
    ],
)
def test_the_family_refuses(drafts_of, sentence):
    assert drafts_of(effect_once, sentence) == []
