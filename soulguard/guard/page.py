"""The generation page, as this process sees it: one number to compare with.

The supervisor writes it (`soulguard.supervisor.page`); reading it costs about as much
as calling an empty function, so every door can afford to. Nothing is decided here.
"""

from __future__ import annotations

import os
import sys

from soulguard.guard import originals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SIZE = 4096
_HIGH = 64
"""Descriptor numbers below this one are left to the agent."""


def attach(path: str) -> Any:
    """Give something whose ``[0]`` is the number on the page at `path`.

    A forked child shares the mapping.

    Raises:
        OSError: there is no such page, or no descriptor to open it with.
    """
    fd = originals.os_open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _mapped(fd)
    except (ImportError, OSError, ValueError):
        return _Unmapped(path)
    finally:
        originals.os_close(fd)


def _mapped(fd: int) -> Any:
    import mmap

    if sys.version_info >= (3, 13):
        shared = mmap.mmap(fd, SIZE, access=mmap.ACCESS_READ, trackfd=False)
    else:
        # the mapping keeps a duplicate for good: out of the way of agents that close
        # or count on low numbers
        low: list[int] = []
        try:
            while not low or low[-1] < _HIGH:
                low.append(originals.os_dup(fd))
            shared = mmap.mmap(fd, SIZE, access=mmap.ACCESS_READ)
        finally:
            for number in low:
                originals.os_close(number)
    return memoryview(shared).cast("Q")


class _Unmapped:
    """The page of a file system or Python that cannot map files, read each time."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __getitem__(self, _: int) -> int:
        fd = originals.os_open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return int.from_bytes(originals.os_read(fd, 8), sys.byteorder)
        finally:
            originals.os_close(fd)
