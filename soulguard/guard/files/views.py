"""Path operations on a file this process is still writing see the staged file.

Costs one truth test while nothing is staged. Operations that need the file under its
own name (a directory scan) publish it early instead and let the handle go on.
"""

from __future__ import annotations

import os
from os.path import basename, dirname

from soulguard.guard import originals
from soulguard.guard.files import pending
from soulguard.guard.files.staging import PREFIX
from soulguard.guard.local import local
from soulguard.guard.scope import follow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Views:
    """Holder of the replacements for operations that look at a path."""

    def stat(
        self, path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True
    ) -> os.stat_result:
        """Perform a stat system call on the given path."""
        if pending.names and (staged := _staged(path, dir_fd)):
            return originals.os_stat(staged)
        return originals.os_stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)

    def lstat(self, path: Any, *, dir_fd: int | None = None) -> os.stat_result:
        """Perform a stat system call on the given path, without following links."""
        if pending.names and (staged := _staged(path, dir_fd)):
            return originals.os_lstat(staged)
        return originals.os_lstat(path, dir_fd=dir_fd)

    def access(
        self,
        path: Any,
        mode: int,
        *,
        dir_fd: int | None = None,
        effective_ids: bool = False,
        follow_symlinks: bool = True,
    ) -> bool:
        """Use the real uid/gid to test for access to a path."""
        if pending.names and (staged := _staged(path, dir_fd)):
            return originals.os_access(staged, mode, effective_ids=effective_ids)
        return originals.os_access(
            path, mode, dir_fd=dir_fd, effective_ids=effective_ids,
            follow_symlinks=follow_symlinks,
        )  # fmt: skip

    def chmod(
        self,
        path: Any,
        mode: int,
        *,
        dir_fd: int | None = None,
        follow_symlinks: bool = True,
    ) -> None:
        """Change the access permissions of a file."""
        if pending.names and (staged := _staged(path, dir_fd)):
            return originals.os_chmod(staged, mode)
        if not follow_symlinks:
            return originals.os_chmod(
                path, mode, dir_fd=dir_fd, follow_symlinks=follow_symlinks
            )
        return originals.os_chmod(path, mode, dir_fd=dir_fd)

    def chown(
        self,
        path: Any,
        uid: int,
        gid: int,
        *,
        dir_fd: int | None = None,
        follow_symlinks: bool = True,
    ) -> None:
        """Change the owner and group id of path to the numeric uid and gid."""
        if pending.names and (staged := _staged(path, dir_fd)):
            return originals.os_chown(staged, uid, gid)
        return originals.os_chown(
            path, uid, gid, dir_fd=dir_fd, follow_symlinks=follow_symlinks
        )

    def utime(
        self, path: Any, times: Any = None, *, dir_fd: int | None = None,
        follow_symlinks: bool = True, **ns: Any,
    ) -> None:  # fmt: skip
        """Set the access and modified time of path."""
        if pending.names and (staged := _staged(path, dir_fd)):
            return originals.os_utime(staged, times, **ns)
        return originals.os_utime(
            path, times, dir_fd=dir_fd, follow_symlinks=follow_symlinks, **ns
        )

    def getxattr(
        self, path: Any, attribute: Any, *, follow_symlinks: bool = True
    ) -> Any:
        """Return the value of extended attribute attribute on path."""
        if pending.names and (staged := _staged(path, None)):
            path = staged
        return originals.os_getxattr(path, attribute, follow_symlinks=follow_symlinks)

    def setxattr(
        self,
        path: Any,
        attribute: Any,
        value: Any,
        flags: int = 0,
        *,
        follow_symlinks: bool = True,
    ) -> None:
        """Set extended attribute attribute on path to value."""
        if pending.names and (staged := _staged(path, None)):
            path = staged
        originals.os_setxattr(
            path, attribute, value, flags, follow_symlinks=follow_symlinks
        )

    def listxattr(self, path: Any = None, *, follow_symlinks: bool = True) -> Any:
        """Return a list of extended attributes on path."""
        if pending.names and path is not None and (staged := _staged(path, None)):
            path = staged
        return originals.os_listxattr(path, follow_symlinks=follow_symlinks)

    def removexattr(
        self, path: Any, attribute: Any, *, follow_symlinks: bool = True
    ) -> None:
        """Remove extended attribute attribute on path."""
        if pending.names and (staged := _staged(path, None)):
            path = staged
        originals.os_removexattr(path, attribute, follow_symlinks=follow_symlinks)

    def listdir(self, path: Any = None) -> list[Any]:
        """Return a list containing the names of the files in the directory."""
        found = originals.os_listdir(path)
        if not pending.names or local.inside or (found and type(found[0]) is bytes):
            return found
        folder = _folder(path)
        shown = [name for name in found if not name.startswith(PREFIX)]
        for target in list(pending.by_path):
            if dirname(target) == folder and basename(target) not in shown:
                shown.append(basename(target))
        return shown

    def scandir(self, path: Any = None) -> Any:
        """Return an iterator of DirEntry objects for given path."""
        if pending.names and not local.inside:
            folder = _folder(path)
            for target, stage in list(pending.by_path.items()):
                if dirname(target) == folder:
                    stage.materialise()
        return originals.os_scandir(path)

    def __reduce__(self) -> str:
        return "views"


def _staged(path: Any, dir_fd: int | None) -> str | None:
    if local.inside or type(path) is int:
        return None
    stage = pending.find(path, dir_fd)
    return stage.staged if stage is not None else None


def _folder(path: Any) -> str | None:
    if type(path) is int:
        try:
            return originals.os_readlink(f"/proc/self/fd/{path}")
        except OSError:
            return None
    try:
        text = "." if path is None else os.fsdecode(path)
    except TypeError:
        return None  # the real call has the words for this
    return follow(text.rstrip("/") or "/")


views = Views()
