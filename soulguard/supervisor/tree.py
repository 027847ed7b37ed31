"""The process tree below a process, as ``/proc`` shows it (proc(5)).

Reads each process once, when it is new: what it was started by does not change, not even
when its parent dies and another one takes it over. Nothing is decided here.
"""

from __future__ import annotations

import os
from pathlib import Path

_PROC = Path("/proc")


class Tree:
    """Who was started by whom."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}

    def below(self, root: int) -> list[int]:
        """Give the live descendants of a process; empty where there is no ``/proc``."""
        try:
            live = {int(name) for name in os.listdir(_PROC) if name.isdigit()}
        except OSError:
            return []
        for pid in live - self._parents.keys():
            self._parents[pid] = _parent(pid)
        for pid in self._parents.keys() - live:
            if not self._needed(pid, live):
                del self._parents[pid]
        return [pid for pid in sorted(live) if self._is_below(pid, root)]

    def _needed(self, pid: int, live: set[int]) -> bool:
        """A dead process still ties its live children to the tree."""
        return any(self._parents.get(child) == pid for child in live)

    def _is_below(self, pid: int, root: int) -> bool:
        seen = set()
        while (pid := self._parents.get(pid, 0)) and pid not in seen:
            if pid == root:
                return True
            seen.add(pid)
        return False


def _parent(pid: int) -> int:
    try:
        stat = (_PROC / str(pid) / "stat").read_bytes()
    except OSError:
        return 0
    return int(stat.rpartition(b")")[2].split()[1])


def argv(pid: int) -> list[str]:
    """Give a process's command line, empty if it is gone."""
    try:
        raw = (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return [os.fsdecode(word) for word in raw.split(b"\0")[:-1]]


def executable(pid: int) -> str:
    """Give the path of a process's executable, empty if it is gone."""
    try:
        return os.readlink(_PROC / str(pid) / "exe")
    except OSError:
        return ""


def carrying(variable: str) -> list[int]:
    """Give the processes with ``NAME=value`` in their first environment, which a fork
    keeps; without this one and those above it.
    """
    found = []
    for name in os.listdir(_PROC) if _PROC.is_dir() else []:
        try:
            raw = (_PROC / name / "environ").read_bytes() if name.isdigit() else b""
        except OSError:
            continue  # gone, or another user's
        if os.fsencode(variable) in raw.split(b"\0"):
            found.append(int(name))
    pid = os.getpid()
    while pid > 1:
        found = [other for other in found if other != pid]
        pid = _parent(pid)
    return found


def variable(pid: int, name: str) -> str:
    """Give a variable of a process's first environment, empty where it has none."""
    try:
        raw = (_PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return ""
    start = f"{name}=".encode()
    found = (part for part in raw.split(b"\0") if part.startswith(start))
    return os.fsdecode(next(found, start)[len(start) :])


def started_with(pid: int, name: str) -> bool:
    """Say whether a variable was in a process's first environment; yes if unknown."""
    try:
        raw = (_PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return True
    return f"{name}=".encode() in raw
