"""Owns what an agent draws anew in every attempt: it is left out of a boundary's name.

A temporary file has another name in each attempt, and the boundaries of both are the
same one. Only what was really drawn here counts: nothing is guessed by its looks.
"""

from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from soulguard.guard.patches import Patch

_LETTERS = 8
"""Letters of a drawn part (`tempfile._RandomNameSequence`)."""

_UUID = re.compile("[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")

_drawn: set[str] = set()


def steady(path: str) -> str:
    """Give a path with `*` for what is another one in the next attempt."""
    path = _UUID.sub(_left_out, path)
    for at in range(len(path) - _LETTERS + 1):
        if path[at : at + _LETTERS] in _drawn:
            path = f"{path[:at]}*{path[at + _LETTERS :]}"
    path = path.replace(f"/proc/{os.getpid()}/", "/proc/*/")
    folder, slash, name = path.rpartition("/")
    name = re.sub(f"(?<![0-9]){os.getpid()}(?![0-9])", "*", name)
    return folder + slash + name


def _left_out(found: re.Match[str]) -> str:
    return "*" if found[0].replace("-", "") in _drawn else found[0]


def _next(original: Callable[[Any], str]) -> Callable[[Any], str]:
    def __next__(self: Any) -> str:  # noqa: N807 - stands for that method
        name = original(self)
        _drawn.add(name)
        return name

    return __next__


def _uuid4(original: Callable[[], Any]) -> Callable[[], Any]:
    def uuid4() -> Any:
        """Generate a random UUID."""
        value = original()
        _drawn.add(value.hex)
        return value

    return uuid4


TABLE: list[Patch] = [
    ("tempfile", "_RandomNameSequence.__next__", _next),
    ("uuid", "uuid4", _uuid4),
]
