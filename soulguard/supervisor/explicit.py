"""Explicit effects: what an agent names itself because no client shows it.

Owns ``effect.begin`` and ``effect.end``. Name and key are the identity: in one run such
an effect is made once, and answered from the record afterwards. No rule speaks of it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Any

from soulguard.model import (
    Decision,
    EffectKind,
    EffectRecord,
    EffectState,
    EventType,
    Verdict,
)
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.refusal import refuse
from soulguard.supervisor.session import Session

_KIND = EffectKind.CUSTOM
_UNSEEN = "nobody saw it end"
_POLL = 0.05
"""Seconds after which the guard asks again while the same effect is at work."""


class Explicit:
    """The broker's part for explicit effects of one attempt."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._working: dict[int, Peer] = {}

    def handlers(self) -> dict[str, Handler]:
        """Give the messages this part owns."""
        return {"effect.begin": self.begin, "effect.end": self.end}

    def begin(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Decide whether the block of an effect is to be run."""
        name, key = str(message["name"]), str(message["key"])
        slot, digest = f"{name} {key}", sha256(json.dumps([name, key]).encode())
        rows = self._session.ledger.find_effects(
            self._session.run.run_id, kind=_KIND, slot=slot,
            fingerprint=digest.hexdigest(),
        )  # fmt: skip
        row = rows[-1] if rows else None
        answer = None if row is None else self._again(row)
        return answer or self._start(peer, slot, digest.hexdigest(), key, row)

    def end(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Put on record how a block ended and what it gave."""
        session, effect_id = self._session, int(message["effect"])
        row = session.ledger.effect(effect_id)
        if row is None or row.state not in (EffectState.BEGUN, EffectState.IN_DOUBT):
            return Answer(Decision(Verdict.ALLOW, "no such effect is open"))
        if message.get("open"):
            return self._lose(effect_id, f"{message['open']} interrupted its block")
        self._land(effect_id)
        error = str(message.get("error", ""))
        result: dict[str, Any] = {"error": error} if error else {}
        if message.get("unkept"):
            result["unkept"] = True
        # a restart goes by this answer: it must be as durable as the intent
        session.promise()
        session.ledger.update_effect(
            row.id, state=EffectState.FAILED if error else EffectState.DONE,
            result=result, updated_at=session.clock(),
            response=session.ledger.put_blob(bytes(blobs[0])) if blobs else "",
        )  # fmt: skip
        session.record(
            EventType.EFFECT_FAILED if error else EventType.EFFECT_DONE, row.slot,
            error or "its block ended", effect_id=row.id, data={"kind": _KIND.value},
        )  # fmt: skip
        return Answer(Decision(Verdict.ALLOW, "on record"))

    def gone(self, peer: Peer) -> None:
        """Take the effects of a connection that ended without their end as open."""
        for effect_id in [i for i, p in self._working.items() if p is peer]:
            self._lose(effect_id, _UNSEEN)

    def ended(self) -> None:
        """Take the effects that are still at work at the end of the attempt as open."""
        for effect_id in list(self._working):
            self._lose(effect_id, _UNSEEN)

    def _lose(self, effect_id: int, why: str) -> Answer:
        session = self._session
        self._land(effect_id)
        session.ledger.begin()
        session.ledger.update_effect(
            effect_id, state=EffectState.IN_DOUBT, updated_at=session.clock()
        )
        row = session.ledger.effect(effect_id)
        session.record(
            EventType.EFFECT_IN_DOUBT, row.slot if row else "", why,
            effect_id=effect_id,
        )  # fmt: skip
        return Answer(Decision(Verdict.ALLOW, why))

    def _land(self, effect_id: int) -> None:
        peer = self._working.pop(effect_id, None)
        if peer is not None:
            self._session.otherwise(partial(self._working.__setitem__, effect_id, peer))

    # -- one that is on record -------------------------------------------------------

    def _again(self, row: EffectRecord) -> Answer | None:
        """Answer one that is on record; None where it is to be made."""
        if row.state is EffectState.FAILED:
            return None
        if row.id in self._working:
            reason = "the same effect is at work"
            return Answer(Decision(Verdict.WAIT, reason, data={"seconds": _POLL}))
        if row.state is EffectState.DONE:
            return self._replay(row)
        return self._in_doubt(row)

    def _replay(self, row: EffectRecord) -> Answer | None:
        session, reason = self._session, f"attempt {row.attempt} of this run made it"
        if session.observe:
            fact = f"observed: {reason}"
            session.record(EventType.EFFECT_PASSED, row.slot, fact, effect_id=row.id)
            return None
        said = session.ledger.blob(row.response) if row.response else b""
        if said is None or row.result.get("unkept"):
            return Answer(self._not_kept(row))
        session.ledger.begin()
        session.ledger.update_effect(row.id, seen=session.attempt)
        session.record(
            EventType.EFFECT_REPLAYED, row.slot, reason, effect_id=row.id,
            data={"kind": _KIND.value},
        )  # fmt: skip
        decision = Decision(Verdict.REPLAY, reason, effect_id=row.id)
        return Answer(decision, (said,) if said else ())

    def _not_kept(self, row: EffectRecord) -> Decision:
        fact = f"it was made (effect {row.id}) and its result could not be kept"
        self._session.record(EventType.HELD, row.slot, fact, effect_id=row.id)
        return refuse(
            "duplicate-call", tried=f"make `{row.slot}` a second time", fact=fact,
            effect_id=row.id, instead="let the block give a result that JSON can hold",
        )  # fmt: skip

    def _in_doubt(self, row: EffectRecord) -> Answer | None:
        session = self._session
        fact = f"it was begun before (effect {row.id}) and nobody saw its end"
        session.record(
            EventType.HELD, row.slot, fact, effect_id=row.id,
            data={"observed": session.observe},
        )  # fmt: skip
        if session.observe:
            return None
        command = f"soulguard resolve {session.run.run_id} {row.id}"
        return Answer(refuse(
            "in-doubt", tried=f"make `{row.slot}`", fact=fact, effect_id=row.id,
            instead=f"look what it did, settle it with `{command} --happened` or "
            "`--did-not`, and start the agent again",
        ))  # fmt: skip

    # -- one that is made --------------------------------------------------------------

    def _start(
        self, peer: Peer, slot: str, digest: str, key: str, row: EffectRecord | None
    ) -> Answer:
        session, now = self._session, self._session.clock()
        fresh: dict[str, Any] = {
            "state": EffectState.BEGUN, "attempt": session.attempt,
            "seen": session.attempt, "result": {}, "response": "", "updated_at": now,
        }  # fmt: skip
        # INVARIANT: the intent is on record before the block runs
        session.promise()
        if row is not None:
            session.ledger.update_effect(row.id, **fresh)
            effect_id = row.id
        else:
            effect_id = session.ledger.add_effect(EffectRecord(
                run_id=session.run.run_id, kind=_KIND, slot=slot, fingerprint=digest,
                normalised=digest, ordinal=0, key=key, generation=session.generation,
                created_at=now, **fresh,
            ))  # fmt: skip
        self._working[effect_id] = peer
        session.otherwise(partial(self._working.pop, effect_id, None))
        reason = "it did not happen before" if row is not None else "it is a new one"
        session.record(
            EventType.EFFECT_INTENT, slot, reason, effect_id=effect_id,
            data={"kind": _KIND.value},
        )  # fmt: skip
        return Answer(Decision(Verdict.ALLOW, reason, effect_id=effect_id))
