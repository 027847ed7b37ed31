"""Carrying: the fields and headers that a mail or a request must come with.

Takes::

    Every email must have a subject and the `List-Unsubscribe` header.
    Send the `User-Agent: scout/1.0` header with every request.
    An order without `client_order_id` must not be sent.
    Every posting must state `cost_center`, `vat_code` and `approver`.
    Subject starts with "[scout]".

A request of a kind (orders, postings) is known by the path it goes to. Refuses parts that
are no fields (``a greeting``), what holds at times (``if``, ``where needed``), one of
several, and fields of what is no call (records, files, commits).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.demands import demand
from soulguard.soul.drafts import UNSAFE, Draft, World, quoted
from soulguard.soul.phrases import CALL
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, Stems, wording

FAMILY = "param-required"

_STEMS = Stems(("`", "_", "subject", "header", "-"))
_KINDS = (
    "order", "posting", "booking", "payment", "charge", "transfer", "payout", "refund",
    "transaction", "purchase", "invoice", "ticket", "webhook", "submission",
)  # fmt: skip
_MAIL = r"(?:(?:e-?)?mails?|messages? by (?:e-?)?mail|newsletters?)"
_REQUEST = (
    r"(?:(?:api |http |https |web |rest |json )*(?:requests?|calls?)|"
    r"(?:POST|PUT|PATCH|post|put|patch)(?: (?:requests?|calls?|bod(?:y|ies)|payloads?))|"
    r"(?:requests?|api) (?:bod(?:y|ies)|payloads?))"
)
_KIND = rf"(?:{'|'.join(_KINDS)})s?"
_THING = (
    rf"(?:(?:single|outgoing|outbound|new|one|external|sent) )*(?P<thing>{_MAIL}|{_REQUEST}|"
    rf"{_KIND}(?: (?:requests?|calls?|mails?))?)"
    r"(?: (?:(?:that )?(?:you|we|i) (?:send|make|place|post|create)|sent(?: out)?|made|placed))?"
)
_EVERY = r"(?:every|each|all|any|the|an?)"
_MUST = r"(?:must|should|shall|has to|have to|needs? to|is to|are to)(?: always)?"
_HAVE = r"(?:include|carry|contain|have|bear|state|name|specify|provide|come with|be sent with|go out with|set|list|give)"
_HAS = r"(?:includes?|carries|carry|contains?|has|have|bears?|states?|names?|specif(?:ies|y)|comes? with|needs?|requires?|goes out with|gets?|sets?)"
_GIVE = r"(?:always )?(?:send|include|set|add|put|pass|attach|give|use|provide|specify)"
_NEVER = r"(?:never|do not|don't|must not|must never|you must not|may not)"
_BARRED = (
    r"(?:(?:must|may|should|shall|can|will) (?:not|never) (?:be )?(?:sent|made|placed|posted|go out|leave|submitted|booked)|"
    r"(?:is|are) (?:not (?:sent|made|placed|accepted)|forbidden|not allowed|prohibited|refused|rejected|banned|never (?:sent|allowed|ok|okay))|"
    r"(?:get|gets) (?:rejected|refused))"
)
_END = r"(?P<rest>[\s.!)\"']*\Z|[.;!\u2014(] .*|\s-\s.*)"
_PARTS = r"(?P<parts>.+?)"
_FRAMES = (
    Pattern(rf"(?i)\A{_EVERY} {_THING} {_MUST} {_HAVE} {_PARTS}{_END}"),
    Pattern(rf"(?i)\A(?:every|each|all|any) {_THING} {_HAS} {_PARTS}{_END}"),
    Pattern(rf"(?i)\A{_THING} {_MUST} {_HAVE} {_PARTS}{_END}"),
    Pattern(rf"(?i)\A(?:{_EVERY} )?{_THING} without {_PARTS} {_BARRED}{_END}"),
    Pattern(rf"(?i)\Ano {_THING} (?:(?:is|are) (?:sent|made|placed) |goes out |go out |leaves )?without {_PARTS}{_END}"),
    Pattern(rf"(?i)\A{_NEVER} (?:send|make|place|post|create|submit|call|book|issue) (?:an? |any )?{_THING} without {_PARTS}{_END}"),
    Pattern(rf"(?i)\A{_GIVE} {_PARTS} (?:with|on|in|to|for) (?:every|each|all|any) {_THING}{_END}"),
    Pattern(rf"(?i)\A(?:[a-z ]{{2,30}}: )?{_PARTS} (?:on|with|in) (?:every|each|all) {_THING}{_END}"),
    Pattern(rf"(?i)\A{_PARTS} (?:is|are) (?:required|mandatory|obligatory) (?:on|in|for|with) (?:every|each|all|any) {_THING}{_END}"),
)  # fmt: skip
_SUBJECT = Pattern(
    r"(?i)\A(?:(?:the|every|each|all|any|your|its|e-?mail|mail) )*subject(?:s| lines?)?(?: (?:of (?:every|each|all|the) (?:e-?)?mails?))? "
    rf"(?:{_MUST} |always )?(?:starts?|begins?|is prefixed|are prefixed|be prefixed|prefixed) with "
    r"(?:the )?(?:prefix |tag |string |text )?(?P<quote>[\"'`])(?P<text>[^\"'`]{1,60})(?P=quote)\W*\Z"
)
_PREFIXED = Pattern(
    r"(?i)\A(?:always )?(?:prefix|start|begin) (?:every|each|all|the|any) (?:(?:e-?)?mails? )?subjects?(?: lines?)? with "
    r"(?:the )?(?:prefix |tag |string |text )?(?P<quote>[\"'`])(?P<text>[^\"'`]{1,60})(?P=quote)\W*\Z"
)
_PART = re.compile(
    r"(?:(?i:an?|the|its|own|valid|unique|non-empty|explicit|meaningful|clear|proper|correct)\s)*"
    r"(?P<noun>(?i:http |request |mail )?(?i:headers?|fields?|parameters?|params?|keys?|property) )?"
    r"(?:`(?P<code>[A-Za-z_][\w.-]*)(?:: (?P<value>[^`]+))?`|(?P<snake>[a-z]+(?:_[a-z0-9]+)+)|"
    r"(?P<camel>[a-z]+(?:[A-Z][a-z0-9]*)+)|(?P<header>[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+)|"
    r"(?P<bare>[A-Z][a-z]+)(?= header)|(?P<subject>subject))"
    r"(?P<after> (?:headers?|fields?|parameters?|params?|keys?|lines?|property))?\Z"
)
_JOINT = re.compile(r",? (?i:and|plus|as well as|\+|&) |, ")
_OPEN = wording(
    r"\b(?:if|when|whenever|where|unless|except|or|either|ideally|optionally|usually|try|prefer|"
    r"until|first|while|once|in case)\b"
)
_WRITING = ("POST", "PUT", "PATCH")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the rules about what a mail or a request carries."""
    low = reading.low
    if not _STEMS.within(low) or "idempoten" in low:
        return
    for said in _sentences(demand(reading)):
        begun = _SUBJECT.match(_lowered(said)) or _PREFIXED.match(_lowered(said))
        if begun:
            at = begun.start("text")
            yield _beginning(said[at : at + len(begun["text"])])
            continue
        found = next(filter(None, (f.match(_lowered(said)) for f in _FRAMES)), None)
        if found is None or _OPEN.search(said.lower()):
            continue
        parts = _parts(said[found.start("parts") : found.end("parts")])
        yield from _drafts(found["thing"].lower(), parts, world)


def _sentences(said: str) -> list[str]:
    return [part.strip() for part in said.split("; ") if part.strip()]


def _lowered(said: str) -> str:
    """Give a text whose first letter says nothing: it begins a sentence."""
    return said[:1].lower() + said[1:]


def _beginning(text: str) -> Draft:
    meaning = f"a mail whose subject does not begin with `{text}` is refused"
    params = {"begins": {"subject": text}}
    return Draft(
        FAMILY, Action.REQUIRE, (EffectKind.MAIL_SEND,), meaning, params=params
    )


def _parts(said: str) -> dict[str, str] | None:
    """Give the fields a text lists, with their values; None where one is no field."""
    found: dict[str, str] = {}
    for part in _JOINT.split(said.strip(" :.")):
        named = _PART.fullmatch(part.strip())
        if named is None:
            return None
        groups = named.groupdict()
        name = next(groups[n] for n in _NAMES if groups[n])
        found[name.split(".")[-1]] = groups["value"] or ""
    return found


_NAMES = ("code", "snake", "camel", "header", "bare", "subject")


def _drafts(thing: str, parts: dict[str, str] | None, world: World) -> Iterator[Draft]:
    mailed = "mail" in thing or thing.startswith("newsletter")
    if not parts or ("subject" in parts and not mailed):
        return
    kinds = (EffectKind.MAIL_SEND,) if mailed else (EffectKind.HTTP_CALL,)
    where, what = (Where(), "a mail") if mailed else _calls(thing, parts, world)
    for params, said in _required(parts):
        meaning = f"{what} without {said} is refused"
        yield Draft(FAMILY, Action.REQUIRE, kinds, meaning, where, params=params)


def _required(parts: dict[str, str]) -> Iterator[tuple[dict[str, Any], str]]:
    plain = [name for name, value in parts.items() if not value]
    valued = {name: value for name, value in parts.items() if value}
    if plain:
        yield {"fields": plain}, quoted(plain)
    if valued:
        told = (f"{name}: {value}" for name, value in valued.items())
        yield {"values": valued}, quoted(told)


def _calls(thing: str, parts: dict[str, str], world: World) -> tuple[Where, str]:
    near = (*world.hosts("local"), *world.hosts("model-apis"))
    kind = next((k for k in _KINDS if k in thing), "")
    if kind:
        paths = (f"/**/*{kind}*", f"/**/*{kind}*/**")
        where = Where(methods=_WRITING, url_paths=paths, except_hosts=near)
        return where, f"a POST, PUT or PATCH call with `{kind}` in its path"
    method = next((m for m in _WRITING if thing.startswith(m.lower())), "")
    if method:
        where = Where(methods=(method,), except_hosts=near)
        return where, f"a {method} call to an outside host"
    headers = all(_is_header(name) for name in parts)
    if headers:
        return Where(except_hosts=near), "a call to an outside host"
    return Where(methods=UNSAFE, except_hosts=near), f"a {CALL} to an outside host"


def _is_header(name: str) -> bool:
    return "-" in name or name[:1].isupper()
