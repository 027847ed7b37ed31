"""The broker: one message in, one decision out. The only brain there is.

Doors never decide and the broker never acts: it judges by the policy, looks at the
ledger, writes the intent and answers. It runs in one thread and knows nothing of
sockets or processes, so every client (the guard, a kernel layer, a tool-call hook) and
every test reaches the same code.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from soulguard.model import Decision, EffectRecord

Message = dict[str, Any]


@dataclass(slots=True)
class Peer:
    """One connection to the broker: who is asking.

    `pid` comes from the socket's credentials where the system tells. `begun` are
    the effects it was allowed and has not reported on, by id, as they stand on record:
    they are settled when it goes.
    """

    pid: int = 0
    begun: dict[int, EffectRecord] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back to the door: the decision and the binary parts it needs."""

    decision: Decision
    blobs: tuple[bytes, ...] = ()


class Parked(Exception):  # noqa: N818 - not an error: the answer comes later
    """The question waits for another connection; ask the broker again when `key` frees.

    Raised by a handler before it wrote anything.
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


Handler = Callable[[Peer, Message, Sequence[bytes]], "Answer | None"]


class Broker:
    """Route messages by their `op` to the handler that owns it."""

    def __init__(self, handlers: dict[str, Handler]) -> None:
        self._handlers = handlers

    def use(self, handlers: dict[str, Handler]) -> None:
        """Take other handlers from the next message on."""
        self._handlers = handlers

    def handle(
        self, peer: Peer, message: Message, blobs: Sequence[bytes]
    ) -> Answer | None:
        """Answer one message; None for one-way messages.

        Raises:
            Parked: the answer has to wait for another connection.
            KeyError: no handler owns the message's `op`.
        """
        return self._handlers[message["op"]](peer, message, blobs)


def wire(decision: Decision) -> Message:
    """Give a decision as the reply header; fields that say nothing are left out."""
    reply: Message = {"verdict": decision.verdict.value, "reason": decision.reason}
    if decision.rule:
        reply["rule"] = decision.rule
        reply["source"] = decision.source
    if decision.message:
        reply["message"] = decision.message
    if decision.effect_id:
        reply["effect"] = decision.effect_id
    if decision.data:
        reply["data"] = dict(decision.data)
    return reply
