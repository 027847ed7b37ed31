"""What holds in every run, and what SOUL.md may open: its own evolution, for a person."""

import pytest

from soulguard.model import Effect, EffectKind, Verdict
from soulguard.policy.engine import Engine
from soulguard.soul.compiler import compile_sources

ONCE = "Never write twice to the same output path in a single run.\n"
TELL = "If you change this file, tell the user.\n"


@pytest.fixture
def judge(tmp_path):
    def ask(text, name):
        source = tmp_path / "SOUL.md"
        source.write_text(text)
        policy = compile_sources([source]).policy
        target = f"{policy.root}/{name}"
        return Engine(policy).judge(Effect(EffectKind.FILE_WRITE, target))

    return ask


@pytest.mark.parametrize("name", ["SOUL.md", "AGENTS.md", ".soulguard/ledger.db"])
def test_the_agent_does_not_rewrite_its_rules_or_its_record(judge, name):
    assert judge(ONCE, name).verdict is Verdict.DENY


def test_a_file_whose_changes_are_told_may_change_when_a_person_says_so(judge):
    found = judge(ONCE + TELL, "SOUL.md")
    assert found.verdict is Verdict.ASK
    assert found.rule.source.text.startswith("If you change this file")
    assert judge(ONCE + TELL, "AGENTS.md").verdict is Verdict.DENY


def test_a_sentence_that_forbids_the_change_wins_over_one_that_tells_of_it(judge):
    text = f"{TELL}Never modify SOUL.md.\n"
    assert judge(text, "SOUL.md").verdict is Verdict.DENY
