"""Owns reading a ``call.begin``: the call with everything that is known of it at once.

Nothing is decided or written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from soulguard.effects import carriers, mail, secrecy
from soulguard.effects.fingerprint import Fingerprint, fingerprint
from soulguard.model import Action, Effect, EffectKind, EffectRecord, Judgement, Rule
from soulguard.model.call import Call
from soulguard.model.provider import Provider
from soulguard.policy.contacts import OVERRIDES
from soulguard.policy.stricter import STRICTNESS
from soulguard.supervisor.broker import Message, Peer
from soulguard.supervisor.deed import Deed
from soulguard.supervisor.drawn import Drawn
from soulguard.supervisor.facts import Facts
from soulguard.supervisor.session import Session
from soulguard.supervisor.spools import Spooled, Spools

_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
"""Methods that ask for nothing to happen (RFC 9110 section 9.2.1)."""


@dataclass(slots=True)
class Asked:
    """One call that somebody asks for, before the record is looked at.

    `key` is the one the caller or its SDK put into it. `large` says that the body was
    too large to travel: only its digest is known here, and it is in `spool` unless it
    is over the cap. `size` is the body's, wherever it is.
    `target` is the URL as it may be shown and kept. `exchange` says that it trades
    credentials for a token. `deed` is what the rules look at (`call_deeds` makes it).
    `record` is the effect that the call is another try of, None for a new one.
    """

    peer: Peer
    call: Call
    effect: Effect
    prints: Fingerprint
    provider: Provider
    inference: bool
    judgement: Judgement
    key: str
    large: bool
    target: str
    exchange: bool
    size: int
    spool: Spooled | None = None
    deed: Deed | None = None
    record: EffectRecord | None = None

    @property
    def value(self) -> Any:
        """The body as JSON values, None where it is only bytes."""
        return self.prints.value

    @property
    def kind(self) -> EffectKind:
        """Whether it is an HTTP call or a mail."""
        return self.effect.kind

    @property
    def safe(self) -> bool:
        """Whether the call changes nothing: it is neither recorded nor replayed."""
        return self.call.method in _SAFE

    @property
    def slot(self) -> str:
        """The place the effect stands at."""
        return self.call.slot

    @property
    def words(self) -> str:
        """The call in words, for messages."""
        if self.kind is EffectKind.MAIL_SEND:
            return f"send a mail to {self.effect.target}"
        return f"send {self.call.method} {self.target}"

    def duty(self, action: Action) -> Rule | None:
        """Give the most specific rule of an action that binds this call, if any."""
        return next((r for r in self.judgement.duties if r.action is action), None)


class Reader:
    """Reads the questions of one attempt."""

    def __init__(self, session: Session, facts: Facts, spools: Spools) -> None:
        self._session = session
        self._spools = spools
        self._facts = facts
        self._drawn = Drawn()

    def read(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Asked:
        """Read the message and ask the policy about it."""
        session, call = self._session, self._call(message, blobs)
        size = int(message["size"]) if "digest" in message else len(call.body)
        prints, effect = fingerprint(call, session.run.secret), _effect(call, size)
        is_mail = effect.kind is EffectKind.MAIL_SEND
        provider = mail.SMTP if is_mail else self._facts.providers.of(call)
        return Asked(
            peer=peer,
            call=call,
            effect=effect,
            prints=prints,
            provider=provider,
            inference=self._facts.inference.owns(call),
            judgement=_judged(session, call, effect),
            key=carriers.existing(provider, call, prints.value),
            large="digest" in message,
            target=secrecy.url(call),
            exchange=secrecy.is_exchange(call, prints.value),
            size=size,
            spool=self._spools.named(message),
        )

    def _call(self, message: Message, blobs: Sequence[bytes]) -> Call:
        self._drawn.remember(message.get("drawn", ()))
        # of a body too large to travel, the digest is what tells it from another
        body = bytes(blobs[0]) if blobs else str(message.get("digest", "")).encode()
        url = str(message["url"])
        return Call(
            method=str(message["method"]).upper(),
            url=url,
            headers=tuple((str(n), str(v)) for n, v in message["headers"]),
            body=body,
            client=str(message.get("client", "")),
            name=str(message.get("name", "")),
            drawn=self._drawn.among(url, body),
            at=self._session.clock(),
        )


def _judged(session: Session, call: Call, effect: Effect) -> Judgement:
    """Ask the policy about a call, and about the method its headers put in place."""
    said = session.engine.judge(effect)
    named = (call.header(name).strip().upper() for name in OVERRIDES)
    for method in {m for m in named if m not in ("", call.method)}:
        other = session.engine.judge(replace(effect, method=method))
        if STRICTNESS.index(other.verdict) > STRICTNESS.index(said.verdict):
            said = replace(other, duties=said.duties)
    return said


def _effect(call: Call, size: int) -> Effect:
    if call.method == mail.METHOD:
        people = call.split.path.replace(",", ", ")
        return Effect(EffectKind.MAIL_SEND, people, size=size)
    return Effect(
        kind=EffectKind.HTTP_CALL,
        target=call.url,
        method=call.method,
        host=call.host,
        size=size,
    )
