"""Sentences about placement: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action
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


@pytest.mark.parametrize(
    ("sentence", "path"),
    [
        ("Store invoices under `books/`.", "books/"),
        ("Use `tmp/` for scratch work.", "tmp/"),
        ("Output stays inside `build/`.", "build/"),
    ],
)
def test_what_is_placed_is_allowed_there_and_nothing_else_is_refused(
    ruled, sentence, path
):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == ("path-write-allow", Action.ALLOW)
    assert rule.where.paths == (path,)


def test_a_place_alone_is_allowed_under_a_header_that_allows(ruled):
    (rule,) = ruled("`sandbox/`", "## You may")
    assert (rule.action, rule.where.paths) == (Action.ALLOW, ("sandbox/",))


def test_a_place_for_a_log_is_the_logging_family_s(ruled):
    (rule,) = ruled("Log sent mail in `sent.md`.")
    assert (rule.family, rule.where.paths) == ("logging", ("sent.md",))


@pytest.mark.parametrize(
    "sentence", ["`README.md` explains the layout.", "Put the customer first."]
)
def test_a_mention_places_nothing(ruled, sentence):
    assert ruled(sentence) == []
