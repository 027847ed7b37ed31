"""The files this process is writing right now, found by path or by descriptor.

Reading one's own unfinished file, asking for its size, changing its mode: all of that
must reach the staged file. A cheap test on the base name keeps the price at one set
lookup while nothing matches.
"""

from __future__ import annotations

import os
from os.path import basename

from soulguard.guard import originals
from soulguard.guard.scope import follow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from soulguard.guard.files.appends import Append
    from soulguard.guard.files.stage import Stage

by_path: dict[str, Stage] = {}
by_fd: dict[int, Stage | Append] = {}
names: dict[str, int] = {}
handed: dict[str, int] = {}
"""Paths whose handle was given the file itself, and its descriptor."""


def add(stage: Stage) -> None:
    """Register a staged file under the path it will be published at."""
    by_path[stage.path] = stage
    name = basename(stage.path)
    names[name] = names.get(name, 0) + 1


def forget(stage: Stage) -> None:
    """Take a staged file out; reading its path reaches the disk again."""
    if by_path.get(stage.path) is not stage:
        return
    del by_path[stage.path]
    name = basename(stage.path)
    names[name] -= 1
    if not names[name]:
        del names[name]


def in_hand(path: str) -> bool:
    """Whether a descriptor of this process was given the file at a path and has it."""
    if path not in handed:
        return False
    try:
        own, seen = originals.os_fstat(handed[path]), originals.os_stat(path)
    except OSError:
        pass
    else:
        if (own.st_dev, own.st_ino) == (seen.st_dev, seen.st_ino):
            return True
    del handed[path]
    return False


def find(path: Any, dir_fd: int | None = None) -> Stage | None:
    """Give the staged file behind a path, or None."""
    try:
        text = os.fspath(path)
    except TypeError:
        return None
    if isinstance(text, bytes):
        text = os.fsdecode(text)
    if basename(text) not in names:
        return None
    real = follow(text, dir_fd)
    return by_path.get(real) if real is not None else None
