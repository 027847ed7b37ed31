"""Owns occasions: when a *do not* holds that stands beside or below a condition.

``When reviewing, read it and do not push``, ``If Ruben says no, stop. Do not push.``,
``## Review mode``: what is forbidden then may be done at other times. *Never* is said of
every time. What a condition may narrow within its own statement is polarity's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from soulguard.soul.polarity import DOUBT
from soulguard.soul.tokens import Statement

PLAINLY = re.compile(r"\b(?:do not|don't)\b(?!.*\bever\b)")
"""A prohibition of one occasion, where one was told."""
_OPENS = re.compile(r"(?:if|when|whenever|while|during|once|where)\b(?! in doubt)")
_MODE = re.compile(r"(?:[\w-]+ ){0,3}mode\b|(?:in|during) (?:[\w-]+ ){1,3}mode\b")
_WORDS = 4
"""Words a heading has at least, to say when."""


def opening(statement: Statement) -> str:
    """Give the condition a statement opens its sentence with; nothing for none."""
    low = statement.text.lower()
    if statement.after == ":" and _MODE.match(low):
        return low
    return _condition(low.partition(" , ")[0])


def above(texts: Iterable[str]) -> str:
    """Give the condition of what stands above: the nearest that says when."""
    for text in texts:
        low = text.lower().strip(" #:*_")
        if _MODE.fullmatch(low):
            return low
        if len(low.split()) >= _WORDS and (found := _condition(low)):
            return found
    return ""


def before(low: str) -> str:
    """Give the condition of the sentence before, where it tells what to do then."""
    return _condition(low.partition(",")[0]) if "," in low else ""


def _condition(low: str) -> str:
    return low if _OPENS.match(low) and not DOUBT.search(low) else ""
