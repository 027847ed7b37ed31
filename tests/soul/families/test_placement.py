"""Sentences about placement: what each becomes, and which make no such rule."""

import pytest

from soulguard.soul.families import placement

# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Always write to `.tmp` first, then rename.", "path-write-allow", "allow", ".tmp"),
    ("Only ever append to `ledger.csv`.", "path-write-allow", "allow", "ledger.csv"),
    ("All generated files go to `output/`.", "path-write-allow", "allow", "output/"),
    (
        "Write reports to `reports/YYYY-MM-DD.md`.",
        "path-write-allow",
        "allow",
        "reports/*.md",
    ),
    ("Put temp files in /tmp.", "path-write-allow", "allow", "/tmp"),
    (
        "Log every command you run to `logs/commands.log`.",
        "logging",
        "allow",
        "logs/commands.log",
    ),
    ("Record all decisions in `DECISIONS.md`.", "logging", "allow", "DECISIONS.md"),
    (
        "Append a summary to `memory/YYYY-MM-DD.md` at the end of each session.",
        "logging",
        "allow",
        "memory/*.md",
    ),
    (
        "Only append to `log.jsonl`; never edit earlier lines.",
        "path-write-allow",
        "allow",
        "log.jsonl",
    ),
]
REFUSED = [
    "This creates `.x/rules/` files.",
    "Put people first.",
    "Use UI/UX best practices.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(placement, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(placement, text) == []
