"""Recipients: who may get mail at all.

Takes::

    Never email anyone outside example.com.
    Only send mail to `boss@example.com` and `*@example.com`.
    Never email `press@example.com`.

Refuses recipients by name (``anyone other than Anna``): of these `named_recipients`
speaks.
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.called import RECEIVERS
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.frames import Frame
from soulguard.soul.literals import Kind, Literal, host
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading

FAMILY, BARRED = "recipient-allow", "recipient-deny"

ASK = "ask-external"

_CLOSED = ("no one else", "nobody else", "and no one else", "and nobody else")
_BUT = ("except", "other than", "but", "besides", "outside")
_MAILING = ("email", "mail", "e-mail", "send", "write", "reply", "forward")


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the recipient rule of a sentence."""
    for frame in reading.frames:
        if barred := _barred(frame):
            meaning = f"mail to {quoted(barred)} is refused"
            where = Where(hosts=barred)
            yield Draft(BARRED, Action.DENY, (EffectKind.MAIL_SEND,), meaning, where)
            return
        if asked := _asked(frame):
            meaning = f"mail to anyone but {quoted(asked)} waits for a person"
            where = Where(except_hosts=asked)
            yield Draft(ASK, Action.ASK, (EffectKind.MAIL_SEND,), meaning, where)
            return
        names = () if _at_times(frame, reading) else _names(frame)
        if not names or not _mails(frame):
            continue
        where = Where(except_hosts=names)
        meaning = f"mail to anyone but {quoted(names)} is refused"
        params = {"allow_list": True}
        yield Draft(
            FAMILY, Action.DENY, (EffectKind.MAIL_SEND,), meaning, where, params=params
        )
        return


def _at_times(frame: Frame, reading: Reading) -> bool:
    """``Price questions -> to Dana, and only her``: other mail goes to others."""
    ahead = reading.low.partition(frame.text[:12])[0] if frame.text else ""
    return any(mark in ahead for mark in ("\u2192", "->"))


def _names(frame: Frame) -> tuple[str, ...]:
    closed = frame.aside.startswith(_CLOSED) or frame.aside == "only"
    if frame.modality is Modality.NONE and closed and not frame.unknown:
        return _addresses(frame.literals)  # "To: a@example.com (no one else)"
    if frame.modality is Modality.ONLY:
        told = RECEIVERS & set(frame.words) and not frame.literals
        return _addresses(frame.aside_literals if told else frame.literals)
    if frame.modality is Modality.DENY and frame.outside:
        return _addresses(frame.except_literals)
    if frame.modality is Modality.DENY and frame.exception.startswith(_BUT):
        return _addresses(
            frame.aside_literals
        )  # "anyone except the CEO (a@example.com)"
    return ()


def _barred(frame: Frame) -> tuple[str, ...]:
    """``Never email bob@example.com``: those who get no mail."""
    denied = frame.modality is Modality.DENY and frame.firm and not frame.outside
    return _addresses(frame.literals) if denied and _mails(frame) else ()


def _asked(frame: Frame) -> tuple[str, ...]:
    """``Mail outside @example.com needs approval``: those inside need none."""
    asked = frame.modality is Modality.ASK and frame.outside and _mails(frame)
    return _addresses(frame.except_literals) if asked else ()


def _addresses(found: tuple[Literal, ...]) -> tuple[str, ...]:
    kinds = (Kind.MAIL, Kind.HOST)
    names = (
        _everyone(x.text.lower()) if "@" in x.text else host(x.text)
        for x in found
        if x.kind in kinds
    )
    return tuple(names)


def _everyone(address: str) -> str:
    """``@example.com`` is everyone there."""
    return f"*{address}" if address.startswith("@") else address


def _mails(frame: Frame) -> bool:
    if "mail" in frame.objs or RECEIVERS & set(frame.words):
        return True
    verb = frame.verb
    return any(verb.startswith(stem) for stem in _MAILING[:3]) or any(
        x.kind is Kind.MAIL for x in (*frame.literals, *frame.except_literals)
    )
