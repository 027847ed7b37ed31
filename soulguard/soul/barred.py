"""Owns what a place is said to be: read-only, frozen, off limits, the only one that is not.

``x/ is write-protected`` forbids with an adjective where other sentences have a verb.
Which rule it makes is the families' business; nothing is compiled here.
"""

from __future__ import annotations

from soulguard.soul.wording import Pattern, wording

_FROZEN = (
    r"(?:read[- ]only|write[- ]protected|frozen(?! (?:in|at|by|as)\b)|untouchable|locked(?: down)?|"
    r"off[- ]limits (?:for|to) (?:writ\w+|edit\w*|chang\w+|modif\w+))"
)
_IS = r"(?:is|are|be|as|stays?|remains?|stay)"
_WHOSE = r"(?:strictly |always |fully |all |now |completely |absolutely |considered )*"
_NOT = wording(
    rf"\b(?:not|no longer|isn't|aren't|never|nothing \w+) {_WHOSE}(?:read[- ]only|frozen|"
    r"immutable|locked|untouchable|write[- ]protected|off[- ]limits)\b|"
    r"\bread-only (?:mode|operations?|commands?|diagnostics?|quer(?:y|ies)|tools?|actions?|accounts?|(?:\w+ )?(?:reports?|views?|dashboards?|scripts?|probes?|framing))\b"
)
_READ_ONLY = wording(rf"\bread-only\b|\b{_IS} {_WHOSE}{_FROZEN}")
_ALONE = wording(
    r"\b(?:leave|keep) .*\b(?:alone|untouched|unchanged|as (?:it )?is|as they are|intact|unmodified|"
    r"the way (?:it is|they are|(?:i|you) f(?:ind|ound) (?:it|them)))\b|"
    r"\b(?:stays?|remains?|(?:is|are) (?:left|kept)) (?:untouched|unchanged|intact|(?:exactly |just )?as (?:(?:it )?is|they are)|frozen)\b|"
    r"\b(?:treat|consider|regard)\b.*\b(?:immutable|frozen|off[- ]limits|untouchable|read-only)"
    r"(?=\W*\Z|[.,;:)]| [-\u2013\u2014]| (?:and|until|unless|for|by)\b)|"
    r"\bis (?:frozen|untouchable)\b"
)
_BARRED = wording(r"\b(?:off[- ]limits|stay (?:out|away)|keep out|hands off)\b")
_HANDS = wording(r"\b(?:hands|fingers|paws) (?:off|out of|away from)\b")
_CLOSED = wording(
    r"\b(?:none of (?:your|my) (?:business|concern)|off[- ]limits|stay (?:out|away)|keep out|"
    r"(?:no|not (?:your|my)) business|not for (?:your|my) eyes|not (?:yours|mine) to (?:see|read|open|know))\b"
)
_FOR_WRITING = wording(
    r"\boff[- ]limits (?:for|to) (?:writ\w+|edit\w*|chang\w+|modif\w+)\b"
)
_REST = Pattern(
    r"\b(?:everything|anything|all(?: the)?|any(?:where)?) (?:else|rest)\b(?! (?:in|under|inside|below|within)\b)"
    r"[^.;]{0,20}?\b(?:read[- ]only|off[- ]limits|frozen|untouchable|untouched|not (?:yours|for you)|"
    r"hands off|locked|forbidden|taboo|tabu)\b|"
    r"\bthe rest (?:of (?:the )?\w+ )?(?:is|stays|remains) (?:read[- ]only|off[- ]limits|frozen|untouched)"
)


def read_only(low: str) -> bool:
    """Whether something is said to be there for reading alone."""
    return _READ_ONLY.search(low) and not _NOT.search(low)


def alone(low: str) -> bool:
    """Whether something is to be left as it is."""
    return _ALONE.search(low) and not _NOT.search(low)


def off_limits(low: str) -> bool:
    """Whether something is not to be touched."""
    return (_BARRED.search(low) or closed(low)) and not _NOT.search(low)


def hands_off(low: str) -> bool:
    """Whether somebody's hands are to stay off it: what they would do does not matter."""
    return _HANDS.search(low)


def closed(low: str) -> bool:
    """Whether something is not even to be looked at."""
    return _CLOSED.search(low) and not _FOR_WRITING.search(low)


def before_rest(low: str) -> str:
    """Give what is said before ``everything else is read-only``; empty where it is not."""
    found = _REST.search(low)
    return low[: found.start()] if found else ""
