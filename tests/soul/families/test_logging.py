import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.drafts import EVERY

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
        "Never log customer calls.",
        "Keep track of your mood.",
    ],
)
def test_what_only_the_agent_knows_and_prohibitions_are_not_recorded(ruled, sentence):
    assert ruled(sentence) == []
