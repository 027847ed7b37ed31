"""How commands speak: colour, errors, tables and times. Nothing is looked up here.

Every line is understandable without colour; `NO_COLOR` and `FORCE_COLOR` are respected
(https://no-color.org, https://force-color.org).
"""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Collection, Sequence
from typing import TextIO

from soulguard.errors import SoulguardError

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "cyan": "36",
}
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))


def coloured(stream: TextIO | None) -> bool:
    """Whether a stream takes colour: the environment's word first, then the terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if stream is None:  # it was closed by who started us
        return False
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def paint(text: str, *styles: str, stream: TextIO | None = None) -> str:
    """Give text in the named styles, or as it is where the stream takes no colour.

    Styles are bold, dim, red, green, yellow, blue and cyan. `stream` is where the text
    will be written, stdout by default.
    """
    if not text or not coloured(stream or sys.stdout):
        return text
    codes = ";".join(_CODES[style] for style in styles)
    return f"\x1b[{codes}m{text}\x1b[0m"


def echo_error(error: SoulguardError) -> None:
    """Write an error to stderr: what, where, and on its own line the way out."""
    _label("error:", str(error), "bold", "red")
    if error.hint:
        _label("hint:", error.hint, "bold", "cyan")


def echo_warning(text: str, hint: str = "") -> None:
    """Write to stderr what a person should know though the command goes on."""
    _label("warning:", text, "bold", "yellow")
    if hint:
        _label("hint:", hint, "bold", "cyan")


def echo_hint(text: str) -> None:
    """Write the way on to stderr, where nothing went wrong with the command itself."""
    _label("hint:", text, "bold", "cyan")


def _label(label: str, text: str, *styles: str) -> None:
    print(paint(label, *styles, stream=sys.stderr), text, file=sys.stderr)


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Collection[int] = ()
) -> str:
    """Lay rows out in columns two blanks apart; columns in `right` are flush right.

    Cells may be painted. Without rows the head alone is given.
    """
    lines = [[paint(cell, "dim") for cell in head], *rows]
    widths = [max(width(row[i]) for row in lines) for i in range(len(head))]
    return "\n".join(_row(row, widths, right) for row in lines)


def _row(row: Sequence[str], widths: Sequence[int], right: Collection[int]) -> str:
    cells = []
    for i, (cell, wanted) in enumerate(zip(row, widths, strict=True)):
        blanks = " " * (wanted - width(cell))
        cells.append(blanks + cell if i in right else cell + blanks)
    return "  ".join(cells).rstrip()


def width(text: str) -> int:
    """Count the terminal columns of a text: no codes, wide characters twice."""
    plain = _ANSI.sub("", text)
    if plain.isascii():
        return len(plain)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in plain
    )


def duration(seconds: float) -> str:
    """Give a length of time in its two largest units: `0.4s`, `12s`, `3m 5s`, `2d 1h`."""
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f}s"
    rest = round(seconds)
    parts: list[str] = []
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        if count or parts:
            parts.append(f"{count}{unit}" if count else "")
    return " ".join(part for part in parts[:2] if part)


def ago(at: float, now: float) -> str:
    """Give a moment (Unix seconds) as seen from `now`: `just now`, `5m ago`."""
    passed = int(now - at)
    for size, unit in _UNITS:
        if passed >= size:
            return f"{passed // size}{unit} ago"
    return "just now"
