"""Owns the demand of a sentence: its words as one that begins with what it demands.

A label (``Commits: never ...``), an example without a full stop and list marks are left
off; *never* and *always* of the heading above are put in front. What is demanded is the
families' business.
"""

from __future__ import annotations

import re

from soulguard.soul.modality import Modality
from soulguard.soul.reading import NEGATION, Reading

_EDGES = " -*\u2013\u2014"
_MARK = re.compile(
    r"\A(?:[^\w\s`\"'(\[*./~{<$-]+\s*|\d+(?:\.\d+)+\.?\s+(?=[A-Z`])|\d+[.)]\s+(?=[A-Z`]))+"
)
"""A pictogram or the number of a section."""
_LABEL = re.compile(r"\A[A-Z][\w /&'-]{1,40}(?::| \u2014| -) (?=[A-Z`])")
_BOUND = re.compile(
    r"\A(?:the |this )?(?:agent|bot|assistant) (?:must|shall|should|has to|is to)"
    r"(?: always)?(?P<no> not| never)? (?:always )?",
    re.IGNORECASE,
)
"""``The agent shall not ...``: what is demanded, of whom it is said."""
_BEGIN = re.compile(r"(?<=\s)(?:Never|Always|Do not|Don't)(?= [a-z`])")
_DENIES = re.compile(rf"(?:you |i )?(?:{NEGATION})\b", re.IGNORECASE)
_BINDS = re.compile(r"(?:you )?(?:always|must|only|never)\b|.*\bmust\b", re.IGNORECASE)


def demand(reading: Reading) -> str:
    """Give a sentence from its demand on, the first letter in lower case."""
    plain = unlabelled(reading.plain)
    said = _BOUND.sub(_bound, plain[:1].lower() + plain[1:])
    if reading.above is Modality.DENY and not _DENIES.match(said):
        return f"never {said}"
    if reading.above is Modality.MUST and not _BINDS.match(said):
        return f"always {said}"
    return said


def _bound(found: re.Match[str]) -> str:
    return "never " if found["no"] else "always "


def unlabelled(plain: str) -> str:
    """Give a text without its label, and without an example before what it demands."""
    plain = _LABEL.sub("", _MARK.sub("", plain.strip(_EDGES)))
    starts = [m.start() for m in _BEGIN.finditer(plain)]
    return plain[starts[-1] :] if starts else plain
