"""A command line says where and with what it starts its programs."""

import pytest

from soulguard.model import Action, Effect, EffectKind, Rule, Source, Span, Where
from soulguard.policy.started import lines, started, variable

HOME = "/home/ada"


def command(line, cwd="/r", *, argv=(), env=None):
    details = {"argv": list(argv), "cwd": cwd, "env": env or {}}
    return Effect(EffectKind.COMMAND_RUN, line, details=details)


def about(*commands, spared=()):
    where = Where(commands=commands, except_commands=spared)
    source = Source(Span("SOUL.md", 1), "x")
    return Rule("r", "cwd", Action.REQUIRE, (EffectKind.COMMAND_RUN,), source, where)


@pytest.mark.parametrize(
    ("line", "folders"),
    [
        ("npm ci", ["/r"]),
        ("cd web && npm ci", ["/r/web"]),
        ("cd web; cd ../api; npm ci && npm test", ["/r/api", "/r/api"]),
        ("cd /srv && sudo npm ci", ["/srv"]),
        ("sh -c 'cd web && npm ci'", ["/r/web"]),
        ('cd "$DIR" && npm ci', [""]),
        ("cd - && npm ci", [""]),
        ("cd $X; cd sub; npm ci", [""]),
        ("cd $X; cd /srv; npm ci", ["/srv"]),
        ("ls && cat npm", []),
    ],
)
def test_a_change_of_folder_holds_for_what_follows(line, folders):
    found = list(started(command(line), about("npm")))
    assert [each.folder for each in found] == folders


def test_the_home_folder_is_known(monkeypatch):
    monkeypatch.setenv("HOME", HOME)
    folders = [e.folder for e in started(command("cd ~/a && ls; cd; ls"), about("ls"))]
    assert folders == [f"{HOME}/a", HOME]


def test_what_a_rule_leaves_out_is_not_given():
    rule = about("npm", spared=("npm --version",))
    found = started(command("", argv=["npm", "--version"]), rule)
    assert list(found) == []


@pytest.mark.parametrize(
    ("line", "env", "value"),
    [
        ("apt install x", {}, None),
        ("apt install x", {"MODE": "on"}, "on"),
        ("MODE=off apt install x", {"MODE": "on"}, "off"),
        ("export MODE='off'; apt install x", {}, "off"),
        ("env MODE=off apt install x", {}, "off"),
        ("apt --MODE=off install", {}, None),
        ("XMODE=off apt install", {}, None),
        ("sudo apt install x", {"MODE": "on"}, None),
        ("sudo -E apt install x", {"MODE": "on"}, "on"),
        ("sudo MODE=on apt install x", {}, "on"),
    ],
)
def test_a_variable_is_of_the_line_or_of_the_environment(line, env, value):
    assert variable(command(line, env=env), "MODE") == value


@pytest.mark.parametrize(
    ("line", "count"),
    [("ls", 1), ("ls\n", 1), ("ls \\\n -l", 1), ("ls\nrm x", 2), ("", 0)],
)
def test_the_lines_of_a_command_are_counted(line, count):
    assert lines(command(line)) == count


@pytest.mark.parametrize(
    ("line", "folders"),
    [
        ("(cd web; npm a); npm b", ["/r/web", "/r"]),
        ("cd web; (cd sub; npm a; (npm b)); npm c", ["/r/web/sub"] * 2 + ["/r/web"]),
        ("sh -c 'cd web'; npm a", ["/r"]),
        ("sh -c 'cd web; npm a'; sh -c 'npm b'", ["/r/web", "/r"]),
        ("eval 'cd web'; npm a", ["/r/web"]),
        ("echo $(cd web; npm a); npm b", ["/r/web", "/r"]),
        ("pushd web; npm a", ["/r/web"]),
    ],
)
def test_what_a_subshell_moves_to_holds_in_it_alone(line, folders):
    found = list(started(command(line), about("npm")))
    assert [each.folder for each in found] == folders
