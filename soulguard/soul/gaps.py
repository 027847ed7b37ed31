"""Gaps: how long between two of a kind.

Takes::

    5s between API calls.
    Between two mails let pass minimum 90 seconds.
    Don't poll the API more often than every 30 seconds.
    No two posts within 10 minutes of each other.

Limits asks this first: a gap is no number of things.
"""

from __future__ import annotations

import re

from soulguard.soul import amounts, units
from soulguard.soul.units import Unit
from soulguard.soul.wording import Pattern, Stems

_WORDS = amounts.WORDS
_LEAST = r"(?:at least |minimum |min\.? |a minimum of |no less than |not less than |a full |for )*"
_LONG = (
    rf"(?P<gap>(?:\d{{1,5}}(?:\.\d+)?|{_WORDS}|an?)\s?(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|"
    r"minutes?|h|hours?|days?|weeks?))"
)
_FILL = (
    r"(?:(?:or more|apart|gap|pauses?|delay|break|wait|interval|cooldown|spacing|silence|distance|of|time|must|should|shall|"
    r"have to|has to|is|are|to|be|observed|kept|left|pass|passes|elapse|required|needed|in)\s){0,6}"
)
_VERB = r"(?:let pass|let|wait|pause|sleep|leave|allow|rest|keep|have|put|take|observe|maintain)"
_END = r"(?:[,.;:(]|\Z)"
_ONE = r"(?:(?:two|each|any|every|all|your|consecutive|successive|the|sending|making|individual|separate)\s)*"
_MUST = r"(?:(?:you|i|we|the agent) )?(?:must |should |shall |always |will |have to )?"
_GAPS = (
    Pattern(
        rf"\bafter\s(?:(?:sending|making|posting|placing|issuing)\s)?(?:each|every|any|an?|one)\s(?P<unit>[a-z][\w ]{{1,40}}?),?\s{_MUST}{_VERB}\s{_LEAST}{_LONG}\b"
    ),
    Pattern(
        rf"\b(?:never|not|don't|no)\s(?P<unit>[a-z][\w -]{{1,40}}?)\stwice\s(?:with)?in\s{_LONG}\b"
    ),
    Pattern(rf"{_LONG}\s+{_FILL}between\s+{_ONE}(?P<unit>[\w' -]{{1,60}}?){_END}"),
    Pattern(
        rf"\b(?:sleep|wait|pause|delay|rest|cooldown|break)\s(?:of\s)?{_LEAST}{_LONG}\s+after\s+"
        rf"(?:each|every|any|an?)\s(?P<unit>[\w ]{{1,60}}?){_END}"
    ),
    Pattern(
        rf"(?P<unit>[\w ]{{1,60}}?)\b(?:at least |by )?{_LONG} (?:or more )?apart\b"
    ),
    Pattern(
        rf"\bbetween {_ONE}(?P<unit>[a-z][\w ]{{1,40}}?),?\s{_MUST}{_VERB}\s{_LEAST}{_LONG}\b"
    ),
    Pattern(
        r"\b(?:gap|pause|delay|interval|spacing|wait|break|cooldown|time)s?\sbetween\s"
        rf"{_ONE}(?P<unit>[a-z][\w ]{{1,40}}?)\s?(?::|=|is|are|of|must be|should be|shall be)\s{_LEAST}{_LONG}\b"
    ),
    Pattern(
        rf"\bspace\s(?:out\s)?(?P<unit>[a-z][\w ]{{1,40}}?)\s(?:out\s)?(?:by\s)?{_LEAST}{_LONG}\b"
    ),
    Pattern(
        rf"\b(?P<unit>[a-z][\w ]{{1,40}}?)\s(?:must be |should be |are |is |shall be )?spaced\s(?:out\s)?(?:by\s)?{_LEAST}{_LONG}\b"
    ),
    Pattern(
        rf"\b(?:sleep|wait|pause|delay|hold off)\s{_LEAST}{_LONG}\sbefore\s"
        r"(?P<unit>(?:(?:send|mak|call|post|issu|hitt|call)\w*\s)?(?:the\s)?(?:next|another|each|every|any)\s[\w ]{1,40}?|"
        rf"calling\s(?:the\s)?[\w ]{{1,30}}?\sagain){_END}"
    ),
    Pattern(
        rf"\b(?:two|2|multiple|several)\s(?P<unit>[a-z][\w ]{{1,40}}?)\s(?:within|less than|in less than)\s{_LONG}\s"
        r"(?:of\s(?:each other|one another)|apart)"
    ),
    Pattern(
        rf"\b(?:no|never|not|don't)\b(?:\s\w+){{0,2}}?\s(?:two|2)\s(?P<unit>[a-z][\w ]{{1,40}}?)\swithin\s(?:the same |the space of )?{_LONG}{_END}"
    ),
    Pattern(
        rf"\b(?:never|not|don't)\s(?P<unit>[a-z][\w ]{{1,40}}?)\s(?:any )?more (?:often|frequently) than (?:once )?(?:every|per|in|an?) {_LONG}\b"
    ),
    Pattern(
        rf"\b(?:never|not|don't|no)\s(?P<unit>[a-z][\w ]{{0,30}}?(?:next|another|second)\s[\w ]{{1,30}}?)\s(?:until|before|sooner than|earlier than)\s"
        rf"{_LEAST}{_LONG}\s(?:have |has |had |are |is )?(?:passed|elapsed|gone by|over|after)\b"
    ),
)  # fmt: skip
_STEMS = Stems(
    ("between", "after", "apart", "space", "before", "within", "twice", "often", "frequent", "until")
)  # fmt: skip


def find(low: str) -> tuple[Unit, float] | None:
    """Give what has to be apart, and by how many seconds; None where nothing has."""
    if not _STEMS.within(low):
        return None
    found = next((m for p in _GAPS if (m := p.search(low))), None)
    if not found:
        return None
    unit, seconds = units.find(_VERBS.sub(_noun, found["unit"])), _seconds(found["gap"])
    return (unit, seconds) if unit and seconds else None


_VERBS = re.compile(r"\b(?:e-?mail|post|tweet|poll|call|query|message|ping|scrape)\b")


def _noun(verb: re.Match[str]) -> str:
    """Give what a verb makes: *poll the API* makes calls."""
    return verb[0] if verb[0].endswith("mail") else f"{verb[0]}s"


def _seconds(text: str) -> float | None:
    """Give a length of time whose number may be a word."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?|[a-z]+?)\s?([a-z]+)", text.strip())
    length = amounts.seconds(found[2]) if found else None
    number = amounts.whole(re.sub(r"\Aan?\Z", "1", found[1])) if found else None
    return None if length is None or number is None else number * length
