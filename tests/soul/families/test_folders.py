"""Sentences about folders of commands: what each becomes, and which make no rule."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import folders


@pytest.mark.parametrize(
    ("sentence", "commands", "params"),
    [
        ("Codex must run from inside a git repo.", "codex", {"repository": True}),
        ("Only run commands from the project root.", "*", {"folder": ["."]}),
        ("Never run npm outside `web/`.", "npm", {"folder": ["web/"]}),
        ("Always run terraform from `infra/`.", "terraform", {"folder": ["infra/"]}),
        ("Run `pytest` only from the repository root.", "pytest", {"folder": ["."]}),
        ("All npm commands must be run inside `frontend/`.", "npm",
         {"folder": ["frontend/"]}),
        ("Never run shell commands outside the workspace.", "*", {"folder": ["**"]}),
        ("Run npm only in `frontend/` and `admin/`.", "npm",
         {"folder": ["frontend/", "admin/"]}),
        ("Run all commands from the repo root.", "*", {"folder": ["."]}),
        ("Never run terraform from anywhere except `infra/`.", "terraform",
         {"folder": ["infra/"]}),
        ("Always start Claude from within the project directory.", "claude",
         {"folder": ["**"]}),
        ("Always cd into `web/` before running npm.", "npm", {"folder": ["web/"]}),
        ("All shell commands run from `/workspace`.", "*", {"folder": ["/workspace/"]}),
        ("Run `make` exclusively from the repository root.", "make", {"folder": ["."]}),
        ("`terraform` only from `infra/`.", "terraform", {"folder": ["infra/"]}),
        ("Only ever run git inside this repo.", "git", {"folder": ["**"]}),
        ("Only run `./deploy.sh` from ~/deploy/.", "deploy.sh", {"folder": ["~/deploy/"]}),
    ],
)  # fmt: skip
def test_a_command_has_its_folder(ruled, sentence, commands, params):
    [rule] = ruled(sentence)
    assert (rule.family, rule.action) == ("cwd", Action.REQUIRE)
    assert (rule.effects, rule.where.commands) == (
        (EffectKind.COMMAND_RUN,), (commands,),
    )  # fmt: skip
    assert dict(rule.params) == params


def test_a_heading_lends_its_always(ruled):
    [rule] = ruled("Run `pytest` from the repository root", "## Always")
    assert rule.params == {"folder": ["."]}


@pytest.mark.parametrize(
    "sentence",
    [
        "ALWAYS use full paths or navigate first:",
        "Never write outside `web/`.",
        "Run your thoughts from beginning to end.",
        "The project runs from a container.",
        "Always run tests in the right directory.",
        "Run commands from the terminal.",
        "Always run make from scratch.",
        "Never run npm outside `web/` unless asked.",
        "Do not use tools outside your scope.",
        "Never run npm outside the project root.",
    ],
)
def test_what_names_no_folder_or_no_command_makes_no_rule(drafts_of, sentence):
    assert drafts_of(folders, sentence) == []
