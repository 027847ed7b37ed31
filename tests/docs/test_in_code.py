"""The examples of docs/in-code.md run as they stand, and its tables are complete."""

import inspect
import re
import subprocess
import sys
from pathlib import Path

import soulguard

PAGE = (Path(__file__).parents[2] / "docs" / "in-code.md").read_text()
BLOCK, TEST = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def start(folder, *words):
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_block_is_done_once(tmp_path):
    (tmp_path / "SOUL.md").write_text("Never write twice to the same output path.\n")
    assert start(tmp_path, "-c", BLOCK) == ""
    assert (tmp_path / "report.txt").read_text() == "made by attempt 1"
    assert start(tmp_path, "-c", BLOCK) == "done already\n"


def test_the_test_passes(tmp_path):
    (tmp_path / "test_report.py").write_text(TEST)
    assert "1 passed" in start(tmp_path, "-m", "pytest", "-q", "-p", "no:cacheprovider")


def test_every_argument_and_every_refusal_is_told():
    arguments = set(inspect.signature(soulguard.guarded).parameters)
    assert set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)) == arguments
    told = dict(re.findall(r"^\| `soulguard\.(\w+)` \| `(\w+)` \|", PAGE, re.MULTILINE))
    refusals = {
        name for name in soulguard.__all__ if hasattr(getattr(soulguard, name), "slug")
    } - {"SoulguardError", "RunCompletedError"}
    assert set(told) == refusals
    for name, base in told.items():
        assert base in {cls.__name__ for cls in getattr(soulguard, name).__mro__}
