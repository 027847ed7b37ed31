"""What docs/approvals.md shows of a question is what a person sees."""

import re
from pathlib import Path

import pytest

from soulguard.cli.approve import approve, deny
from soulguard.cli.run import command as run
from soulguard.model import Action, EffectKind
from soulguard.supervisor.report import PREFIX
from tests.supervisor.rules import a_deed, a_rule, attempts

PAGE = (Path(__file__).parents[2] / "docs" / "approvals.md").read_text()


def test_the_question_is_the_one_that_is_asked(tmp_path):
    (shown,) = re.findall(r"```text\n(.*)\n```", PAGE)
    rule = a_rule(Action.ASK)
    deed = a_deed(
        rule,
        kind=EffectKind.FILE_WRITE,
        target="config.json",
        tried="write config.json",
    )
    with attempts(tmp_path, patience=300.0) as made:
        made.do(deed)
        (said,) = made.said
    number = said.partition(":")[0]
    asked = PREFIX + re.sub(rf"\b{number}\b", "7", said).replace(
        "SOUL.md:7", "SOUL.md:1"
    )
    assert asked == shown


@pytest.mark.parametrize(
    "words", re.findall(r"`soulguard (approve|deny) (7[^`]*)`", PAGE)
)
def test_every_answer_shown_is_one_that_can_be_given(words):
    name, rest = words
    command = {"approve": approve, "deny": deny}[name]
    context = command.make_context(name, rest.split())
    assert context.params["number"] == 7


def test_the_waiting_time_is_the_default_of_the_option():
    options = {o.name: o for o in run.params}
    assert options["approve_timeout"].default == 300.0
    assert options["approve_timeout"].envvar in PAGE
