"""Recipients by name: who may be written to, where no address says who that is.

Takes::

    Never send messages to anyone other than Adam unless explicitly instructed.
    Only email the owner.
    Only send to notification email.
    Outgoing mail may only go to Anna and bob@example.com.

A guard sees addresses and no names, so every message waits for a person, who sees whom
it is for; an answer for always holds for the same recipients. Addresses that are named
beside need no answer. Refuses people of whom something more is said (``who opted in``,
``when she is back``), and talk that is no message (``only speak to``, ``only reply``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import literals
from soulguard.soul.demands import demand
from soulguard.soul.drafts import UNSAFE, Draft, World, quoted
from soulguard.soul.literals import Kind
from soulguard.soul.phrases import OUTSIDE_CALL
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern

FAMILY = "recipient-allow"

_MAIL = r"(?:e-?mails?|mails?|newsletters?|digests?|reports?)"
_THING = (
    rf"(?:{_MAIL}|messages?|dms?|texts?|sms|notifications?|updates?|alerts?|anything|"
    r"communications?|outreach|invit(?:es?|ations?))"
)
_ADJECTIVES = r"(?:(?:any|all|every|the|your|my|our|an?|outgoing|outbound|external|direct|private|daily|weekly) )*"
_TO_SEND = rf"(?:send|forward|deliver|address)(?: out)?(?: {_ADJECTIVES}{_THING}(?: (?:or|and) {_THING})?)? (?:only )?to"
_TO_WRITE = r"(?:e-?mail|mail|message|dm|text|contact|reach out to|cold-?email|initiate contact with)"
_WRITE = rf"(?:{_TO_SEND}|{_TO_WRITE})"
_ANYONE = (
    r"(?:anyone|anybody|any(?: \w+)? (?:recipients?|address(?:es)?|person|people|users?|contacts?)|"
    r"people|others|recipients|addresses|contacts|users)(?: else)?"
)
_BUT = r"(?:other than|but|except(?: for)?|besides|apart from|outside(?: of)?|who (?:is|are) not|not named)"
_UNLESS = (
    r"(?:,? (?P<unless>(?:unless|without|until|except when) (?:\w+ ){0,4}?(?:instruct\w*|ask\w*|told|"
    r"approv\w*|permission|authori[sz]\w*|request\w*|confirm\w*|consent|sign-?off)(?: to| so| otherwise| first)?))?"
)
_NAME = r"(?P<name>[\w@.{}$<>'` +/-]{2,80}?)"
_END = r"\W*\Z"
_NEVER = (
    r"(?:never|do not|don't|must not|must never|you (?:must )?never|cannot|may not|no)"
)
_FRAMES = (
    Pattern(rf"\A{_NEVER}(?: ever)? {_WRITE} {_ANYONE} {_BUT} {_NAME}{_UNLESS}{_END}"),
    Pattern(rf"\Ano {_ADJECTIVES}{_THING} to {_ANYONE} {_BUT} {_NAME}{_UNLESS}{_END}"),
    Pattern(rf"(?:\A|\(|[,;] )(?:you may |you can |i )?(?:only|exclusively)(?: ever)? {_WRITE} {_NAME}{_UNLESS}(?:\)|{_END})"),
    Pattern(rf"\Athe only (?:person|one|people|recipients?) (?:that |whom? )?(?:you|i) (?:may|can|should) (?:e-?mail|mail|message|dm|text|contact|write to) (?:is|are) {_NAME}{_END}"),
    Pattern(rf"\A(?:you may |you can )?{_TO_SEND.replace('(?:only )?to', 'only to')} {_NAME}{_UNLESS}{_END}"),
    Pattern(rf"\A{_ADJECTIVES}{_THING} (?:may|can|must|should|are to|is to)?(?: only)? ?(?:go|be sent|are sent|is sent|be addressed)(?: only)? to {_NAME}(?: only)?{_END}"),
)  # fmt: skip
_ONLY_MAIL = Pattern(rf"\b(?:{_MAIL}|e-?mail\w*)\b")
_MORE = re.compile(
    r"\b(?:who|whose|that|which|when|whenever|if|while|after|before|once|during|about|"
    r"regarding|on behalf|in|with|for|because|until|unless|without|directly|first|via|using|"
    r"through|list of|replies|are|is|be|folder|inbox|channels?|group)\b|[/:]"
)
"""What is said of people beside their names, and what is no person."""
_JOINTS = re.compile(
    r"\b(?:and|or|the|to|themselves|himself|herself|alone|people|anyone|addresses|recipients|users|at|on|domains?)\b|[,@]|\s+"
)
_GROUP = re.compile(r"\bcontact (?:with )?(?:anyone|anybody|people) outside\b")
"""Words for all that is external, of which another family speaks."""
_ROLES = re.compile(
    r"\b(?:owners?|users?|humans?|me|myself|boss|admins?|operators?|teams?|company|organi[sz]ation|"
    r"managers?|maintainers?|customers?|clients?|family|staff|colleagues|coworkers|employees|"
    r"contacts|subscribers?|members?|accounts?|partners?|stakeholders|reviewers?|lists?|"
    r"(?:notification|configured|verified|approved|allowed|known|registered|my|owner'?s?) (?:e-?mails?|address(?:es)?|recipients?|contacts?))\b"
    r"|[{<$]"
)
_PROPER = re.compile(r"\A\W*(?:the )?[A-Z][a-z]|[{<$]")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the questions about messages to others than those a sentence names."""
    said = demand(reading).strip(" .!")
    low = said.lower()
    if "only" not in low and not any(
        f" {w}" in low for w in ("any", "people", "other")
    ):
        return
    if _GROUP.search(low):
        return
    found = next(filter(None, (frame.search(low) for frame in _FRAMES)), None)
    if found is None or (_FRAMES[-1].match(low) and " only" not in low):
        return
    name = found["name"].replace("`", "").strip()
    sent = [x for x in literals.find(name) if x.kind in (Kind.MAIL, Kind.HOST)]
    left = _without(name, [x.text for x in sent])
    as_said = said[found.start("name") : found.end("name")]
    if not left or _MORE.search(left) or not _somebody(left, as_said):
        return  # all of them have addresses, or it says more than a guard can ask
    known = tuple(x.text.lower() for x in sent)
    yield from _drafts(found, known, world)


def _without(name: str, addresses: list[str]) -> str:
    for address in addresses:
        name = name.replace(address, " ")
    return _JOINTS.sub(" ", name).strip()


def _somebody(left: str, as_said: str) -> bool:
    """Whether a name is one: a role, a placeholder, or written with a capital letter."""
    return bool(_ROLES.search(left) or _PROPER.search(as_said))


def _drafts(
    found: re.Match[str], known: tuple[str, ...], world: World
) -> Iterator[Draft]:
    unless = found.groupdict().get("unless")
    params = {"approval": unless} if unless else {}
    but = f" but to {quoted(known)}" if known else ""
    mail, call = (EffectKind.MAIL_SEND,), (EffectKind.HTTP_CALL,)
    meaning = f"every mail{but} waits for a person, who sees whom it is for"
    where = Where(except_hosts=known)
    yield Draft(FAMILY, Action.ASK, mail, meaning, where, params=params)
    if known or _ONLY_MAIL.search(found[0]):
        return
    hosts = (*world.hosts("local"), *world.hosts("model-apis"))
    where = Where(methods=UNSAFE, except_hosts=hosts)
    meaning = f"{OUTSIDE_CALL} waits for a person"
    yield Draft(FAMILY, Action.ASK, call, meaning, where, params=params)
