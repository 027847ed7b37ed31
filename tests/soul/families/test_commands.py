"""Sentences about commands: what each becomes, and which make no such rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import commands


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
    assert rule.where.except_commands[0] == "terraform apply -lock=true"


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


# sentence, family, action, and the first place or amount the rule names
TAKEN = [
    ("Never run `rm -rf`.", "command-deny", "deny", "rm -rf"),
    ("Never use sudo.", "command-deny", "deny", "sudo"),
    ("Do not run commands as root.", "command-deny", "deny", "sudo"),
    (
        "Never run `terraform destroy` without approval.",
        "command-ask",
        "ask",
        "terraform destroy",
    ),
    ("No force pushes.", "command-deny", "deny", "git push -f|--force*|+*"),
    (
        "Do not push to main.",
        "command-deny",
        "deny",
        "git push main|master|*:main|*:master|+main|+master|refs/heads/main|*:refs/heads/main",
    ),
    (
        "Never commit directly to main.",
        "command-deny",
        "deny",
        "git push main|master|*:main|*:master|+main|+master|refs/heads/main|*:refs/heads/main",
    ),
    (
        "Ask before installing packages.",
        "command-ask",
        "ask",
        "pip|pip3|pipx|uv install|add|sync",
    ),
    (
        "Don't restart services without asking.",
        "command-ask",
        "ask",
        "systemctl|service restart|stop|start|reload|kill",
    ),
    (
        "Never run database migrations in production.",
        "db-deny",
        "deny",
        "alembic|flyway|liquibase|dbmate|goose|knex|sequelize|diesel",
    ),
    ("Only run `pytest` and `ruff`.", "command-allow", "deny", "*"),
    (
        "You may run `git status` and `git diff`.",
        "command-allow",
        "allow",
        "git status",
    ),
    (
        "Deployments need sign-off from Ops.",
        "command-ask",
        "ask",
        "kubectl apply|create|replace|rollout|scale|set|patch",
    ),
    ("Do not execute shell commands.", "command-deny", "deny", "*"),
]
REFUSED = [
    "Do not deploy on Fridays.",
    "Never kill processes you did not start.",
    "Never use the word `great`.",
    "Never make decisions.",
]


@pytest.mark.parametrize(("text", "family", "action", "named"), TAKEN)
def test_the_family_takes(drafts_of, text, family, action, named) -> None:
    draft = drafts_of(commands, text)[0]
    assert (draft.family, draft.action.value) == (family, action)
    assert named in drafts_of.named(draft)
    assert draft.meaning


@pytest.mark.parametrize("text", REFUSED)
def test_the_family_refuses(drafts_of, text: str) -> None:
    assert drafts_of(commands, text) == []
