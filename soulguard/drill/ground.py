"""What a drill stands on: what was asked for, the workspace, its rules, a recording.

All of it is settled before the agent runs for the first time.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from soulguard.drill import copying, isolation, recording
from soulguard.drill.recording import Recording
from soulguard.drill.results import Verdict
from soulguard.drill.walking import Setting
from soulguard.errors import EmptyPolicyError, SourceMissingError, UsageError
from soulguard.ledger.opening import open_ledger
from soulguard.ledger.protocol import Ledger
from soulguard.model import EventType, RunStatus
from soulguard.soul import shipped
from soulguard.soul.compiler import compile_sources
from soulguard.soul.sources import discover_sources
from soulguard.supervisor.facts import beside


@dataclass(frozen=True, slots=True)
class Options:
    """What a drill was asked for.

    `workspace` is the folder to copy, that of SOUL.md by default. `live` makes one run
    with the real world to record it, `from_run` names a completed run to take the
    answers from; with neither it is the newest completed one. `sample` and `only`
    narrow the points. `harmless` are patterns of calls, commands and files
    that may be made twice. `bare` leaves the guard out. `keep` leaves the workspaces of points
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


def prepare(options: Options, folder: Path, audience: Audience) -> tuple[Setting, str]:
    """Copy the workspace and give what all walks share, and where answers are from.

    Raises:
        DrillError: the workspace is too large.
        SoulguardError: the rules or the ledger cannot be used.
    """
    root, guarded = _root(options, audience)
    workspace = workspace_of(options, root)
    size = copying.take(workspace, folder / "pristine", most=options.max_size)
    audience.say(f"copied {workspace}: {size.words}")
    walled = isolation.available()
    if not walled and not options.commands:
        audience.say(
            "this system gives no network of its own: Python is kept from the network, "
            "and no other program is started (`--commands` starts them)"
        )
    found, answers = _recording(options, root)
    if not options.live:
        audience.say(answers)
    setting = Setting(
        command=outside(options.command, workspace),
        soul=tuple(_within(file, workspace) for file in options.soul),
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


def workspace_of(options: Options, root: Path) -> Path:
    """Give the folder that is copied: that of the rules, or the one that was named."""
    workspace = Path(options.workspace or root).resolve()
    for inner, what in ((root, "SOUL.md"), (Path.cwd().resolve(), "this folder")):
        if inner != workspace and workspace not in inner.parents:
            raise UsageError(
                f"{what} is not below the workspace `{workspace}`",
                hint="name a folder that holds both with `--workspace FOLDER`",
            )
    return workspace


def _within(file: str, workspace: Path) -> str:
    """Name a rule file so that it is the copied one where it is copied."""
    full = Path(file).resolve()
    return os.path.relpath(full) if workspace in full.parents else str(full)


def outside(command: Sequence[str], root: Path) -> tuple[str, ...]:
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
        return Recording(), "calls are answered as recorded in one real run"
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
            if _is_pruned(ledger, run.run_id):
                raise UsageError(
                    f"the calls of run `{run.run_id}` are no longer on record",
                    hint="it was pruned: name a newer run, or record one with `--live`",
                )
        else:
            done = [
                r for r in ledger.runs()
                if r.status is RunStatus.COMPLETED and r.command == options.command
                and not _is_pruned(ledger, r.run_id)
            ]  # fmt: skip
            if not done:
                return Recording(), (
                    "no run of this command has completed: its calls are not answered"
                )
            run = done[0]
        return recording.from_ledger(ledger, run.run_id), (
            f"calls are answered as in run {run.run_id}"
        )


def _is_pruned(ledger: Ledger, run_id: str) -> bool:
    return EventType.RUN_PRUNED.value in ledger.count_events(run_id)
