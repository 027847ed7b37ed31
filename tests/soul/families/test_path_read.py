"""Sentences about reading: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
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


def test_a_place_that_is_off_limits_is_not_read_either(ruled):
    rules = ruled("`diary/` is off limits.")
    reads = [r for r in rules if r.effects == (EffectKind.FILE_READ,)]
    assert [(r.action, r.where.paths) for r in reads] == [(Action.DENY, ("diary/",))]


def test_reading_may_wait_for_permission(ruled):
    (rule,) = ruled("Don't read `private/` without permission.")
    assert (rule.family, rule.action) == ("path-read-deny", Action.ASK)
    assert rule.where.paths == ("private/",)


def test_only_shuts_out_other_files_but_not_what_the_agent_is_made_of(ruled):
    (rule,) = ruled("You can only read `docs/` and `data/`.")
    assert (rule.family, rule.action) == ("read-scope", Action.DENY)
    assert rule.where.paths == ("**",)
    assert rule.where.except_paths[:2] == ("docs/", "data/")
    assert any("py" in path for path in rule.where.except_paths)


def test_a_header_gives_the_permission_to_read(ruled):
    (rule,) = ruled("Read any file in the repository", "## Always safe")
    assert (rule.family, rule.action) == ("read-allow", Action.ALLOW)
    assert rule.effects == (EffectKind.FILE_READ,)


@pytest.mark.parametrize(
    "sentence", ["Read README.md before you begin.", "Never read between the lines."]
)
def test_reading_cannot_be_brought_about(ruled, sentence):
    assert ruled(sentence) == []
