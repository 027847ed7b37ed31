"""Where a staged file lies and what it is called; errors under the agent's own name.

INVARIANT: a name beside a target carries the mark of its run: whoever sweeps for one run
takes nothing from another that writes to the same folder. Nothing is staged here.
"""

from __future__ import annotations

import errno
import os
import stat
from os.path import join

from soulguard.guard import originals
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PREFIX = ".sg-"
_counter = 0
_near: set[str] = set()


def temporary_name() -> str:
    """Give a new hidden name the sweeper recognises: prefix, run, process, counter."""
    global _counter
    _counter += 1
    mark, pid = scope.mark, originals.os_getpid()
    return f"{PREFIX}{mark}-{pid:x}-{_counter:x}-{os.urandom(4).hex()}"


def staging_folder(folder: str, filename: Any) -> str:
    """Give the folder to stage a file of `folder` in: the run's own where a rename from
    there leaves the file as if it had been made in place, else `folder` itself, noted
    for the sweeper.

    Raises:
        OSError: the folder cannot take a new file, under the agent's file name.
    """
    writable = originals.os_access(folder, os.W_OK | os.X_OK)
    if writable and folder in _near:
        return scope.stage_dir
    try:
        seen = originals.os_stat(folder)
    except OSError as error:
        raise named(error, filename) from None
    if not stat.S_ISDIR(seen.st_mode):
        raise named_errno(errno.ENOTDIR, filename)
    same = seen.st_dev == originals.os_stat(scope.stage_dir).st_dev
    near = same and not seen.st_mode & stat.S_ISGID and not _inherits(folder)
    if near and not writable:
        raise named_errno(errno.EACCES, filename)
    if not near:
        _note_beside(folder)
    elif len(_near) < 1024:
        _near.add(folder)
    return scope.stage_dir if near else folder


def _inherits(folder: str) -> bool:
    """Whether a folder hands a default ACL to what is created in it (acl(5))."""
    if originals.os_getxattr is None:
        return False
    try:
        originals.os_getxattr(folder, "system.posix_acl_default")
    except OSError:
        return False
    return True


def _note_beside(folder: str) -> None:
    from hashlib import sha256

    raw = os.fsencode(folder)
    name = join(scope.stage_dir, f"beside-{sha256(raw).hexdigest()[:16]}")
    fd = originals.os_open(name, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        originals.os_write(fd, raw)
    finally:
        originals.os_close(fd)


def named(error: OSError, filename: Any) -> OSError:
    """Give the error as a plain open of the agent's own file name would raise it."""
    return OSError(error.errno, error.strerror, filename)


def named_errno(number: int, filename: Any) -> OSError:
    """Give the error of a number under the agent's own file name."""
    return OSError(number, os.strerror(number), filename)
