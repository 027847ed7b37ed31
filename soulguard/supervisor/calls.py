"""The call state machine: what a call that is about to be sent becomes.

Owns the decision on ``call.begin`` (send, send again, answer from the record, hold,
refuse) and the intent that precedes it. What came of a call is `outcome`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from soulguard.effects import carriers, keys
from soulguard.effects.usage import usage
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
from soulguard.supervisor import call_answers, call_deeds, resend
from soulguard.supervisor.asked import Asked, Reader
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.enforcement import Enforcement
from soulguard.supervisor.facts import Facts
from soulguard.supervisor.matching import Match, Matching
from soulguard.supervisor.outcome import Outcomes
from soulguard.supervisor.refusal import refuse
from soulguard.supervisor.session import Session
from soulguard.supervisor.spools import Spools
from soulguard.supervisor.tokens import Tokens

_POLL = 0.05
"""Seconds after which a door asks again while an equal call is at work."""


class Calls:
    """The broker's part for HTTP calls of one attempt; `folder` is where doors spool."""

    def __init__(
        self, session: Session, facts: Facts, rules: Enforcement | None = None, *,
        folder: Path | None = None,
    ) -> None:  # fmt: skip
        self._session = session
        self._rules = rules or Enforcement(session, {})
        self._facts = facts
        self._spools = Spools(session, folder)
        self._reader = Reader(session, facts, self._spools)
        self._matching = Matching(session)
        self._outcomes = Outcomes(session, facts, self._matching, self._spools)

    def handlers(self) -> dict[str, Handler]:
        """Give the messages this part owns."""
        return {
            "call.begin": self._begin,
            "call.end": self._end,
            "call.token": Tokens(self._session).token,
        }

    def gone(self, peer: Peer) -> None:
        """Take the calls of a connection that ended without their outcome as open."""
        self._outcomes.gone(peer)

    def ended(self) -> None:
        """Take the calls that are still at work at the end of the attempt as open."""
        self._outcomes.ended()

    def _end(
        self, peer: Peer, message: Message, blobs: Sequence[bytes]
    ) -> Answer | None:
        self._spend(message, blobs)
        answer = self._outcomes.end(peer, message, blobs)
        self._uncount(message)
        return answer

    def _uncount(self, message: Message) -> None:
        """Take out of the counts what never left, or no mail server took."""
        effect_id = int(message["effect"])
        if not self._rules.is_limited(effect_id):
            return
        record = self._session.ledger.effect(effect_id)
        failed = record is not None and record.state is EffectState.FAILED
        unsent = bool(message.get("error")) and not message.get("sent", True)
        is_mail = record is not None and record.kind is EffectKind.MAIL_SEND
        self._rules.settled(effect_id, happened=not (failed and (unsent or is_mail)))

    def _spend(self, message: Message, blobs: Sequence[bytes]) -> None:
        """Tell the budgets what a call used, where one waits for that."""
        effect_id = int(message["effect"])
        if not self._rules.is_counted(effect_id):
            return
        used = usage(message.get("headers", ()), self._spools.readable(message, blobs))
        if used is not None:
            usd = self._facts.prices.usd(used)
            amounts = {"tokens": float(used.tokens), "usd": usd}
            self._rules.spent(effect_id, used.model, amounts)

    def _begin(
        self, peer: Peer, message: Message, blobs: Sequence[bytes]
    ) -> Answer | None:
        asked = self._reader.read(peer, message, blobs)
        refused = self._judge(asked)
        if refused is not None:
            return refused
        if asked.safe:
            return self._look(asked)
        if asked.exchange:
            return self._pass(asked)
        match = self._matching.find(asked)
        answer = self._first(asked) if match is None else self._again(asked, match)
        if answer.decision.verdict is Verdict.ALLOW:
            deed = call_deeds.describe(asked, self._session.attempt)
            effect_id = answer.decision.effect_id
            working = partial(self._outcomes.flying, effect_id)
            self._rules.performed(deed, effect_id, working=working)
        return answer

    # -- by policy alone ---------------------------------------------------------------

    def _judge(self, asked: Asked) -> Answer | None:
        refused = self._rules.refuse(call_deeds.describe(asked))
        return Answer(refused) if refused is not None else None

    def _held_back(self, asked: Asked) -> Answer | None:
        """Give the refusal or the word to wait of a call that would go out now."""
        held = self._rules.hold(call_deeds.describe(asked, self._session.attempt))
        return Answer(held) if held is not None else None

    def _look(self, asked: Asked) -> Answer:
        """Let a call that changes nothing pass where no rule minds; it is no effect."""
        held = self._held_back(asked)
        if held is not None:
            return held
        self._rules.performed(call_deeds.describe(asked))
        if rule := asked.duty(Action.RECORD):
            self._session.record(
                EventType.EFFECT_PASSED, asked.target, "it changes nothing", rule=rule
            )
        return Answer(Decision(Verdict.ALLOW, asked.judgement.reason))

    def _pass(self, asked: Asked) -> Answer:
        held = self._held_back(asked)
        if held is not None:
            return held
        self._rules.performed(call_deeds.describe(asked))
        reason = "it trades credentials for a token: not kept, and harmless to repeat"
        self._session.record(EventType.EFFECT_PASSED, asked.target, reason)
        return Answer(Decision(Verdict.ALLOW, reason))

    # -- a call that is no recorded one ------------------------------------------------

    def _first(self, asked: Asked) -> Answer:
        once = asked.duty(Action.ONCE)
        answer = self._borrowed(asked)
        if answer is None and (once or asked.kind is EffectKind.MAIL_SEND):
            answer = self._once(asked, once)
        if answer is None:
            answer = self._diverged(asked, once)
        return answer or self._held_back(asked) or self._send_new(asked)

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

    def _once(self, asked: Asked, rule: Rule | None) -> Answer | None:
        """Answer a call that may be made once; a mail may without any rule."""
        rows = self._matching.equal(
            asked, EffectState.DONE, EffectState.BEGUN, EffectState.IN_DOUBT
        )
        if any(self._outcomes.flying(r.id) for r in rows):
            reason = "an equal call is at work"
            return Answer(Decision(Verdict.WAIT, reason, data={"seconds": _POLL}))
        done = [r for r in rows if r.state is EffectState.DONE]
        if not done:
            # INVARIANT: one that may have happened is never taken for none
            return self._again(asked, Match(rows[-1], "retry")) if rows else None
        fact = f"it was made in this run already (effect {done[-1].id})"
        self._session.record(
            EventType.DUPLICATE, asked.target, fact, rule=rule, effect_id=done[-1].id
        )
        then = rule.on_duplicate if rule else OnDuplicate.BLOCK
        if self._session.observe or then is OnDuplicate.WARN:
            return None
        if then is OnDuplicate.SKIP:
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
        record, difference = found.record, found.difference
        fact = f"an earlier attempt sent another request here (effect {record.id})"
        self._session.record(
            EventType.DIVERGENCE, asked.target, fact, rule=once, effect_id=record.id,
            data={"difference": difference},
        )  # fmt: skip
        if once is None or self._session.observe or record.state is EffectState.FAILED:
            return None
        if not found.same_subject:
            # the agent passed over what is done, and goes on with the next one
            return None
        self._session.record(
            EventType.HELD, asked.target, fact, rule=once, effect_id=record.id
        )
        shown = f"{fact}: {'; '.join(difference)}"
        return Answer(call_answers.held(self._session, asked, record, shown, once))

    def _send_new(self, asked: Asked) -> Answer:
        session = self._session
        record, placed = self._described(asked, self._matching.ordinal(asked))
        # INVARIANT: the request is on record before its first byte may be sent
        session.promise()
        record = replace(record, id=session.ledger.add_effect(record))
        session.record(
            EventType.EFFECT_INTENT, asked.target, asked.judgement.reason,
            rule=asked.judgement.rule, effect_id=record.id,
        )  # fmt: skip
        self._outcomes.begun(asked, record)
        return call_answers.send(session, asked, record, placed, asked.judgement.reason)

    def _described(
        self, asked: Asked, ordinal: int, turn: int = 0
    ) -> tuple[EffectRecord, carriers.Placed]:
        """Give the intent of a call with a key of its own, and how it carries that."""
        session, now, rule = self._session, self._session.clock(), asked.judgement.rule
        key, ours = self._key(asked, ordinal, turn, now)
        placed = self._placed(asked, key, now)
        intent = resend.intent(asked, ours=ours, now=now)
        if turn:
            intent["turn"] = turn
        request = resend.journal(session, self._spools, asked, placed, intent)
        record = EffectRecord(
            run_id=session.run.run_id, kind=asked.kind, slot=asked.slot,
            fingerprint=asked.prints.exact, normalised=asked.prints.normalised,
            ordinal=ordinal, state=EffectState.BEGUN, attempt=session.attempt,
            seen=session.attempt, key=key, rule=rule.id if rule else "",
            protection=carriers.protection(asked.provider, asked.call, key),
            generation=session.generation, intent=intent, request=request,
            created_at=now, updated_at=now,
        )  # fmt: skip
        return record, placed

    def _key(
        self, asked: Asked, ordinal: int, turn: int, now: float
    ) -> tuple[str, bool]:
        """Give the key of a new call, and whether it is ours: the caller's goes first."""
        if asked.key or self._session.observe or asked.duty(Action.KEY) is None:
            return asked.key, False
        if not carriers.can_place(asked.provider, asked.call, asked.value):
            return "", False
        run, provider = self._session.run, asked.provider
        key = keys.derive(
            run.secret, run.run_id, asked.slot, asked.prints.normalised,
            ordinal=ordinal, turn=turn,
        )  # fmt: skip
        return keys.reshape(key, provider.shape, provider.limit, now), True

    def _placed(self, asked: Asked, key: str, first_sent: float) -> carriers.Placed:
        if not key or key == asked.key:
            return carriers.Placed()
        return carriers.place(asked.provider, asked.call, key, first_sent)

    # -- a call that is a recorded one -------------------------------------------------

    def _again(self, asked: Asked, match: Match) -> Answer:
        record = match.record
        asked.record = record
        if self._session.observe:
            return self._observed(asked, record)
        if record.state is EffectState.DONE and not self._lacks(asked, record):
            return call_answers.replay(self._session, self._facts, asked, match)
        if held := self._held_back(asked):
            self._matching.open(record)
            return held
        if record.state is EffectState.FAILED:
            if resend.is_over(self._session, asked, record):
                why = "it was turned away, and a later call to its URL is done"
                return call_answers.replay(
                    self._session, self._facts, asked, match, why
                )
            return self._once_more(asked, record)
        why = resend.reason(self._session, asked, record)
        if not why:
            return self._hold(asked, record, resend.why_not(asked))
        placed = resend.same_request(self._session, asked, record)
        if placed is None:
            return self._hold(
                asked, record, "and it cannot be sent with the same bytes"
            )
        return self._resend(asked, record, placed, why)

    def _lacks(self, asked: Asked, record: EffectRecord) -> bool:
        """Whether an error of the agent cut off the answer, and it can be had again."""
        broken = record.result.get("broken") and record.attempt < self._session.attempt
        return bool(broken) and bool(resend.reason(self._session, asked, record))

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
        self._outcomes.begun(asked, record, doubt=True)
        return call_answers.send(session, asked, record, placed, why)

    def _once_more(self, asked: Asked, record: EffectRecord) -> Answer:
        """Perform an effect that did not happen; a final rejection costs its key."""
        final = record.result.get("final") and asked.provider.errors != "released"
        placed = None if final else resend.same_request(self._session, asked, record)
        if placed is None:
            turn = int(record.intent.get("turn", 0)) + 1
            fresh, placed = self._described(asked, record.ordinal, turn)
            record = replace(fresh, id=record.id, created_at=record.created_at)
        return self._perform(asked, record, placed)

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
        return call_answers.send(session, asked, record, placed, reason)

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
        held = in_doubt and not resend.reason(self._session, asked, record)
        kind = EventType.HELD if held else EventType.EFFECT_PASSED
        self._session.record(kind, asked.target, fact, effect_id=record.id)
        return self._perform(asked, record, carriers.Placed())
