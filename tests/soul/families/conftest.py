from collections.abc import Callable

import pytest

from soulguard.model import Rule
from tests.soul.conftest import Compile

Ruled = Callable[..., list[Rule]]


@pytest.fixture
def ruled(compile_text: Compile) -> Ruled:
    """Give the rules that come of one item of a list, under a heading or none."""

    def rule_it(sentence: str, under: str = "") -> list[Rule]:
        found = compile_text(f"{under}\n\n- {sentence}\n")
        return list(found.policy.rules[: found.own])

    return rule_it
