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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from soulguard.drill import copying, isolation, judging, pool, recording, sampling
from soulguard.drill.comparing import compare
from soulguard.drill.judging import Measure
from soulguard.drill.recording import Recording
from soulguard.drill.results import Category, Difference, Point, Report, Verdict, Walk
from soulguard.drill.walking import Setting
from soulguard.errors import (
    DrillError,
    EmptyPolicyError,
    SourceMissingError,
    UsageError,
)
from soulguard.ledger.opening import open_ledger
from soulguard.model import RunStatus
from soulguard.soul import shipped
from soulguard.soul.compiler import compile_sources
from soulguard.soul.sources import discover_sources
from soulguard.supervisor import launch
from soulguard.supervisor.facts import beside

_SLACK, _LEAST = 20.0, 60.0
"""An attempt may take so many times as long as the uninterrupted one, or so many seconds."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a drill was asked for.

    `workspace` is the folder to copy, that of SOUL.md by default.
    `live` makes one run with the real world to record it, `from_run` names a completed
    run to take the answers from; with neither it is the newest completed one. `sample`
    and `only` narrow the points. `harmless` are patterns of calls and commands that may
    happen twice. `bare` leaves the guard out. `keep` leaves the workspaces of points
    that are not safe. `max_size` is in bytes, `seconds` the longest an attempt may take
    (0: judged by the first).
    """

    command: tuple[str, ...]
    soul: tuple[str, ...] = ()
    workspace: str = ""
    live: bool = False
    from_run: str = ""
    ledger: str = ""
    jobs: int = 0
    sample: int = 0
    only: tuple[int, ...] = ()
    harmless: tuple[str, ...] = ()
    bare: bool = False
    commands: bool = False
    keep: bool = False
    max_size: int = copying.MOST_BYTES
    seconds: float = 0.0


def _nobody(*_: object) -> None:
    """Hear nothing."""


@dataclass(slots=True)
class Audience:
    """Who is told while it goes on: words, and how many points are done."""

    say: Callable[[str], None] = _nobody
    progress: Callable[[int, int, Verdict], None] = _nobody


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
        setting, answers = _setting(options, folder, audience)
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


# -- before the first run ------------------------------------------------------------------


def _setting(options: Options, folder: Path, audience: Audience) -> tuple[Setting, str]:
    root, guarded = _root(options, audience)
    workspace = _workspace(options, root)
    size = copying.take(workspace, folder / "pristine", most=options.max_size)
    audience.say(f"copied {workspace}: {size.words}")
    walled = isolation.available()
    if not walled and not options.commands:
        audience.say(
            "this system gives no network of its own: Python is kept from the network, "
            "and no other program is started (`--commands` starts them)"
        )
    found, answers = _recording(options, root)
    audience.say(answers)
    setting = Setting(
        command=_outside(options.command, workspace), soul=options.soul,
        pristine=folder / "pristine", real=workspace,
        below=os.path.relpath(os.path.realpath(os.getcwd()), workspace),
        rules=os.path.relpath(root, workspace), guarded=guarded,
        facts=beside(root, shipped.folder()), recording=found,
        harmless=options.harmless, walled=walled, commands=options.commands,
        seconds=options.seconds or 600.0,
    )  # fmt: skip
    return setting, answers


def _root(options: Options, audience: Audience) -> tuple[Path, bool]:
    """Give the workspace, and whether rules hold in it."""
    try:
        sources = discover_sources(Path.cwd(), [Path(p) for p in options.soul])
    except SourceMissingError:
        audience.say("there is no SOUL.md here: the agent is drilled without the guard")
        return Path.cwd().resolve(), False
    root = sources[0].parent.resolve()
    if options.bare:
        audience.say("the agent is drilled without the guard, as asked")
        return root, False
    try:
        compile_sources(sources)
    except EmptyPolicyError:
        audience.say("no rule holds here: the agent is drilled without the guard")
        return root, False
    return root, True


def _workspace(options: Options, root: Path) -> Path:
    """Give the folder that is copied: that of the rules, or the one that was named."""
    workspace = Path(options.workspace or root).resolve()
    for inner, what in ((root, "SOUL.md"), (Path.cwd().resolve(), "this folder")):
        if inner != workspace and workspace not in inner.parents:
            raise UsageError(
                f"{what} is not below the workspace `{workspace}`",
                hint="name a folder that holds both with `--workspace FOLDER`",
            )
    return workspace


def _outside(command: Sequence[str], root: Path) -> tuple[str, ...]:
    """Name a program by its place where that is not copied (``.venv/bin/python``)."""
    first = command[0]
    if os.sep not in first or os.path.isabs(first):
        return tuple(command)
    full = Path.cwd() / first
    inside = {part for part in full.parts if part in copying.LEFT_OUT}
    environment = any((p / "pyvenv.cfg").exists() for p in full.parents if p != root)
    return (str(full), *command[1:]) if inside or environment else tuple(command)


def _recording(options: Options, root: Path) -> tuple[Recording, str]:
    """Give the answers of the outside world, and where they are from."""
    if options.live:
        return Recording(), (
            "ONE run is made with the real world now: its calls go out and count"
        )
    where = options.ledger or os.environ.get("SOULGUARD_LEDGER")
    path = where or root / ".soulguard" / "ledger.db"
    if not options.from_run and not (where or Path(path).exists()):
        return Recording(), "nothing is recorded: calls of the agent are not answered"
    ledger = open_ledger(path, read_only=True)
    with contextlib.closing(ledger):
        if options.from_run:
            run = ledger.run(options.from_run)
            if run is None:
                raise UsageError(
                    f"no run named `{options.from_run}`", hint="see `soulguard status`"
                )
        else:
            done = [
                r for r in ledger.runs()
                if r.status is RunStatus.COMPLETED and r.command == options.command
            ]  # fmt: skip
            if not done:
                return Recording(), (
                    "no run of this command has completed: its calls are not answered"
                )
            run = done[0]
        return recording.from_ledger(ledger, run.run_id), (
            f"calls are answered as in run {run.run_id}"
        )


# -- without a crash -----------------------------------------------------------------------


def _whole(
    options: Options, setting: Setting, folder: Path, audience: Audience
) -> _Whole:
    """Run the agent without a crash: recorded if asked for, then twice from that."""
    if options.live:
        walk, found = pool.one(setting, folder / "live", live=True)
        _must_complete(walk, "in the run with the real world")
        setting = replace(setting, recording=found)
        audience.say(
            f"recorded {len(found.exchanges)} calls; from here nothing goes out"
        )
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
        if kind in ("refused", "command", "unreachable", "escape") and not (
            walk.completed
        ):
            raise DrillError(f"the agent needs what a drill refuses: {what}", where=at)
    if not walk.completed:
        said = walk.said.splitlines()[-1:] or ["it said nothing"]
        status = walk.statuses[-1] if walk.statuses else "none"
        why = "hung" if walk.hung else f"ended with status {status}"
        raise DrillError(f"the agent {why} {when}: {said[0]}")


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
