"""Owns the honest rest: sentences that read like rules and that no family took.

Gives the reason such a sentence does not hold and, where there is one, a sentence that
would. Whatever has the force of a rule must be listed, never dropped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from soulguard.soul import context, lexicon
from soulguard.soul.frames import Frame, frames
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading

_MODAL = re.compile(
    r"\b(?:never|always|must|mustn't|only|don't|do not|cannot|can't|should|shouldn't|shall|"
    r"no|not|avoid|ensure|require[sd]?|need(?:s|ed)? to|have to|has to|may|forbidden|"
    r"prohibited|every|all|each|without|before|until|unless|max(?:imum)?|at most|limit|"
    r"won't|will|nothing|nobody|none|non-negotiable|mandatory|first|refuse|stays?|"
    r"i do|i don't|gets?|requires?|instead|over|rather|permission|allowed|permitted|"
    r"authori[sz]ed|minimum|min|one|once|per|careful|daily|weekly|hours?)\b"
)
_CONDITION = re.compile(
    r"(?:if|when|whenever|before|after|on|for|once|while|during|in)\b.*"
)
_IMPERATIVE = re.compile(r"[a-z][a-z'-]*")
_OWN = re.compile(r"(?:you|your|the agent)\b|.*(?:\d|\{\{)")
_LABEL = re.compile(r"\A[^:.\u2014]{1,60}?(?::| [\u2014\u2013-] | -- )\s*")
_STYLE = re.compile(
    r"\b(?:tone|voice|filler|emojis?|sentences?|words?|sycophan\w*|apolog\w*|greet\w*|"
    r"concise|brief|verbose|polite|humou?r|jargon|sarcas\w*|warm\w*|hedg\w*|"
    r"exclamation|corporate|buzzwords?|flatter\w*)\b"
)
_TRUTH = re.compile(
    r"\b(?:lie|lying|honest\w*|fabricat\w*|invent\w*|guess\w*|hallucinat\w*|pretend\w*|"
    r"truth\w*|cit(?:e|es|ing|ation)|sources?|assum\w*|made up|make things up|claims?)\b"
)
_INJECTION = re.compile(r"\b(?:instructions?|prompt injection|untrusted|inject\w*)\b")
_PRIVATE = re.compile(r"\b(?:private|privacy|confidential\w*|personal)\b")
_OUTSIDE = re.compile(
    r"\b(?:external|emails?|mails?|tweets?|public\w*|posts?|messages?|outside)\b"
)
_CAREFUL = re.compile(r"\b(?:careful|caution|cautious|thoughtful|mindful|respect)\b")
_CAP = re.compile(
    r"\b(?:max(?:imum)?|at most|more than|under|limit|cap|up to|less than|fewer)\b|>"
)
_FIRM = re.compile(
    r"\b(?:never|always|must|do not|don't|cannot|only|no|ensure|require[sd]?|has to|should)\b"
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
    re.compile(r"v?\d+\.\d+(?:\.\d+)?:? "),
    re.compile(r"(?:agents|people|users|those|anyone) who (?!must|should|may)"),
)
"""Of a person (``He never pads``), a proverb, a measure, a version, a kind of people."""
_WORD = re.compile(r"[a-z\u00c0-\u024f][\w'-]*|`")
_STERN = frozenset(("without", "approve", "approval", "proceed", "ask", "confirm"))
"""Words of rules: a sentence with one of them is no mere matter of tone."""
_CLAUSE = 3
"""Words of the shortest sentence with a verb in it."""
_QUALIFIED = re.compile(
    r",?\s(?:unless|without|until|except|when|whenever|if|while|after|during|outside|because)\b.*",
    re.IGNORECASE,
)
"""What narrows a prohibition, to its end."""
_FEW = 4
"""Words a shown sentence has at least: with fewer it is a label."""
_ONCE = "Never write twice to the same output path in a single run."


@dataclass(frozen=True, slots=True)
class Why:
    """Why a sentence is not enforced, and what would be."""

    reason: str
    suggestion: str = ""


BESIDE = Why("it describes; it forbids nothing and asks for nothing")
"""Of a sentence without force that stands in one block with a rule."""


def says_something(reading: Reading) -> bool:
    """Whether a sentence without force may be part of what is said beside it."""
    spoken = reading.clause.kind in ("para", "list")
    told = spoken and not reading.others and len(reading.low.split()) >= _CLAUSE
    return told and not tone(reading)


def reason(reading: Reading) -> Why | None:
    """Say why a sentence does not hold, or None where it is no rule at all."""
    if reading.too_long:
        return Why("it is too long to be one rule: say one sentence for each")
    if reading.clause.kind in _SHOWN:
        return _shown(reading)
    if not _wishes(reading) or tone(reading):
        return None
    for frame in reading.frames:
        if frame.counter:
            return Why("it asks for less asking; that never loosens another rule")
    for frame in reading.frames:
        asked = frame.modality in (Modality.DENY, Modality.ASK)
        if asked and (why := _framed(frame, reading)):
            return why
    return _topical(reading.low)


def firm(reading: Reading) -> bool:
    """Whether a sentence demands something, and does not describe or advise."""
    if reading.above in (Modality.DENY, Modality.ASK) or _FIRM.search(reading.low):
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
    if not words or _STERN & set(words):
        return False
    quoted = '"' in low and "always" not in words
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
    heads = context.header(reading.plain) is not Modality.NONE
    if heads and ":" in reading.low[-2:] and not any(map(_speaks, reading.frames)):
        return False
    if reading.above is not Modality.NONE or _MODAL.search(reading.low):
        return True
    if any(f.modality is not Modality.NONE for f in reading.frames):
        return True
    if any(_starts(part) for part in _parts(reading.low)):
        return True
    known = any(f.acts or f.literals for f in reading.frames)
    return known or bool(
        clause.kind != "para" and (clause.leads or _OWN.match(reading.low))
    )


def _shown(reading: Reading) -> Why | None:
    """What stands where words are shown: listed if they would make a firm rule."""
    words = len(reading.low.split())
    firm = bool(_FIRM.search(reading.low)) or any(map(_starts, _parts(reading.low)))
    kind = reading.clause.kind
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


def _framed(frame: Frame, reading: Reading) -> Why | None:
    """What was understood of a prohibition, and what was not."""
    if not (frame.acts or frame.objs):
        return None
    asked = f"{_QUALIFIED.sub('', reading.plain).rstrip(' .,;:!')} without approval."
    wanted = asked if frame.modality is Modality.DENY else ""
    if frame.exception == "not":
        return Why("it forbids what is not something, which cannot be checked", wanted)
    if frame.exception:
        return Why(f"its exception cannot be checked: {frame.exception}", wanted)
    if frame.condition:
        return Why(f"its condition cannot be checked: {frame.condition}", wanted)
    if frame.unknown and frame.acts:
        words = ", ".join(f"`{w}`" for w in frame.unknown[:3])
        return Why(f"a guard cannot tell what {words} is")
    return None


def _topical(low: str) -> Why:
    if re.search(r"\bidempoten\w*\b|\bduplicates?\b", low):
        return Why("it does not say what may happen once", _ONCE)
    if any(c.isdigit() for c in low) and _CAP.search(low):
        return Why("what it counts cannot be counted from outside")
    if _INJECTION.search(low):
        return Why("what the agent believes is not visible from outside")
    if _TRUTH.search(low):
        return Why("whether something is true is the agent's judgement")
    if _PRIVATE.search(low):
        return Why(
            "what is private is the agent's judgement",
            "Never send API keys, passwords or tokens.",
        )
    if _CAREFUL.search(low):
        wanted = "Ask before acting externally." if _OUTSIDE.search(low) else ""
        return Why("care is the agent's judgement", wanted)
    if _STYLE.search(low):
        return Why("style is the agent's judgement")
    return Why("it names no file, call, mail or command that a guard could check")
