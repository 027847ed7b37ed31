import json
import subprocess
import sys

import pytest

from soulguard.cli.audit import command
from soulguard.cli.exits import Exit
from soulguard.cli.main import main
from soulguard.errors import UsageError
from tests.audit.sources import RULES, write

AGENT = """\
import requests
import os

requests.post("https://a.example/x")
os.system(os.environ["CMD"])
os.makedirs("out", exist_ok=True)
"""


@pytest.fixture
def audit(tmp_path, monkeypatch, capsys):
    write(tmp_path, {"agent.py": AGENT})
    monkeypatch.chdir(tmp_path)

    def run(*args):
        code = command.main(list(args or (".",)), standalone_mode=False)
        return code, capsys.readouterr()

    return run


def test_debt_is_an_exit_code(audit):
    code, said = audit()
    assert code == Exit.VIOLATIONS
    assert "debt     make an HTTP request POST https://a.example/x" in said.out
    assert said.err == ""


def test_rules_beside_the_code_pay_it(audit, tmp_path):
    (tmp_path / "SOUL.md").write_text(RULES)
    code, said = audit()
    assert code == Exit.OK
    assert "rule      policies/defaults.yaml" in said.out
    assert audit("--strict", ".")[0] == Exit.VIOLATIONS  # a command nobody knows


def test_some_debt_may_be_allowed(audit):
    assert audit("--max-debt", "1", ".")[0] == Exit.OK
    assert audit("--max-debt", "1", "--strict", ".")[0] == Exit.VIOLATIONS


def test_a_file_that_cannot_be_read_is_told_by_the_exit_code(audit, tmp_path):
    (tmp_path / "broken.py").write_text("def f(:\n")
    code, said = audit("--max-debt", "9", ".")
    assert code == Exit.USAGE
    assert "not audited: broken.py:1: not Python" in said.out


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_data_is_json_on_stdout_alone(audit, form):
    code, said = audit("--format", form, ".")
    assert json.loads(said.out)
    assert said.err == ""
    assert code == Exit.VIOLATIONS


def test_markdown_is_a_table(audit):
    assert "| `agent.py:4` |" in audit("--format", "markdown", ".")[1].out


def test_what_is_ignored_needs_a_reason(audit, tmp_path):
    (tmp_path / "agent.py").write_text("open('a', 'w')  # soulguard: ignore[a cache]\n")
    code, said = audit("--show-ignored", ".")
    assert code == Exit.OK
    assert "ignored  write a file a  a cache" in said.out
    (tmp_path / "agent.py").write_text("open('a', 'w')  # soulguard: ignore[]\n")
    code, said = audit()
    assert code == Exit.USAGE
    assert "agent.py:1: no reason is given" in said.out


def test_files_can_be_left_out(audit):
    code, said = audit("--exclude", "agent.py", ".")
    assert code == Exit.OK
    assert "0 effects in 0 files" in said.out


def test_a_path_that_is_not_there_is_a_mistake(audit):
    with pytest.raises(UsageError):
        audit("nowhere")


def test_colour_only_where_it_is_wanted(audit, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in audit()[1].out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in audit()[1].out


def test_it_is_a_command(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["audit", "--help"])
    assert ended.value.code == 0
    assert "# soulguard: ignore[reason]" in capsys.readouterr().out


def test_progress_is_for_terminals(tmp_path):
    write(tmp_path, {f"a{n}.py": "" for n in range(20)})
    done = subprocess.run(
        [sys.executable, "-m", "soulguard", "audit", str(tmp_path)], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert done.stderr == ""
