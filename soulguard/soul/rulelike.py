"""Owns the honest rest: sentences that read like rules and that no family took.

Whatever has the force of a rule must be listed, never dropped. Why it does not hold is
`soulguard.soul.reasons`'s to say.
"""

from __future__ import annotations

import re

from soulguard.soul import context, lexicon, reasons
from soulguard.soul.clauses import Clause
from soulguard.soul.frames import Frame, frames
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.reasons import Why

_MODAL = re.compile(
    r"\b(?:never|always|must|mustn't|only|don't|do not|cannot|can't|should|shouldn't|shall|"
    r"no|not|avoid|ensure|require[sd]?|need(?:s|ed)? to|have to|has to|may|forbidden|"
    r"prohibited|every|all|each|without|before|until|unless|max(?:imum)?|at most|limit|"
    r"won't|will|nothing|nobody|none|non-negotiable|mandatory|first|refuse|stays?|"
    r"i do|i don't|gets?|requires?|instead|over|rather|permission|allowed|permitted|"
    r"authori[sz]ed|approval|sign-?off|minimum|min|one|once|per|careful|daily|weekly|hours?)\b"
)
_CONDITION = re.compile(
    r"(?:if|when|whenever|before|after|on|for|once|while|during|in)\b.*"
)
_IMPERATIVE = re.compile(r"[a-z][a-z'-]*")
_OWN = re.compile(r"(?:you|your|the agent)\b|.*(?:\d|\{\{)")
_LABEL = re.compile(r"\A[^:.\u2014]{1,60}?(?::| [\u2014\u2013-] | -- )\s*")
_FIRM = re.compile(
    r"\b(?:never|always|must|do not|don't|cannot|only|no|ensure|require[sd]?|has to|should|"
    r"may not|shall|will not|won't|forbidden|prohibited|interdicted|banned|disallowed|"
    r"not (?:allowed|permitted|to)|off[- ]limits|hands off|read[- ]only|immutable|"
    r"mandatory|non-negotiable|without asking|check w(?:ith|/)|"
    r"ask (?:before|first|me first|us first)|"
    r"(?:needs?|get|without|explicit|human|prior|wait for|await) (?:\w+ ){0,2}"
    r"(?:approval|permission|confirmation|sign-?off))\b"
)
_BINDS = re.compile(
    r"\b(?:nothing|nobody|none|not|without|unless|except|before|first|instead|needs?|"
    r"untouched)\b|n't\b"
)
"""Words that bind what a sentence names, and mean little where it names nothing."""
_COUNTS = re.compile(
    r"\b(?:max(?:imum)?|at most|at least|minimum|no more|not more|more than|fewer than|"
    r"less than|under|below|up to|limit\w*|exceed\w*|per|at a time|or less|longer than|"
    r"an? (?:day|hour|week|minute|month))\b|/ ?(?:day|hour|week|minute|month|min|h|d)\b"
)
_NUMBER = re.compile(
    r"(?<![\d.])\d[\d,.]*(?!\s?%|[\d.]|[-\u2013]\d|[km]\b)|\b(?:one|two|three|four|five|six|ten|twelve|twenty)\b"
)
_ASIDE = re.compile(r"\(([^)]+)\)\s*\Z")
_SHOWN = ("heading", "quote", "code")
_PLACES = {
    "heading": "it is a heading, and a heading forbids nothing itself",
    "quote": "it stands in a quotation",
    "code": "it stands in a code block",
}
_SPEECH = re.compile(r'"[^"]*"?')
_SPOKEN = (
    re.compile(r'\W*"[^"]*"\W*(?:(?:is|not|->|\u2192)\b.*)?'),
    re.compile(r'[^"]*[^\s"]"[^"]*'),
    re.compile(r"\W*\{+[^{}]*\}+(?::.*|\W*)"),
    re.compile(r"[\W_]*\(.*\)[\W_]*"),
)
"""What somebody says or is to fill in: a quotation, its end, a placeholder, an aside."""
_TELLING = re.compile(r"\b(?:change ?log|release notes|example|sample dialog)")
"""Headings under which something is shown or recounted."""
_TALES = (
    re.compile(r"(?:he|she) (?!must|should|may|is to|has to)"),
    re.compile(
        r"(?:an? |the |no |one )?[\w' -]{1,60}\b(?:is|are) (?:worse|better) than "
    ),
    re.compile(
        r"(?:success metrics?|value prop\w*|litmus test|trigger (?:phrases?|words?|keywords?)|"
        r"banned phrases|the test|metrics?|kpis?)\b[^:]{0,40}:"
    ),
    re.compile(r"(?:v\d+\.\d+(?:\.\d+)?|\d+\.\d+\.\d+):? "),
    re.compile(r"(?:agents|people|users|those|anyone) who (?!must|should|may)"),
)
"""Of a person (``He never pads``), a proverb, a measure, a version, a kind of people."""
_WORD = re.compile(r"[a-z\u00c0-\u024f][\w'-]*|`")
_STERN = frozenset(("without", "approve", "approval", "proceed", "ask", "confirm"))
"""Words of rules: a sentence with one of them is no mere matter of tone."""
_BARS = re.compile(
    r"\b(?:must|never|shall|may not|cannot|can't|(?:does|do|is|are|will) not|doesn't|won't)\b"
)
_SUM = re.compile(r"[$\u20ac\u00a3]\d")
_LISTING = re.compile(
    r"\b(?:if|when|unless|until|never|not to|to log|remember|checks?|checklist)\b\W*(?:[\w' ]{0,14})?\Z|"
    r"\b(?:never|what not to|do not|don't)\b"
)
"""Headings and lead-ins under which every item is part of a rule."""
_CLAUSE = 3
"""Words of the shortest sentence with a verb in it."""
_FEW = 4
"""Words a shown sentence has at least: with fewer it is a label."""

OTHERS = Why("it says what others do, and a guard sees the agent alone")
"""Of a sentence about somebody else that bars something."""
BESIDE = Why("it describes; it forbids nothing and asks for nothing")
"""Of a sentence without force that stands in one block with a rule."""


def says_something(reading: Reading) -> bool:
    """Whether a sentence without force may be part of what is said beside it."""
    spoken = reading.clause.kind in ("para", "list")
    told = (
        spoken
        and not (reading.others or reading.quoted)
        and len(reading.low.split()) >= _CLAUSE
    )
    return told and not tone(reading)


def reason(reading: Reading) -> Why | None:
    """Say why a sentence does not hold, or None where it is no rule at all."""
    if reading.too_long:
        return Why("it is too long to be one rule: say one sentence for each")
    if reading.clause.kind in _SHOWN or reading.quoted:
        return _shown(reading)
    if reading.others:
        return OTHERS if _BARS.search(reading.low) else None
    if not _wishes(reading) or tone(reading):
        return None
    return reasons.why(reading)


def firm(reading: Reading) -> bool:
    """Whether a sentence demands something, and does not describe or advise."""
    low = reading.low
    if _waits(reading) or low.rstrip(' *_")').endswith("?"):
        return False
    if reading.above in (Modality.DENY, Modality.ASK) or _FIRM.search(low):
        return True
    if any(f.literals for f in reading.frames) and _BINDS.search(low):
        return True
    if _NUMBER.search(low) and _COUNTS.search(low):
        return True
    hard = (Modality.DENY, Modality.ASK, Modality.ONLY)
    return any(frame.modality in hard for frame in reading.frames)


def tone(reading: Reading) -> bool:
    """Whether a sentence is about how something is said, and about nothing else.

    What it quotes is what may or may not be said (``No "great question!"``). A sentence
    that is all quotation or all placeholder is nobody's wish.
    """
    low = reading.low
    if reading.others or any(p.fullmatch(low) for p in _SPOKEN) or _told(reading):
        return True
    words = [w.strip("'-") for w in _WORD.findall(_SPEECH.sub(" ", low))]
    if not words or _STERN & set(words) or _SUM.search(low):
        return False
    quoted = any(" " in said for said in _SPEECH.findall(low))
    quoted = quoted and "always" not in words
    said = quoted or bool(lexicon.tone().intersection(words))
    return said and all(word in lexicon.beside_tone() for word in words)


def _told(reading: Reading) -> bool:
    """Whether it tells of somebody, compares, shows or recounts, and wishes nothing."""
    if _STERN.intersection(_WORD.findall(reading.low)):
        return False
    heading = reading.clause.headings[-1:]
    if heading and _TELLING.search(heading[0].lower()):
        return True
    acts = any(f.acts and f.modality is not Modality.NONE for f in reading.frames)
    return not acts and any(p.match(reading.low) for p in _TALES)


def _wishes(reading: Reading) -> bool:
    """Whether a sentence has the force of a rule, its own or from above."""
    clause = reading.clause
    if not reading.low.strip(" .:*_-|") or reading.leads:
        return False
    if clause.kind == "table" and not clause.head:
        return False  # it says what its columns are
    heads = context.pure(reading.plain) is not Modality.NONE
    if heads and ":" in reading.low[-2:] and not any(map(_speaks, reading.frames)):
        return False
    if reading.above is not Modality.NONE or _MODAL.search(reading.low):
        return True
    if any(f.modality is not Modality.NONE for f in reading.frames):
        return True
    if any(_starts(part) for part in _parts(reading.low)):
        return True
    if clause.kind == "list" and _LISTING.search(_above(clause)):
        return True
    known = any(f.acts or f.literals for f in reading.frames)
    return known or bool(
        clause.kind != "para" and (clause.leads or _OWN.match(reading.low))
    )


def _above(clause: Clause) -> str:
    """Give the heading or lead-in right above, in plain lower case."""
    nearest = (*clause.headings[-1:], *clause.leads[-1:])[-1:]
    low = re.sub(r"\([^)]*\)?|[*_`#:]", " ", " ".join(nearest).lower())
    return " ".join(low.split())


def _waits(reading: Reading) -> bool:
    """Whether it is a lead-in that forbids nothing by itself: its list says what."""
    if not reading.low.rstrip(" *_").endswith(":"):
        return False
    hard = (Modality.DENY, Modality.ASK)
    return not any(f.modality in hard and _speaks(f) for f in reading.frames)


def _shown(reading: Reading) -> Why | None:
    """What stands where words are shown: listed if they would make a firm rule."""
    words = len(reading.low.split())
    firm = bool(_FIRM.search(reading.low)) or any(map(_starts, _parts(reading.low)))
    kind = "quote" if reading.quoted else reading.clause.kind
    if kind == "heading":
        heads = context.header(reading.plain) is not Modality.NONE
        aside = _ASIDE.search(reading.plain)
        said = frames(aside[1], Modality.NONE) if aside else reading.frames
        firm = not heads and any(_stops(frame) for frame in said)
    if not firm or words < _FEW:
        return None
    return Why(_PLACES[kind], reading.plain.strip("# "))


def _stops(frame: Frame) -> bool:
    return frame.modality in (Modality.DENY, Modality.ASK) and bool(frame.acts)


def _speaks(frame: Frame) -> bool:
    return bool(frame.acts or frame.literals)


def _parts(low: str) -> tuple[str, ...]:
    bare = low.lstrip(" \"'([|`>0123456789.)")
    rest = _LABEL.sub("", bare, count=1)
    return (bare,) if rest == bare else (bare, rest)


def _starts(part: str) -> bool:
    if _CONDITION.match(part):
        return True
    word = _IMPERATIVE.match(part)
    return bool(word and word[0] in lexicon.imperatives())
