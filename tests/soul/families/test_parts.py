"""Sentences about parts of commands and calls: what each becomes, and which are none."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import parts


@pytest.mark.parametrize(
    ("sentence", "commands", "spared"),
    [
        ("Always pass --dry-run to terraform apply.", "terraform apply",
         "terraform apply --dry-run"),
        ("Always run pytest with `-x`.", "pytest", "pytest -x"),
        ("`kubectl apply` must always include `--dry-run=server`.", "kubectl apply",
         "kubectl apply --dry-run server"),
        ("Use `--no-pager` with every `git log`.", "git log", "git --no-pager log"),
        ("COMMAND: sudo apt install -y <package> Never run apt install without -y.", "apt install", "apt install -y"),
        ("Every `docker run` needs `--rm`.", "docker run", "docker run --rm"),
        ("Never commit without `-s`.", "git commit", "git commit -s"),
        ("All `terraform plan` commands must use `-out=plan.bin`.", "terraform plan",
         "terraform plan -out=plan.bin"),
    ],
)  # fmt: skip
def test_a_flag_must_be_there(ruled, sentence, commands, spared):
    [rule] = ruled(sentence)
    assert (rule.family, rule.action) == ("command-format", Action.DENY)
    assert rule.where.commands == (commands,)
    assert spared in rule.where.except_commands
    assert rule.params["allow_list"]


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Never use --no-verify with git commit.", "git commit --no-verify"),
        ("Never run `docker run` with `--privileged`.", "docker run --privileged"),
        ("Don't use --force with npm install.", "npm install --force"),
    ],
)
def test_a_flag_must_not_be_there(ruled, sentence, named):
    [rule] = ruled(sentence)
    assert (rule.family, rule.action) == ("command-deny", Action.DENY)
    assert named in rule.where.commands


@pytest.mark.parametrize(
    ("sentence", "command", "variable"),
    [
        ("Always use DEBIAN_FRONTEND=noninteractive for apt install.", "apt install",
         {"DEBIAN_FRONTEND": "noninteractive"}),
        ("Prefix every `pip install` with PIP_NO_INPUT=1.", "pip install",
         {"PIP_NO_INPUT": "1"}),
        ("Set CI=true for every npm test.", "npm test", {"CI": "true"}),
        ("Always use `CI=1` when running npm test.", "npm test", {"CI": "1"}),
    ],
)  # fmt: skip
def test_a_variable_must_be_set(ruled, sentence, command, variable):
    [rule] = ruled(sentence)
    assert (rule.family, rule.action) == ("command-format", Action.REQUIRE)
    assert rule.where.commands == (command,)
    assert rule.params == {"variables": variable}


@pytest.mark.parametrize(
    "sentence",
    ["COMMAND: must always be a single logical line.", "Every command must be on one line.",
     "Shell commands must be a single line.", "Never use multi-line commands.",
     "Keep it short; every command must be one line."],
)  # fmt: skip
def test_a_command_is_one_line(ruled, sentence):
    [rule] = ruled(sentence)
    assert (rule.effects, rule.params) == ((EffectKind.COMMAND_RUN,), {"lines": 1})


@pytest.mark.parametrize(
    ("sentence", "hosts", "params"),
    [
        ("Every Blotato call must include a future `scheduledTime`.", ("*blotato*",),
         {"fields": ["scheduledTime"], "future": True}),
        ("Posts to Buffer must always have a `scheduled_at` in the future.",
         ("*buffer*",), {"fields": ["scheduled_at"], "future": True}),
        ("Always include `metadata` in Stripe calls.", ("api.stripe.com",),
         {"fields": ["metadata"]}),
        ("All requests to api.example.com must include tenant_id.", ("api.example.com",),
         {"fields": ["tenant_id"]}),
        ("Never call `api.example.com` without `dry_run`.", ("api.example.com",),
         {"fields": ["dry_run"]}),
        ("Every POST to the Buffer API must include `scheduled_at`.", ("*buffer*",),
         {"fields": ["scheduled_at"]}),
        ("Never create a Notion page without `parent`.",
         ("api.notion.com", "*.notion.so"), {"fields": ["parent"]}),
        ("Every request to api.acme.io needs an `X-Tenant` header.", ("api.acme.io",),
         {"fields": ["X-Tenant"]}),
        ("Stripe calls without `metadata` are forbidden.", ("api.stripe.com",),
         {"fields": ["metadata"]}),
        ("Always set `dry_run` when calling api.acme.io.", ("api.acme.io",),
         {"fields": ["dry_run"]}),
        ("Every API call must include `user_id`.", (), {"fields": ["user_id"]}),
    ],
)  # fmt: skip
def test_a_field_must_be_there(ruled, sentence, hosts, params):
    [rule] = ruled(sentence)
    assert (rule.family, rule.action) == ("param-required", Action.REQUIRE)
    assert (rule.effects, rule.where.hosts) == ((EffectKind.HTTP_CALL,), hosts)
    assert dict(rule.params) == params


def test_a_heading_that_forbids_lends_its_never(ruled):
    [rule] = ruled("Use --force with npm install", "## Never")
    assert "npm install --force" in rule.where.commands


@pytest.mark.parametrize(
    "sentence",
    [
        "Every report must include a `summary` section.",
        "Each blog post must have a `title` field.",
        "Every tool call must include a `reason`.",
        "Every request must include `id`, or ask the user.",
        "Every call must be returned within a day.",
        "Add an `Idempotency-Key` header to all POST requests.",
        "Use DEBUG=1 when you need more output.",
        "Never use --no-verify lightly; think first.",
        "Always run ansible-playbook with --check first.",
        "Docstrings must be a single line.",
        "Always use --verbose when debugging with git.",
        "Always use snake_case for file_names.",
        "Never use em-dashes with lists.",
    ],
)
def test_what_names_no_command_or_service_makes_no_rule(drafts_of, sentence):
    assert drafts_of(parts, sentence) == []
