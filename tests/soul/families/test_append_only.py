import pytest

from soulguard.model import Action, EffectKind


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
