"""Sentences labelled before they were compiled: what each must become, and what not."""

from pathlib import Path

import pytest

from soulguard.model import Rule

FOLDER = Path(__file__).with_name("labelled")
ALSO = {
    "rate-limit": {"resource-limit"},
    "resource-limit": {"rate-limit"},
    "secret-egress": {"secret-in-file"},
    "secret-in-file": {"secret-egress"},
    "db-deny": {"command-deny", "delete-deny"},
}


def lines(name: str) -> list[str]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


def written(sentence: str) -> str:
    """Give a sentence as Markdown: a row of a table, an item, a heading and an item."""
    first, *rest = (part.strip() for part in sentence.split(" / "))
    if first.startswith("|"):
        return f"| Action | Rule |\n|---|---|\n{first}\n"
    return "\n\n".join([first, "\n".join(rest), ""]) if rest else f"- {first}\n"


def said(rule: Rule) -> str:
    """Give all that a rule names: places, hosts, methods, commands, amounts."""
    named = [str(v) for values in rule.where.to_json().values() for v in values]
    amounts = [f"{k}={v}" for k, v in rule.params.items()]
    short = [f"{k}={v:g}" for k, v in rule.params.items() if isinstance(v, float)]
    return "\n".join((*named, *amounts, *short)).lower()


@pytest.mark.parametrize("line", lines("rules.txt"))
def test_a_sentence_becomes_the_rule_it_was_labelled_with(compile_text, line: str):
    label, _, sentence = line.partition(" :: ")
    found = compile_text(written(sentence))
    rules = found.policy.rules[: found.own]
    assert found.sentences
    if label == "?":
        assert not rules
        return
    family, action, *named = label.split()
    taken = {family, *ALSO.get(family, ())}
    mine = [r for r in rules if r.family in taken and r.action.value == action]
    assert mine, [(r.family, r.action.value) for r in rules]
    text = "\n".join(map(said, mine))
    assert [name for name in named if name.lower() not in text] == []


@pytest.mark.parametrize("sentence", lines("none.txt"))
def test_a_sentence_that_is_no_rule_becomes_none(compile_text, sentence: str):
    found = compile_text(written(sentence))
    assert [r.family for r in found.policy.rules[: found.own]] == []
