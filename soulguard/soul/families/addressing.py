"""Addressing: how many a mail goes to, who sees it, and whether something is attached.

Takes::

    Attachments are not allowed.
    One recipient per mail; CC and BCC stay empty.
    Adding somebody to BCC requires explicit confirmation.
    Never write to somebody who is in `data/unsubscribed.csv`.
    Only message people in `contacts/team.vcf`.

Addresses that a file names are looked up when a mail goes out. Refuses attachments and
copies of some kind (``large attachments``), and lists whose people are sent nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from soulguard.model import Action, EffectKind
from soulguard.soul import amounts, literals
from soulguard.soul.demands import demand
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.literals import Kind
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Pattern, Stems

ATTACHED, COUNT, ASK = "attachment-deny", "resource-limit", "ask-external"
ALLOW, DENY = "recipient-allow", "recipient-deny"

_STEMS = Stems(
    ("attach", "recipient", "cc", "people", "person", ".csv", ".vcf", ".txt", ".json", ".yaml", ".yml",
     ".md", ".tsv")
)  # fmt: skip
_NO = rf"(?:{NEGATION})"
_MAIL = r"(?:(?:e-?)?mails?|messages?|newsletters?)"
_IN_MAIL = rf"(?:(?: (?:in|to|on|with|into|of)) (?:an? |any |the |your |outgoing |outbound )*{_MAIL})?"
_FORBIDDEN = (
    r"(?:(?:is|are|stay|stays) (?:strictly |never )?(?:not (?:allowed|permitted)|forbidden|prohibited|banned|"
    r"off[- ]limits|taboo|allowed|out|disallowed|refused|not ok|a no-go)|(?:must|may|should) (?:not|never) be (?:sent|added|used|attached))"
)
_ASKED = (
    r"(?:needs?|requires?|wait(?:s)? for|only with|only after) (?:an? |my |your |the |\w+'s )*(?:explicit |prior |written |human )*"
    r"(?:confirmation|approval|approved|permission|ok|okay|yes|consent|sign-?off|go-ahead)\b.*"
)
_FILES = r"(?:attachments?|attached files?|file attachments?)"
_END = r"(?:,? ever| at all| please)*\W*\Z"
_ATTACHED = (
    Pattern(rf"\A{_NO}(?: ever)? (?:attach|attach any|send|add|include|mail|put)(?:ing)?(?: any| an?| your)? (?:{_FILES}|(?<=attach )(?:files?|documents?|anything|a file|things))(?: or (?:files?|documents?))?{_IN_MAIL}{_END}"),
    Pattern(rf"\A(?:under no circumstances|in no case|never) (?:may |should |shall |must |does )?an? {_MAIL} (?:carry|have|contain|include) (?:an? |any )?{_FILES}{_END}"),
    Pattern(rf"\A(?:no|zero) (?:{_FILES}|attaching(?: of)?(?: files?)?|{_MAIL} with attachments?){_IN_MAIL}{_END}"),
    Pattern(rf"\A(?:(?:sending |adding |including )?(?:any )?{_FILES}|attaching (?:files?|anything|documents?|things)){_IN_MAIL} {_FORBIDDEN}{_END}"),
    Pattern(rf"\A(?:all |every |each |your |any )*{_MAIL} (?:go(?:es)? out|(?:is|are) sent|leaves?|has|have|carry|carries|must (?:go out|be sent)|come|contains?) (?:without|no|never any|with no) {_FILES}{_END}"),
    Pattern(rf"\A(?:all |every |each |your |any )*{_MAIL} (?:never|must not|must never|may not|should not|do not|shall not) (?:have|carry|contain|include|come with|hold)(?: any)? {_FILES}{_END}"),
    Pattern(rf"\A(?:send )?(?:(?:plain )?text only|plain text)[,:]? (?:and )?(?:no|without) {_FILES}{_END}"),
)  # fmt: skip
_ATTACHED_ASKED = (
    Pattern(rf"\A(?:{_FILES}|attaching (?:a )?(?:files?|anything|documents?|something)){_IN_MAIL} {_ASKED}\Z"),
    Pattern(rf"\A(?:always )?ask (?:me |first |us )?before (?:you )?(?:attach|attaching|adding|sending) (?:a |any |an )*(?:{_FILES}|files?|anything|documents?|something){_IN_MAIL}{_END}"),
)  # fmt: skip
_COPY = r"(?:(?:cc|bcc)(?:'?(?:s|ing))?(?: (?:anyone|anybody|people|someone))?(?:(?:,| and| or|/|,? nor|\s&)\s?(?:no )?bcc)?|(?:blind )?(?:carbon )?copies|cc/bcc)(?: (?:fields?|lines?|headers?|recipients?))?"
_COPIED = (
    Pattern(rf"\A(?:no|zero|without) {_COPY}{_END}"),
    Pattern(rf"\A(?:the )?{_COPY} (?:(?:must |should |always |has to |have to )?(?:stays?|remains?|be|is|are|be left|is left|are left|left|kept)(?: always)? (?:empty|blank|unused|out)|{_FORBIDDEN}){_END}"),
    Pattern(rf"\A{_NO}(?: ever)? (?:(?:use|add|set|fill|put)(?: anyone| anybody| anything| people| someone| somebody)?(?: in| on| to| into)?(?: the)? )?(?P<verb>{_COPY})(?: (?:anyone|anybody|people|somebody|someone|others))?{_END}"),
    Pattern(rf"\Aleave (?:the )?{_COPY} (?:empty|blank|out){_END}"),
)  # fmt: skip
_COPIED_ASKED = (
    Pattern(rf"\A(?:adding (?:someone|somebody|anyone|anybody|people|a person|others|recipients?) (?:to|in|on|into) (?:the )?)?{_COPY}(?: additions?| changes?)? {_ASKED}\Z"),
    Pattern(rf"\A(?:always )?ask (?:me |first |us )?before (?:you )?(?:adding|add|using|use|set|setting)(?: (?:anyone|anybody|someone|somebody|people))?(?: to| in| on)? (?:the )?{_COPY}{_END}"),
)  # fmt: skip
_N = rf"(?P<n>\d+|{amounts.WORDS}|single)"
_PER = rf"(?: (?:per|for each|for every|in each|in every|each|in an?|in one|on each|on every|for one) (?:single )?{_MAIL})?"
_FEW = (
    Pattern(rf"\A(?:there (?:is|may be) |an? )?(?:exactly |only |just |always |never more than |no more than |at most |max(?:imum)?(?: of)? |up to |not more than )*{_N} (?:recipients?|addressees?|people|addresses)(?: (?:max|maximum|at most|only))?(?P<per>{_PER}){_END}"),
    Pattern(rf"\A(?:{_NO})(?: ever)? (?:put|add|use|have|send (?:an? |any )?(?:{_MAIL} )?to|address(?: an? {_MAIL})? to|mail|email|write to)(?: (?:more than|over)) {_N} (?:recipients?|addressees?|people|persons?|addresses)(?P<per>{_PER})(?: at once| at a time)?{_END}"),
    Pattern(rf"\A(?:no |every |each |an? |all )?{_MAIL} (?:has|have|goes? to|go out to|(?:must|may|can|should) (?:have|go to|only have)|with|is for|are sent to|is sent to)(?P<per> )(?:exactly |only |just |never more than |no more than |at most |more than |up to )*{_N} (?:recipients?|addressees?|people|persons?|addresses){_END}"),
)  # fmt: skip
_SENDING = r"\b(?:write|writes|written|e-?mails?|e-?mailed|mails?|mailed|messages?|dm|dms|contact(?:ed)?|send|sends|sending|sent|reach(?:ed)? out|recipients?|addressees?|newsletters?|text|texted)\b"
_PEOPLE = (
    r"(?:who(?:ever)?|somebody|someone|anyone|anybody|everyone|people|persons?|address(?:es)?|recipients?|addressees?|"
    r"contacts?|subscribers?|customers?|clients?|leads?|nobody|no one|those|members?|users?)"
)
_BEING = (
    r"(?:who|that|which|is|are|was|were|isn't|aren't|not|never|do|does|don't|doesn't|must|have|has|should|shall|to|be|been|"
    r"always|all|currently|already|also|no longer|an|any|the|listed|named|found|contained|appears?|mentioned|stands?|"
    r"addresses|address|entry|entries|those|whose|mails?|e-?mails?)"
)
_AT = re.compile(
    rf"\b(?P<who>{_PEOPLE})(?P<said>(?: {_BEING}){{0,6}}) (?P<in>in|on|from|outside(?: of)?|missing from|absent from)(?: (?:the|our|your|my))?(?: (?:list|file|contact list|allow-?list|block-?list|address book))?(?: in| at)? `?\Z"
)
_NOT_IN = re.compile(r"(?:\bnot\b|n't\b|\bnever\b|\bother than\b|\bno(?:t)? longer\b)")
_BUT = re.compile(r"\b(?:except|but|besides|apart from|other than)\b")
_OPEN = re.compile(
    r"\b(?:if|when|unless|until|without|before|after|first|between|during|about|data|content|details)\b"
)
_LEFT_OUT = re.compile(
    r"\W*(?:(?:are|is|gets?|must|may|should|shall|receives?|will|can) )?(?:never|not|no)\b"
)
_ONLY = re.compile(r"\b(?:only|exclusively|solely|nobody else|no one else)\b")
_MUST = re.compile(
    r"\b(?:must|has to|have to|should|shall|needs? to)(?: always| all)? (?:be|appear|stand|come|exist)\b"
)


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the rules about whom a mail goes to and what is attached."""
    if not _STEMS.within(reading.low) or reading.clause.kind == "table":
        return  # a cell without a verb may be about anything
    said = demand(reading).strip(" .!")
    if found := _on_list(said.lower()):
        yield found
        return
    for part in _clauses(said.lower()):
        yield from _of(part)


def _clauses(low: str) -> list[str]:
    parts = re.split(r"; |, (?=(?:no|never|and never|not) )|\. ", low)
    return [
        re.sub(r"\A(?:and |but )?(?:(?:you|i|we) )?", "", part.strip(" .!"))
        for part in parts
    ]


def _of(part: str) -> Iterator[Draft]:
    if any(frame.match(part) for frame in _ATTACHED):
        yield _mail(ATTACHED, "a mail with something attached", absent=["attachment"])
    elif any(frame.match(part) for frame in _ATTACHED_ASKED):
        yield _mail(ASK, "a mail with something attached", absent=["attachment"],
                    unmet="ask")  # fmt: skip
    elif any(frame.match(part) for frame in _COPIED):
        yield _mail(DENY, f"a mail with {_copies(part)}", absent=_copied(part))
    elif any(frame.match(part) for frame in _COPIED_ASKED):
        yield _mail(ASK, f"a mail with {_copies(part)}", absent=_copied(part),
                    unmet="ask")  # fmt: skip
    elif found := next(filter(None, (f.match(part) for f in _FEW)), None):
        yield from _few(found, part)


def _few(found: re.Match[str], part: str) -> Iterator[Draft]:
    most = 1 if found["n"] == "single" else amounts.whole(found["n"])
    if most is None or not re.search(r"mail|recipient|addressee", part):
        return
    many = "one recipient" if most == 1 else f"{most:g} recipients"
    yield _mail(COUNT, f"a mail to more than {many}", recipients=int(most))


def _copied(part: str) -> list[str]:
    plain = re.sub(r"\bbcc\b", "", part)
    names = [name for name, text in (("cc", plain), ("bcc", part)) if name in text]
    return names or ["cc", "bcc"]


def _copies(part: str) -> str:
    return " or ".join(name.upper() for name in _copied(part))


def _mail(family: str, what: str, **params: Any) -> Draft:
    does = "waits for a person" if "unmet" in params else "is refused"
    return Draft(
        family, Action.REQUIRE, (EffectKind.MAIL_SEND,), f"{what} {does}", params=params
    )


# -- people on a list -------------------------------------------------------------------


def _on_list(low: str) -> Draft | None:
    """``Never write to somebody who is in `no.csv```, ``only mail those in `ok.csv```."""
    files = [x for x in literals.find(low) if x.kind is Kind.PATH]
    if len(files) != 1 or not re.search(r"\.\w+\Z", files[0].text):
        return None
    head, tail = low[: files[0].start], low[files[0].end :]
    found = _AT.search(head)
    if not found or not re.search(_SENDING, low) or _OPEN.search(head):
        return None
    inside = not (
        _NOT_IN.search(found["said"]) or found["in"] not in ("in", "on", "from")
    )
    before = head[: found.end("who")]
    denied = bool(re.search(rf"\b{_NO}\b", before) or _LEFT_OUT.match(tail))
    only = bool(_ONLY.search(head) or _ONLY.search(tail[:12]))
    if denied and inside and _BUT.search(before):
        inside = False  # "to nobody but those in"
    if denied == only and not (not denied and _MUST.search(head)):
        return None
    return _listed(files[0].text, wanted=not inside if denied else True)


def _listed(file: str, *, wanted: bool) -> Draft:
    family, key = (ALLOW, "listed") if wanted else (DENY, "unlisted")
    said = f"mail to people who are {'not ' if wanted else ''}in {quoted([file])}"
    return _named(family, f"{said} is refused", {key: [file]})


def _named(family: str, meaning: str, params: dict[str, Any]) -> Draft:
    return Draft(
        family, Action.REQUIRE, (EffectKind.MAIL_SEND,), meaning, params=params
    )
