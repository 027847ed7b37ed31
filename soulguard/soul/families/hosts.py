"""Hosts and methods: which hosts may be called, and how.

Takes::

    Never call `api.stripe.com`.
    Only call `api.example.com` and `*.internal.example.com`.
    Read-only access to api.github.com.
    Use GET only.
    Never POST to production.example.com.
    Do not scrape LinkedIn.

A named service stands for its domains (policies/classes.yaml). Refuses hosts nobody can
name (``your allowed domains``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.drafts import UNSAFE, Draft, World, quoted
from soulguard.soul.frames import Frame
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading

ALLOW, DENY, METHOD = "host-allow", "host-deny", "http-method"

_CALL = (EffectKind.HTTP_CALL,)
_CALLING = frozenset(("call", "read", "run", "send", "upload", "post"))
_METHODS = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b")
_HTTP = re.compile(
    r"(?i:https?|\b(?:requests?|calls?|methods?|endpoints?|apis?|verbs?)\b)|"
    r"\b(?:GET|POST|PUT|PATCH|DELETE)s? (?:only|to|from|or|and|/)|only (?:GET|HEAD)"
)
_SAFE = ("GET", "HEAD", "OPTIONS")
_ALL = (*_SAFE, *UNSAFE)


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the host and method rules of a sentence."""
    methods = tuple(dict.fromkeys(_METHODS.findall(reading.plain)))
    if not _HTTP.search(reading.plain):
        methods = ()
    for frame in reading.frames:
        if frame.counter:
            continue
        draft = _methods(frame, reading, world, methods) or _hosts(frame, world)
        if draft:
            yield draft
            return


def _methods(
    frame: Frame, reading: Reading, world: World, methods: tuple[str, ...]
) -> Draft | None:
    hosts = _named(frame, world)
    read_only = "read-only" in reading.low and bool(hosts)
    if read_only:
        where = Where(hosts=hosts, methods=UNSAFE)
        meaning = f"calls to {quoted(hosts)} that are not {quoted(_SAFE)} are refused"
        return Draft(METHOD, Action.DENY, _CALL, meaning, where)
    if not methods or frame.exception or frame.condition:
        return None
    if frame.modality is Modality.ONLY and set(methods) <= set(_SAFE):
        refused = tuple(m for m in _ALL if m not in methods and m not in _SAFE[1:])
        where = Where(hosts=hosts, methods=refused)
        meaning = f"calls other than {quoted(methods)} are refused"
        return Draft(METHOD, Action.DENY, _CALL, meaning, where)
    if frame.modality in (Modality.DENY, Modality.ASK) and not frame.paths:
        action = Action.DENY if frame.modality is Modality.DENY else Action.ASK
        says = "are refused" if action is Action.DENY else "wait for a person"
        where = Where(hosts=hosts, methods=methods)
        meaning = f"{quoted(methods)} calls to {quoted(hosts) or 'any host'} {says}"
        return Draft(METHOD, action, _CALL, meaning, where)
    return None


def _hosts(frame: Frame, world: World) -> Draft | None:
    hosts = _named(frame, world)
    if not hosts or not frame.acts & _CALLING:
        return None
    if frame.modality is Modality.ONLY and not frame.unknown:
        where = Where(except_hosts=(*hosts, *world.hosts("local")))
        meaning = f"calls to hosts other than {quoted(hosts)} are refused"
        return Draft(
            ALLOW, Action.DENY, _CALL, meaning, where, params={"allow_list": True}
        )
    if frame.modality not in (Modality.DENY, Modality.ASK):
        return None
    if frame.modality is Modality.DENY and (frame.exception or frame.condition):
        return None
    if not frame.hosts and frame.unknown:
        return None
    action = Action.DENY if frame.modality is Modality.DENY else Action.ASK
    says = "are refused" if action is Action.DENY else "wait for a person"
    methods = UNSAFE if frame.acts & {"send", "post", "upload"} else ()
    meaning = f"calls to {quoted(hosts)} {says}"
    where = Where(hosts=hosts, methods=methods)
    return Draft(DENY, action, _CALL, meaning, where)


def _named(frame: Frame, world: World) -> tuple[str, ...]:
    found = list(frame.hosts)
    for word in (*frame.words, *frame.unknown):
        found += world.service(word)
    return tuple(dict.fromkeys(found))
