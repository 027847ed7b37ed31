"""Sentences about many at once: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import bulk

FILES = [
    ("Ask before bulk edits.", bulk.FROM),
    ("Don't rename more than a handful of files without asking.", bulk.FROM),
    ("Ask before changing more than 10 files at once.", 10),
    ("Never edit more than 25 files without approval.", 25),
]


@pytest.mark.parametrize(("sentence", "most"), FILES)
def test_a_person_is_asked_beyond_a_number_of_files(ruled, sentence, most):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == ("bulk-ask", Action.LIMIT)
    assert (rule.params["max"], rule.params["on_exceed"]) == (most, "ask")
    assert EffectKind.FILE_WRITE in rule.effects


@pytest.mark.parametrize(
    "sentence",
    [
        "Bulk deletes need confirmation.",
        "Deleting more than 5 files at once requires my approval.",
        "Never delete more than 5 files without asking.",
    ],
)
def test_one_file_may_be_deleted_where_many_are_asked_about(ruled, sentence):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.effects) == ("bulk-ask", (EffectKind.FILE_DELETE,))


@pytest.mark.parametrize(
    "sentence", ["Confirm with me before mass emails.", "Ask before sending bulk mail."]
)
def test_one_mail_may_be_sent_where_many_are_asked_about(ruled, sentence):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.effects) == ("bulk-ask", (EffectKind.MAIL_SEND,))


@pytest.mark.parametrize(
    "sentence",
    ["Ask before using the batch API.", "Never edit in bulk.", "Bulk data is stored."],
)
def test_no_deed_and_nobody_asked_make_no_such_rule(ruled, sentence):
    assert all(rule.family != "bulk-ask" for rule in ruled(sentence))


def test_many_people_are_recipients_of_mails(ruled):
    for rules in (
        ruled("Sending to more than 50 people requires approval."),
        ruled("Sending to more than 50 people", "## Ask before"),
    ):
        (rule,) = rules
        params = (rule.params["max"], rule.params["unit"], rule.params["on_exceed"])
        assert params == (50, "recipients", "ask")
