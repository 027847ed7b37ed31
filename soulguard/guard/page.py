"""The page the supervisor shows to every guarded process: shared memory, read only here.

It holds the number of the generation in force, and which paths the run may have a record
of. Reading the number costs about as much as calling an empty function, so every door
can afford to. Nothing is decided here.

Layout: eight bytes of the number in the machine's byte order, zeros up to `HEAD`, then a
Bloom filter (Bloom, "Space/time trade-offs in hash coding", 1970) of `BITS` bits: a path
whose `positions` are not all set was never on record in this run.
"""

from __future__ import annotations

import os
import sys

from soulguard.guard import originals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HEAD = 4096
BITS = 1 << 19
SIZE = HEAD + BITS // 8
_LAST = BITS - 1
_HIGH = 64
"""Descriptor numbers below this one are left to the agent."""


def positions(path: str) -> tuple[int, ...]:
    """Give the bits that stand for a path in the filter."""
    # every file that is published is digested as well: the import is no cost of its own
    from hashlib import sha256

    # the same bits in every locale: the supervisor's may be another than the agent's
    digest = sha256(path.encode("utf-8", "surrogateescape")).digest()
    number = int.from_bytes(digest, "big")
    return (
        number & _LAST,
        number >> 32 & _LAST,
        number >> 64 & _LAST,
        number >> 96 & _LAST,
    )


class Page:
    """The page, mapped: ``numbers[0]`` is the generation. A forked child shares it."""

    __slots__ = ("_bytes", "numbers")

    def __init__(self, shared: Any) -> None:
        self.numbers = shared.cast("Q")
        self._bytes = shared[HEAD:]

    def unknown(self, path: str) -> bool:
        """Whether the run certainly has no record of a path."""
        shown = self._bytes
        for bit in positions(path):  # noqa: SIM110 - a generator costs as much again
            if not shown[bit >> 3] & 1 << (bit & 7):
                return True
        return False


class Unmapped:
    """The page of a file system or Python that cannot map files, read each time.

    Of every path it says that there may be a record.
    """

    def __init__(self, path: str) -> None:
        self.numbers: Any = self
        self._path = path

    def __getitem__(self, _: int) -> int:
        fd = originals.os_open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return int.from_bytes(originals.os_read(fd, 8), sys.byteorder)
        finally:
            originals.os_close(fd)

    def unknown(self, path: str) -> bool:  # noqa: ARG002 - the face of `Page`
        """Whether the run certainly has no record of a path: nobody can tell."""
        return False


def attach(path: str) -> Page | Unmapped:
    """Give the page at `path`.

    Raises:
        OSError: there is no such page, or no descriptor to open it with.
    """
    fd = originals.os_open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return Page(memoryview(_mapped(fd)))
    except (ImportError, OSError, ValueError):
        return Unmapped(path)
    finally:
        originals.os_close(fd)


def _mapped(fd: int) -> Any:
    import mmap

    if sys.version_info >= (3, 13):
        return mmap.mmap(fd, SIZE, access=mmap.ACCESS_READ, trackfd=False)
    # the mapping keeps a duplicate for good: out of the way of agents that close or
    # count on low numbers
    low: list[int] = []
    try:
        while not low or low[-1] < _HIGH:
            low.append(originals.os_dup(fd))
        return mmap.mmap(fd, SIZE, access=mmap.ACCESS_READ)
    finally:
        for number in low:
            originals.os_close(number)
