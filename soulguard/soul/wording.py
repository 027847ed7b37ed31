"""Owns wordings: patterns of a sentence whose parts may stand any distance apart.

``re`` tries every place of one part with every place of the next, so four parts take a
sentence of n words n**4 steps. Here each part is looked for once, after the one before
it: what a wording costs grows with the sentence, whoever wrote it. A part is compiled
when it is first needed. What the words mean is the families' business.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

GAP = ".*"
"""What stands between two parts, outside all brackets: anything, or nothing."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A pattern that is found or not; it captures nothing."""

    source: str

    def search(self, text: str) -> bool:
        """Whether one of the alternatives has all its parts in the text, in order."""
        return any(_in_order(parts, text) for parts in _alternatives(self.source))


class Pattern:
    """A regular expression that is compiled when a sentence first needs it."""

    __slots__ = ("_made", "source")

    def __init__(self, source: str) -> None:
        self.source = source
        self._made: re.Pattern[str] | None = None

    @property
    def made(self) -> re.Pattern[str]:
        """The compiled expression."""
        if self._made is None:
            self._made = re.compile(self.source)
        return self._made

    def search(self, text: str) -> re.Match[str] | None:
        """Find it anywhere in a text."""
        return self.made.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """Find it at the beginning of a text."""
        return self.made.match(text)


class Stems(tuple[str, ...]):
    """Beginnings of words without one of which a family has nothing to say.

    Looking for them first spares a sentence most wordings, and a run their compilation.
    """

    __slots__ = ()

    def within(self, text: str) -> bool:
        """Whether one of them stands in a text, anywhere."""
        return any(stem in text for stem in self)


def wording(source: str) -> Wording:
    """Make a wording of a regular expression with ``.*`` and ``|`` outside brackets."""
    return Wording(source)


def _in_order(parts: tuple[str, ...], text: str) -> bool:
    at = 0
    for part in parts:
        found = _compiled(part).search(text, at)
        if not found:
            return False
        at = found.end()
    return True


@functools.cache
def _compiled(part: str) -> re.Pattern[str]:
    return re.compile(part)


@functools.cache
def _alternatives(source: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_split(each, GAP)) for each in _split(source, "|"))


def _split(source: str, mark: str) -> list[str]:
    """Split a pattern at a mark that stands outside all brackets."""
    parts, start, depth, at, in_set = [], 0, 0, 0, False
    while at < len(source):
        letter = source[at]
        if letter == "\\":
            at += 1
        elif in_set:
            in_set = letter != "]"
        elif letter == "[":
            in_set = True
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif not depth and source.startswith(mark, at):
            parts.append(source[start:at])
            start = at + len(mark)
            at = start - 1
        at += 1
    return [*parts, source[start:]]
