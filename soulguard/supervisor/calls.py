"""The call state machine: what a call that is about to be sent becomes.

Owns the decision on ``call.begin`` (send, send again, answer from the record, hold,
refuse) and the intent that precedes it. What came of a call is `outcome`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from soulguard.effects import carriers, keys, secrecy
from soulguard.model import (
    Action,
    Decision,
    EffectKind,
    EffectRecord,
    EffectState,
    EventType,
    OnDuplicate,
    Rule,
    Verdict,
)
from soulguard.supervisor import call_answers, resend
from soulguard.supervisor.asked import Asked, Reader
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.facts import Facts
from soulguard.supervisor.matching import Match, Matching
from soulguard.supervisor.outcome import Outcomes
from soulguard.supervisor.refusal import refuse
from soulguard.supervisor.session import Session

_POLL = 0.05
"""Seconds after which a door asks again while an equal call is at work."""


class Calls:
    """The broker's part for HTTP calls of one attempt."""

    def __init__(self, session: Session, facts: Facts) -> None:
        self._session = session
        self._reader = Reader(session, facts)
        self._matching = Matching(session)
        self._outcomes = Outcomes(session, facts, self._matching)

    def handlers(self) -> dict[str, Handler]:
        """Give the messages this part owns."""
        return {"call.begin": self._begin, "call.end": self._outcomes.end}

    def gone(self, peer: Peer) -> None:
        """Take the calls of a connection that ended without their outcome as open."""
        self._outcomes.gone(peer)

    def _begin(
        self, peer: Peer, message: Message, blobs: Sequence[bytes]
    ) -> Answer | None:
        asked = self._reader.read(peer, message, blobs)
        refused = self._judge(asked)
        if refused is not None:
            return refused
        if secrecy.is_exchange(asked.call, asked.value):
            return self._pass(asked)
        match = self._matching.find(asked)
        return self._first(asked) if match is None else self._again(asked, match)

    # -- by policy alone ---------------------------------------------------------------

    def _judge(self, asked: Asked) -> Answer | None:
        judgement = asked.judgement
        if judgement.verdict is Verdict.ALLOW:
            return None
        fact, instead = judgement.reason, "go on without this call"
        if judgement.verdict is Verdict.ASK:
            fact = f"{fact}, and it needs an approval that was not given"
            instead = "ask the person in charge to approve it, then try again"
        self._session.record(EventType.DENIED, asked.target, fact, rule=judgement.rule)
        if self._session.observe:
            return None
        return Answer(refuse(
            "denied-call", tried=asked.words, fact=fact, instead=instead,
            rule=judgement.rule,
        ))  # fmt: skip

    def _pass(self, asked: Asked) -> Answer:
        reason = "it trades credentials for a token: not kept, and harmless to repeat"
        self._session.record(EventType.EFFECT_PASSED, asked.target, reason)
        return Answer(Decision(Verdict.ALLOW, reason))

    # -- a call that is no recorded one ------------------------------------------------

    def _first(self, asked: Asked) -> Answer:
        once = asked.duty(Action.ONCE)
        answer = self._borrowed(asked) or (self._once(asked, once) if once else None)
        if answer is None:
            answer = self._diverged(asked, once)
        return answer or self._send_new(asked)

    def _borrowed(self, asked: Asked) -> Answer | None:
        """Answer a call whose own record another, similar call was answered from."""
        effect_id = self._matching.borrowed(asked)
        record = self._session.ledger.effect(effect_id) if effect_id else None
        if record is None or record.state is not EffectState.DONE:
            return None
        self._session.record(
            EventType.DIVERGENCE, asked.target,
            "another call was taken for this one, because they differ in volatile "
            "values alone", effect_id=effect_id,
        )  # fmt: skip
        return self._again(asked, Match(record, "exact"))

    def _once(self, asked: Asked, rule: Rule) -> Answer | None:
        rows = self._matching.equal(asked, EffectState.DONE, EffectState.BEGUN)
        if any(self._outcomes.flying(r.id) for r in rows):
            reason = "an equal call is at work"
            return Answer(Decision(Verdict.WAIT, reason, data={"seconds": _POLL}))
        done = [r for r in rows if r.state is EffectState.DONE]
        if not done:
            return None
        fact = f"it was made in this run already (effect {done[-1].id})"
        self._session.record(
            EventType.DUPLICATE, asked.target, fact, rule=rule, effect_id=done[-1].id
        )
        if self._session.observe or rule.on_duplicate is OnDuplicate.WARN:
            return None
        if rule.on_duplicate is OnDuplicate.SKIP:
            return self._again(asked, Match(done[-1], "exact"))
        return Answer(refuse(
            "duplicate-call", tried=asked.words, fact=fact, rule=rule,
            instead="go on with the first answer, or name a wanted second call with "
            "`with soulguard.effect(NAME):`", effect_id=done[-1].id,
        ))  # fmt: skip

    def _diverged(self, asked: Asked, once: Rule | None) -> Answer | None:
        found = self._matching.unmatched(asked)
        if found is None:
            return None
        record, difference = found
        fact = f"an earlier attempt sent another request here (effect {record.id})"
        self._session.record(
            EventType.DIVERGENCE, asked.target, fact, rule=once, effect_id=record.id,
            data={"difference": difference},
        )  # fmt: skip
        if once is None or self._session.observe or record.state is EffectState.FAILED:
            return None
        self._session.record(
            EventType.HELD, asked.target, fact, rule=once, effect_id=record.id
        )
        shown = f"{fact}: {'; '.join(difference)}"
        return Answer(call_answers.held(self._session, asked, record, shown, once))

    def _send_new(self, asked: Asked) -> Answer:
        session, now = self._session, self._session.clock()
        ordinal = self._matching.ordinal(asked)
        record = self._described(asked, ordinal, now)
        placed = self._placed(asked, record)
        record = resend.journal(session, asked, placed, record)
        # INVARIANT: the request is on record before its first byte may be sent
        session.promise()
        record = replace(record, id=session.ledger.add_effect(record))
        session.record(
            EventType.EFFECT_INTENT, asked.target, asked.judgement.reason,
            rule=asked.judgement.rule, effect_id=record.id,
        )  # fmt: skip
        self._outcomes.begun(asked, record)
        return call_answers.send(record, placed, asked.judgement.reason)

    def _described(self, asked: Asked, ordinal: int, now: float) -> EffectRecord:
        session, prints = self._session, asked.prints
        ours = bool(
            not asked.key
            and asked.duty(Action.KEY)
            and not session.observe
            and carriers.can_place(asked.provider, asked.call, asked.value)
        )
        key = self._derive(asked, ordinal, 0, now) if ours else asked.key
        rule = asked.judgement.rule
        return EffectRecord(
            run_id=session.run.run_id, kind=EffectKind.HTTP_CALL, slot=asked.slot,
            fingerprint=prints.exact, normalised=prints.normalised, ordinal=ordinal,
            state=EffectState.BEGUN, attempt=session.attempt, seen=session.attempt,
            key=key, protection=carriers.protection(asked.provider, asked.call, key),
            rule=rule.id if rule else "", generation=session.generation,
            intent=resend.intent(asked, ours=ours, now=now),
            created_at=now, updated_at=now,
        )  # fmt: skip

    def _derive(self, asked: Asked, ordinal: int, turn: int, now: float) -> str:
        run, provider = self._session.run, asked.provider
        key = keys.derive(
            run.secret, run.run_id, asked.slot, asked.prints.normalised,
            ordinal=ordinal, turn=turn,
        )  # fmt: skip
        return keys.reshape(key, provider.shape, provider.limit, now)

    def _placed(self, asked: Asked, record: EffectRecord) -> carriers.Placed:
        if not record.key or self._session.observe or carriers.signed(asked.call):
            return carriers.Placed()
        if record.key == asked.key:
            return carriers.Placed()
        first_sent = float(record.intent["first_sent"])
        return carriers.place(asked.provider, asked.call, record.key, first_sent)

    # -- a call that is a recorded one -------------------------------------------------

    def _again(self, asked: Asked, match: Match) -> Answer:
        record = match.record
        if self._session.observe:
            return self._observed(asked, record)
        if record.state is EffectState.DONE:
            return call_answers.replay(self._session, asked, match)
        if record.state is EffectState.FAILED:
            return self._once_more(asked, record)
        why = resend.reason(asked, record, self._session.clock())
        if not why:
            return self._hold(asked, record, "and a repetition is not known to be safe")
        placed = resend.same_request(self._session, asked, record)
        if placed is None:
            return self._hold(
                asked, record, "and it cannot be sent with the same bytes"
            )
        return self._resend(asked, record, placed, why)

    def _resend(
        self, asked: Asked, record: EffectRecord, placed: carriers.Placed, why: str
    ) -> Answer:
        # no promise: on record it may have happened already, which stays true
        session = self._session
        session.ledger.update_effect(
            record.id, state=EffectState.BEGUN, attempt=session.attempt,
            seen=session.attempt, updated_at=session.clock(),
        )  # fmt: skip
        session.record(
            EventType.EFFECT_RESENT, asked.target, why, effect_id=record.id,
            data=call_answers.replaced_key(asked, record),
        )  # fmt: skip
        record = replace(record, state=EffectState.BEGUN, attempt=session.attempt)
        self._outcomes.begun(asked, record)
        return call_answers.send(record, placed, why)

    def _once_more(self, asked: Asked, record: EffectRecord) -> Answer:
        """Perform an effect that did not happen; a final rejection costs its key."""
        final = record.result.get("final") and asked.provider.errors != "released"
        placed = None if final else resend.same_request(self._session, asked, record)
        if placed is None:
            record = self._anew(asked, record)
            placed = self._placed(asked, record)
            record = resend.journal(self._session, asked, placed, record)
        return self._perform(asked, record, placed)

    def _anew(self, asked: Asked, record: EffectRecord) -> EffectRecord:
        """Give a rejected effect the request of now and a key of its own."""
        now, turn = self._session.clock(), int(record.intent.get("turn", 0)) + 1
        ours = bool(record.intent.get("ours"))
        key = self._derive(asked, record.ordinal, turn, now) if ours else asked.key
        fresh = resend.intent(asked, ours=ours, now=now)
        return replace(
            record, key=key, intent={**fresh, "turn": turn}, request="",
            fingerprint=asked.prints.exact, normalised=asked.prints.normalised,
        )  # fmt: skip

    def _perform(
        self, asked: Asked, record: EffectRecord, placed: carriers.Placed
    ) -> Answer:
        # INVARIANT: "it did not happen" is taken back on record before it may happen
        session, now = self._session, self._session.clock()
        session.promise()
        record = replace(
            record, state=EffectState.BEGUN, attempt=session.attempt, result={},
            seen=session.attempt, response="", updated_at=now,
        )  # fmt: skip
        session.ledger.update_effect(
            record.id, state=record.state, attempt=record.attempt, seen=record.seen,
            fingerprint=record.fingerprint, normalised=record.normalised, key=record.key, intent=record.intent, result={}, request=record.request,
            response="", updated_at=now,
        )  # fmt: skip
        reason = "it did not happen before"
        session.record(
            EventType.EFFECT_INTENT, asked.target, reason, effect_id=record.id
        )
        self._outcomes.begun(asked, record)
        return call_answers.send(record, placed, reason)

    def _hold(self, asked: Asked, record: EffectRecord, why: str) -> Answer:
        session = self._session
        record = replace(record, state=EffectState.IN_DOUBT, seen=session.attempt)
        session.ledger.begin()
        session.ledger.update_effect(
            record.id, state=record.state, seen=record.seen, updated_at=session.clock()
        )
        self._matching.open(record)
        fact = f"it may have happened before (effect {record.id}) {why}"
        rule = asked.duty(Action.ONCE)
        session.record(
            EventType.HELD, asked.target, fact, rule=rule, effect_id=record.id
        )
        return Answer(call_answers.held(session, asked, record, fact, rule))

    def _observed(self, asked: Asked, record: EffectRecord) -> Answer:
        """Let a recorded call pass and say what would have been done with it."""
        fact = f"observed: effect {record.id} was {record.state.value} before"
        in_doubt = record.state in (EffectState.BEGUN, EffectState.IN_DOUBT)
        held = in_doubt and not resend.reason(asked, record, self._session.clock())
        kind = EventType.HELD if held else EventType.EFFECT_PASSED
        self._session.record(kind, asked.target, fact, effect_id=record.id)
        return self._perform(asked, record, carriers.Placed())
