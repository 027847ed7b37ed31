"""Owns describing calls to the rules: in words, and with the body they send.

Nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from urllib.parse import parse_qsl

from soulguard.effects import mail, messages, secrecy
from soulguard.model import EffectKind
from soulguard.policy.carried import Fields
from soulguard.supervisor.asked import Asked
from soulguard.supervisor.deed import Deed, counted, readable

_NUMBERED = re.compile(r"(?<=/)(?=[^/]*\d)[\w.~%-]*(?=/|$)|(?<=/)[0-9a-f-]{32,}(?=/|$)")
_CREDENTIAL = re.compile(
    r"(?i)key|token|auth|secret|pass|cred|sig|cookie|session|dsn|app_?id|^code$|^hash$"
)
"""Names of fields and headers that hold a service's own credential."""
_SEARCHED = 64 * 1024 * 1024
"""Bytes of a body that rules about secrets search while everybody waits."""
_VERSION = re.compile(r"v\d+(?:\.\d+)?|\d{4}-\d\d-\d\d")


def describe(asked: Asked, attempt: int = 0) -> Deed:
    """Give the deed of a call; `attempt` is the one that asks."""
    if asked.deed is None:
        asked.deed = _deed(asked)
    if asked.record is None:
        return asked.deed
    again = asked.prints.exact
    return replace(asked.deed, again=again, counted=counted(asked.record, attempt))


def _deed(asked: Asked) -> Deed:
    return Deed(
        asked.effect, asked.judgement, asked.words, place(asked.slot),
        shown=lambda: _text(asked), who=_people(asked),
        # headers and dates differ each time the same call is made
        identity=lambda: asked.prints.exact,
        content=_content(asked), size=asked.size,
        beside=lambda: _beside(asked),
        message=lambda: messages.text(asked.call, asked.value, large=asked.large),
        thread=lambda: messages.thread(asked.call, asked.value),
        fields=lambda: _fields(asked),
        error="denied-call", instead="go on without this call", target=asked.target,
    )  # fmt: skip


def _content(asked: Asked) -> Callable[[], Iterable[bytes]] | None:
    """Give the bytes that would be sent, None where there are too many to search."""
    if asked.exchange:
        return lambda: ()
    if asked.spool is not None and asked.spool.size <= _SEARCHED:
        blocks = asked.spool.blocks
        if asked.kind is not EffectKind.MAIL_SEND:
            return blocks
        return lambda: _mail(b"".join(blocks()))
    if asked.large:
        return None
    body = asked.call.body
    if asked.kind is EffectKind.MAIL_SEND:
        return lambda: _mail(body)
    return lambda: (body,)


def _fields(asked: Asked) -> Fields | None:
    """Give the fields of a call, or the headers of a mail and what is attached."""
    if asked.kind is not EffectKind.MAIL_SEND:
        return messages.named(asked.call, asked.value, large=asked.large)
    if not asked.large:
        return mail.fields(asked.call.body, _people(asked))
    if asked.spool is None or asked.spool.size > _SEARCHED:
        return None
    return mail.fields(b"".join(asked.spool.blocks()), _people(asked))


def _mail(body: bytes) -> Iterator[bytes]:
    """Give a mail as it is sent and as it is read: nothing hides in an encoding."""
    yield body
    yield from mail.contents(body)


def _beside(asked: Asked) -> str:
    """Give what a call says in its query and headers, without what is a credential there.

    Paths are left out: services have their keys in them (chat bots, incoming hooks).
    """
    if asked.exchange:
        return ""
    fields = parse_qsl(asked.call.split.query, keep_blank_values=True)
    said = (*fields, *asked.call.headers)
    return "\n".join(value for name, value in said if not _CREDENTIAL.search(name))


def _people(asked: Asked) -> tuple[str, ...]:
    if asked.kind is not EffectKind.MAIL_SEND:
        return ()
    return tuple(asked.effect.target.split(", "))


@lru_cache(256)
def place(slot: str) -> str:
    """Give the target an approval holds for: path segments that are ids are left out."""
    method, _, path = slot.partition(" ")
    return f"{method} {_NUMBERED.sub(_masked, path)}"


def _masked(found: re.Match[str]) -> str:
    text = found.group()
    return text if _VERSION.fullmatch(text) else "*"


def _text(asked: Asked) -> str:
    """Give all that would be sent, without credentials."""
    call = asked.call
    lines = [f"{call.method} {asked.target}"]
    lines += [f"{name}: {value}" for name, value in secrecy.headers(call.headers)]
    if asked.large:
        return "\n".join((*lines, "", f"a body of sha256 {call.body.decode()}"))
    kept = secrecy.body(call, asked.value)
    body = call.body if kept is None else kept
    return "\n".join((*lines, "", readable(body, len(body))))
