import subprocess
import sys

import pytest

from soulguard.cli.main import main


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_soulguard(shell, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["completion", shell])
    out, _ = capsys.readouterr()
    assert ended.value.code == 0
    assert "_SOULGUARD_COMPLETE" in out


def test_the_shell_is_answered_with_commands():
    environment = {
        "_SOULGUARD_COMPLETE": "bash_complete",
        "COMP_WORDS": "soulguard compl",
        "COMP_CWORD": "1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "soulguard"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["plain,completion"]


def test_a_half_typed_unknown_command_completes_to_nothing():
    environment = {
        "_SOULGUARD_COMPLETE": "bash_complete",
        "COMP_WORDS": "soulguard xyzzy --",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-m", "soulguard"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
