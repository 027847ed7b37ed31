"""The README's commands do what it says, and it names every command there is."""

import re
import shlex
import subprocess
import sys
import textwrap
from pathlib import Path

from soulguard.cli.main import COMMANDS
from soulguard.policy.engine import Engine
from soulguard.soul.compiler import compile_sources

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


def test_the_block_for_state_lets_it_be_saved_twice(tmp_path):
    block = re.search(
        r"^    ```soulguard\n.*?^    ```$", README, re.MULTILINE | re.DOTALL
    )
    rule = "Never write twice to the same output path in a single run.\n\n"
    (tmp_path / "SOUL.md").write_text(rule + textwrap.dedent(block[0]) + "\n")
    (tmp_path / "state").mkdir()
    save = "open('state/a.json', 'w').write('{}')\n"
    (tmp_path / "agent.py").write_text(save * 2 + AGENT * 2)
    done = start(["soulguard", "run", "--", "python", "agent.py"], tmp_path)
    assert "DuplicateWriteError" in done.stderr
    assert "state/a.json" not in done.stderr


def test_a_rotating_log_is_left_out_as_the_readme_says(tmp_path):
    where = re.search(r"`(where: .*except.*)`", README)[1]
    block = (
        f"```soulguard\nrules:\n  - {where}\n    effect: file.write\n    once: run\n"
    )
    prose = "Never write twice to the same output path in a single run."
    for rule, names in (
        (f"{block}```", ("events.txt", "events.txt.1")),
        (prose, ("app.log", "app.log.1")),
    ):
        (tmp_path / "SOUL.md").write_text(f"# A\n\n{rule}\n")
        policy = compile_sources([tmp_path / "SOUL.md"]).policy
        guarded = re.compile(Engine(policy).scope().paths, re.DOTALL)
        assert not any(guarded.match(str(tmp_path / name)) for name in names)
        assert guarded.match(str(tmp_path / "report.txt"))
