"""CPU of starting: a guarded interpreter, and `soulguard run` itself"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench.pair import SOUL

_ROUNDS = 15


def cpu(command: Sequence[str], env: Mapping[str, str]) -> float:
    """Give the CPU seconds (user and system) of a command and its children."""
    process = subprocess.Popen(
        list(command), env=dict(env), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Print the rows of starting."""
    import soulguard

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "SOUL.md").write_text(SOUL, encoding="utf-8")
        before = os.getcwd()
        os.chdir(folder)
        try:
            bare_env = dict(os.environ)
            python = [sys.executable, "-c", "pass"]
            with soulguard.guarded(durability="crash"):
                env = {**os.environ, "PYTHONPATH": _inject()}
                cpu(python, env)
                pairs = [
                    (cpu(python, bare_env), cpu(python, env)) for _ in range(_ROUNDS)
                ]
            _row("start of an interpreter", pairs, "<= +25 ms")
            run = [sys.executable, "-m", "soulguard", "run", "--new", "--", "true"]
            cpu(run, bare_env)
            runs = [(cpu(python, bare_env), cpu(run, bare_env)) for _ in range(_ROUNDS)]
            _row("soulguard run -- true", runs, "<= 150 ms")
        finally:
            os.chdir(before)


def _inject() -> str:
    import soulguard

    return str(Path(soulguard.__file__).parent / "guard" / "inject")


def _row(what: str, pairs: list[tuple[float, float]], target: str) -> None:
    bare = statistics.median(b for b, _ in pairs) * 1e3
    ours = statistics.median(g for _, g in pairs) * 1e3
    print(
        f"{what:<40} {ours:6.1f} ms CPU   bare interpreter {bare:5.1f} ms   "
        f"{ours - bare:+6.1f} ms   target {target}",
        flush=True,
    )
