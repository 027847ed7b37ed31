import ast
import importlib
import subprocess
import sys
from pathlib import Path

import click
import pytest

import soulguard
from soulguard.cli import main as module
from soulguard.cli.exits import Exit
from soulguard.cli.main import COMMANDS, cli, main
from soulguard.cli.output import paint
from soulguard.errors import LedgerFullError

CLI = Path(module.__file__).parent


def status_of(*args):
    with pytest.raises(SystemExit) as ended:
        main(args)
    return ended.value.code


@pytest.fixture
def command(monkeypatch):
    """Make a command whose body the test gives, reachable as `soulguard probe`."""

    def make(body):
        monkeypatch.setattr(
            type(cli), "get_command", lambda *_: click.Command("probe", callback=body)
        )
        monkeypatch.setitem(COMMANDS, "probe", COMMANDS["completion"])

    return make


def test_version_is_one_line(capsys):
    assert status_of("--version") == Exit.OK
    assert capsys.readouterr().out == f"soulguard {soulguard.__version__}\n"


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_lists_every_command_with_its_line(flag, capsys):
    assert status_of(flag) == Exit.OK
    out, _ = capsys.readouterr()
    assert all(f"  {name}" in out and at.line in out for name, at in COMMANDS.items())


@pytest.mark.parametrize("name", ["run", "log", "prune", "drill"])
def test_examples_stand_line_by_line_in_the_help(name, capsys):
    assert status_of(name, "--help") == Exit.OK
    said = capsys.readouterr().out
    assert "\\b" not in said
    assert f"\n  soulguard {name} " in said


def test_no_command_shows_help_on_stderr_and_is_a_usage_error(capsys):
    assert status_of() == Exit.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert "Usage: soulguard" in err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_line_is_the_first_line_of_its_command(name):
    at = COMMANDS[name]
    home, _, attribute = at.home.partition(":")
    command = getattr(importlib.import_module(home), attribute)
    assert isinstance(command, click.Command)
    assert command.help is not None
    assert " ".join(command.help.split("\n\n")[0].split()) == at.line


def test_every_module_with_a_command_is_in_the_table():
    homes = {at.home.partition(":")[0].rpartition(".")[2] for at in COMMANDS.values()}
    assert {path.stem for path in CLI.glob("*.py") if _defines_command(path)} == homes


def _defines_command(path):
    decorators = (
        ast.unparse(decorator)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
    )
    return any(text.startswith("click.command") for text in decorators)


def test_an_unknown_option_is_said_in_the_words_of_the_house(capsys):
    assert status_of("--colour") == Exit.USAGE
    what, way_out = capsys.readouterr().err.splitlines()
    assert what.startswith("error: no such option")
    assert "--colour" in what  # quoted by some versions of click
    assert way_out == "hint: see `soulguard --help`"


def test_an_unknown_command_is_a_usage_error(capsys):
    assert status_of("xyzzy") == Exit.USAGE
    assert capsys.readouterr().err.startswith("error: no command named `xyzzy`\n")


def test_an_error_becomes_two_lines_and_its_exit_code(command, capsys):
    def fails():
        raise LedgerFullError("the disk is full", where="ledger.db", hint="make room")

    command(fails)
    assert status_of("probe") == Exit.LEDGER
    err = capsys.readouterr().err
    assert err == "error: ledger.db: the disk is full\nhint: make room\n"


def test_what_the_system_refuses_is_said_with_its_place(command, capsys, tmp_path):
    command(lambda: (tmp_path / "none" / "a").write_text("x"))
    assert status_of("probe") == Exit.USAGE
    err = capsys.readouterr().err
    assert err == f"error: {tmp_path}/none/a: no such file or directory\n"


def test_a_standard_output_that_is_closed_is_no_error(command, monkeypatch):
    command(lambda: print(paint("x", "bold")))
    monkeypatch.setattr("sys.stdout", None)
    assert status_of("probe") == Exit.OK


def test_what_the_locale_cannot_show_is_spelt_out():
    code = (
        "import sys; from soulguard.cli import main as m; "
        "m._status = lambda args: print('r\\u00e9sum\\u00e9'); m.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(CLI.parents[1])},
    )  # fmt: skip
    assert done.stdout == "r\\xe9sum\\xe9\n"


def test_the_keyboard_interrupts_without_a_traceback(command, capsys):
    def interrupted():
        raise KeyboardInterrupt

    command(interrupted)
    assert status_of("probe") == Exit.INTERRUPTED
    assert capsys.readouterr().err == ""


def test_a_command_gives_the_exit_code_by_returning_it(command):
    command(lambda: 7)
    assert status_of("probe") == 7


def test_a_command_that_returns_nothing_is_fine(command):
    command(lambda: None)
    assert status_of("probe") == Exit.OK


def test_a_reader_that_left_is_no_error():
    done = subprocess.run(
        f"{sys.executable} -m soulguard completion zsh | true; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("0\n", "")
