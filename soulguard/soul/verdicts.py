"""Owns verdicts: something by its name, and the word that says it is not to be had.

```terraform destroy` is off the table``, ``pastebin.com: no`` and ```a.yaml`, neither to
read nor to write`` have no verb of what is forbidden. They are said again as the
sentence that has one; what that means is read elsewhere.
"""

from __future__ import annotations

import re

from soulguard.soul import literals
from soulguard.soul.literals import Kind, Literal

_LEAD = re.compile(
    r"(?i)(?:(?:and|the|our|my|your|any|all|every|each|whatever|everything|anything|lies|lives|is|stands|"
    r"stored|kept|files?|folders?|director(?:y|ies)|contents?|of|in|under|inside|below|within|commands?|"
    r"programs?|hosts?|domains?|sites?|using|running|calling|calls?|requests?|to|use) )*|"
    r"(?:[\w-]+ ){1,3}\("
)
"""What may stand before the first name."""
_JOINT = re.compile(r"\)?(?:,|,? (?:and|or|nor|with)|/|,? as well as) ?(?:the )?\(?")
_IS = (
    r"\)?(?: (?:is|are|stays?|remains?)(?: to be)?|\s?[:,\u2014\u2013]| -|\s?(?:->|\u2192)|(?<=\)))\s+"
    r"(?:(?:simply|strictly|always|absolutely|just|all|still|flatly|also|an?|hard|clear|firm|flat|definite) )*"
)
_END = (
    r"(?P<rest>\W*\Z|\s*[.;!,(\u2014\u2013].*|"
    r" (?:without|unless|until|except|during|on|at|while|when|if|before|after|for (?:you|us|me|agents|the agent))\b.*)"
)
_YOU = r"(?:you|us|me|agents?|bots?|the (?:agent|assistant|bot))"
_REFUSED = (
    r"(?:off the (?:table|menu|list)|out of (?:bounds|the question)|no-?go|not an option|no|nope|tab[uo]o?|"
    rf"verboten|not (?:meant )?for {_YOU}|not (?:something|a thing|what) (?:we|you|i|one) (?:ever )?(?:do|runs?|use|call|want)|"
    r"not (?:done|run|used|called)(?: here)?|non-?starter|not on the (?:table|menu))"
)
_UNREAD = (
    r"(?:unread|unopened|closed to you|"
    r"not (?:yours|for you|your business) to (?:read|open|look (?:at|into)|see))"
)
_NEITHER = (
    r"(?:neither (?:to (?:be )?)?(?:read|opened?|look(?:ed)? at|seen?)\b.{0,12} nor (?:to (?:be )?)?(?:write|written|changed?|"
    r"edit(?:ed)?|touch(?:ed)?|modif(?:y|ied))|not (?:to be )?(?:read|opened) (?:or|and) (?:not )?(?:written|changed|edited))"
)
_LOOKED = (
    r"(?:look[- ,]+(?:but[- ])?(?:don't|do not|no|never)[- ]touch\w*|for (?:reading|looking)(?: only)?|"
    r"the way (?:it is|they are)|closed (?:to|for) (?:writ\w+|edit\w+|chang\w+|modif\w+)|read[- ]only)"
)
_SAYS: tuple[tuple[str, dict[Kind, str]], ...] = (
    (_UNREAD, {Kind.PATH: "never read {}"}),
    (_NEITHER, {Kind.PATH: "{} is off limits"}),
    (_LOOKED, {Kind.PATH: "{} is read-only"}),
    (r"(?:no|nope)", {Kind.PATH: "never edit {}"}),
    (_REFUSED, {Kind.PATH: "{} is off limits"}),
    (rf"(?:{_REFUSED}|out)", {Kind.COMMAND: "never run {}", Kind.HOST: "never call {}"}),
)  # fmt: skip
_MADE = tuple((re.compile(rf"(?i){_IS}{said}{_END}"), says) for said, says in _SAYS)
_STEMS = re.compile(
    r"(?i)\b(?:off the|out|no|no-?go|nope|not|non-?starter|tab[uo]o?|verboten|unread|unopened|closed|"
    r"neither|look|looking|reading|the way|read[- ]only)\b"
)

_ANSWERS = re.compile(r"\?|\b(?:support|need|requir|avail|status|feature|instal|enabl)")


def spoken(plain: str, above: str = "") -> str:
    """Say a verdict with the verb it means; any other text is given as it is.

    `above` is the heading or lead-in: under a question *no* is an answer.
    """
    if not _STEMS.search(plain) or _ANSWERS.search(above.lower()):
        return plain
    named = _subject(plain)
    if not named:
        return plain
    kind, end = _kind(named[0], plain), named[-1].end
    for pattern, says in _MADE:
        found = pattern.match(plain, end) if kind in says else None
        if found:
            what = plain[named[0].start : end]
            return says[kind].format(what) + found["rest"]
    return plain


def _subject(plain: str) -> list[Literal]:
    """Give the names a text begins with, all of one kind; none where it begins otherwise."""
    found = [x for x in literals.find(plain) if _kind(x, plain) is not Kind.WORD]
    if not found or not _LEAD.fullmatch(plain[: found[0].start]):
        return []
    kind = _kind(found[0], plain)
    for at, literal in enumerate(found[1:], 1):
        joint = _JOINT.fullmatch(plain[found[at - 1].end : literal.start])
        if not joint:
            return found[:at]
        other = _kind(literal, plain)
        if other is not kind and not (kind is Kind.COMMAND and other is Kind.FLAG):
            return []
    return found


def _kind(literal: Literal, plain: str) -> Kind:
    """Give what a name stands for; a program in code is a command."""
    quoted = plain[literal.start : literal.start + 1] == "`"
    if quoted and literals.is_any_program(literal.text):
        return Kind.COMMAND
    return literal.kind
