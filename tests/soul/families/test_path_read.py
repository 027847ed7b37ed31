"""Sentences about reading: what each becomes, and which make no such rule."""

import pytest

from soulguard.soul.families import path_read

# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("`secrets/` is off limits.", "path-read-deny", "deny", "secrets/"),
    ("Only read files in `docs/`.", "read-scope", "deny", "**"),
    ("`.env` is off-limits.", "path-read-deny", "deny", ".env"),
    (
        "Don't read my private notes in `personal/`.",
        "path-read-deny",
        "deny",
        "personal/",
    ),
    ("Never open `secrets.json`.", "path-read-deny", "deny", "secrets.json"),
]
REFUSED = [
    "Read AGENTS.md first.",
    "Read the room.",
    "Opened food may not be returned.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(path_read, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(path_read, text) == []
