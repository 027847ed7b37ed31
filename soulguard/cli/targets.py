"""How what an agent did is named on a terminal: short, and unable to drive it."""

from __future__ import annotations

import os


def shorten(target: str, root: str) -> str:
    """Give a path inside `root` relative to it, and anything else as it is."""
    folder = root.rstrip(os.sep) + os.sep
    return target[len(folder) :] if root and target.startswith(folder) else target


def plain(text: str) -> str:
    """Give text on one line, with control characters written out."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
