"""Sentences about records: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.drafts import EVERY
from soulguard.soul.families import logging

OUTSIDE = (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND)


@pytest.mark.parametrize(
    ("sentence", "effects"),
    [
        ("Always keep an audit trail of external calls.", OUTSIDE),
        ("Log all emails.", OUTSIDE),
        ("Record every command.", (EffectKind.COMMAND_RUN,)),
        ("All file changes must be logged.", EVERY),
    ],
)
def test_what_is_to_be_logged_is_on_record(ruled, sentence, effects):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == ("logging", Action.RECORD)
    assert rule.effects == effects


def test_the_agents_own_log_file_stays_its_own_business(ruled):
    record, own = ruled("Log all outbound actions in `sent_emails.log`.")
    assert (record.action, record.where.paths) == (Action.RECORD, ())
    assert (own.action, own.where.paths) == (Action.ALLOW, ("sent_emails.log",))


@pytest.mark.parametrize(
    "sentence",
    [
        "Log your decisions.",
        "Record lessons learned.",
        "Never log all requests.",
        "Keep track of your mood.",
    ],
)
def test_what_only_the_agent_knows_and_prohibitions_are_not_recorded(ruled, sentence):
    assert ruled(sentence) == []


# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Log every external call.", "logging", "record", ""),
    ("Keep an audit log of all actions.", "logging", "record", ""),
    ("Record every command you run.", "logging", "record", ""),
    ("All file changes must be logged.", "logging", "record", ""),
    ("Log every command you run to `logs/commands.log`.", "logging", "record", ""),
]
REFUSED = [
    "Log what matters.",
    "Track your mood.",
    "Never log anything.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(logging, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(logging, text) == []
