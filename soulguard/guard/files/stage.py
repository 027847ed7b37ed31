"""A staged file: written beside its target, published whole or not at all.

Owns the temporary inode and the steps of publishing. INVARIANT: the target is touched
only after the broker has the publication on record, and only by the process that
opened the file.
"""

from __future__ import annotations

import errno
import os
import stat
from os.path import dirname, join

from soulguard.guard import client, originals
from soulguard.guard.asking import ask_until_decided
from soulguard.guard.files import pending, sharing, stamp, unwind
from soulguard.guard.files.bytes import content_of, copy_into, digest_of, sync_folder
from soulguard.guard.files.inherited import is_mine
from soulguard.guard.files.staging import (
    named,
    named_errno,
    staging_folder,
    temporary_name,
)
from soulguard.guard.local import inside, thread_mark
from soulguard.guard.refusals import refusal
from soulguard.guard.scope import scope
from soulguard.guard.signals import critical

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_SHOWN = 65536


class Stage:
    """One file being written under the guard.

    `kind` is ``w``, ``x`` or ``r+``. `sink` marks a write that is accepted and
    discarded because an earlier attempt did it. `settled` is set once, by whichever of
    close, exit or a path operation comes first.
    """

    __slots__ = (
        "broken", "data", "early", "fd", "filename", "kind", "opened_under", "others",
        "owner", "path", "redo", "settled", "sink", "staged", "thread", "top", "touched", "users",
    )  # fmt: skip

    def __init__(self, path: str, filename: Any, kind: str, data: dict[str, Any]):
        self.path = path
        self.filename = filename
        self.kind = kind
        self.data = data
        self.staged = ""
        self.fd = -1
        self.owner = originals.os_getpid()
        self.thread = thread_mark()
        self.opened_under = unwind.in_flight()
        self.others: list[Callable[[], bool]] = []
        self.broken = False
        self.settled = False
        self.early = 0
        self.redo = False
        self.sink = False
        self.top: Any = None
        self.touched = False
        self.users = 1

    # -- opening --------------------------------------------------------------------

    def open(self, flags: int, mode: int) -> int:
        """Create the staged inode as a plain open of the target would have left it.

        Raises:
            OSError: what the kernel says of the target, under the agent's file name.
        """
        before = self._probe(flags)
        self.redo = before is not None and not _replaceable(before, self.path)
        if self.redo or self.sink:
            folder = scope.stage_dir
        else:
            folder = staging_folder(dirname(self.path), self.filename)
        self.staged = join(folder, temporary_name())
        keep = flags & ~(os.O_TRUNC | os.O_EXCL | os.O_NOFOLLOW) | os.O_CREAT
        try:
            self.fd = originals.os_open(self.staged, keep | os.O_EXCL, mode)
            if before is not None:
                _copy_metadata(self.path, before, self.fd)
                if not flags & os.O_TRUNC:
                    copy_into(self.path, self.fd)
        except OSError as error:
            self._drop()
            raise named(error, self.filename) from None
        if self.sink:
            sharing.sinks.append(self)
        else:
            pending.add(self)
        return self.fd

    def _probe(self, flags: int) -> os.stat_result | None:
        """Let the kernel say what opening the target itself would say."""
        if self.kind == "x" and self.sink:
            return None
        look = flags & ~(os.O_CREAT | os.O_TRUNC | os.O_EXCL)
        try:
            fd = originals.os_open(self.path, look)
        except FileNotFoundError:
            if flags & os.O_CREAT or self.sink:
                return None
            raise named_errno(errno.ENOENT, self.filename) from None
        except OSError as error:
            raise named(error, self.filename) from None
        try:
            if flags & os.O_EXCL and not self.sink:
                raise named_errno(errno.EEXIST, self.filename)
            return originals.os_fstat(fd)
        finally:
            originals.os_close(fd)

    # -- settling -------------------------------------------------------------------

    def settle(self, *, discard: bool = False, unsure: bool = False) -> None:
        """Publish the staged file, or drop it; the first call decides.

        Raises:
            OSError: publishing failed; the old file is in place.
            DuplicateWriteError: somebody else published the path meanwhile.
        """
        if self.settled:
            if self.early and is_mine(self):
                self.amend()
            return
        self.users -= 1
        if self.users > 0 and not discard:
            return
        self.settled = True
        pending.forget(self)
        if self in sharing.sinks:
            sharing.sinks.remove(self)
        if not is_mine(self):
            return
        with inside, critical:
            if self.sink:
                part = self.broken or sharing.is_shared(self)
                self._discard_sink(dropped=discard or part)
            elif discard or self.broken:
                self._drop()
            elif self.others and sharing.is_shared(self):
                self.early = self._publish(unsure=True, early=True)
                sharing.left.append(self)
            else:
                self._publish(unsure=unsure)

    def materialise(self) -> None:
        """Publish now and let the handle go on: its later writes are not atomic."""
        if self.settled or self.sink or not is_mine(self):
            return
        self.flush()
        self.settled = True
        pending.forget(self)
        with inside, critical:
            self.early = self._publish(unsure=False, early=True)

    def flush(self) -> None:
        """Push what the file object still buffers into the staged file."""
        top = self.top() if self.top is not None else None
        if top is not None and not top.closed:
            try:
                top.flush()
            except (OSError, ValueError):
                self.broken = True

    def _publish(self, *, unsure: bool, early: bool = False) -> int:
        if self.data.get("stamp"):
            stamp.apply(self.staged, self.path, self.data["stamp"])
        if scope.power:
            _sync(self.staged)
        digest, size = digest_of(self.staged)
        seen = originals.os_stat(self.staged)
        still = self.kind == "r+" and not (self.touched or early)
        if still and self._as_before(seen, digest):
            self._drop()
            return 0
        # where nobody answers the staged file stays, to be swept: that it is there is
        # how recovery knows that it was not put in place
        reply = ask_until_decided(
            "file.publish",
            {
                "path": self.path, "staged": self.staged, "digest": digest,
                "size": size, "kind": self.kind, "unsure": unsure,
                "redo": self.redo, "mtime": seen.st_mtime_ns, "inode": seen.st_ino,
            },
        )  # fmt: skip
        if reply["verdict"] != "allow":
            self._drop()
            if reply["verdict"] == "skip":
                return 0
            raise refusal(reply, self.filename)
        effect: int = reply["effect"]
        try:
            self._move()
        except OSError as error:
            client.tell("file.done", {"effect": effect, "error": str(error)})
            self._drop()
            raise named(error, self.filename) from None
        if self.redo or early:
            client.tell("file.done", {"effect": effect})
        else:
            client.happened(effect)
        return effect

    def _as_before(self, seen: os.stat_result, digest: str) -> bool:
        """Whether a file opened for update is as it was: then nothing happens to it."""
        try:
            old = originals.os_stat(self.path)
            same = (old.st_size, old.st_mode, old.st_uid, old.st_gid) == (
                seen.st_size, seen.st_mode, seen.st_uid, seen.st_gid
            )  # fmt: skip
            return same and digest_of(self.path)[0] == digest
        except OSError:
            return False

    def _move(self) -> None:
        if self.redo:
            _rewrite(self.staged, self.path)
            quietly_remove(self.staged)  # what stays is swept
        elif self.kind == "x":
            originals.os_link(self.staged, self.path)
            quietly_remove(self.staged)
        else:
            originals.os_rename(self.staged, self.path)
        if not scope.power:
            return
        try:
            sync_folder(dirname(self.path))
        except OSError:
            if self.kind == "x":
                # it failed, so it may not be in the way of the agent's next try
                quietly_remove(self.path)
            raise

    def amend(self) -> None:
        """Report the content a handle left behind after it was published early."""
        effect, self.early = self.early, 0
        with inside:
            try:
                if scope.power:
                    _sync(self.path)
                digest, size = digest_of(self.path)
            except OSError:
                return  # moved away or deleted meanwhile: that is on record already
            client.tell("file.done", {"effect": effect, "digest": digest, "size": size})

    def _discard_sink(self, *, dropped: bool) -> None:
        if not dropped:
            digest, size = digest_of(self.staged)
            # a person may want to see in what it differs from what is there
            client.tell(
                "file.discarded", {"path": self.path, "digest": digest, "size": size},
                (content_of(self.staged, _SHOWN),),
            )  # fmt: skip
        self._drop()

    def _drop(self) -> None:
        if self.staged:
            quietly_remove(self.staged)


def _sync(path: str) -> None:
    # by path: the handle may share the stage, or its number may be reused by now
    fd = originals.os_open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        originals.os_fsync(fd)
    finally:
        originals.os_close(fd)


def quietly_remove(path: str) -> None:
    """Remove a staging file; one that is gone already is no error."""
    try:
        originals.os_unlink(path)
    except OSError:
        pass


def _replaceable(before: os.stat_result, path: str) -> bool:
    """Whether a rename leaves the target as a plain open would: links and owner kept."""
    if before.st_nlink > 1 or os.path.ismount(path):
        return False
    if before.st_uid != os.geteuid() and os.geteuid() != 0:
        return False
    return originals.os_access(dirname(path), os.W_OK | os.X_OK)


def _copy_metadata(path: str, before: os.stat_result, fd: int) -> None:
    """Copy mode, owner and extended attributes at open, so that the agent's own
    changes on the handle come later and win.
    """
    now = originals.os_fstat(fd)
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        try:
            originals.os_fchown(fd, before.st_uid, before.st_gid)
        except PermissionError:
            pass
    mode = stat.S_IMODE(before.st_mode)
    if stat.S_IMODE(now.st_mode) != mode:
        originals.os_fchmod(fd, mode)
    if originals.os_listxattr is None or originals.os_setxattr is None:
        return
    try:
        for name in originals.os_listxattr(path):
            originals.os_setxattr(fd, name, originals.os_getxattr(path, name))
    except OSError:
        pass


def _rewrite(staged: str, path: str) -> None:
    """Write into the existing inode where a rename would break links or ownership.

    The staged copy stays until the end: recovery completes a copy that was cut short.
    """
    fd = originals.os_open(path, os.O_WRONLY)
    try:
        size = copy_into(staged, fd)
        originals.os_ftruncate(fd, size)
        if scope.power:
            originals.os_fsync(fd)
    finally:
        originals.os_close(fd)
