"""Two copies of one worker, one bare and one under `soulguard run`, timed in turns.

A worker script defines `OPERATIONS`, a dict of functions that take a number of rounds;
this module gives it its loop. The guarded copy is driven through its own stdin and
stdout, which the supervisor leaves alone.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

SOUL = """# Soul

## Idempotency Rule
Before creating any output, check if it already exists for this run_id.
Never write twice to the same output path in a single run.
"""

_LOOP = """
import sys, time
for line in sys.stdin:
    name, count = line.split()
    if name == "exit": sys.exit(int(count))
    started = time.perf_counter()
    OPERATIONS[name](int(count))
    print(time.perf_counter() - started, flush=True)
"""


class Worker:
    """A worker process that performs named operations on command."""

    def __init__(
        self, script: str, folder: Path, prefix: list[str], env: Mapping[str, str]
    ) -> None:
        path = folder / "worker.py"
        path.write_text(script + _LOOP, encoding="utf-8")
        self.process = subprocess.Popen(
            [*prefix, sys.executable, str(path)], cwd=folder, env=dict(env),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip

    def seconds(self, operation: str, count: int) -> float:
        """Perform an operation `count` times and give the seconds it took in all."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{operation} {count}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the worker ended in {operation}")
        return float(line)

    def end(self, status: int) -> None:
        """Let the worker end with an exit status of its own."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"exit {status}\n")
        self.process.stdin.flush()
        self.process.wait(30)

    def close(self) -> None:
        """Let the worker end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(30)


class Pair:
    """A bare and a guarded worker over two equal folders."""

    def __init__(
        self, script: str, durability: str, env: Mapping[str, str], *options: str
    ) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folders = [Path(self._folder.name) / name for name in ("bare", "guarded")]
        for folder in folders:
            folder.mkdir()
            (folder / "SOUL.md").write_text(SOUL, encoding="utf-8")
        run = [sys.executable, "-m", "soulguard", "run", "--durability", durability]
        self.bare = Worker(script, folders[0], [], env)
        self.guarded = Worker(script, folders[1], [*run, *options, "--"], env)

    def __enter__(self) -> Pair:  # noqa: PYI034 - typing.Self needs 3.11
        return self

    def __exit__(self, *_: object) -> None:
        self.bare.close()
        self.guarded.close()
        self._folder.cleanup()

    def ratio(
        self, bare: str, guarded: str, *, count: int, rounds: int
    ) -> tuple[float, float, float]:
        """Time two operations in turns: median ratio, and both medians in us."""
        self.bare.seconds(bare, count)
        self.guarded.seconds(guarded, count)
        pairs = [
            (self.bare.seconds(bare, count), self.guarded.seconds(guarded, count))
            for _ in range(rounds)
        ]
        return (
            statistics.median(g / b for b, g in pairs),
            statistics.median(b for b, _ in pairs) / count * 1e6,
            statistics.median(g for _, g in pairs) / count * 1e6,
        )


def row(what: str, figures: tuple[float, float, float], target: str) -> None:
    """Print one line: what, ratio, both medians, the target."""
    ratio, bare, guarded = figures
    print(
        f"{what:<52} {ratio:6.2f} x   bare {bare:9.1f} us   guarded {guarded:9.1f} us"
        f"   target {target}",
        flush=True,
    )
