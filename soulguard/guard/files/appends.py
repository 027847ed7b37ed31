"""A file opened for appending: what is flushed together is appended together.

The bytes gather in memory (in an unnamed file once they are many); at each flush and at close they become one append of
the target, whole or not at all, recorded with offset, length and digest. Nothing is
held back beyond the agent's own buffering, and an append that an earlier attempt made
(same bytes, same ordinal) is skipped.
"""

from __future__ import annotations

import os
import stat
from os.path import join

from soulguard.guard import client, originals
from soulguard.guard.asking import ask_until_decided
from soulguard.guard.files import unwind
from soulguard.guard.files.bytes import copy_into, digest_from, sync_folder, write_all
from soulguard.guard.files.staging import named, temporary_name
from soulguard.guard.living import alive
from soulguard.guard.local import inside, thread_mark
from soulguard.guard.refusals import refusal
from soulguard.guard.scope import scope
from soulguard.guard.signals import critical

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SPILL = 16 << 20
"""Bytes that may gather in memory before they move to disk."""

open_appends: set[Append] = set()
"""Handles that may still hold bytes back; the end of the process looks here."""


class Append:
    """One handle open for appending; the same face as `stage.Stage` towards the door.

    `base` is the size the agent sees the file start at: on a restart the size it had
    when an earlier attempt stood here, so that ``if f.tell() == 0`` decides the same.
    `late` says that the first append may be refused: until it is allowed there is no
    file (`absent`).
    """

    __slots__ = (
        "absent", "base", "broken", "early", "fd", "filename", "late", "mode",
        "opened_under", "owner", "path", "sent", "settled", "sink", "spilled",
        "thread", "top", "touched", "users",
    )  # fmt: skip

    def __init__(self, path: str, filename: Any, data: dict[str, Any]) -> None:
        self.path = path
        self.filename = filename
        self.base = data.get("offset", -1)
        self.late = data.get("late", False)
        self.absent = False
        self.mode = 0o666
        self.sent = 0
        self.spilled = False
        self.fd = -1
        self.owner = originals.os_getpid()
        self.thread = thread_mark()
        self.opened_under = unwind.in_flight()
        self.broken = False
        self.settled = False
        self.sink = False
        self.early = 0
        self.top: Any = None
        self.touched = False
        self.users = 1

    def open(self, flags: int, mode: int) -> int:
        """Open (and create) the target as the kernel would, then stage beside nothing.

        Raises:
            OSError: what the kernel says of the target, under the agent's file name.
        """
        self.mode = mode
        seen = self._look(flags)
        size = 0 if seen is None else seen.st_size
        if self.base < 0 or self.base > size:
            self.base = size
        self.fd = _unnamed()
        _fcntl().fcntl(self.fd, _fcntl().F_SETFL, os.O_APPEND)
        if seen is not None:
            originals.os_fchmod(self.fd, stat.S_IMODE(seen.st_mode))
            if flags & os.O_RDWR:
                copy_into(self.path, self.fd)
        originals.os_ftruncate(self.fd, self.base)
        self.sent = self.base
        open_appends.add(self)
        return self.fd

    def _look(self, flags: int) -> os.stat_result | None:
        """Open the target, creating it unless that has to wait; None where it waits."""
        flags &= ~os.O_TRUNC
        waits = self.late and flags & os.O_CREAT
        try:
            if waits:
                flags &= ~os.O_CREAT
            target = originals.os_open(self.path, flags, self.mode)
        except FileNotFoundError as error:
            if not waits or not os.path.isdir(os.path.dirname(self.path)):
                raise named(error, self.filename) from None
            self.absent = True
            return None
        except OSError as error:
            raise named(error, self.filename) from None
        try:
            return originals.os_fstat(target)
        finally:
            originals.os_close(target)

    def push(self, *, last: bool = False) -> None:
        """Append what was flushed since the last push.

        The `last` one makes the file where nothing was ever written to it.

        Raises:
            OSError: the system refused; the target is as before.
            DeniedError: a rule refuses the append.
        """
        if self.settled or not self._mine():
            return
        with inside, critical:
            end = originals.os_fstat(self.fd).st_size
            if end > self.sent or (last and self.absent):
                self.absent = False
                self._append()
                self.sent = end

    def part(self) -> None:
        """Take over a copy that a fork made: what it is given here, it appends itself.

        What was flushed before is the parent's to append.
        """
        if self.settled:
            return
        end = originals.os_fstat(self.fd).st_size
        fresh = _unnamed()
        top = self.top() if self.top is not None else None
        if top is not None and top.readable():
            _copy(self.fd, 0, fresh)
        originals.os_ftruncate(fresh, end)
        _fcntl().fcntl(fresh, _fcntl().F_SETFL, os.O_APPEND)
        os.dup2(fresh, self.fd, inheritable=False)
        originals.os_close(fresh)
        self.sent, self.spilled, self.owner = end, False, originals.os_getpid()

    def relieve(self) -> None:
        """Move what gathers in memory to disk once it is much; the handle stays."""
        if self.spilled or originals.os_fstat(self.fd).st_size - self.sent < SPILL:
            return
        self.spilled = True
        with inside:
            disk = _unnamed_on_disk()
            originals.os_ftruncate(disk, self.sent)
            originals.os_lseek(disk, 0, os.SEEK_END)
            _copy(self.fd, self.sent, disk)
            _fcntl().fcntl(disk, _fcntl().F_SETFL, os.O_APPEND)
            os.dup2(disk, self.fd, inheritable=False)
            originals.os_close(disk)

    def settle(self, *, discard: bool = False, unsure: bool = False) -> None:  # noqa: ARG002 - the face of `Stage.settle`
        """Append the rest, or drop it; the first call decides."""
        if self.settled:
            return
        try:
            if not discard and not self.broken:
                self.push(last=True)
        finally:
            self.settled = True
            open_appends.discard(self)

    def materialise(self) -> None:
        """Nothing to do: what was flushed is in the target already."""

    def flush(self) -> None:
        """Push what the file object still buffers."""
        top = self.top() if self.top is not None else None
        if top is not None and not top.closed:
            try:
                top.flush()
            except (OSError, ValueError):
                self.broken = True

    def _append(self) -> None:
        digest, size = digest_from(self.fd, self.sent)
        reply = ask_until_decided(
            "file.append",
            {
                "path": self.path, "digest": digest, "size": size,
                "bytes": f"/proc/{self.owner}/fd/{self.fd}", "start": self.sent,
            },
        )  # fmt: skip
        if reply["verdict"] == "skip":
            return
        if reply["verdict"] != "allow":
            self.sent += size  # refused bytes are not asked about a second time
            raise refusal(reply, self.filename)
        outcome: dict[str, Any] = {"effect": reply["effect"], "error": "interrupted"}
        try:
            offset = self._write(reply["data"]["offset"], size)
            if offset != reply["data"]["offset"]:
                outcome["offset"] = offset
            del outcome["error"]
        except OSError as error:
            outcome["error"] = str(error)
            raise named(error, self.filename) from None
        finally:
            client.tell("file.done", outcome)

    def _write(self, offset: int, size: int) -> int:
        """Write the bytes at the end of the target, whole or not at all; give where.

        That is `offset`, unless a program that nobody guards appended or truncated
        since: its bytes are never written over.

        Raises:
            OSError: what the system said; the target ends where it did again.
        """
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        target = originals.os_open(self.path, flags, self.mode)
        try:
            before = originals.os_fstat(target).st_size
            try:
                _copy(self.fd, self.sent, target)
            except OSError:
                end = originals.os_lseek(target, 0, os.SEEK_CUR)
                if end == originals.os_fstat(target).st_size:
                    originals.os_ftruncate(target, before)
                raise
            if scope.power:
                originals.os_fsync(target)
                if offset == 0:
                    sync_folder(os.path.dirname(self.path))
            return int(originals.os_lseek(target, 0, os.SEEK_CUR)) - size
        finally:
            originals.os_close(target)

    def _mine(self) -> bool:
        return self.owner == originals.os_getpid() or not alive(self.owner)


def before_fork() -> None:
    """Append what is buffered, or both processes would."""
    for append in [a for a in open_appends if a.owner == originals.os_getpid()]:
        append.flush()


def after_fork() -> None:
    """Make this process, a forked child, the owner of its handles."""
    for append in list(open_appends):
        try:
            append.part()
        except OSError:
            append.broken = True  # the agent closed its descriptor behind our back


def _copy(source: int, start: int, target: int) -> None:
    """Copy from `start` on to where the other descriptor stands; `source` stays put."""
    while chunk := os.pread(source, 1 << 20, start):
        write_all(target, chunk)
        start += len(chunk)


def _unnamed() -> int:
    """Give an unnamed file that dies with its last descriptor, in memory if possible."""
    create = getattr(os, "memfd_create", None)
    return int(create("soulguard")) if create is not None else _unnamed_on_disk()


def _unnamed_on_disk() -> int:
    path = join(scope.stage_dir, temporary_name())
    fd = originals.os_open(
        path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600
    )
    originals.os_unlink(path)
    return fd


def _fcntl() -> Any:
    import fcntl

    return fcntl
