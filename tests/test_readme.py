"""The README's commands do what it says, and it names every command there is."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from soulguard.cli.main import COMMANDS

README = (Path(__file__).parents[1] / "README.md").read_text()
AGENT = "open('report.txt', 'w').write('done')\n"


def commands():
    """Give the `soulguard ...` lines of the README's indented blocks."""
    lines = re.findall(r"^    (soulguard .*)$", README, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def start(words, folder):
    python = [sys.executable if word == "python" else word for word in words[1:]]
    return subprocess.run(
        [sys.executable, "-m", "soulguard", *python], cwd=folder, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip


def test_every_command_line_of_the_readme_works(tmp_path):
    (tmp_path / "agent.py").write_text(AGENT)
    (tmp_path / "SOUL.md").write_text("# Mira\n\nYou are calm.\n")
    # the first block only shows the command; a rule is added by `init`
    lines = sorted(commands(), key=lambda words: words[1] != "init")
    assert {words[1] for words in lines} >= {"init", "check", "run", "status"}
    for words in lines:
        done = start(words, tmp_path)
        assert done.returncode == 0, (words, done.stderr)
    assert (tmp_path / "report.txt").read_text() == "done"


def test_every_command_stands_in_the_readme():
    told = set(re.findall(r"`(\w+)`", README))
    assert set(COMMANDS) - {"completion"} <= told
