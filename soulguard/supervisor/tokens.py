"""Owns the tokens that go into requests before they are signed: ``call.token``.

The same question, asked for the same time in an attempt, gets the same token in every
attempt of the run; a question asked again in one attempt gets another one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from soulguard.effects import keys
from soulguard.model import Decision, Verdict
from soulguard.supervisor.broker import Answer, Message, Peer
from soulguard.supervisor.session import Session

_KEPT = 65536
_EPOCH = 1_000_000


class Tokens:
    """How often each token was asked for in this attempt."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._counts: dict[str, int] = {}
        self._first = 0

    def token(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Give the next token for a place and the parameters that go with it."""
        run, place = self._session.run, f"token {message['place']}"
        text = str(message["text"]).encode("utf-8", "surrogatepass")
        digest = hmac.digest(run.secret, text, hashlib.sha256).hex()
        ordinal = self._next(place + digest)
        token = keys.derive(run.secret, run.run_id, place, digest, ordinal=ordinal)
        return Answer(Decision(Verdict.ALLOW, "made of the run", data={"token": token}))

    def _next(self, question: str) -> int:
        """Count a question. INVARIANT: never the same number twice in one attempt."""
        if len(self._counts) >= _KEPT:
            self._counts.clear()
            self._first += _EPOCH
        number = self._counts.get(question, self._first)
        self._counts[question] = number + 1
        return number
