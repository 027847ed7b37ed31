"""A *do not* beside or below a condition is of that occasion; *never* is of every one."""

import pytest

from soulguard.soul import occasions
from soulguard.soul.tokens import items, statements


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("When reviewing, read it", "when reviewing"),
        ("Plan mode: read it", "plan mode"),
        ("When in doubt, read it", ""),
        ("Read it when reviewing", ""),
    ],
)
def test_a_statement_may_open_with_its_occasion(text, when):
    assert occasions.opening(statements(items(text))[0]) == when


@pytest.mark.parametrize(
    ("texts", "when"),
    [
        (("## Review mode",), "review mode"),
        (("When a release fails twice",), "when a release fails twice"),
        (("Never", "If the build is red"), "if the build is red"),
        (("When stuck",), ""),
        (("Boundaries",), ""),
    ],
)
def test_a_heading_may_say_when(texts, when):
    assert occasions.above(texts) == when


def test_the_sentence_before_may_say_when():
    assert occasions.before("if dana says no, stop.") == "if dana says no"
    assert occasions.before("dana says no, so stop.") == ""
    assert occasions.before("if dana says no") == ""


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("- If Dana says no, stop. Do not push.", set()),
        ("- If Dana says no, stop. Never push.", {"command-deny"}),
        ("- Ask Dana. Do not push.", {"command-deny"}),
        ("# Review mode\n\n- Do not push.", set()),
        ("# When the build is red\n\n- Do not push.", set()),
        ("# When the build is red\n\n- Never push.", {"command-deny"}),
        ("# Boundaries\n\n- Do not push.", {"command-deny"}),
    ],
)
def test_what_is_forbidden_then_is_not_forbidden_always(compile_text, text, families):
    found = compile_text(text)
    assert {f for s in found.sentences for f in s.families} == families


@pytest.mark.parametrize(
    ("low", "told"),
    [
        ("historically, we never deployed on fridays.", True),
        ("the ban on mail no longer applies.", True),
        ("never deploy on fridays.", False),
    ],
)
def test_what_was_binds_nobody(low, told):
    assert occasions.past(low) is told
