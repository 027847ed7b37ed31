"""One line on stderr that says how far it is: drawn over itself, on a terminal only."""

from __future__ import annotations

import shutil
import sys
from typing import TextIO

from soulguard.cli.output import paint, width

_BAR = 24


class Progress:
    """A bar with words; nothing is written where nobody looks."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()

    def show(self, done: int, total: int, words: str = "") -> None:
        """Draw how many of all are done."""
        if not self._shown:
            return
        full = _BAR * done // total if total else _BAR
        bar = "#" * full + "." * (_BAR - full)
        line = f"[{paint(bar, 'cyan', stream=self._stream)}] {done}/{total} {words}"
        room = shutil.get_terminal_size().columns - 1
        while width(line) > room and words:
            words = words[:-1]
            line = f"[{bar}] {done}/{total} {words}"
        self._stream.write(f"\r\x1b[K{line}")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away, so that others can be written."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
