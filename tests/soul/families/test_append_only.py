"""Sentences about append-only files: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import append_only


@pytest.mark.parametrize(
    ("sentence", "path"),
    [
        ("`audit.csv` is append-only.", "audit.csv"),
        ("Only append to `journal.md`, never edit earlier entries.", "journal.md"),
        ("Never delete old entries of `history.md`.", "history.md"),
        ("`books/ledger.jsonl` may only grow.", "books/ledger.jsonl"),
    ],
)
def test_a_named_file_may_grow_and_nothing_else(ruled, sentence, path):
    rule = ruled(sentence)[0]
    assert (rule.family, rule.action) == ("append-only", Action.APPEND_ONLY)
    assert rule.where.paths == (path,)
    assert {EffectKind.FILE_WRITE, EffectKind.FILE_DELETE} <= set(rule.effects)


@pytest.mark.parametrize(
    "sentence",
    ["Logs must only ever grow.", "For the event log: append, never rewrite."],
)
def test_logs_without_a_name_are_the_class_of_log_files(ruled, sentence):
    (rule,) = ruled(sentence)
    assert "**/*.log" in rule.where.paths


def test_appending_to_such_a_file_stays_allowed(ruled):
    rules = ruled("Never change existing lines of `orders.csv`: append only.")
    assert Action.DENY not in {r.action for r in rules}


@pytest.mark.parametrize(
    "sentence", ["Keep it append-only.", "The changelog is append-only."]
)
def test_without_a_file_or_a_kind_of_file_there_is_no_rule(ruled, sentence):
    assert ruled(sentence) == []


def test_being_told_to_append_does_not_forbid_the_rest(ruled):
    rules = ruled("Append a summary to `notes.md`.")
    assert {r.action for r in rules} == {Action.ALLOW}


# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Only ever append to `ledger.csv`.", "append-only", "append_only", "ledger.csv"),
    (
        "Never rewrite existing lines in `events.jsonl`.",
        "append-only",
        "append_only",
        "events.jsonl",
    ),
    (
        "Never rewrite `memory/` files; append only.",
        "append-only",
        "append_only",
        "memory/",
    ),
    (
        "Only append to `log.jsonl`; never edit earlier lines.",
        "append-only",
        "append_only",
        "log.jsonl",
    ),
    ("`audit.log` must only grow.", "append-only", "append_only", "audit.log"),
    (
        "Treat `history.csv` as append-only.",
        "append-only",
        "append_only",
        "history.csv",
    ),
]
REFUSED = [
    "Never edit my code.",
    "Append a note.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(append_only, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(append_only, text) == []
