"""Sentences about the trash: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import trash

# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Move deleted files to the trash.", "delete-deny", "trash", ""),
    ("Never permanently delete files; move them to trash.", "delete-deny", "trash", ""),
    ("Always use `trash` instead of `rm`.", "delete-deny", "trash", ""),
    ("Deleted files go to the trash.", "delete-deny", "trash", ""),
    ("Don't rm; use trash.", "delete-deny", "trash", ""),
]
REFUSED = [
    "Empty the trash.",
    "Never delete files.",
    "Trash talk is fine.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(trash, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(trash, text) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Prefer moves to deletes, trash to permanent removal.",
        "Move files to the trash instead of deleting them.",
        "Deleted files go to the recycle bin.",
    ],
)
def test_a_deleted_file_is_moved_and_the_deletion_is_not_refused(ruled, sentence):
    moved, refused = ruled(sentence)
    assert (moved.action, moved.effects) == (Action.TRASH, (EffectKind.FILE_DELETE,))
    assert moved.where.paths == ()
    # a program deletes past the trash
    assert (refused.action, refused.effects) == (Action.DENY, (EffectKind.COMMAND_RUN,))
    assert refused.where.commands == ("rm|unlink|shred",)


@pytest.mark.parametrize(
    "sentence",
    ["Empty the trash every week.", "Never put customers in the trash."],
)
def test_where_nothing_is_preferred_there_is_no_rule(ruled, sentence):
    assert ruled(sentence) == []
