"""Owns what came of a call: ``call.end``, and calls whose sender went away.

Classifies, writes the outcome, and hands open and failed effects to `matching`, where
their retry finds them. Nothing here lets a call go out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from soulguard.effects import carriers, replies, secrecy
from soulguard.effects.replies import Outcome, Reply
from soulguard.effects.usage import usage
from soulguard.model import Decision, EffectRecord, EffectState, EventType, Verdict
from soulguard.supervisor.asked import Asked
from soulguard.supervisor.broker import Answer, Message, Peer
from soulguard.supervisor.facts import Facts
from soulguard.supervisor.matching import Matching
from soulguard.supervisor.session import Session
from soulguard.supervisor.spools import Spools

_STATES = {
    Outcome.DONE: (EffectState.DONE, EventType.EFFECT_DONE),
    Outcome.HAPPENED: (EffectState.DONE, EventType.EFFECT_DONE),
    Outcome.REJECTED: (EffectState.FAILED, EventType.EFFECT_FAILED),
    Outcome.NOT_PROCESSED: (EffectState.FAILED, EventType.EFFECT_FAILED),
    Outcome.IN_FLIGHT: (EffectState.IN_DOUBT, EventType.EFFECT_IN_DOUBT),
    Outcome.DIFFERS: (EffectState.IN_DOUBT, EventType.DIVERGENCE),
    Outcome.UNKNOWN: (EffectState.IN_DOUBT, EventType.EFFECT_IN_DOUBT),
}
_AT_THE_DOOR = frozenset({401, 403, 407})
"""Rejections of whoever asks, made before a service looks at what is asked."""
_WAITS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0)
"""Seconds between the questions while the service still works on an earlier copy."""


@dataclass(slots=True)
class _Flight:
    """A call that is at work right now, and what its sender said of it.

    `doubt` says that an earlier copy of it may have happened.
    """

    peer: Peer
    record: EffectRecord
    target: str
    provider: str
    inference: bool = False
    doubt: bool = False


class Outcomes:
    """The calls that are at work in this attempt, and what becomes of them."""

    def __init__(
        self, session: Session, facts: Facts, matching: Matching, spools: Spools
    ) -> None:
        self._session = session
        self._spools = spools
        self._facts = facts
        self._matching = matching
        self._flying: dict[int, _Flight] = {}
        self._waited: dict[int, int] = {}

    def begun(self, asked: Asked, record: EffectRecord, *, doubt: bool = False) -> None:
        """Keep a call that is allowed to go out as being at work."""
        self._flying[record.id] = _Flight(
            asked.peer, record, asked.target, asked.provider.id, asked.inference, doubt
        )
        self._session.otherwise(partial(self._flying.pop, record.id, None))

    def flying(self, effect_id: int) -> bool:
        """Whether the call is at work right now."""
        return effect_id in self._flying

    def gone(self, peer: Peer) -> None:
        """Take the calls of a connection that ended as open: they may have happened."""
        for effect_id in [i for i, f in self._flying.items() if f.peer is peer]:
            reply = Reply(
                Outcome.UNKNOWN, "its process ended before it told the outcome"
            )
            flight = self._flying.pop(effect_id)
            self._airborne_again(flight)
            self._settle(flight, reply, {}, b"")

    def ended(self) -> None:
        """Take every call that is still at work at the end of the attempt as open."""
        for effect_id in list(self._flying):
            reply = Reply(
                Outcome.UNKNOWN, "the attempt ended before its outcome was told"
            )
            self._settle(self._flying.pop(effect_id), reply, {}, b"")

    def end(
        self, peer: Peer, message: Message, blobs: Sequence[bytes]
    ) -> Answer | None:
        """Write down what came of a call; answers only where the door asked."""
        flight = self._flying.pop(int(message["effect"]), None)
        if flight is None:
            flight = self._landed(peer, int(message["effect"]))
        else:
            self._airborne_again(flight)
        if flight is None:
            answer = Answer(Decision(Verdict.ALLOW, "no such effect"))
        else:
            body = self._spools.readable(message, blobs)
            reply = self._read(flight, message, body)
            self._settle(flight, reply, message, body)
            answer = self._answer(flight, reply)
        # a door that goes on without us gets no reply: nobody would read it
        return answer if message.get("wait") else None

    def _airborne_again(self, flight: _Flight) -> None:
        """Have a call at work again if its outcome cannot be recorded now."""
        undo = partial(self._flying.__setitem__, flight.record.id, flight)
        self._session.otherwise(undo)

    # -- reading -----------------------------------------------------------------------

    def _read(self, flight: _Flight, message: Message, body: bytes) -> Reply:
        """Say what the end of a call means for its effect.

        INVARIANT: that a copy was turned away at the door says nothing of an earlier
        copy, which may have happened.
        """
        reply = self._said(flight, message, body)
        turned_away = reply.outcome is Outcome.NOT_PROCESSED or (
            reply.outcome is Outcome.REJECTED and message.get("status") in _AT_THE_DOOR
        )
        if flight.doubt and turned_away and not reply.replayed:
            why = f"{reply.reason}; an earlier copy may have happened"
            return Reply(Outcome.UNKNOWN, why)
        return reply

    def _said(self, flight: _Flight, message: Message, body: bytes) -> Reply:
        error = message.get("error")
        if error and not message.get("sent", True):
            return Reply(Outcome.NOT_PROCESSED, f"{error}: nothing was sent")
        if error:
            return Reply(Outcome.UNKNOWN, f"{error}: it may have happened")
        provider = self._facts.providers.named(flight.provider)
        headers = message.get("headers", ())
        keyed = bool(flight.record.key)
        return replies.classify(
            provider, int(message["status"]), headers, body, keyed=keyed
        )

    def _landed(self, peer: Peer, effect_id: int) -> _Flight | None:
        """Find a call that was taken as open before its late outcome came in."""
        record = self._session.ledger.effect(effect_id)
        if record is None or record.state is not EffectState.IN_DOUBT:
            return None
        self._matching.close(record)
        provider = str(record.intent.get("provider", ""))
        return _Flight(peer, record, str(record.intent.get("url", "")), provider)

    # -- writing -----------------------------------------------------------------------

    def _settle(
        self, flight: _Flight, reply: Reply, message: Message, body: bytes
    ) -> None:
        session, record = self._session, flight.record
        state, event = _STATES[reply.outcome]
        protection = record.protection
        if record.key and (reply.replayed or reply.outcome is Outcome.IN_FLIGHT):
            # only a service that looks keys up can say this
            protection = carriers.HONOURED
        session.ledger.begin()
        changes: dict[str, Any] = {
            "state": state,
            "result": self._result(flight, reply, message, body),
            "response": self._kept(message, body),
            "updated_at": session.clock(),
        }
        if protection != record.protection:
            changes["protection"] = protection
        session.ledger.update_effect(record.id, **changes)
        session.record(event, flight.target, reply.reason, effect_id=record.id)
        if _retryable(reply):
            record = replace(record, **changes)
            self._matching.open(record)
            session.otherwise(partial(self._matching.close, record))

    def _kept(self, message: Message, body: bytes) -> str:
        spooled = self._spools.named(message)
        if spooled is not None:
            return self._spools.keep(spooled)
        return self._session.ledger.put_blob(body) if body else ""

    def _answer(self, flight: _Flight, reply: Reply) -> Answer:
        if reply.outcome is not Outcome.IN_FLIGHT:
            self._waited.pop(flight.record.id, None)
            return Answer(Decision(Verdict.ALLOW, reply.reason))
        waited = self._waited.get(flight.record.id, 0)
        if waited >= len(_WAITS):
            return Answer(Decision(Verdict.ALLOW, reply.reason))
        self._waited[flight.record.id] = waited + 1
        data = {"seconds": _WAITS[waited]}
        return Answer(Decision(Verdict.WAIT, reply.reason, data=data))

    def _result(
        self, flight: _Flight, reply: Reply, message: Message, body: bytes
    ) -> dict[str, Any]:
        result = _result(reply, message)
        if flight.inference and reply.outcome is Outcome.DONE:
            used = usage(message.get("headers", ()), body)
            if used is not None:
                result["usage"] = asdict(used)
        return result


def _retryable(reply: Reply) -> bool:
    return reply.outcome in (
        Outcome.NOT_PROCESSED, Outcome.UNKNOWN, Outcome.IN_FLIGHT, Outcome.DIFFERS
    )  # fmt: skip


def _result(reply: Reply, message: Message) -> dict[str, Any]:
    result: dict[str, Any] = {"outcome": reply.outcome.value, "why": reply.reason}
    for name in (
        "status",
        "reason",
        "version",
        "chunks",
        "large",
        "early",
        "broken",
        "error",
    ):
        if message.get(name):
            result[name] = message[name]
    if "headers" in message:
        result["headers"] = secrecy.headers(message["headers"])
    if reply.outcome is Outcome.REJECTED:
        result["final"] = True
    if reply.replayed:
        result["replayed"] = True
    return result
