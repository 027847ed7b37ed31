"""The doors that move and remove: rename, replace, link, symlink, unlink, truncate.

A rename onto a guarded path is the write of that path (agents that write to a temporary
file and rename it do exactly that). Taking a guarded path away is asked about as well.
"""

from __future__ import annotations

import os
import stat

from soulguard.guard import client, originals
from soulguard.guard.asking import ask_until_decided
from soulguard.guard.files import pending
from soulguard.guard.files.begin import begin, stageable
from soulguard.guard.files.bytes import digest_of, sync_folder
from soulguard.guard.files.stage import quietly_remove
from soulguard.guard.files.trash import take_folder_away, to_trash
from soulguard.guard.local import inside, local
from soulguard.guard.refusals import refusal
from soulguard.guard.scope import entry, follow, scope
from soulguard.guard.signals import critical

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Moves:
    """Holder of the replacements for the path operations that change names."""

    def rename(
        self,
        src: Any,
        dst: Any,
        *,
        src_dir_fd: int | None = None,
        dst_dir_fd: int | None = None,
    ) -> None:
        """Rename a file or directory."""
        _rename(originals.os_rename, src, dst, src_dir_fd, dst_dir_fd)

    def replace(
        self,
        src: Any,
        dst: Any,
        *,
        src_dir_fd: int | None = None,
        dst_dir_fd: int | None = None,
    ) -> None:
        """Rename a file or directory, overwriting the destination."""
        _rename(originals.os_replace, src, dst, src_dir_fd, dst_dir_fd)

    def link(
        self,
        src: Any,
        dst: Any,
        *,
        src_dir_fd: int | None = None,
        dst_dir_fd: int | None = None,
        follow_symlinks: bool = True,
    ) -> None:
        """Create a hard link to a file."""

        def make() -> None:
            originals.os_link(
                src, dst, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd,
                follow_symlinks=follow_symlinks,
            )  # fmt: skip

        move = _Move("link", make, src, dst)
        # plain link(2) never follows on Linux, and CPython calls it without descriptors
        at = src_dir_fd is not None or dst_dir_fd is not None
        move.follows = follow_symlinks and at
        move.run(src_dir_fd, dst_dir_fd)

    def symlink(
        self,
        src: Any,
        dst: Any,
        target_is_directory: bool = False,
        *,
        dir_fd: int | None = None,
    ) -> None:
        """Create a symbolic link pointing to src named dst."""

        def make() -> None:
            originals.os_symlink(src, dst, target_is_directory, dir_fd=dir_fd)

        _Move("symlink", make, src, dst).run(None, dir_fd)

    def unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        """Remove a file (same as remove())."""
        _remove(originals.os_unlink, path, dir_fd)

    def remove(self, path: Any, *, dir_fd: int | None = None) -> None:
        """Remove a file (same as unlink())."""
        _remove(originals.os_remove, path, dir_fd)

    def truncate(self, path: Any, length: int) -> None:
        """Truncate a file, specified by path, to a specific length."""
        if local.inside or type(path) is int:
            originals.os_truncate(path, length)
            return
        target = follow(path)
        if target is None or not scope.guards(target) or not stageable(target):
            with inside:
                originals.os_truncate(path, length)
            return
        stage = begin(target, path, "r+", os.O_RDWR, 0o666)
        try:
            originals.os_ftruncate(stage.fd, length)
        except BaseException:
            stage.settle(discard=True)
            raise
        finally:
            if not stage.settled:
                stage.settle()
            originals.os_close(stage.fd)

    def __reduce__(self) -> str:
        return "moves"


def _rename(
    original: Callable[..., None],
    src: Any,
    dst: Any,
    src_fd: int | None,
    dst_fd: int | None,
) -> None:
    def make() -> None:
        original(src, dst, src_dir_fd=src_fd, dst_dir_fd=dst_fd)

    _Move("rename", make, src, dst).run(src_fd, dst_fd)


class _Move:
    """One rename, link or symlink: how it is made, and the real paths it is about."""

    __slots__ = ("dst", "follows", "how", "make", "source", "src", "target")

    def __init__(self, how: str, make: Callable[[], None], src: Any, dst: Any) -> None:
        self.how = how
        self.make = make
        self.src = src
        self.dst = dst
        self.follows = False
        self.source: str | None = None
        self.target: str | None = None

    def run(self, src_fd: int | None, dst_fd: int | None) -> None:
        """Make the move, under the guard where it touches a guarded path."""
        if not local.inside:
            self.target = entry(self.dst, dst_fd)
            if self.how != "symlink":
                self.source = entry(self.src, src_fd)
        # a second name is a way to change the file, or to give it up
        leaves = self.how in ("rename", "link") and scope.guards(self.source)
        if not scope.guards(self.target) and not leaves:
            with inside:
                self.make()
            return
        for path, stage in list(pending.by_path.items()):
            if path in (self.source, self.target) or self._holds(path):
                stage.materialise()
        with inside, critical:
            self._ask()

    def _holds(self, path: str) -> bool:
        """Whether a path moves along: it is inside the folder that does."""
        return self.how == "rename" and path.startswith(f"{self.source}/")

    def _ask(self) -> None:
        digest, size, folder = _content(
            self.how, self.src, self.source, follows=self.follows
        )
        reply = ask_until_decided(
            "file.move",
            {
                "source": self.source or "", "path": self.target or "",
                "how": self.how, "digest": digest, "size": size, "folder": folder,
            },
        )  # fmt: skip
        if reply["verdict"] == "skip":
            data = reply.get("data", {})
            if "made" in data and self.source:
                take_folder_away(self.source, **data)
            elif not data.get("keep"):
                self._take_source_away(data.get("trash", ""))
        elif reply["verdict"] == "allow":
            self._perform(reply.get("effect", 0))
        else:
            raise refusal(reply, self.dst)

    def _take_source_away(self, kept: str) -> None:
        if self.how != "rename" or not self.source or self.source == self.target:
            return
        if kept:
            to_trash(self.source, kept)
        else:
            quietly_remove(self.source)

    def _perform(self, effect: int) -> None:
        outcome: dict[str, Any] = {"effect": effect, "error": "interrupted"}
        try:
            self.make()
            if scope.power and self.target is not None:
                sync_folder(os.path.dirname(self.target))
            del outcome["error"]
        except OSError as error:
            outcome["error"] = str(error)
            raise
        finally:
            if effect:
                client.tell("file.done", outcome)


def _content(
    how: str, src: Any, source: str | None, *, follows: bool
) -> tuple[str, int, bool]:
    """Give digest and size of what arrives at the target, and whether it is a folder.

    `follows`: the source may be a link to a file that has no name of its own (open(2)
    on O_TMPFILE).
    """
    from hashlib import sha256

    if how == "symlink":
        text = os.fsencode(os.fspath(src))
        return sha256(b"symlink:" + text).hexdigest(), len(text), False
    try:
        look = originals.os_stat if follows else originals.os_lstat
        seen = look(source or src)
    except OSError:
        return "", -1, False
    if stat.S_ISDIR(seen.st_mode):
        return "", -1, True
    if stat.S_ISLNK(seen.st_mode):
        text = os.fsencode(originals.os_readlink(source or src))
        return sha256(b"symlink:" + text).hexdigest(), len(text), False
    if scope.power and source is not None:
        fd = originals.os_open(source, os.O_RDONLY | os.O_CLOEXEC)
        try:
            originals.os_fsync(fd)
        finally:
            originals.os_close(fd)
    return (*digest_of(source or src), False)


def _remove(take: Callable[..., None], path: Any, dir_fd: int | None) -> None:
    target = None if local.inside else entry(path, dir_fd)
    if target is None or not scope.guards(target):
        with inside:
            take(path, dir_fd=dir_fd)
        return
    stage = pending.by_path.get(target)
    if stage is not None:
        stage.settle(discard=True)
        if not os.path.lexists(target):
            return
    with inside, critical:
        # who tears a folder down holds it by a descriptor, and removes that next
        message = {"path": target, "within": dir_fd is not None}
        reply = ask_until_decided("file.remove", message)
        if reply["verdict"] == "skip":
            return
        if reply["verdict"] != "allow":
            raise refusal(reply, path)
        effect = reply.get("effect", 0)
        try:
            kept = reply.get("data", {}).get("trash")
            if kept:
                to_trash(target, kept)
            else:
                take(path, dir_fd=dir_fd)
        except OSError as error:
            if effect:
                client.tell("file.done", {"effect": effect, "error": str(error)})
            raise
        if effect:
            client.tell("file.done", {"effect": effect})


moves = Moves()
