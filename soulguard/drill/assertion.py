"""The drill as an assertion: for tests, with or without pytest.

It runs in a process of its own, because a walk changes its process for good.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence

from soulguard.drill.reports import text
from soulguard.drill.results import Report

_EXTRA = frozenset({"counts", "holds", "summary"})


def assert_safe(
    command: Sequence[str],
    *,
    cwd: str | os.PathLike[str] | None = None,
    env: Mapping[str, str] | None = None,
    soul: Sequence[str] = (),
    workspace: str = "",
    live: bool = False,
    from_run: str = "",
    jobs: int = 0,
    sample: int = 0,
    harmless: Sequence[str] = (),
    bare: bool = False,
    strict: bool = False,
) -> Report:
    """Drill an agent and fail unless every crash point is safe, or held for a person.

    `command` is the agent, `cwd` its folder and `env` its environment (default: those
    of this process). `strict` takes held for a failure, too. The rest is as for
    `soulguard drill`. Gives the report.

    Raises:
        AssertionError: a crash point is not safe, or the agent cannot be drilled.
        TypeError: `command` is one text.
    """
    __tracebackhide__ = True
    if isinstance(command, str):
        raise TypeError(f"a command is a list of words: {shlex.split(command)}")
    options = [
        *(word for file in soul for word in ("--soul", os.fspath(file))),
        *(word for words in harmless for word in ("--harmless", words)),
        *(["--workspace", os.fspath(workspace)] if workspace else []),
        *(["--live"] if live else []),
        *(["--from", from_run] if from_run else []),
        *(["--jobs", str(jobs)] if jobs else []),
        *(["--sample", str(sample)] if sample else []),
        *(["--bare"] if bare else []),
        *(["--strict"] if strict else []),
    ]
    report, told = _drilled(options, command, cwd, env)
    if report is None:
        raise AssertionError(f"`{' '.join(command)}` cannot be drilled:\n{told}")
    if not report.holds(strict=strict):
        raise AssertionError(f"`{' '.join(command)}` is not safe:\n{text(report)}")
    return report


def _drilled(
    options: Sequence[str],
    command: Sequence[str],
    cwd: str | os.PathLike[str] | None,
    env: Mapping[str, str] | None,
) -> tuple[Report | None, str]:
    done = subprocess.run(
        [sys.executable, "-m", "soulguard", "drill", "--format", "json", *options,
         "--", *command],
        cwd=cwd, env=None if env is None else dict(env), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        data = json.loads(done.stdout)
    except ValueError:
        return None, done.stderr.strip()
    kept = {name: value for name, value in data.items() if name not in _EXTRA}
    return Report.from_json(kept), done.stderr
