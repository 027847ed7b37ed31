"""Taking away what lies behind: to the trash, or a folder that was moved before.

The place in the trash, and what of a folder goes, are the broker's to say.
"""

from __future__ import annotations

import errno
import os
from os.path import dirname, join

from soulguard.guard import originals
from soulguard.guard.files.stage import quietly_remove
from soulguard.guard.files.staging import temporary_name
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def to_trash(path: str, kept: str) -> None:
    """Move the directory entry at `path` to `kept`, whole, over devices too.

    Raises:
        OSError: what deleting would have met, or no room in the trash; `path` is there.
    """
    seen = originals.os_lstat(path)
    if os.path.isdir(path) and not os.path.islink(path):
        # what unlink(2) says of a folder
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    os.makedirs(dirname(kept), mode=0o700, exist_ok=True)
    try:
        originals.os_rename(path, kept)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy(path, kept, seen)
        originals.os_unlink(path)


def take_folder_away(folder: str, made: list[str], *, scratch: bool) -> None:
    """Remove from a folder what was made in it, and itself where nothing else is left;
    a folder of the system's temporary ones goes as a whole, with the staging folder.
    """
    if scratch:
        try:
            originals.os_rename(folder, join(scope.stage_dir, temporary_name()))
        except OSError:
            pass  # on another disk: the system clears it
        return
    for path in made:
        quietly_remove(path)
    for place, _, _ in os.walk(folder, topdown=False):
        try:
            originals.os_rmdir(place)
        except OSError:
            pass  # something is left in it


def _copy(path: str, kept: str, seen: Any) -> None:
    import stat

    if stat.S_ISLNK(seen.st_mode):
        originals.os_symlink(originals.os_readlink(path), kept)
        return
    if not stat.S_ISREG(seen.st_mode):
        return  # a pipe or socket holds nothing to keep
    with originals.open(path, "rb") as source, originals.open(kept, "xb") as target:
        while chunk := source.read(1 << 20):
            target.write(chunk)
        target.flush()
        originals.os_fsync(target.fileno())
    originals.os_utime(kept, ns=(seen.st_atime_ns, seen.st_mtime_ns))
