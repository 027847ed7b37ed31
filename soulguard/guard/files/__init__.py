"""The file doors: every way the standard library opens, moves or removes a file.

`TABLE` is what is replaced. Nothing is decided here: each door asks the broker.
"""

from __future__ import annotations

import os

from soulguard.guard.files.fileio import FileIO
from soulguard.guard.files.inherited import leaving
from soulguard.guard.files.moves import moves
from soulguard.guard.files.opens import opens
from soulguard.guard.files.views import views

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from soulguard.guard.patches import Patch

_OS = {
    "open": opens.os_open,
    "_exit": leaving.exit,
    "close": opens.os_close,
    "dup": opens.os_dup,
    "dup2": opens.os_dup2,
    "fsync": opens.os_fsync,
    "fdatasync": opens.os_fdatasync,
    "rename": moves.rename,
    "replace": moves.replace,
    "link": moves.link,
    "symlink": moves.symlink,
    "unlink": moves.unlink,
    "remove": moves.remove,
    "truncate": moves.truncate,
    "stat": views.stat,
    "lstat": views.lstat,
    "access": views.access,
    "chmod": views.chmod,
    "chown": views.chown,
    "utime": views.utime,
    "listdir": views.listdir,
    "scandir": views.scandir,
}
if hasattr(os, "setxattr"):  # Linux
    _OS |= {
        "getxattr": views.getxattr,
        "setxattr": views.setxattr,
        "listxattr": views.listxattr,
        "removexattr": views.removexattr,
    }

TABLE: list[Patch] = [
    ("builtins", "open", lambda _: opens.open),
    ("io", "open", lambda _: opens.open),
    ("_io", "open", lambda _: opens.open),
    ("io", "FileIO", lambda _: FileIO),
    ("_io", "FileIO", lambda _: FileIO),
    *(("os", name, lambda _, new=new: new) for name, new in _OS.items()),
]


for _name, _new in [("open", opens.open), *_OS.items()]:
    # the stand-ins name the module they stand in (`open.__module__` is looked at)
    _function: Any = _new.__func__  # type: ignore[attr-defined]
    _function.__module__ = "_io" if _new == opens.open else "posix"
    _function.__qualname__ = _name


def replacements() -> dict[object, object]:
    """Map each replaced function to its replacement, for captured references."""
    from soulguard.guard import originals

    table: dict[object, object] = {originals.open: opens.open}
    for name, new in _OS.items():
        table[getattr(originals, f"os_{name.lstrip('_')}")] = new
    return table


def extend_capabilities() -> None:
    """Add the replacements to `os.supports_*`, which hold the original functions.

    Without it `shutil.rmtree` would fall back to its symlink-attack-prone variant.
    """
    from soulguard.guard import originals

    for name, new in _OS.items():
        old = getattr(originals, f"os_{name.lstrip('_')}")
        for group in ("dir_fd", "fd", "follow_symlinks", "effective_ids"):
            known = getattr(os, f"supports_{group}")
            if old in known:
                known.add(new)
