import os
import subprocess
import sys

import pytest

from soulguard.cli.exits import Exit
from tests.cli.test_main import status_of


@pytest.fixture
def launch(tmp_path):
    """Launch `soulguard run` with the words the test gives, in a folder of its own."""
    rule = "Never write twice to the same output path in a single run.\n"
    (tmp_path / "SOUL.md").write_text(rule)

    def launch_it(*words, **env):
        return subprocess.run(
            [sys.executable, "-m", "soulguard", "run", *words],
            cwd=tmp_path,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            check=False,
        )

    return launch_it


def test_what_follows_the_command_is_the_agent_s_with_or_without_a_dash(launch):
    for dashes in ([], ["--"]):
        done = launch(*dashes, "printf", "%s ", "--new", "--run-id=x", "-h")
        assert (done.stdout, done.returncode) == ("--new --run-id=x -h ", 0)


def test_the_status_of_the_agent_is_that_of_the_command(launch):
    assert launch("--", "sh", "-c", "exit 7").returncode == 7


@pytest.mark.parametrize("how", ["option", "variable"])
def test_the_record_is_kept_where_it_is_asked_for(launch, tmp_path, how):
    path = str(tmp_path / "kept" / "ledger.db")
    if how == "option":
        done = launch("--ledger", path, "--", "true")
    else:
        done = launch("--", "true", SOULGUARD_LEDGER=path)
    assert done.returncode == 0
    assert (tmp_path / "kept" / "ledger.db").is_file()
    assert not (tmp_path / ".soulguard" / "ledger.db").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "COMMAND"),
        (["--durability", "none", "--", "true"], "`power`, `crash`"),
        (["--approve-timeout", "-1", "--", "true"], "-1"),
        (["--run-id", "", "--", "true"], "the run id is empty"),
        (["--obsrve", "--", "true"], "Did you mean `--observe`?"),
    ],
)
def test_an_impossible_line_starts_nothing_and_says_why(
    words, said, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    assert status_of("run", *words) == Exit.USAGE
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_rules_there_is_no_run(launch, tmp_path):
    (tmp_path / "SOUL.md").unlink()
    done = launch("--soul", "SOUL.md", "--", "touch", "made")
    assert done.returncode == Exit.USAGE
    assert "no such rule file" in done.stderr
    assert not (tmp_path / "made").exists()
