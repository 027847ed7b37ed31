"""The table of programs is well-formed."""

import re

import pytest

from soulguard.policy.grammars import CARRIED, GRAMMARS

OPTION = re.compile(r"-[A-Za-z0-9#]|-tt|--[A-Za-z][A-Za-z0-9-]*")


@pytest.mark.parametrize("program", GRAMMARS)
def test_a_grammar_says_what_can_be_done(program: str) -> None:
    found = GRAMMARS[program]
    kinds = (found.each, found.last, found.lead, *found.under.values())
    assert set("".join(kinds)) <= set("rwadml")
    assert set("".join(found.files.values())) <= set("rwa") | {CARRIED}
    options = (
        found.takes | found.attached | found.target | found.plain | found.instead
        | found.below | found.nothing | set(found.files) | set(found.under)
    )  # fmt: skip
    assert [o for o in options if not OPTION.fullmatch(o)] == []
    assert not found.takes & set(found.files), "a value is a file or it is none"
    assert not found.takes & found.target
