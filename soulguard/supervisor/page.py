"""Owns the page in shared memory that every guarded process reads.

A guarded process compares the generation on it before it trusts its prefilter, so a
reload reaches it without a thread or a message; and it need not ask about a path that
the run has no record of and no rule minds. The layout is the reader's
(`soulguard.guard.page`). Nothing else may ever be said through the page.
"""

from __future__ import annotations

import mmap
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from soulguard.guard.page import BITS, HEAD, SIZE, positions

NAME = "generation"
MANY = 100_000
"""Paths from which on the filter would rule hardly any out: then it says "maybe" of all."""


class Page:
    """The generation of the policy in force and the paths on record, as a mapped file.

    INVARIANT: the file is never truncated and its name never reused, since reading a
    mapped page that lost its file would kill the agent (SIGBUS): an older file of that
    name only loses its name.

    Raises:
        OSError: the file cannot be made.
    """

    def __init__(self, folder: Path, generation: int) -> None:
        self.path = folder / NAME
        self.path.unlink(missing_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        fd = os.open(self.path, flags, 0o600)
        try:
            # every block is taken now: on a full disk a write to memory would kill us
            os.write(fd, bytes(SIZE))
            # written through a mapping, as it is read: one memory on any file system
            self._shared = mmap.mmap(fd, SIZE)
        finally:
            os.close(fd)
        self.turn(generation)

    def turn(self, generation: int) -> None:
        """Show another generation; every process sees it with its next door call."""
        self._shared[:8] = generation.to_bytes(8, sys.byteorder)

    def know(self, path: str) -> None:
        """Show that the run has a record of a path.

        INVARIANT: called before the reply that lets the path be written.
        """
        shared = self._shared
        for bit in positions(path):
            shared[HEAD + (bit >> 3)] |= 1 << (bit & 7)

    def unknown(self, path: str) -> bool:
        """Whether the run certainly has no record of a path."""
        shared = self._shared
        return any(
            not shared[HEAD + (bit >> 3)] & 1 << (bit & 7) for bit in positions(path)
        )

    def know_all(self, paths: Iterable[str] | None) -> None:
        """Show the paths that are on record at the start; None: too many to tell."""
        if paths is None:
            self._shared[HEAD:] = b"\xff" * (BITS // 8)
            return
        for path in paths:
            self.know(path)

    def close(self) -> None:
        """Let go of the page; processes that mapped it keep it."""
        self._shared.close()
