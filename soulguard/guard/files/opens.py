"""The doors `open` and `os.open`: recognise a write, stage it, hand back a real file.

Replacements are bound methods of one object: a plain function would turn into a method
where a class stores it (``class Reader: opener = open``).
"""

from __future__ import annotations

import os

from soulguard.guard import originals
from soulguard.guard.asking import ask_until_decided
from soulguard.guard.files import pending, sharing
from soulguard.guard.files.attach import attach
from soulguard.guard.files.begin import begin, stageable
from soulguard.guard.files.fileio import FileIO
from soulguard.guard.files.release import release
from soulguard.guard.local import Outside, inside, local
from soulguard.guard.refusals import refusal
from soulguard.guard.scope import WRITE_FLAGS, follow, scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_READS = frozenset(["r", "rb", "rt", "br", "tr"])
_UNBUFFERED = frozenset(
    form.replace("w", kind)
    for kind in "wxar"
    for form in ("wb", "bw", "w+b", "wb+", "bw+")
) - {"rb", "br"}  # fmt: skip
_LEAVE = getattr(os, "O_PATH", 0) | (getattr(os, "O_TMPFILE", 0) & ~os.O_DIRECTORY)


class Opens:
    """Holder of the replacements for `open` and `os.open`."""

    def open(
        self,
        file: Any,
        mode: Any = "r",
        buffering: Any = -1,
        encoding: Any = None,
        errors: Any = None,
        newline: Any = None,
        closefd: Any = True,
        opener: Any = None,
    ) -> Any:
        """Open file and return a stream. Raise OSError upon failure."""
        rest = (buffering, encoding, errors, newline, closefd, opener)
        if local.inside:
            return originals.open(file, mode, *rest)
        if mode in _READS:
            fresh = scope.page[0] == scope.generation
            if fresh and scope.reads is None and not pending.names:
                return originals.open(file, mode, *rest)
            return self._read(file, mode, rest)
        if opener is not None or type(file) is int:
            return self._adopt(file, mode, rest)
        path = follow(file)
        if path is None or not scope.guards(path) or not stageable(path):
            with inside:
                return originals.open(file, mode, *rest)
        return self._write(path, file, mode, rest)

    def _write(self, path: str, file: Any, mode: str, rest: tuple[Any, ...]) -> Any:
        if mode in _UNBUFFERED and rest == (0, None, None, None, True, None):
            # the raw file is all there is, and ``open(p, "wb", 0).write(b)`` drops it
            # before a function hung on the instance would run
            return FileIO(file, mode)
        kind = next((k for k in "xaw" if k in mode), "r+")
        stages = []

        def opener(_: Any, flags: int) -> int:
            stages.append(begin(path, file, kind, flags, 0o666))
            return stages[0].fd

        try:
            with inside:
                opened = originals.open(file, mode, *rest[:-1], opener)
        except BaseException:
            for stage in stages:
                stage.settle(discard=True)
            raise
        attach(opened, stages[0])
        return opened

    def _read(self, file: Any, mode: str, rest: tuple[Any, ...]) -> Any:
        if rest[-1] is not None or type(file) is int:
            return originals.open(file, mode, *rest)
        stage = pending.find(file) if pending.names else None
        if stage is not None:
            staged = stage.staged
            return originals.open(
                file,
                mode,
                *rest[:-1],
                lambda _, flags: originals.os_open(staged, flags),
            )
        may_read(file)
        return originals.open(file, mode, *rest)

    def _adopt(self, file: Any, mode: Any, rest: tuple[Any, ...]) -> Any:
        """Take over a descriptor our `os.open` made: closing the object settles it."""
        *plain, closefd, opener = rest

        def outside(path: Any, flags: int) -> Any:
            with Outside():
                return opener(path, flags)

        with inside:
            opened = originals.open(file, mode, *plain, closefd, opener and outside)
        if pending.by_fd and closefd:
            stage = pending.by_fd.pop(opened.fileno(), None)
            if stage is not None:
                attach(opened, stage)
        return opened

    def os_open(
        self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None
    ) -> int:
        """Open a file for low level IO.  Returns a file descriptor (integer)."""
        if local.inside or flags & _LEAVE:
            return originals.os_open(path, flags, mode, dir_fd=dir_fd)
        if not flags & WRITE_FLAGS:
            stage = pending.find(path, dir_fd) if pending.names else None
            if stage is not None:
                return originals.os_open(stage.staged, flags)
            may_read(path, dir_fd)
            return originals.os_open(path, flags, mode, dir_fd=dir_fd)
        target = follow(path, dir_fd)
        if target is None or not scope.guards(target) or not stageable(target):
            with inside:
                return originals.os_open(path, flags, mode, dir_fd=dir_fd)
        staged = begin(target, path, _kind(flags), flags, mode)
        pending.by_fd[staged.fd] = staged
        return staged.fd

    def os_close(self, fd: int) -> None:
        """Close a file descriptor."""
        stage = pending.by_fd.pop(fd, None) if pending.by_fd else None
        if stage is None or local.inside:
            return originals.os_close(fd)
        try:
            stage.settle()
        finally:
            originals.os_close(fd)

    def os_fsync(self, fd: Any) -> None:
        """Force write of fd to disk."""
        self._push(fd)
        originals.os_fsync(fd)

    def os_fdatasync(self, fd: Any) -> None:
        """Force write of fd to disk without forcing update of metadata."""
        self._push(fd)
        originals.os_fdatasync(fd)

    def _push(self, fd: Any) -> None:
        stage = pending.by_fd.get(fd) if pending.by_fd and type(fd) is int else None
        if stage is not None and hasattr(stage, "push"):
            stage.push()

    def os_dup(self, fd: int, /) -> int:
        """Return a duplicate of a file descriptor."""
        release((fd,), "os.dup")
        copy = originals.os_dup(fd)
        sharing.copied(fd, copy)
        return copy

    def os_dup2(self, fd: int, fd2: int, inheritable: bool = True) -> int:
        """Duplicate file descriptor."""
        release((fd,), "os.dup2")
        copy = originals.os_dup2(fd, fd2, inheritable)
        sharing.copied(fd, copy)
        return copy

    def __reduce__(self) -> str:
        return "opens"


def may_read(path: Any, dir_fd: int | None = None) -> None:
    """Ask about a read where a rule speaks of reading.

    Raises:
        DeniedError: a rule refuses the read.
    """
    if local.inside:
        return
    scope.refresh()
    if scope.reads is None:
        return
    target = follow(path, dir_fd)
    if target is None or not scope.reads.match(target):
        return
    with inside:
        reply = ask_until_decided("file.read", {"path": target})
    if reply["verdict"] != "allow":
        raise refusal(reply, path)


def _kind(flags: int) -> str:
    if flags & os.O_EXCL and flags & os.O_CREAT:
        return "x"
    if flags & os.O_TRUNC:
        return "w"
    return "a" if flags & os.O_APPEND else "r+"


opens = Opens()
