"""A whole drill: copy, one run without a crash, then a crash at every boundary.

Owns the order of these and what is told when. Every walk happens in `pool`, every
verdict comes from `judging`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from soulguard.drill import copying, judging, pool, sampling
from soulguard.drill.comparing import compare
from soulguard.drill.ground import Audience, Options, prepare
from soulguard.drill.judging import Measure
from soulguard.drill.results import Category, Difference, Point, Report, Verdict, Walk
from soulguard.drill.walking import Setting
from soulguard.errors import DrillError, UsageError
from soulguard.supervisor import launch

_SLACK, _LEAST = 20.0, 60.0
"""An attempt may take so many times as long as the uninterrupted one, or so many seconds."""


@dataclass(slots=True)
class _Whole:
    """The uninterrupted run: what crashes are held against."""

    setting: Setting
    walk: Walk
    workspace: Path
    noise: dict[str, Difference] = field(default_factory=dict)


def drill(options: Options, audience: Audience) -> Report:
    """Drill an agent and give the report.

    Raises:
        DrillError: the agent does not complete without a crash, or asks the outside
            world what no recording answers.
        SoulguardError: the rules, the ledger or the workspace cannot be used.
    """
    if sys.platform != "linux":
        raise UsageError("a drill needs Linux", hint="run it in a container")
    began = time.monotonic()
    launch.resolve(options.command, os.environ)
    with _folder(keep=options.keep) as folder:
        setting, answers = prepare(options, folder, audience)
        whole = _whole(options, setting, folder, audience)
        points = whole.walk.points
        if not points:
            raise DrillError(
                "the agent has no boundary to be killed at: nothing of it was seen",
                hint="start it with its Python, without -I, -E and -S",
            )
        chosen = sampling.choose(points, sample=options.sample, only=options.only)
        if len(chosen) < len(points):
            audience.say(
                f"only {len(chosen)} of {len(points)} crash points are drilled: the "
                "others are not proven"
            )
        verdicts, again = _crash(options, whole, folder, chosen, audience)
        return Report(
            command=options.command, guarded=setting.guarded, points=len(points),
            verdicts=tuple(sorted(verdicts, key=lambda v: v.point.number)),
            answers=answers, noise={p: d.words for p, d in whole.noise.items()},
            notes=_notes(whole.walk), repeated=again,
            seconds=time.monotonic() - began,
        )  # fmt: skip


@contextlib.contextmanager
def _folder(*, keep: bool) -> Iterator[Path]:
    folder = Path(os.path.realpath(tempfile.mkdtemp(prefix="soulguard-drill-")))
    try:
        yield folder
    finally:
        if keep:
            with contextlib.suppress(OSError):
                folder.rmdir()  # nothing was worth keeping
        else:
            shutil.rmtree(folder, ignore_errors=True)


# -- without a crash -----------------------------------------------------------------------


def _whole(
    options: Options, setting: Setting, folder: Path, audience: Audience
) -> _Whole:
    """Run the agent without a crash: recorded if asked for, then twice from that."""
    if options.live:
        audience.say(
            "ONE run is made with the real world now: its calls go out and count"
        )
        walk, found = pool.one(setting, folder / "live", live=True)
        _must_complete(walk, "in the run with the real world")
        setting = replace(setting, recording=found)
        count = len(found.exchanges)
        calls = "1 call" if count == 1 else f"{count} calls"
        audience.say(f"recorded {calls}; from here nothing goes out")
    first, _ = pool.one(setting, folder / "whole")
    _must_complete(first, "without a crash")
    seconds = options.seconds or max(_LEAST, first.seconds * _SLACK)
    setting = replace(setting, seconds=seconds)
    second, _ = pool.one(setting, folder / "second")
    _must_complete(second, "without a crash")
    workspace = folder / "whole" / "workspace"
    differs = compare(workspace, folder / "second" / "workspace")
    audience.say(f"the uninterrupted run took {first.seconds:.1f} s")
    return _Whole(setting, first, workspace, {d.path: d for d in differs})


_INSTEAD = {
    "refused": "point it at a stand-in that it starts itself",
    "command": "start programs with `--commands` if that is harmless",
    "unreachable": "see that it can be reached, or answer it with `--from RUN`",
    "escape": "use paths relative to its folder",
}


def _must_complete(walk: Walk, when: str) -> None:
    if walk.trouble:
        raise DrillError(
            f"the run {when} failed: {walk.trouble.strip().splitlines()[-1]}"
        )
    for kind, what, at in walk.notes:
        if kind == "unanswered":
            raise DrillError(
                f"no recorded answer for {what}", where=at,
                hint="record one run with the real world with `--live`, or name a "
                "completed one with `--from RUN`",
            )  # fmt: skip
        if kind in _INSTEAD and not walk.completed:
            raise DrillError(
                f"the agent needs what a drill refuses: {what}", where=at,
                hint=_INSTEAD[kind],
            )  # fmt: skip
    if not walk.completed:
        said = walk.said.splitlines()[-1:] or ["it said nothing"]
        status = walk.statuses[-1] if walk.statuses else "none"
        why = "hung" if walk.hung else f"ended with status {status}"
        hint = ""
        if "No such file" in said[0]:
            hint = "if it reads beside its folder, name one above with `--workspace`"
        raise DrillError(f"the agent {why} {when}: {said[0]}", hint=hint)


def _notes(walk: Walk) -> tuple[str, ...]:
    words = {
        "refused": "a connection was refused, and the agent went on",
        "escape": "a write into the real workspace was refused",
        "command": "a program was not started",
    }
    return tuple(
        f"{at + ': ' if at else ''}{words[kind]}: {what}"
        for kind, what, at in walk.notes if kind in words
    )  # fmt: skip


# -- the crashes ---------------------------------------------------------------------------


def _crash(
    options: Options, whole: _Whole, folder: Path, points: Sequence[Point],
    audience: Audience,
) -> tuple[list[Verdict], int]:  # fmt: skip
    measure = Measure(
        whole.walk, frozenset(copying.tree(whole.workspace)), whole.noise,
        options.harmless,
    )  # fmt: skip
    jobs = options.jobs or os.cpu_count() or 1
    verdicts: list[Verdict] = []
    again = 0
    for point, walk, place in pool.many(
        whole.setting, folder / "points", points, whole.workspace, jobs
    ):
        verdict = judging.judge(point, walk, measure)
        again += judging.repeated(walk, whole.walk)
        if options.keep and verdict.category is not Category.SAFE:
            verdict = replace(verdict, kept=str(place / "workspace"))
        else:
            shutil.rmtree(place, ignore_errors=True)
        verdicts.append(verdict)
        audience.progress(len(verdicts), len(points), verdict)
    if options.keep:
        for name in ("pristine", "live", "whole", "second"):
            shutil.rmtree(folder / name, ignore_errors=True)
        with contextlib.suppress(OSError):
            (folder / "points").rmdir()
    return verdicts, again
