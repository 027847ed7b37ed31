"""Owns the reasons: why a sentence that reads like a rule does not hold, and what would.

A reason is true of its sentence, or it is not given. What is offered instead is English
that the author could have written; whether it would compile, the compiler looks. Which
sentences read like rules is `soulguard.soul.rulelike`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from soulguard.soul.drafts import quoted
from soulguard.soul.frames import Frame
from soulguard.soul.literals import Kind
from soulguard.soul.modality import Modality
from soulguard.soul.reading import NEGATION, Reading


@dataclass(frozen=True, slots=True)
class Why:
    """Why a sentence is not enforced, and what would be."""

    reason: str
    suggestion: str = ""


_ANY_CASE = re.IGNORECASE
_HARD = (Modality.DENY, Modality.ASK)
_CODE = re.compile(r"`[^`]*`")
_LABEL = re.compile(r"\A[^:.\u2014`]{1,60}?(?::| [\u2014\u2013-] | -- )\s*(?=[A-Z])")
_STYLE = re.compile(
    r"\b(?:tone|filler|emojis?|sycophan\w*|apolog\w*|greet\w*|concise|verbose|polite\w*|"
    r"humou?r|jargon|sarcas\w*|hedg(?:e|ing)|exclamation|buzzwords?|flatter\w*)\b"
)
_UNASKED = re.compile(
    r"(?:n't|\b(?:not|never|no need to|without|no)) (?:\w+ ){0,2}"
    r"(?:ask\w*|wait\w*|permission|approv\w+|confirm\w*)\b"
)
_TRUTH = re.compile(
    r"\b(?:lie|lies|lying|honest\w*|fabricat\w*|invent(?:s|ed|ing)?|guess\w*|hallucinat\w*|"
    r"pretend\w*|truthful\w*|cit(?:e|es|ing|ation)|speculat\w*|mak(?:e|ing) (?:things|stuff|facts|numbers) up|"
    r"made up)\b"
)
_INJECTION = re.compile(
    r"\b(?:prompt injection|untrusted|(?:ignore|disregard|obey) (?:\w+ ){0,2}instructions|"
    r"instructions (?:found|embedded|hidden|inside|in|from))\b"
)
_PRIVATE = re.compile(
    r"\b(?:private|privacy|confidential\w*|personal (?:data|info\w*))\b"
)
_CAREFUL = re.compile(r"\b(?:careful|caution|cautious|thoughtful|mindful)\b")
_OUTSIDE = re.compile(r"\b(?:external|emails?|mails?|tweets?|posts?|messages?)\b")
_CAP = re.compile(
    r"\b(?:max(?:imum)?|minimum|at most|at least|more than|no more|under|limit|cap|up to|"
    r"less than|fewer|larger than|longer than|exceed\w*|per|every \d+|"
    r"an? (?:day|hour|week|minute|month))\b|/ ?(?:day|hour|week|minute|month)\b"
)
_TANGIBLE = re.compile(
    r"\b(?:e-?mails?|mails?|requests?|api|calls?|files?|folders?|commands?|messages?|posts?|"
    r"tweets?|hosts?|domains?)\b"
)
"""What a guard sees, if it is told which."""
_ONCE_ONLY = re.compile(
    r"\bidempoten\w*\b|\b(?:no|never|avoid|without|not|n't) (?:[\w-]+ )?duplicat\w*"
)
_DO = re.compile(r"\b(?:always|must|ensure|should|required|has to|have to|needs? to)\b")
_NOT = re.compile(rf"\b{NEGATION}\b")
_WRITTEN = re.compile(
    r"\b(?:not|never|n't|no|nobody|nothing)\b[^,;:]*\b(?:touch\w*|edit\w*|chang(?:e|ed|ing)|modif\w+|alter\w*|"
    r"overwrit\w+|writ(?:e|ten|ing))\b|n't [^,;:]*\b(?:touch|edit|change|modify|alter|overwrite|write)\b|"
    r"\b(?:immutable|read[- ]only)\b"
)
_READ = re.compile(
    r"(?:\b(?:not|never)|n't) (?:\w+ )?(?:open|read|look (?:at|in|into))\b"
)
_BOUND = re.compile(
    r"\b(?:if|once|when|unless|until|after|while|except|but|only|who|somebody|anyone|people)\b"
)
"""What a plain prohibition would leave out."""
_ENGLISH = re.compile(r"(?:Never|Do not|Don't|No) [a-z][^,;:.!?\u2014\"()]{4,80}")
_QUALIFIED = re.compile(
    r",?\s(?:unless|without|until|except|when|if|while)\b.*", re.IGNORECASE
)
"""What narrows a prohibition, to its end."""
_EMPTY = frozenset(
    """
    above actually anymore anyone anything anywhere attempt away below bytes check days
    early either else end enough even ever feel first gb get gets give go good hand hours
    just kb know known knows later let like long longer make matter mb mean minutes month
    more newer nobody older other others own place point put really same say says said
    see seem shorter smaller larger somebody someone something soon take tell thing things
    think too tool try twice use using want way week what who why within words year years
    quotation httpmethod also still yet already
    """.split()  # noqa: SIM905 - words read best in rows
)
"""Words whose meaning is plain, or of which no rule would be made plainer."""
_NAMED = 3
"""Words that are named of those nobody knows."""
_SHORT = 3
"""Words of the shortest exception that says anything by itself."""
_ONCE = "Never write twice to the same output path in a single run."
_SECRETS = "Never send API keys, passwords or tokens."
_OUTWARD = "Ask before acting externally."

DOING = Why(
    "it asks that something be done; a guard can only refuse, ask, count and record"
)
UNSAID = Why("it names no file, call, mail or command that a guard could check")
UNPLAIN = Why(
    "no rule can be read from it as it is said: name the path, host, address or command"
)


def why(reading: Reading) -> Why:
    """Say why a sentence that wishes for something does not hold."""
    if any(f.counter for f in reading.frames) and _UNASKED.search(reading.low):
        return Why("it asks for less asking; that never loosens another rule")
    hard = [f for f in reading.frames if f.modality in _HARD]
    framed = (found for f in hard if (found := _framed(f, reading)))
    return next(framed, None) or _topical(reading) or _plainly(reading)


# -- what was understood, and what was not ------------------------------------------------


def _framed(frame: Frame, reading: Reading) -> Why | None:
    """What of a prohibition was understood, and what was not."""
    if not (frame.acts or frame.objs or frame.literals):
        return None
    for said, name in ((frame.exception, "exception"), (frame.condition, "condition")):
        if bound := _bound(said, reading):
            reason = f"its {name} cannot be checked: {bound}"
            return Why(reason, _approved(frame, reading))
    words = _unknown(frame, reading)
    return Why(f"a guard cannot tell what is meant by {words}") if words else None


def _bound(said: str, reading: Reading) -> str:
    """Give an exception or condition as the author wrote it; nothing for a fragment."""
    words = said.split()
    if len(words) < _SHORT:
        return ""
    start, end = (re.escape(w) for w in (" ".join(words[:2]), words[-1]))
    found = re.search(rf"(?<!even )\b{start}\b.*?{end}(?!\w)", reading.plain, _ANY_CASE)
    return found[0] if found else ""


def _approved(frame: Frame, reading: Reading) -> str:
    """Give a prohibition with *without approval* for what nobody can check."""
    if frame.modality is not Modality.DENY:
        return ""
    said = _LABEL.sub("", reading.plain).strip(" .*_-")
    said = said.replace("NEVER", "Never").replace("DO NOT", "Do not")
    bare = _QUALIFIED.sub("", said)
    if bare == said or not _ENGLISH.fullmatch(_CODE.sub("x", bare)):
        return ""
    return f"{bare} without approval."


def _unknown(frame: Frame, reading: Reading) -> str:
    """Name the words nobody knows, those that stand together as one."""
    if any(_TRUTH.fullmatch(w) or _STYLE.fullmatch(w) for w in frame.unknown):
        return ""
    words = [
        w for w in frame.unknown if w not in _EMPTY and "'" not in w and len(w) > 1
    ]
    phrases = list(_phrases(words, reading.low))[:_NAMED]
    return quoted(_as_written(phrase, reading.plain) for phrase in phrases)


def _as_written(phrase: str, plain: str) -> str:
    found = re.search(re.escape(phrase), plain, _ANY_CASE)
    return found[0] if found else phrase


def _phrases(words: list[str], low: str) -> Iterator[str]:
    said = ""
    for word in words:
        if said and f"{said} {word}" in low:
            said = f"{said} {word}"
            continue
        if said:
            yield said
        said = word
    if said:
        yield said


# -- what it is about ---------------------------------------------------------------------


def _topical(reading: Reading) -> Why | None:
    low = _LABEL.sub("", reading.plain).lower()
    if _ONCE_ONLY.search(low):
        return Why("it does not say what may happen once", _ONCE)
    if any(c.isdigit() for c in low) and _CAP.search(low):
        return Why("no limit that is counted can be read from its number")
    if _INJECTION.search(low):
        return Why("what the agent believes is not visible from outside")
    if _TRUTH.search(low):
        return Why("whether something is true is the agent's judgement")
    if _PRIVATE.search(low):
        return Why("what is private is the agent's judgement", _SECRETS)
    if _CAREFUL.search(low):
        wanted = _OUTWARD if _OUTSIDE.search(low) else ""
        return Why("care is the agent's judgement", wanted)
    return Why("style is the agent's judgement") if _STYLE.search(low) else None


def _plainly(reading: Reading) -> Why:
    """What is left: it wants something done, names something, or nothing at all."""
    refuses = _NOT.search(reading.low) or reading.above in _HARD
    if not refuses and _DO.search(reading.low):
        return DOING
    every = dict.fromkeys(x for f in reading.frames for x in f.literals)
    named = [x for x in every if x.text in reading.plain]  # as the author wrote it
    if names := quoted((x.text for x in named), 2):
        told = f"it names {names}, and no rule can be read from what it says of it"
        return Why(told, _kept([x.text for x in named if x.kind is Kind.PATH], reading))
    wished = any(f.acts for f in reading.frames if f.modality is not Modality.NONE)
    return UNPLAIN if wished or every or _TANGIBLE.search(reading.low) else UNSAID


def _kept(paths: list[str], reading: Reading) -> str:
    """Give a plain prohibition for paths that a sentence means to keep."""
    if not 0 < len(paths) <= _NAMED or _BOUND.search(reading.low):
        return ""
    verbs = ((_WRITTEN, "edit"), (_READ, "read"))
    verb = next((v for words, v in verbs if words.search(reading.low)), "")
    said = [f"`{path}`" for path in paths]
    listed = " or ".join(filter(None, (", ".join(said[:-1]), said[-1])))
    return f"Never {verb} {listed}." if verb else ""
