"""A body too large for memory: a file in the run's staging folder, read in blocks.

Written as the body passes. What becomes of the file is the broker's to say: one that is
kept it takes over by renaming; any other is removed here, and what a killed process left
goes with the staging folder when the attempt is over. No decision is made here.
"""

from __future__ import annotations

import os
from os.path import join

from soulguard.guard import originals
from soulguard.guard.local import inside
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = 1 << 16
SYNC_EVERY = 32 * 1024 * 1024
"""Bytes after which what was written is pushed to the disk: the broker's own sync, for
which everybody waits, must not find a gigabyte to write."""

_READ = os.O_RDONLY | os.O_CLOEXEC
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class Stored:
    """A file of known length, open for reading in blocks, as often as one likes."""

    __slots__ = ("_fd", "_seen", "size")

    def __init__(self, path: str, size: int, flags: int = _READ) -> None:
        self._fd = -1
        with inside:
            self._fd = originals.os_open(path, flags, 0o600)
            self._seen = self._identity()
        self.size = size

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        return self.blocks(0, self.size)

    def blocks(self, start: int, end: int) -> Iterator[bytes]:
        """Give the bytes between two places in blocks.

        Raises:
            OSError: the file cannot be read, or is shorter than it was.
        """
        while start < end:
            with inside:
                self._check()
                block = os.pread(self._fd, min(BLOCK, end - start), start)
            if not block:
                raise OSError("a spooled body is shorter than it was")
            start += len(block)
            yield block

    def sha256(self) -> str:
        """Read it all and give its digest in hex."""
        from hashlib import sha256

        digest = sha256()
        for block in self:
            digest.update(block)
        return digest.hexdigest()

    def close(self) -> None:
        """Close the file; nothing can be read from then on."""
        fd, self._fd = self._fd, -1
        if fd >= 0 and self._is_ours(fd):
            originals.os_close(fd)

    def __del__(self) -> None:
        try:
            self.close()
        except (OSError, AttributeError, TypeError):
            pass  # the interpreter is taking its modules apart

    def _identity(self) -> tuple[int, int]:
        seen = originals.os_fstat(self._fd)
        return seen.st_dev, seen.st_ino

    def _is_ours(self, fd: int) -> bool:
        try:
            seen = originals.os_fstat(fd)
        except OSError:
            return False
        return (seen.st_dev, seen.st_ino) == self._seen

    def _check(self) -> None:
        # INVARIANT: never touch a descriptor number that the agent closed and something
        # else now owns
        if not self._is_ours(self._fd):
            raise OSError("the descriptor of a spooled body was closed")


class Spool(Stored):
    """A new file that grows; `name` is how the broker knows it.

    Raises:
        OSError: there is no staging folder, or the disk is full.
    """

    __slots__ = ("_digest", "_pending", "_pid", "_unsynced", "_waiting", "name")

    def __init__(self) -> None:
        if not scope.stage_dir:
            self._fd = self._pid = -1
            raise OSError("there is no folder to spool to")
        from hashlib import sha256

        self.name = f"body-{originals.os_urandom(16).hex()}"
        self._pid = originals.os_getpid()
        self._digest = sha256()
        self._pending: list[bytes] = []
        self._waiting = self._unsynced = 0
        super().__init__(join(scope.stage_dir, self.name), 0, _NEW)

    def write(self, data: bytes) -> None:
        """Add bytes; small ones are written together.

        Raises:
            OSError: the disk is full.
        """
        self._digest.update(data)
        self._pending.append(data)
        self._waiting += len(data)
        self.size += len(data)
        if self._waiting >= BLOCK:
            self._flush()

    def blocks(self, start: int, end: int) -> Iterator[bytes]:
        """Give the bytes between two places in blocks."""
        self._flush()
        return super().blocks(start, end)

    def sha256(self) -> str:
        """Give the digest of what was written, in hex; nothing waits to be written."""
        self._flush()
        return self._digest.hexdigest()

    def rescue(self) -> bytes:
        """Give all that was written, after a write that failed.

        Raises:
            OSError: what is in the file cannot be read back.
        """
        there = super().blocks(0, self.size - self._waiting)
        return b"".join((*there, *self._pending))

    def hand_over(self) -> None:
        """Leave the file to the broker, or to the end of the attempt."""
        self._pid = -1

    def __del__(self) -> None:
        super().__del__()
        try:
            if self._pid == originals.os_getpid():
                remove(self.name)
        except (AttributeError, TypeError):
            pass  # the interpreter is taking its modules apart

    def _flush(self) -> None:
        pending = self._pending
        rest = memoryview(pending[0] if len(pending) == 1 else b"".join(pending))
        with inside:
            try:
                while rest:
                    self._check()
                    rest = rest[originals.os_write(self._fd, rest) :]
            finally:
                self._unsynced += self._waiting - len(rest)
                self._pending, self._waiting = [bytes(rest)] if rest else [], len(rest)
            if self._unsynced >= SYNC_EVERY and scope.power:
                originals.os_fdatasync(self._fd)
                self._unsynced = 0


def remove(name: str) -> None:
    """Remove a spool's file unless the broker has taken it; who has it open reads on."""
    with inside:
        try:
            originals.os_unlink(join(scope.stage_dir, name))
        except OSError:
            pass
