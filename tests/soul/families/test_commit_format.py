"""Sentences about commit messages: what is refused, and which make no such rule."""

import pytest

from soulguard.model import Action, Effect, EffectKind, Policy, Verdict
from soulguard.policy.engine import Engine
from soulguard.soul.families import commit_format


def says(rules, *argv):
    engine = Engine(Policy("/r", 1, tuple(rules), (), ""))
    line = " ".join(argv)
    return engine.judge(Effect(EffectKind.COMMAND_RUN, line, details={"argv": argv}))


@pytest.mark.parametrize(
    ("sentence", "good", "bad"),
    [
        ("Commit format: `[bot] fix: <what>`", "[bot] fix: the door", "fix the door"),
        ("Commit messages must start with `ops:`.", "ops: restart", "restart"),
        ("Use Conventional Commits.", "feat(ui): a door", "a door"),
        ("Commits: Conventional Commits (`feat|fix|docs`).", "docs: more", "chore: x"),
        ("Commit messages: `type(scope): description`", "fix: a", "a fix"),
    ],
)
def test_a_message_of_another_form_is_refused(ruled, sentence, good, bad):
    rules = ruled(sentence)
    assert [(r.family, r.action) for r in rules] == [("command-format", Action.DENY)]
    assert says(rules, "git", "commit", "-m", good).verdict is Verdict.ALLOW
    assert says(rules, "git", "commit", f"--message={good}").verdict is Verdict.ALLOW
    assert says(rules, "git", "commit", "-am", bad).verdict is Verdict.DENY
    assert says(rules, "git", "commit").verdict is Verdict.ALLOW


@pytest.mark.parametrize(
    "sentence",
    [
        "Write good commit messages.",
        "Never prefix commit messages with `wip:`.",
        "Keep commits atomic.",
        "Commit messages explain why.",
    ],
)
def test_the_family_refuses(drafts_of, sentence):
    assert drafts_of(commit_format, sentence) == []
