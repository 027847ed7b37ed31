"""The doors that move and remove: rename, replace, link, symlink, unlink, truncate.

A rename onto a guarded path is the write of that path (agents that write to a temporary
file and rename it do exactly that). Taking a guarded path away is asked about as well.
"""

from __future__ import annotations

import os
import stat

from soulguard.guard import client, originals
from soulguard.guard.files import pending
from soulguard.guard.files.begin import ask_until_decided, begin, stageable
from soulguard.guard.files.bytes import digest_of, sync_folder
from soulguard.guard.files.stage import quietly_remove
from soulguard.guard.local import inside, local
from soulguard.guard.refusals import refusal
from soulguard.guard.scope import entry, follow, scope

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
        _move(originals.os_rename, "rename", src, dst, src_dir_fd, dst_dir_fd)

    def replace(
        self,
        src: Any,
        dst: Any,
        *,
        src_dir_fd: int | None = None,
        dst_dir_fd: int | None = None,
    ) -> None:
        """Rename a file or directory, overwriting the destination."""
        _move(originals.os_replace, "rename", src, dst, src_dir_fd, dst_dir_fd)

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

        def make(a: Any, b: Any, *, src_dir_fd: Any, dst_dir_fd: Any) -> None:
            originals.os_link(
                a, b, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd,
                follow_symlinks=follow_symlinks,
            )  # fmt: skip

        _move(make, "link", src, dst, src_dir_fd, dst_dir_fd)

    def symlink(
        self,
        src: Any,
        dst: Any,
        target_is_directory: bool = False,
        *,
        dir_fd: int | None = None,
    ) -> None:
        """Create a symbolic link pointing to src named dst."""

        def make(a: Any, b: Any, *, src_dir_fd: Any, dst_dir_fd: Any) -> None:
            originals.os_symlink(a, b, target_is_directory, dir_fd=dst_dir_fd)

        _move(make, "symlink", src, dst, None, dir_fd)

    def unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        """Remove a file (same as remove())."""
        _remove(originals.os_unlink, path, dir_fd)

    def remove(self, path: Any, *, dir_fd: int | None = None) -> None:
        """Remove a file (same as unlink())."""
        _remove(originals.os_remove, path, dir_fd)

    def truncate(self, path: Any, length: int) -> None:
        """Truncate a file, specified by path, to a specific length."""
        if local.inside or type(path) is int:
            return originals.os_truncate(path, length)
        target = follow(path)
        if target is None or not scope.guards(target) or not stageable(target):
            with inside:
                return originals.os_truncate(path, length)
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


def _move(
    make: Callable[..., None],
    how: str,
    src: Any,
    dst: Any,
    src_fd: int | None,
    dst_fd: int | None,
) -> None:
    source = None if local.inside or how == "symlink" else entry(src, src_fd)
    target = None if local.inside else entry(dst, dst_fd)
    guarded = scope.guards(target) or (how == "rename" and scope.guards(source))
    if not guarded:
        with inside:
            return make(src, dst, src_dir_fd=src_fd, dst_dir_fd=dst_fd)
    for path in (source, target):
        stage = pending.by_path.get(path or "")
        if stage is not None:
            stage.materialise()
    with inside:
        _guarded_move(make, how, src, dst, src_fd, dst_fd, source, target)


def _guarded_move(
    make: Callable[..., None],
    how: str,
    src: Any,
    dst: Any,
    src_fd: int | None,
    dst_fd: int | None,
    source: str | None,
    target: str | None,
) -> None:
    digest, size, folder = _content(how, src, source)
    reply = ask_until_decided(
        "file.move",
        {
            "source": source or "", "path": target or "", "how": how,
            "digest": digest, "size": size, "folder": folder,
        },
    )  # fmt: skip
    if reply["verdict"] == "skip":
        if how == "rename" and source is not None and source != target:
            quietly_remove(source)
        return
    if reply["verdict"] != "allow":
        raise refusal(reply, dst)
    outcome: dict[str, Any] = {"effect": reply.get("effect", 0), "error": "interrupted"}
    try:
        make(src, dst, src_dir_fd=src_fd, dst_dir_fd=dst_fd)
        if scope.power and target is not None:
            sync_folder(os.path.dirname(target))
        del outcome["error"]
    except OSError as error:
        outcome["error"] = str(error)
        raise
    finally:
        if outcome["effect"]:
            client.tell("file.done", outcome)


def _content(how: str, src: Any, source: str | None) -> tuple[str, int, bool]:
    """Give digest and size of what arrives at the target, and whether it is a folder."""
    from hashlib import sha256

    if how == "symlink":
        text = os.fsencode(os.fspath(src))
        return sha256(b"symlink:" + text).hexdigest(), len(text), False
    try:
        seen = originals.os_lstat(source or src)
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
            return take(path, dir_fd=dir_fd)
    stage = pending.by_path.get(target)
    if stage is not None:
        stage.settle(discard=True)
        if not os.path.lexists(target):
            return
    with inside:
        reply = ask_until_decided("file.remove", {"path": target})
        if reply["verdict"] == "skip":
            return
        if reply["verdict"] != "allow":
            raise refusal(reply, path)
        effect = reply.get("effect", 0)
        try:
            take(path, dir_fd=dir_fd)
        except OSError as error:
            if effect:
                client.tell("file.done", {"effect": effect, "error": str(error)})
            raise
        if effect:
            client.tell("file.done", {"effect": effect})


moves = Moves()
