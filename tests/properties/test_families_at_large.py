"""Each family, asked in the words of many: nine of ten sentences must become its rule."""

import pytest

from tests.properties.sentences import NOT_MEANT, PLAIN, RARE

ALSO = {
    "rate-limit": {"resource-limit"},
    "resource-limit": {"rate-limit"},
    "secrets": {"secret-egress", "secret-in-file"},
    "command-deny": {"db-deny"},
}
EVERY = {**RARE, **PLAIN}
SHARE = 0.9


def lines(family: str) -> list[str]:
    return EVERY[family].strip().splitlines()


def written(line: str) -> str:
    """Give a line as a text of Markdown: a table, an item under a heading, an item."""
    first, *rest = (part.strip() for part in line.lstrip("? ").split(" / "))
    if first.startswith("|"):
        rule = "|---" * (first.count("|") - 1)
        return "\n".join([first, f"{rule}|", *rest, ""])
    return "\n\n".join([first, "\n".join(rest), ""]) if rest else f"- {first}\n"


def families(compile_text, line: str) -> set[str]:
    found = compile_text(written(line))
    assert found.sentences, "it is neither a rule nor listed"
    return {rule.family for rule in found.policy.rules[: found.own]}


@pytest.mark.parametrize("family", EVERY)
def test_nine_of_ten_sentences_become_a_rule_of_the_family(compile_text, family):
    taken = {family, *ALSO.get(family, ())}
    missed = [x for x in lines(family) if not families(compile_text, x) & taken]
    known = [x for x in lines(family) if x.startswith("?")]
    assert missed == known
    assert len(missed) <= len(lines(family)) * (1 - SHARE)


@pytest.mark.parametrize("line", NOT_MEANT.strip().splitlines())
def test_what_only_sounds_like_a_rule_is_none(compile_text, line: str) -> None:
    found = compile_text(f"- {line}\n")
    assert [rule.family for rule in found.policy.rules[: found.own]] == []
