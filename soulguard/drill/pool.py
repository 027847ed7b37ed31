"""Processes in which walks happen: one per walk, so many at a time, none left behind.

A walk changes its process for good (network, folder, streams), so each has its own, a
fork of this one; the caller must have one thread only. What a walk gives comes back as a
file of JSON.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from soulguard.drill import isolation, walking
from soulguard.drill.recording import Recording
from soulguard.drill.results import Point, Walk
from soulguard.drill.walking import Setting
from soulguard.supervisor.tree import Tree

_BROKEN = Walk(reached=False, statuses=(), seconds=0.0)


def one(
    setting: Setting, folder: Path, stop: Point | None = None,
    reference: Path | None = None, *, live: bool = False,
) -> tuple[Walk, Recording]:  # fmt: skip
    """Make one walk and wait for it."""
    pid = _start(setting, folder, stop, reference, live=live)
    try:
        os.waitpid(pid, 0)
    except BaseException:
        _stop([pid])
        raise
    return _read(folder)


def many(
    setting: Setting, folder: Path, points: Sequence[Point], reference: Path, jobs: int,
) -> Iterator[tuple[Point, Walk, Path]]:  # fmt: skip
    """Make a walk for every point, `jobs` at a time; give each as it is done."""
    waiting, at_work = list(points), dict[int, tuple[Point, Path]]()
    try:
        while waiting or at_work:
            while waiting and len(at_work) < jobs:
                point = waiting.pop(0)
                place = folder / f"{point.number}"
                pid = _start(setting, place, point, reference, live=False)
                at_work[pid] = (point, place)
            pid, _ = os.waitpid(-1, 0)
            if pid in at_work:
                point, place = at_work.pop(pid)
                yield point, _read(place)[0], place
    finally:
        _stop(list(at_work))


def _start(
    setting: Setting, folder: Path, stop: Point | None, reference: Path | None,
    *, live: bool,
) -> int:  # fmt: skip
    folder.mkdir(parents=True)
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        isolation.die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        _child(setting, folder, stop, reference, live=live)
        os._exit(0)
    finally:
        os._exit(1)


def _child(
    setting: Setting, folder: Path, stop: Point | None, reference: Path | None,
    *, live: bool,
) -> None:  # fmt: skip
    try:
        walking.wall(setting, live=live)
        walk, recording = walking.walk(setting, folder, stop, reference, live=live)
    except BaseException:  # noqa: BLE001 - told to the parent, whatever it is
        walk = replace(_BROKEN, trouble=traceback.format_exc())
        recording = Recording()
    data = json.dumps({"walk": walk.to_json(), "recording": recording.to_json()})
    (folder / "walk.json").write_text(data)


def _read(folder: Path) -> tuple[Walk, Recording]:
    try:
        data = json.loads((folder / "walk.json").read_text())
    except (OSError, ValueError) as error:
        return replace(_BROKEN, trouble=f"its process died: {error}"), Recording()
    recording = Recording.from_json(data["recording"])
    return Walk.from_json(data["walk"]), recording


def _stop(pids: Sequence[int]) -> None:
    """Kill walks and all that is below them."""
    tree = Tree()
    for pid in pids:
        for number in [*tree.below(pid), pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, 0)
