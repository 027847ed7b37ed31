"""Sentences about notices: what each becomes, and which make no such rule."""

import pytest

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
