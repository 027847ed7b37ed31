"""Sentences about writing: what each becomes, and which make no such rule."""

import pytest

from soulguard.soul.families import path_write

# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("All output must be contained in `build/`.", "path-write-allow", "deny", "/**"),
    ("Do not create files in the project root.", "path-write-deny", "deny", "*"),
    ("`secrets/` is off limits.", "path-write-deny", "deny", "secrets/"),
    (
        "Anything outside `sandbox/` must not be written.",
        "path-write-allow",
        "deny",
        "/**",
    ),
    ("Don't modify production config.", "path-write-deny", "deny", "**/*.conf"),
    (
        "Don't touch anything in `/etc` or `~/.ssh`.",
        "path-write-deny",
        "deny",
        "/etc/**",
    ),
    ("Never edit files outside the workspace.", "path-write-allow", "deny", "/**"),
    ("Stay inside your workspace directory.", "path-write-allow", "deny", "/**"),
    ("Do not create new files in the root directory.", "path-write-deny", "deny", "*"),
    ("`.env` is off-limits.", "path-write-deny", "deny", ".env/**"),
    ("Changes to SOUL.md require my approval.", "path-write-deny", "ask", "SOUL.md"),
    ("Do not modify this file.", "path-write-deny", "deny", "SOUL.md"),
    ("Only the owner may edit SOUL.md.", "path-write-deny", "deny", "SOUL.md"),
    ("Get sign-off before touching `infra/`.", "path-write-deny", "ask", "infra/"),
]
REFUSED = [
    "Never change the subject.",
    "Never write code without tests.",
    "Never edit a.json without validating it afterwards.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(path_write, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(path_write, text) == []
