"""Which line of the agent's own code is behind what happens now. Only looks."""

from __future__ import annotations

from soulguard.guard import originals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DEPTH = 120
_FOREIGN = ("/site-packages/", "/dist-packages/", "/lib/python")
LOOKING = frozenset({"platform", "distro", "ctypes", "uuid", "sysconfig", "getpass"})
"""Modules that start programs only to look at the machine."""

MAILING = frozenset({"smtplib", "aiosmtplib"})
"""Modules that expect a mail server at the other end, whatever its port."""


def origin(root: str, depth: int = 1) -> str:
    """Give ``file:line`` of the innermost frame in a file below `root`, or nothing."""
    frame: Any = originals.getframe(depth)
    for _ in range(_DEPTH):
        if frame is None:
            break
        name = frame.f_code.co_filename
        if name.startswith(f"{root}/") and not any(f in name for f in _FOREIGN):
            return f"{name[len(root) + 1 :]}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def through(packages: frozenset[str], depth: int = 1) -> bool:
    """Say whether a module of one of the packages is at work here."""
    frame: Any = originals.getframe(depth)
    for _ in range(_DEPTH):
        if frame is None:
            break
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package in packages:
            return True
        frame = frame.f_back
    return False
