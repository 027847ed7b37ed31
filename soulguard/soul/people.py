"""Owns people in a sentence: whoever they are, a rule only asks whether somebody agrees.

``Priya's go``, ``a thumbs-up from Kim`` and ``until Paula has signed off`` become
*approval*; what is *reserved for the release team* or done *by Lena only* is never done.
The words that come out are those the grammar of approval knows; no verdicts here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from soulguard.soul import lexicon, literals
from soulguard.soul.wording import Pattern

_LETTERS = r"[A-Z][a-z\u00df-\u00ff]{1,20}"
_NAME = rf"{_LETTERS}(?:[ -]{_LETTERS})?"
_OF = (
    r"(?:on-call|release|platform|ops|infra|security|team|tech|product|site|database|"
    r"duty|human|account|project|engineering|data) "
)
_ROLES = (
    r"(?:owner|user|humans?|operators?|teams?|leads?|managers?|admins?|administrators?|"
    r"boss|client|customer|maintainers?|engineers?|on-call|ops|devops|DevOps|SREs?|DBAs?|"
    r"DPO|CEO|CTO|CI|dispatcher|supervisors?|controllers?|department|reviewers?|"
    r"approvers?|person|people|colleagues?|developers?|staff)"
)
_ROLE = rf"(?:(?:[Tt]he|[Aa]n?|[Mm]y|[Yy]our|[Oo]ur|two|three|both|another) )?(?:{_OF})*{_ROLES}\b"
_SOMEBODY = (
    r"[Ss]ome(?:one|body)(?: else| human)*|(?:a|one) (?:second|other) (?:person|human)"
)
_WHO = rf"(?:{_ROLE}|{_NAME}|{_SOMEBODY})"
_EVERY = rf"{_WHO}(?:(?:, | and | or |, and |, or |/| & ){_WHO})*"
_ANYBODY = rf"(?:{_EVERY}|me|us|I|he|she|they)"
_HOW = r"(?:(?:operational|editorial|legal|technical|Telegram|Slack|explicit|express|prior|written|verbal|clear|personal|final|formal|direct) )*"
_GRANT = (
    r"(?:go-ahead|go ahead|OK|ok|okay|yes|nod|sign-?off|green light|blessing|thumbs[- ]up|"
    r"consent|approval|permission|say-so|confirmation|clearance|authori[sz]ation|agreement)"
)
_SHORT = (
    r"(?:go-ahead|go ahead|OK|ok|okay|yes|nod|green light|blessing|thumbs[- ]up|say-so|"
    r"agreement|go)"
)
"""What is no word for an approval but where it is somebody's."""
_ITS = r"(?:[Mm]y|[Yy]our|[Oo]ur|[Tt]heir|[Hh]is|[Hh]er)"
_THEIRS = rf"(?:{_ROLE}|{_NAME})(?:'s|s')"
_NO_MORE = r"\b(?![- ]to\b| (?:mail|email|page|code|number|dialog|prompt))"
_AGREED = (
    r"(?:(?:has |have |had )?(?:explicitly |personally |specifically )?(?:approve[sd]?|confirm(?:s|ed)?|"
    r"agree[sd]?|sign(?:s|ed)?(?: it| this| that)? off(?: on (?:it|this|that))?|okay(?:s|ed)|"
    r"(?:said|says?|replie[sd]|answer(?:s|ed)|given?|gives|gave|sent|sends)"
    rf"(?: an?| the| it| me| you| their| his| her)* {_HOW}(?:{_GRANT}|so)|nodded|nods|cleared|"
    r"ask(?:s|ed)?|request(?:s|ed)?|wants?|wanted|tells?|told|instruct(?:s|ed)?)"
    r"(?: for| you| me| it| this| that| to| so| one)*)"
)
_ENDS = (
    r"(?:(?: in (?:the|this|a) (?:task|chat|thread|prompt|message))?(?=\s*(?:[.,;:!)\u2014-]|\Z))|"
    r"(?= first\b))"
)
_DOES = (
    r"(?:deletes?|removes?|merges?|deploys?|pushes|push|restarts?|reboots?|installs?|edits?|"
    r"modif(?:y|ies)|changes?|tags?|releases?|publish(?:es)?|sends?|posts?|pays?|runs?|"
    r"executes?|starts?|stops?|writes?|touch(?:es)?|may|can|is allowed to|are allowed to)\b"
)
_DONE = r"(?:\w+ed|done|run|set|made|sent|written|cut|put|paid)"

_TABLE = (
    # "ask Priya first", "ping the on-call first and wait for a reply"
    ((rf"\b(?:[Aa]sk|[Pp]ing|[Cc]onsult|[Cc]heck with|[Tt]alk to|[Cc]lear (?:it|this) with) {_ANYBODY}"
     r" (?:first|beforehand)(?: and wait for (?:an? |the |their )?\w+)?"), "ask first"),
    (rf"\b(?:an? |the )?{_HOW}{_GRANT} (?:from|by|of) {_ANYBODY}\b", "approval"),
    (rf"\b(?:{_THEIRS} {_HOW}(?:{_GRANT}|go)|{_ITS} {_HOW}{_SHORT}){_NO_MORE}", "approval"),
    (rf"\b(?P<get>[Gg]et|[Oo]btain|[Ss]eek) {_HOW}(?:confirmation|approval|consent)\b", "get approval"),
    (r"\b[Aa]sk in (?:the )?(?:#[\w-]+|[\w-]+ channel)(?: (?:first|and wait for (?:an? |the |their )?\w+))?", "ask first"),
    (rf"\b(?P<only>[Oo]nly) (?:when|if|after|once) {_ANYBODY} {_AGREED}{_ENDS}", r"\g<only> after approval"),
    (rf"\b(?P<until>[Uu]nless|[Uu]ntil|[Bb]efore|[Aa]fter|[Oo]nce) {_ANYBODY} {_AGREED}{_ENDS}",
     r"\g<until> approval"),
    (rf"\b(?:goes|go|must go|needs to go|need to go|has to go|have to go) (?:through|past|by|via) {_ANYBODY} first\b",
     "requires approval"),
    (rf"\b(?P<wait>[Ww]aits?) for {_ANYBODY}(?: to (?:approve|confirm|agree|decide|sign off|say yes)(?: it)?{_ENDS}|(?= before\b))",
     r"\g<wait> for approval"),
    (r"\b(?P<wait>[Ww]aits?) for (?:an?|the|their|my|your|his|her) (?:go|yes|ok|okay|nod|decision|verdict)\b",
     r"\g<wait> for approval"),
    (rf"\b(?:an? |the )?{_HOW}approval (?:shall|must|has to|is to|should|needs to) be (?:obtained|given|sought|requested|granted)",
     "get approval"),
    (rf"\b(?:[Nn]obody|[Nn]o one|[Nn]o-one) (?:but|except|other than|besides) {_EVERY} (?={_DOES})", "Only the owner "),
    (rf"\b(?P<only>[Oo]nly) {_EVERY} (?={_DOES})", r"\g<only> the owner "),
    ((rf"\b(?P<be>is|are) (?P<done>{_DONE}) (?:(?:only|exclusively|solely) by {_EVERY}|by {_EVERY} (?:only|alone|exclusively))"
     r"(?:,? (?:and )?(?:never|not) by (?:you|the agent|me))?"), r"\g<be> never \g<done>"),
    (rf"\b(?P<be>is|are|stays?|remains?) (?:strictly |only )?(?:(?:reserved|left) (?:for|to)|reserved only for|the (?:job|task|business) of) {_EVERY}",
     r"\g<be> forbidden"),
)  # fmt: skip
_REWRITTEN = tuple((Pattern(source), said) for source, said in _TABLE)
_STEMS = re.compile(
    r"\b(?:[Oo]nly|[Nn]obody|[Nn]o[ -]one|reserved|left to|job of|task of|business of|"
    r"first|beforehand|[Aa]sk in|[Uu]nless|[Uu]ntil|[Bb]efore|[Aa]fter|[Oo]nce|[Ww]aits?|go|nod)\b|"
    rf"\b{_GRANT}\b"
)
"""Without one of these nobody is asked, and nothing is anybody's."""
_CAPITALS = re.compile(_LETTERS)
_TIMES = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
     "january", "february", "march", "april", "june", "july", "august", "september",
     "october", "november", "december", "christmas", "easter")
)  # fmt: skip
_TITLES = frozenset(("the", "an", "my", "your", "our", "someone", "somebody"))


def spoken(plain: str) -> str:
    """Say a sentence without its people; what stands in code is left as it is."""
    if not _STEMS.search(plain):
        return plain
    parts = plain.split("`")
    if not len(parts) % 2:
        return plain
    parts[::2] = map(_said, parts[::2])
    return "`".join(parts)


def _said(text: str) -> str:
    for pattern, words in _REWRITTEN:
        text = pattern.made.sub(functools.partial(_replaced, words), text)
    return text


def _replaced(words: str, found: re.Match[str]) -> str:
    return found.expand(words) if _people(found) else found[0]


def _people(found: re.Match[str]) -> bool:
    """Whether the capitals in it are people, and no program, service, day or month."""
    return not any(map(_thing, _names(found)))


def _names(found: re.Match[str]) -> Iterator[str]:
    """Give the words with a capital, but the first."""
    for word in _CAPITALS.finditer(found[0]):
        if word.start():
            yield word[0].lower()


def _thing(name: str) -> bool:
    if name in _TIMES or literals.is_any_program(name):
        return True
    size, tags = lexicon.tags_at([name], 0)
    known = bool(size) and not (tags <= {"neutral"})
    return known and name not in _TITLES
