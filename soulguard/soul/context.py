"""Owns modality from above: what a heading or lead-in does to the items under it.

Only headings made of nothing but such words count (``What You Never Do``, ``Ask First:``,
``Always safe``). ``Boundaries`` or ``Hard rules`` carry nothing: there each item speaks
for itself.
"""

from __future__ import annotations

import functools
import re

from soulguard.soul import afterwards, people, tokens
from soulguard.soul.modality import Modality

_ALLOWING = re.compile(
    r"\b(?:no (?:approval|permission|confirmation|escalation)(?: is)? (?:needed|required|necessary)|no need to ask|"
    r"(?:don't|do not) need (?:to ask|permission|approval|confirmation)|without asking|"
    r"act alone|act,? (?:and )?then report|auto-?approved?|act (?:freely|immediately)|always safe|safe to|free(?:ly)? to|"
    r"(?:allowed|safe|permitted)(?: [\w-]+)? (?:commands|operations|actions)|"
    r"low risk|may freely|i may|you may|allowed(?: actions| commands)?|"
    r"permitted|no human needed|autonomous(?:ly)?|(?:you )?have access to|do freely|allow|pre-?approved)\b"
)
_ASKING = re.compile(
    r"\b(?:propose (?:and|then) wait|propose first|(?:check|clear it) first|ask(?: first| before| permission)?|ask confirmation|confirm(?: first| before)?|"
    r"(?:pause|stop) and (?:notify|ask|confirm)|requires? (?:\w+ )?(?:approval|confirmation|"
    r"permission|authori[sz]ation|sign-?off)|(?:approval|confirmation|permission|"
    r"authori[sz]ation|sign-?off) (?:is )?(?:required|needed|first)|escalate (?:to|before)|"
    r"needs? (?:\w+ )?(?:approval|confirmation|permission|sign-?off)|high risk|"
    r"check with|get (?:approval|permission)|never without (?:asking|approval|permission)|"
    r"not without (?:asking|approval|permission)|human approval|waits? for (?:(?:explicit|human|owner|user|my|your|their) )?(?:approval|confirmation|permission|sign-?off|/approve)|"
    r"(?:with|on|upon|after|by) (?:\w+ )?(?:approval|permission|confirmation|sign-?off|consent|request) only|"
    r"only (?:on|upon|by) (?:explicit )?request|human in the loop|"
    r"only (?:with|after|upon|on|if|when|once) (?:\w+ )?(?:approval|permission|confirmation|sign-?off|consent)|"
    r"only (?:on|upon|with|at|by) (?:my |the |your |owner |user )?(?:explicit |direct )?(?:requests?|instructions?|demand|orders?)|"
    r"only (?:interrupt|disturb|bother|ping|wake|contact) \w+ (?:for|when|about)|"
    r"checkpoint first|approval gates?|surface (?:it |them |these )?(?:first|before)|never without (?:explicit |direct |written )?(?:instructions?|requests?)|(?:always )?prompt (?:me|first|before)|always prompt|"
    r"needs? (?:an? |the |my |your )*(?:ok|okay|yes|go-ahead|green light|blessing)|"
    r"needs? (?:an?|the|my|your) go|"
    r"(?:only )?(?:with|after) (?:an? |the |my |your )*(?:ok|okay|yes|go-ahead|green light)|"
    r"run (?:it|these|this|them) (?:by|past) (?:me|us|a human|the owner)(?: first)?)\b"
)
_NAMED = re.compile(
    r"\b(?P<verb>[Aa]sk|[Cc]heck with|[Cc]onfirm with|"
    r"(?:OK|ok|okay|approval|yes|go-ahead|permission) (?:from|of|by))"
    r" [A-Z][\w-]*(?:(?:, (?:or |and )?| or | and |/)[A-Z][\w-]*){0,3}"
    r"(?= (?:first|before)\b|(?<!sk )\s*:\s*\Z)"
)
_ROLE = re.compile(
    r"\b(?P<verb>(?i:ok|okay|approval|yes|go-ahead|permission|sign-?off) (?:from|of|by))"
    r" (?:the|an?|my|your|our) [\w-]+(?: [\w-]+){0,2}(?=\s*[(:]|\s*\Z)"
)
"""People by their part; above, by name. Who they are does not matter. A title in capitals names nobody."""
_DENYING = re.compile(
    r"\b(?:never|do not|don't|will not|won't|must not|should not|shouldn't|cannot|can't|"
    r"not allowed|not permitted|what not to do|not to do|don'ts?|do nots|banned|forbidden|prohibited|off[- ]limits|no-?go|"
    r"disallowed|deny|denied|blocked|blacklist(?:ed)?|deny-?list(?:ed)?|block-?list(?:ed)?|hard nos?|refuse|may not|avoid)\b"
)
_NOT_REFUSED = re.compile(r"\b(?:not|never|n't) (?:refuse|block|avoid|deny)\b")
_MUSTING = re.compile(r"\b(?:always|must|every session|required|mandatory|shall)\b")
_ONLY = re.compile(r"\bonly\b")
_CONDITIONAL = re.compile(r"\b(?:when|if|only if|unless|until|while|on message)\b")
_RESERVED = re.compile(
    r"(?<![\w-])only\b.*\b(?:files?|commands?|folders?|directories|paths?)\s*\Z|"
    r"\b(?:files?|commands?|folders?|directories|paths?)\b.*(?<![\w-])only\s*\Z"
)
_UNASKED = re.compile(
    r"\bwithout (?:asking|approval|permission|confirmation)(?: first)?\s*\Z|"
    r"\bno (?:approval|permission|confirmation) (?:needed|required)\s*\Z"
)
_HELD = re.compile(
    r"\b(?:never|not|don't|won't|cannot|can't|nothing)\b.*\bwithout (?:\w+ ){0,2}"
    r"(?:asking|approval|permission|confirmation|consent|sign-?off|authori[sz]ation)\b"
)
_EMPTY = re.compile(
    r"\b(?:what|things|stuff|i|you|we|they|he|she|it|agents?|the|a|an|my|your|this|these|"
    r"those|that|of|in|to|do|does|will|should|must|are|is|be|ever|any|all|for|and|or|with|"
    r"from|hard|strict|absolute|absolutely|violations?|rules?|limits?|actions?|behaviou?rs?|"
    r"list|items?|human|user|client|customer|operator|admin|boss|team|owner|explicit|following|own|under|circumstances?|risk|high|"
    r"low|medium|act|level|tier|explicitly|strictly|always|anything|without|first|before|"
    r"approval|permission|confirmation|asking|needed|required|authori[sz]ation|or|it's|"
    r"commands?|operations?|pause|notify|stop|also|here|not|no|specific|immediately|"
    r"on-call|on-duty|exceptions?|period|ever|stuff|running|doing|hosts?|domains?|sites?|endpoints?|urls?|below|only|every|time|session|ok|okay|red|lines?|proceed(?:ing)?|conversation|session|chat|message|anti[- \u2010\u2011]?patterns?|who|whoever|asks|regardless|yellow|green|orange|decides?|need|instructions?|requests?|direct|them|me|on|either|again)\b|"
    r"[^\w\s]|\d"
)


_SEGMENT = re.compile(r"\s[\u2014\u2013-]\s|\s--\s")
_WORD = re.compile(r"[A-Za-z]\w*")
_LABEL = 3
"""Words of what a heading may call its tier before it says what the tier is."""


@functools.lru_cache(maxsize=2048)
def header(plain: str) -> Modality:
    """Give the modality a heading or lead-in passes down; NONE for all others."""
    if len(plain) > 200:
        return Modality.NONE
    found = pure(plain)
    if found is not Modality.NONE or not _SEGMENT.search(plain):
        return found
    first, *rest = _SEGMENT.split(plain)
    named = (
        len(_WORD.findall(first)) <= _LABEL
    )  # "Red \u2014 never without an instruction"
    said = [pure(part) for part in rest] if named else []
    return next((m for m in said if m is not Modality.NONE), Modality.NONE)


def pure(plain: str) -> Modality:
    """Give the modality of words that say nothing else."""
    said = _ROLE.sub(r"\g<verb>", _NAMED.sub(r"\g<verb>", people.spoken(plain)))
    low = re.sub(r"\([^)]*\)", " ", said.lower())
    low = re.sub(r"[*_`#:]", " ", low)
    rest = low
    for pattern in (_ALLOWING, _ASKING, _DENYING, _MUSTING, _ONLY):
        rest = pattern.sub(" ", rest)
    if _RESERVED.search(low) or (_UNASKED.search(low) and not _DENYING.search(low)):
        return Modality.ALLOW
    if _EMPTY.sub(" ", rest).strip() or not low.strip():
        return Modality.NONE
    found = _kind(low)
    asks = found is Modality.DENY and afterwards.in_parentheses(said.lower())
    return Modality.ASK if asks else found


def _kind(low: str) -> Modality:
    if _HELD.search(low):
        return Modality.ASK
    if _CONDITIONAL.search(low) and not _DENYING.search(low):
        return Modality.NONE
    if _ALLOWING.search(low) and not re.search(
        r"\bnot (?:allowed|permitted)\b|\bmay (?:not|never)\b", low
    ):
        return Modality.ALLOW
    if _ASKING.search(low):
        waived = re.search(r"\b(?:never|don't|do not) ask\b", low)
        return Modality.NONE if waived else Modality.ASK
    if _NOT_REFUSED.search(low):
        return Modality.NONE
    if _DENYING.search(low):
        return Modality.DENY
    if _MUSTING.search(low):
        return Modality.MUST
    return Modality.NONE


@functools.lru_cache(maxsize=4096)
def lead(plain: str) -> Modality:
    """Give the modality of a bold lead-in inside a sentence (``**Ask first:** ...``)."""
    found = header(plain)
    if found is not Modality.NONE:
        return found
    words = tokens.items(plain)
    if len(words) == 1 and words[0].has("mod:allow"):
        return Modality.ALLOW
    return Modality.NONE
