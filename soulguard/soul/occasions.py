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
_PAST = re.compile(
    r"\W*(?:historically|formerly|previously|in the past|back then|years ago|"
    r"it (?:was|has been) (?:decided|agreed)|(?:we|you|i|they) used to)\b|"
    r"(?!\W*(?:never|do not|don't|always|only)\b).*\b(?:no longer (?:applies|apply|holds?|valid|in force|counts?)|"
    r"(?:is|are|was|were|has been|have been) (?:lifted|retired|obsolete|repealed|superseded))\b"
)
_ENDED = re.compile(r"\b(?:done|finish(?:ed)?|complete(?:d)?|ready)\b")
"""What comes to every piece of work: no condition, but its end."""
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
    always = DOUBT.search(low) or _ENDED.search(low)
    return low if _OPENS.match(low) and not always else ""


def past(low: str) -> bool:
    """Whether a sentence tells of what was, or what holds no more."""
    return bool(_PAST.match(low))
