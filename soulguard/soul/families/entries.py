"""Entries: what a service keeps for others, and which of it may be made or removed.

Takes::

    You can create and move calendar events, but not delete them.
    Create, edit or delete a calendar event: get an explicit yes.
    Never close Jira tickets.

An entry is known by the hosts of its service and the method: POST makes, PUT and PATCH
change, DELETE removes. Refuses entries of a service nobody named, and those that are
only read.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading

ASK, DENY = "ask-external", "external-deny"

_CALENDAR = ("www.googleapis.com", "calendar.googleapis.com", "graph.microsoft.com",
             "*.icloud.com", "*.fastmail.com")  # fmt: skip
_MAKE = r"(?:creat(?:e|es|ed|ing)|add(?:s|ed|ing)?|book(?:s|ed|ing)?|schedul(?:e|es|ed|ing)|mak(?:e|es|ing)|open(?:s|ed|ing)?|accept(?:s|ed|ing)?)"
_CHANGE = r"(?:edit(?:s|ed|ing)?|updat(?:e|es|ed|ing)|modif(?:y|ies|ied|ying)|mov(?:e|es|ed|ing)|chang(?:e|es|ed|ing)|reschedul(?:e|es|ed|ing)|alter(?:s|ed|ing)?|renam(?:e|es|ed|ing)|clos(?:e|es|ed|ing)|touch(?:es|ed|ing)?)"
_REMOVE = r"(?:delet(?:e|es|ed|ing)|remov(?:e|es|ed|ing)|cancel(?:s|led|ling|ed|ing)?|destroy(?:s|ed|ing)?|eras(?:e|es|ed|ing))"
_METHODS = (
    (re.compile(rf"\b{_MAKE}\b"), ("POST",)),
    (re.compile(rf"\b{_CHANGE}\b"), ("PUT", "PATCH")),
    (re.compile(rf"\b{_REMOVE}\b"), ("DELETE",)),
)
_KIND = r"(?:tickets?|issues?|events?|cards?|pages?|records?|contacts?|deals?|boards?|entries|rows?|invites?|appointments?|meetings?)"
_ENTRY = re.compile(rf"\b(?P<who>[A-Za-z]+)(?: API)? (?:{_KIND})\b")
_IN = re.compile(
    rf"\b{_KIND} (?:in|on|from|to|via|through) (?:the |my |our |your )?(?P<who>calendars?|[A-Z][A-Za-z]+(?: [A-Z][a-z]+)?)\b"
)
_OPEN = re.compile(
    r"\b(?:if|when|unless|except|only|while|without telling|more than|older|outside|yourself|longer|shorter|duplicate|twice|overlapping|with|without|(?<=s )(?:that|which|who))\b"
)
_VERB = rf"(?:{_MAKE}|{_CHANGE}|{_REMOVE})"
_DONE = re.compile(
    rf"\b(?P<verbs>{_VERB}(?:(?:, (?:and |or )?| and | or | nor |/){_VERB})*) "
    r"(?:(?:an?|the|any|new|existing|my|your|his|her|our|their|all|other|google|outlook|people's|someone's) )*"
    rf"(?:them|it|those|these|calendar|{_KIND}|\w+ {_KIND})\b|"
    rf"\b(?:be|is|are|been|get) (?P<done>{_VERB}(?:(?:, | and | or ){_VERB})*)\b"
)
"""Verbs with an entry as their object, or done to one."""
_NOT = re.compile(
    r"\b(?:but (?:never|not|do not|don't)|never|do not|don't|must not|cannot|can't|may not|not allowed to|no)\b(?P<rest>.*)"
)
_YES = re.compile(
    r"\b(?:ask|approval|confirm\w*|explicit [\"']?yes|a [\"']?yes|permission|say-so|sign-off|\bok\b|okay|go-ahead)\b"
)


@dataclass(frozen=True, slots=True)
class _Said:
    """The methods a sentence forbids or asks for, and of what."""

    action: Action
    methods: tuple[str, ...]


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the rule about the entries of a service."""
    if reading.methods or _OPEN.search(reading.low):
        return
    found = (f.finditer(reading.plain) for f in (_ENTRY, _IN))
    names = (each["who"].lower() for each in itertools.chain.from_iterable(found))
    hosts = next(filter(None, (_hosts(name, world) for name in names)), ())
    said = _said(reading) if hosts else None
    if said is None or not said.methods:
        return
    paths = ("/calendar/**", "/**/events", "/**/events/**")
    where = Where(
        hosts=hosts, methods=said.methods,
        url_paths=paths if hosts == _CALENDAR else (),
    )  # fmt: skip
    asks = said.action is Action.ASK
    does = "wait for a person" if asks else "are refused"
    what = "calendars" if hosts == _CALENDAR else quoted(hosts)
    meaning = f"{quoted(said.methods)} calls to {what} {does}"
    family = ASK if asks else DENY
    yield Draft(family, said.action, (EffectKind.HTTP_CALL,), meaning, where)


def _hosts(name: str, world: World) -> tuple[str, ...]:
    return _CALENDAR if name.startswith("calendar") else world.service(name)


def _said(reading: Reading) -> _Said | None:
    low = reading.low
    if asked := _YES.search(low):
        above = reading.above in (Modality.NONE, Modality.ASK, Modality.MUST)
        asks = any(f.modality is Modality.ASK for f in reading.frames)
        named = _methods(low[: asked.start()]) or _methods(low[asked.end() :])
        head = (
            low[: asked.start()]
            .rstrip()
            .endswith((":", "get an", "get", "get a", "wait for", "wait for an"))
        )
        return _Said(Action.ASK, named) if above and (asks or head) else None
    if reading.above is Modality.ASK:
        return _Said(Action.ASK, _methods(low))
    if denied := _NOT.search(reading.said):
        return _Said(Action.DENY, _methods(denied["rest"]))
    return None


def _methods(said: str) -> tuple[str, ...]:
    return tuple(
        m for pattern, names in _METHODS if pattern.search(said) for m in names
    )
