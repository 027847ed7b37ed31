from collections.abc import Callable
from types import ModuleType

import pytest

from soulguard.model import Rule, Span
from soulguard.soul.builtin import every_class
from soulguard.soul.clauses import Clause
from soulguard.soul.drafts import Draft, World
from soulguard.soul.reading import read
from tests.soul.conftest import Compile

Ruled = Callable[..., list[Rule]]


class Drafts:
    """Asks one family alone what it makes of an item of a list."""

    def __init__(self) -> None:
        self.world = World(every_class())

    def __call__(self, family: ModuleType, text: str) -> list[Draft]:
        clause = Clause(text, Span("SOUL.md", 1), "list", (), (), 0, 0)
        return list(family.read(read(clause), self.world))

    @staticmethod
    def named(draft: Draft) -> set[str]:
        """Give all that a draft names: places, hosts, methods, commands, amounts."""
        said = {name for names in draft.where.to_json().values() for name in names}
        if "max" in draft.params:
            said.add(f"{draft.params['max']:g} {draft.params['unit']}")
        if "gap" in draft.params:
            said.add(f"{draft.params['gap']:g} s")
        return said or {""}


@pytest.fixture
def drafts_of() -> Drafts:
    return Drafts()


@pytest.fixture
def ruled(compile_text: Compile) -> Ruled:
    """Give the rules that come of one item of a list, under a heading or none."""

    def rule_it(sentence: str, under: str = "") -> list[Rule]:
        found = compile_text(f"{under}\n\n- {sentence}\n")
        return list(found.policy.rules[: found.own])

    return rule_it
