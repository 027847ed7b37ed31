"""Sentences about notices: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action
from soulguard.soul.families import notify

# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Tell me whenever you change SOUL.md.", "notify-self-edit", "notify", "SOUL.md"),
    ("If you edit this file, let me know.", "notify-self-edit", "notify", "SOUL.md"),
    ("Tell me if you edit AGENTS.md.", "notify-self-edit", "notify", "AGENTS.md"),
    ("Let me know before you change SOUL.md.", "notify-self-edit", "notify", "SOUL.md"),
    (
        "Report any edit of AGENTS.md to the owner.",
        "notify-self-edit",
        "notify",
        "AGENTS.md",
    ),
    (
        "Notify the team when config.yaml changes.",
        "notify-self-edit",
        "notify",
        "config.yaml",
    ),
]
REFUSED = [
    "Tell the truth.",
    "If you change your mind, tell me.",
    "Notify the user when done.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(notify, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(notify, text) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Meaningful edits to this file should be reported.",
        "Notify me whenever SOUL.md is modified.",
    ],
)
def test_a_change_of_the_identity_file_is_told_and_not_refused(ruled, sentence):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == ("notify-self-edit", Action.NOTIFY)
    assert rule.where.paths == ("SOUL.md",)


def test_any_file_that_is_named_can_be_watched_for_a_change(ruled):
    (rule,) = ruled("Tell me before you change `prices.json`.")
    assert (rule.action, rule.where.paths) == (Action.NOTIFY, ("prices.json",))


def test_a_file_given_to_the_agent_is_changed_when_a_person_agrees(ruled):
    (rule,) = ruled("This file is yours to evolve.")
    assert (rule.family, rule.action) == ("self-evolve", Action.ASK)
    assert rule.where.paths == ("SOUL.md",)


@pytest.mark.parametrize(
    "sentence",
    ["Tell me when the build breaks.", "Let the user know if you change your plans."],
)
def test_being_told_of_anything_but_a_file_is_no_notice(ruled, sentence):
    assert ruled(sentence) == []
