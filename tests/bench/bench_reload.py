"""From a save in the editor to the next effect judged by the new rule, in ms"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.e2e.saving import WAYS

_ROUNDS = 50
_PAUSE = 0.3
"""Seconds between two saves, so that each is one of its own."""

_BASE = "# The clerk\n\n- Never write to `locked/`.\n"
_AGENT = Path(__file__).parents[1] / "e2e" / "agents" / "prober.py"
_ROOT = Path(__file__).parents[2]


def main() -> None:
    """Print one row per way of saving; the first save of a run loads the grammar."""
    for name, save in WAYS.items():
        with tempfile.TemporaryDirectory() as folder:
            first, *rest = _latencies(Path(folder), save)
        print(
            f"{name.replace('_', ' '):<40} median {statistics.median(rest):6.1f} ms   "
            f"worst of {len(rest)} {max(rest):6.1f} ms   first {first:6.1f} ms",
            flush=True,
        )


def _latencies(folder: Path, save: Callable[[Path, str], None]) -> Iterator[float]:
    """Give the milliseconds of one save after the other, all in one run."""
    soul, text = folder / "SOUL.md", _BASE
    soul.write_text(text, encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(_ROOT)}
    command = [sys.executable, "-m", "soulguard", "run", "--durability", "crash", "--"]
    # the rules are compiled before, as they are when a run starts that is not the first
    subprocess.run(
        [*command, "true"], cwd=folder, env=env, stderr=subprocess.DEVNULL, check=True
    )
    process = subprocess.Popen(
        [*command, sys.executable, str(_AGENT)], cwd=folder,
        env=env, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    with process:
        for number in range(_ROUNDS + 1):
            box = folder / f"box{number}"
            box.mkdir()
            process.stdin.write(f"until {box.name}/x\n")
            process.stdin.flush()
            while not (box / "x").exists():  # the agent is at it
                if process.poll() is not None:
                    raise RuntimeError(f"the run ended with {process.returncode}")
                time.sleep(0.001)
            time.sleep(_PAUSE)
            text += f"- Never write to `{box.name}/`.\n"
            save(soul, text)
            saved = time.monotonic()
            yield (float(process.stdout.readline()) - saved) * 1e3
        process.stdin.close()
