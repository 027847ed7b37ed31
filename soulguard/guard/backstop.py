"""The second wall: an audit hook that sees what came through no door (PEP 578).

It cannot redirect an effect, only see it and refuse it. It is also the proof of
coverage: what it never sees outside a door did not happen around the guard.
"""

from __future__ import annotations

import os
import sys

from soulguard.errors import GuardUnavailable, UnguardedWriteError
from soulguard.guard import client
from soulguard.guard.files import sharing
from soulguard.guard.files.release import lock
from soulguard.guard.http import watch
from soulguard.guard.local import inside, local
from soulguard.guard.scope import entry, follow, scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_WRITABLE = (0, 2)
"""`mmap.ACCESS_DEFAULT` and `mmap.ACCESS_WRITE`."""

_active = False
_added = False

# event -> positions of the paths it is about, each with that of its folder's descriptor
_PATHS: dict[str, tuple[tuple[int, int | None], ...]] = {
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((1, 3),),
    "os.symlink": ((1, 2),),
    "os.remove": ((0, 1),),
    "os.truncate": ((0, None),),
    "sqlite3.connect": ((0, None),),
}


def start() -> None:
    """Watch from now on. An audit hook cannot be removed, so `stop` only blinds it."""
    global _active, _added
    _active = True
    if not _added:
        _added = True
        sys.addaudithook(_hook)


def stop() -> None:
    """Stop watching."""
    global _active
    _active = False


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        flags = args[2]
        if not flags & _WRITES or local.inside or not _active:
            return
        if type(args[0]) is not int:
            _around(event, args[0], follow)
    elif event in _HANDLES:
        if _active and not local.inside:
            _HANDLES[event](*args)
    elif event in _PATHS and _active and not local.inside:
        for path, dir_fd in _paths(event, args):
            _around(event, path, entry, dir_fd)
    elif event == "socket.connect" and _active and not local.inside and scope.calls:
        watch.connected(*args)


def _locked(file: Any, *_: Any) -> None:
    lock(file)


def _mapped(fd: int, _length: int, access: int, *_: Any) -> None:
    if access in _WRITABLE and fd >= 0:
        sharing.mapped(fd)


# event -> what a handle of a guarded file goes through
_HANDLES: dict[str, Any] = {
    "fcntl.flock": _locked,
    "fcntl.lockf": _locked,
    "mmap.__new__": _mapped,
}


def _paths(event: str, args: tuple[Any, ...]) -> list[tuple[Any, int | None]]:
    """Give the paths that an event is about, each with its folder's descriptor if it
    has one; descriptors themselves are no paths.
    """
    found = []
    for at, folder in _PATHS[event]:
        path = _database(args[at]) if event == "sqlite3.connect" else args[at]
        dir_fd = None if folder is None or args[folder] == -1 else args[folder]
        if path is not None and type(path) is not int:
            found.append((path, dir_fd))
    return found


def _database(name: Any) -> Any:
    """Give the file behind a name of a database (sqlite.org/uri.html); None for none."""
    try:
        text = os.fsdecode(name)
    except TypeError:
        return name
    if text in ("", ":memory:"):
        return None
    if not text.startswith("file:"):
        return name
    from urllib.parse import parse_qs, unquote

    path, _, query = text[5:].partition("#")[0].partition("?")
    if path.startswith("//"):
        path = "/" + path[2:].partition("/")[2]
    reads = parse_qs(query).get("mode", [""])[-1] in ("ro", "memory")
    return None if reads or not path else unquote(path)


def _around(event: str, path: Any, resolve: Any, dir_fd: int | None = None) -> None:
    with inside:
        target = resolve(path, dir_fd)
        if target is None or not scope.guards(target) or os.path.isdir(target):
            return
        if "/__pycache__/" in target:
            return  # the import system's own cache, written past every door
        kind = "file.delete" if event == "os.remove" else "file.write"
        fact = f"it came through `{event}` directly, past the guard"
        try:
            client.tell("around", {"kind": kind, "target": target, "via": event})
        except GuardUnavailable:
            if not scope.observe:
                raise
    if not scope.observe:
        error = UnguardedWriteError(
            13,
            f"soulguard refused an unguarded write: {fact}. Instead: use `open`, `os` "
            "or `pathlib` as imported after the interpreter started",
            target,
        )
        error.decision = {"verdict": "deny", "reason": fact}
        raise error
