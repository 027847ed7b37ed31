"""One walk: a run in a copy of the workspace, killed at one point, restarted to its end.

Happens in a process of its own that has left the network. Judges nothing.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from soulguard.drill import copying, isolation, upstream
from soulguard.drill.comparing import compare
from soulguard.drill.conductor import Conductor
from soulguard.drill.probe.steps import ENV_HOME, ENV_SOCKET, RECORDED
from soulguard.drill.recording import Answers, Recording
from soulguard.drill.results import Held, Point, Walk
from soulguard.drill.service import Service
from soulguard.drill.settled import settle
from soulguard.errors import DrillError
from soulguard.supervisor import launch, lifecycle
from soulguard.supervisor.attempt import Options, attempt, opened, socket_folder
from soulguard.supervisor.facts import Facts

RUN_ID = "drill"
"""The run id of every walk, so that outputs which carry it are equal."""

INJECT = Path(__file__).parent / "probe" / "inject"
_TRIES = 3
"""Attempts that may fail by themselves before a run is given up."""

_WORLD = (
    "SOULGUARD_LEDGER", "SOULGUARD_RUN_ID", "SOULGUARD_ATTEMPT", "SOULGUARD_SOCKET",
    "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY",
)  # fmt: skip
"""Variables of the outside that would lead a walk astray."""


_NOTHING = Recording()


@dataclass(frozen=True, slots=True)
class Setting:
    """What all walks of a drill share.

    `pristine` is the copy that every walk's own is taken from, `real` the workspace it
    was taken from, `below` the agent's folder in it and `rules` that of SOUL.md. `walled`: the system keeps the
    walks from the network. `seconds` is how long one attempt may take.
    """

    command: tuple[str, ...]
    soul: tuple[str, ...]
    pristine: Path
    real: Path
    below: str
    rules: str
    guarded: bool
    facts: Facts
    recording: Recording = _NOTHING
    harmless: tuple[str, ...] = ()
    walled: bool = True
    commands: bool = False
    seconds: float = 600.0


@dataclass(slots=True)
class _Scene:
    """The parts of one walk while it goes on."""

    setting: Setting
    folder: Path
    conductor: Conductor
    answers: Answers
    hung: bool = False

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"


def walk(
    setting: Setting, folder: Path, stop: Point | None, reference: Path | None,
    *, live: bool = False,
) -> tuple[Walk, Recording]:  # fmt: skip
    """Make one walk in `folder` and give what it did, and what was answered.

    `stop` is where the agent dies in its first attempt, `reference` the workspace that
    is compared with. With `live` calls are made for real.
    """
    began = time.monotonic()
    copying.again(setting.pristine, folder / "workspace")
    with _scene(setting, folder, stop, live=live) as scene:
        statuses, held = _attempts(scene)
        conductor, answers = scene.conductor, scene.answers
        differs = compare(reference, scene.workspace) if reference is not None else ()
        made = Walk(
            reached=conductor.reached, statuses=tuple(statuses),
            seconds=time.monotonic() - began, points=tuple(conductor.points),
            requests=tuple(answers.requests), performed=dict(conductor.performed),
            places=conductor.places, differs=differs, torn=conductor.torn, held=tuple(held),
            notes=tuple(conductor.notes), said=_last_words(folder), hung=scene.hung,
        )  # fmt: skip
    if stop is not None:
        made = replace(made, points=())
    return made, Recording(tuple(answers.made))


@contextlib.contextmanager
def _scene(
    setting: Setting, folder: Path, stop: Point | None, *, live: bool
) -> Iterator[_Scene]:
    root = folder / "workspace"
    (folder / "tmp").mkdir()
    settings: dict[str, Any] = {
        "root": str(root), "real": str(setting.real),
        "ignore": copying.not_outputs(root).pattern,
        "commands": setting.commands or setting.walled or live,
        "folders": [str(root), str(folder), f"{tempfile.gettempdir()}/soulguard-"],
    }  # fmt: skip
    with socket_folder() as line:
        conductor = Conductor(f"{line}/steps", settings, stop)
        fetch = upstream.fetch if live else None
        answers = Answers(setting.recording, setting.facts, fetch, setting.harmless)
        service = Service(conductor, answers, guarded=setting.guarded)
        conductor.settings["service"] = service.port
        service.start()
        _surroundings(setting, folder, f"{line}/steps")
        os.chdir(root / setting.below)
        try:
            yield _Scene(setting, folder, conductor, answers)
        finally:
            conductor.kill()
            conductor.close()
            service.close()


def _surroundings(setting: Setting, folder: Path, line: str) -> None:
    """Set what the agent finds around it: no input, its words in a file, the probe."""
    for name in _WORLD:
        os.environ.pop(name, None)
    path = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    os.environ.update({
        ENV_SOCKET: line,
        ENV_HOME: str(launch.PACKAGE.parent),
        "PYTHONPATH": os.pathsep.join(
            [str(INJECT), *(_copied(p, setting, folder) for p in path if p)]
        ),
        "TMPDIR": str(folder / "tmp"),
    })  # fmt: skip
    nothing = os.open(os.devnull, os.O_RDONLY)
    words = os.open(folder / "said.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for source, target in ((nothing, 0), (words, 1), (words, 2)):
        os.dup2(source, target)


def _copied(path: str, setting: Setting, folder: Path) -> str:
    """Give the place in the copy of a path in the real workspace; others as they are."""
    full = Path(path).resolve()
    if full == setting.real or setting.real in full.parents:
        return str(folder / "workspace" / full.relative_to(setting.real))
    return path


def _attempts(scene: _Scene) -> tuple[list[int], list[Held]]:
    statuses: list[int] = []
    held: list[Held] = []
    tries = 1 if scene.conductor.stop is None else _TRIES
    while tries:
        number = len(statuses) + 1
        scene.conductor.begin(number)
        if number > 1:
            scene.answers.again(_recorded(scene))
        status = _one(scene)
        statuses.append(status)
        if status == 0 or scene.hung:
            break
        if number == 1 and scene.conductor.reached:
            continue  # it died as it was meant to
        tries -= 1
        if scene.setting.guarded:
            ledger = scene.workspace / scene.setting.rules / ".soulguard" / "ledger.db"
            found = settle(
                ledger, RUN_ID, scene.answers.requests, scene.conductor.performed
            )
            held += [one for one in found if one not in held]
    return statuses, held


def _recorded(scene: _Scene) -> Any:
    """Give how many calls of a name the next attempt finds on record."""
    if not scene.setting.guarded:
        return lambda _: 0
    return lambda name: scene.conductor.count(RECORDED, name)


def _one(scene: _Scene) -> int:
    """Make one attempt and give its exit status."""

    def stuck() -> None:
        scene.hung = True
        scene.conductor.kill()

    timer = threading.Timer(scene.setting.seconds, stuck)
    timer.start()
    try:
        return _guarded(scene) if scene.setting.guarded else _bare(scene)
    finally:
        timer.cancel()


def _guarded(scene: _Scene) -> int:
    options = Options(
        command=scene.setting.command, soul=scene.setting.soul, run_id=RUN_ID,
        durability="crash", approve_timeout=0, quiet=True,
    )  # fmt: skip
    with opened(options) as found, attempt(found) as running, socket_folder() as line:
        if running is None:
            return 0
        running.status = lifecycle.serve(
            options, running, f"{line}/guard.sock", proven=True
        )
        return running.status


def _bare(scene: _Scene) -> int:
    done = subprocess.run(list(scene.setting.command), check=False)
    return launch.status_of(done.returncode)


def _last_words(folder: Path) -> str:
    lines = (folder / "said.txt").read_text(errors="replace").strip().splitlines()
    return "\n".join(lines[-12:])


def wall(setting: Setting, *, live: bool) -> None:
    """Put this process where a walk may happen: leave the network, adopt orphans."""
    isolation.adopt_orphans()
    # INVARIANT: where it is known not to work it is not tried, for half of it would
    # cut the agent off from the drill as well
    if setting.walled and not live and not isolation.leave_the_network():
        raise DrillError("the network could not be left, although it could be before")
