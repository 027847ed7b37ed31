"""Sentences about deletions: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import delete


def test_deleting_below_a_named_folder_waits_for_a_person(ruled):
    (rule,) = ruled("Get approval before deleting anything in `exports/`.")
    assert (rule.family, rule.action) == ("ask-delete", Action.ASK)
    assert rule.effects == (EffectKind.FILE_DELETE,)
    assert rule.where.paths == ("exports/",)


def test_deleting_a_named_file_is_refused(ruled):
    (rule,) = ruled("Do not remove `data/customers.csv`.")
    assert (rule.family, rule.action) == ("delete-deny", Action.DENY)
    assert rule.where.paths == ("data/customers.csv",)


def test_deleting_any_file_covers_rm_as_well(ruled):
    rules = ruled("Deleting any files", "## Ask first")
    assert {r.action for r in rules} == {Action.ASK}
    files, commands = rules
    assert (files.effects, files.where.paths) == ((EffectKind.FILE_DELETE,), ())
    assert commands.effects == (EffectKind.COMMAND_RUN,)
    assert "rm" in commands.where.commands


def test_dropping_tables_is_a_destructive_command_and_no_file(ruled):
    rules = ruled("Never drop tables.")
    assert [r.effects for r in rules] == [(EffectKind.COMMAND_RUN,)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Never drop the subject.",
        "Remove unused imports.",
        "Never delete yesterday's mistakes from memory.",
        "Don't remove the fun from it.",
    ],
)
def test_deleting_what_is_no_file_is_no_rule(ruled, sentence):
    assert ruled(sentence) == []


# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Never drop tables.", "delete-deny", "deny", "dropdb|dropuser"),
    ("Before deleting, moving, or overwriting files, ask.", "ask-delete", "ask", ""),
]
REFUSED = [
    "Remove filler words.",
    "Never lose the thread.",
    "Never delete a message.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(delete, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(delete, text) == []
