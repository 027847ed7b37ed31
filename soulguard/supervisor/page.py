"""Owns the generation page: a number in shared memory that every guarded process reads.

A guarded process compares it before it trusts its prefilter, so a reload reaches it
without a thread or a message. Nothing else may ever be said through the page.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

NAME = "generation"
SIZE = 4096


class Page:
    """The generation of the policy in force, as a mapped file of `SIZE` bytes.

    The first eight bytes are the number in the machine's byte
    order. INVARIANT: the file is never
    truncated and its name never reused, since reading a mapped page that lost its file
    would kill the agent (SIGBUS): an older file of that name only loses its name.

    Raises:
        OSError: the file cannot be made.
    """

    def __init__(self, folder: Path, generation: int) -> None:
        self.path = folder / NAME
        self.path.unlink(missing_ok=True)
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._fd = os.open(self.path, flags, 0o600)
        os.write(self._fd, generation.to_bytes(8, sys.byteorder).ljust(SIZE, b"\0"))

    def turn(self, generation: int) -> None:
        """Show another generation; every process sees it with its next door call."""
        import mmap  # a run without a reload need not load it

        # written through a mapping, as it is read: the same memory on any file system
        with mmap.mmap(self._fd, SIZE) as shared:
            shared[:8] = generation.to_bytes(8, sys.byteorder)

    def close(self) -> None:
        """Give the descriptor back; processes that mapped the page keep it."""
        os.close(self._fd)
