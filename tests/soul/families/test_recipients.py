"""Sentences about recipients: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import recipients

# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    (
        "Never email anyone outside example.com.",
        "recipient-allow",
        "deny",
        "example.com",
    ),
    (
        "You may only send mail to `boss@example.com`.",
        "recipient-allow",
        "deny",
        "boss@example.com",
    ),
]
REFUSED = [
    "Never send messages to anyone other than Anna.",
    "Only send mail when asked.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(recipients, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(recipients, text) == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Only send mail to `boss@example.com` and `*@example.com`.",
         ("boss@example.com", "*@example.com")),
        ("Never mail anyone outside `acme.example.com`.", ("acme.example.com",)),
        ("Only reply to `Ops@Example.com`.", ("ops@example.com",)),
    ],
)  # fmt: skip
def test_mail_to_anyone_else_is_refused(ruled, sentence, names):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == ("recipient-allow", Action.DENY)
    assert rule.effects == (EffectKind.MAIL_SEND,)
    assert rule.where.except_hosts == names


@pytest.mark.parametrize(
    "sentence",
    [
        "Write to support@example.com if you are stuck.",
        "Only write back when there is news.",
    ],
)
def test_a_guard_sees_addresses_and_no_names(ruled, sentence):
    assert ruled(sentence) == []


def test_a_host_that_is_called_gets_no_mail_rule(ruled):
    rules = ruled("Only call `api.example.com`.")
    assert all(EffectKind.MAIL_SEND not in r.effects for r in rules)


@pytest.mark.parametrize(
    ("sentence", "refused"),
    [
        ("Never email press@example.com.", "press@example.com"),
        ("Do not send mail to anyone at rival.example.com.", "rival.example.com"),
    ],
)
def test_those_who_get_no_mail_are_named(ruled, sentence, refused):
    [rule] = [r for r in ruled(sentence) if r.effects == (EffectKind.MAIL_SEND,)]
    assert (rule.family, rule.action) == ("recipient-deny", Action.DENY)
    assert rule.where.hosts == (refused,)
