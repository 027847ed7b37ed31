"""Owns how a sentence is looked at: its words without markup, and its modality.

Modality is what makes a wish a rule: its own (never, always, only, ask before) or that of
the heading or lead-in it stands under. What is wished for is the families' business.
"""

from __future__ import annotations

import enum
import functools
import re
from dataclasses import dataclass, field

from soulguard.soul.clauses import Clause


class Modality(enum.Enum):
    """What a sentence does with what it speaks of."""

    DENY = "deny"
    ASK = "ask"
    ALLOW = "allow"
    MUST = "must"
    NONE = "none"


_QUOTES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "}
)
_MARKS = re.compile(r"\*\*|__|~~|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*/.])")
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BLANKS = re.compile(r"\s+")

NEGATION = (
    r"(?:never|do not|don't|does not|doesn't|must not|mustn't|must never|cannot|can't|"
    r"can not|may not|may never|shall not|shall never|should not|shouldn't|"
    r"should never|will not|won't|will never|not allowed to|not permitted to|"
    r"forbidden|prohibited|avoid|refrain from|refuse to|no)"
)
_DENY = re.compile(rf"\b{NEGATION}\b")
_MUST = re.compile(
    r"\b(?:always|must|shall|should|required?|ensure|make sure|have to|has to|needs? to|"
    r"only|exactly|at most|at least|every time|mandatory)\b"
)
_IMPERATIVE = re.compile(r"(?:before|after|when|if|once)\b.*?, ?\w+|[a-z]+\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause with its words made comparable.

    `plain` has no markup, straight quotes and single blanks; code stays in backticks.
    `low` is `plain` in lower case.
    """

    clause: Clause
    plain: str
    low: str
    modality: Modality
    inherited: bool = False
    notes: tuple[str, ...] = field(default=())


@functools.lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Take the markup out of a text; code keeps its backticks."""
    text = _COMMENT.sub(" ", text.translate(_QUOTES))
    parts = text.split("`")
    for at in range(0, len(parts), 2):
        parts[at] = _LINK.sub(r"\1", _MARKS.sub("", parts[at]))
    return _BLANKS.sub(" ", "`".join(parts)).strip()


def read(clause: Clause) -> Reading:
    """Look at a clause."""
    words = plain(clause.text)
    low = words.lower()
    modality = _own(low)
    if modality is Modality.NONE and (above := _above(clause)) is not Modality.NONE:
        return Reading(clause, words, low, above, inherited=True)
    return Reading(clause, words, low, modality)


def _own(low: str) -> Modality:
    if _DENY.search(low):
        return Modality.DENY
    if _MUST.search(low):
        return Modality.MUST
    return Modality.NONE


_HEADER_DENY = re.compile(
    r"(?:what )?(?:i|you|we|the agent|agents?)?\s*(?:should |must |will |do |are )?"
    r"(?:never|not allowed to|don'?t|not)(?: do| ever do)?\s*:?\Z"
)


def _above(clause: Clause) -> Modality:
    for text in (*clause.leads[::-1], *clause.headings[-1:]):
        low = plain(text).lower().strip(" :")
        if _HEADER_DENY.fullmatch(low):
            return Modality.DENY
    return Modality.NONE
