import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families.commands import pattern


@pytest.mark.parametrize(
    ("sentence", "command"),
    [
        ("Don't rebase or rewrite git history.", "git rebase"),
        ("Never use `docker system prune`.", "docker system prune"),
        ("Do NOT run system commands (df, systemctl, free, ps).", "systemctl"),
    ],
)
def test_a_command_that_is_named_or_meant_is_refused(ruled, sentence, command):
    (rule,) = ruled(sentence)
    assert (rule.family, rule.action) == ("command-deny", Action.DENY)
    assert rule.effects == (EffectKind.COMMAND_RUN,)
    assert command in rule.where.commands


@pytest.mark.parametrize(
    ("sentence", "under", "command"),
    [
        ("Never restart services without confirmation.", "", "* restart"),
        ("Never install software without asking.", "", "uv pip install"),
        ("Production deploys", "## Ask first", "pulumi up"),
    ],
)
def test_a_command_that_needs_approval_waits(ruled, sentence, under, command):
    (rule,) = ruled(sentence, under)
    assert (rule.family, rule.action) == ("command-ask", Action.ASK)
    assert command in rule.where.commands


def test_a_flag_that_must_be_there_is_the_exception(ruled):
    (rule,) = ruled("Never run `terraform apply` without `-lock=true`.")
    assert rule.where.commands == ("terraform apply",)
    assert rule.where.except_commands == ("terraform apply -lock=true",)


def test_only_shuts_out_every_other_command(ruled):
    (rule,) = ruled("Only run `make test`.")
    assert rule.action is Action.DENY
    assert rule.where.commands == ("*",)
    assert rule.where.except_commands == ("make test",)


def test_a_command_under_allowed_is_handed_over(ruled):
    (rule,) = ruled("`git diff` for a look at changes", "## Allowed commands")
    assert (rule.family, rule.action) == ("command-allow", Action.ALLOW)
    assert rule.where.commands == ("git diff",)


@pytest.mark.parametrize(
    "sentence",
    [
        "Never run analyses you do not understand.",
        "Never run away from a hard question.",
        "Do not execute on half an idea.",
    ],
)
def test_a_command_nobody_can_name_is_refused_by_nobody(ruled, sentence):
    assert ruled(sentence) == []


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("git push <remote> --force", "git push --force"),
        ("rm -rf ...", "rm -rf"),
        ("docker  run [name]", "docker run"),
    ],
)
def test_placeholders_of_a_command_line_stand_for_anything(written, found):
    assert pattern(written) == found
