"""Approvals: what a rule lets happen only when a person says so.

A question is an event; the answer is one too, written by whoever answers
(`settling.answer`), and read here when the waiting door asks again. No answer is no.
An approval holds for its rule and target: once, for the run, or always (in a file of
the policy folder). Answers outlive the attempt that asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from soulguard.model import Decision, Event, EventType, Rule, Verdict
from soulguard.soul import amounts
from soulguard.supervisor.deed import Deed
from soulguard.supervisor.refusal import refuse
from soulguard.supervisor.session import Session
from soulguard.supervisor.standing import Standing

_POLL = 0.2
"""Seconds after which a door that waits for a person asks again."""

_READ = 4_000_000
"""Bytes of an effect that are told and looked at in about a second."""

_TEXT = 16_384
"""Characters of a question kept in its event; a longer one is whole in a blob."""

APPROVE, DENY = "approve", "deny"
NOBODY = "nobody"
"""Who answered where the time ran out."""

Key = tuple[str, str, str]
"""Rule, target and the digest of all that would be done."""


@dataclass(slots=True)
class _Question:
    """One question of this run and what became of it."""

    id: int
    key: Key
    expires: float
    attempt: int
    answer: str = ""
    scope: str = "once"
    by: str = ""
    used: bool = False
    aloud: bool = False


class Approvals:
    """The questions of one run, and what was answered for good."""

    def __init__(self, session: Session, folder: Path) -> None:
        self._session = session
        self._always = Standing(folder)
        self._questions: dict[int, _Question] = {}
        self._by_key: dict[Key, _Question] = {}
        self._standing: dict[tuple[str, str], _Question] = {}
        self._seen = -1

    def decide(
        self, deed: Deed, rule: Rule, fact: str, shown: Callable[[], str]
    ) -> Decision | None:
        """Give None where a person approved, the refusal, or the word to wait.

        `shown` gives all that would be done, with secrets masked.
        """
        self._catch_up()
        place, key = deed.place, _key(deed, rule, shown)
        standing = self._stands(rule, place)
        if standing is not None:
            return None if standing == APPROVE else _refused(deed, rule, fact, standing)
        question = self._by_key.get(key)
        if question is None or self._is_over(question):
            question = self._ask(deed, rule, key, fact, shown())
        elif question.attempt != self._session.attempt and not question.aloud:
            self._take_up(question, deed, rule)
        return self._answered(question, deed, rule, fact)

    def used(self, deed: Deed, rule: Rule, shown: Callable[[], str]) -> None:
        """Note that what was approved once is happening: it needs asking again."""
        if not self._questions:
            return
        question = self._by_key.get(_key(deed, rule, shown))
        if question is None or question.answer != APPROVE or question.scope != "once":
            return
        self._session.otherwise(partial(setattr, question, "used", question.used))
        question.used = True
        self._session.record(
            EventType.APPROVAL_USED, deed.named,
            f"happens as approved by {question.by}", rule=rule,
            data={"asked": question.id},
        )  # fmt: skip

    # -- asking -----------------------------------------------------------------------

    def _ask(self, deed: Deed, rule: Rule, key: Key, fact: str, text: str) -> _Question:
        session = self._session
        session.ledger.begin()
        number = session.ledger.last_event_id() + 1
        expires = session.clock() + self._patience(rule)
        data = {
            "approval": number, "kind": deed.effect.kind.value,
            "target": deed.named, "place": key[1], "digest": key[2],
            "rule": rule.id, "text": text[:_TEXT], "expires": expires,
        }  # fmt: skip
        if len(text) > _TEXT:
            data["whole"] = session.ledger.put_blob(text.encode())
        session.record(EventType.APPROVAL_ASKED, deed.named, fact, rule=rule, data=data)
        question = _Question(number, key, expires, session.attempt)
        self._questions[number] = self._by_key[key] = question
        # one that is not on record after all can be answered by nobody
        session.otherwise(partial(self._forget, question))
        self._ask_aloud(question, deed, rule)
        return question

    def _patience(self, rule: Rule) -> float:
        return float(rule.params.get("timeout", self._session.patience))

    def _take_up(self, question: _Question, deed: Deed, rule: Rule) -> None:
        """Wait for the answer to a question of an earlier attempt, as long as this one
        may.
        """
        until = self._session.clock() + self._patience(rule)
        question.expires = min(question.expires, until)
        self._ask_aloud(question, deed, rule)

    def _ask_aloud(self, question: _Question, deed: Deed, rule: Rule) -> None:
        """Reach who looks on now."""
        number, left = question.id, question.expires - self._session.clock()
        question.aloud = True
        if question.answer or left <= 0:
            return
        self._session.say(
            f"{number}: may the agent {deed.tried}? {rule.source.span.short}; "
            f"`soulguard approve {number}` or `soulguard deny {number}`, "
            f"no answer in {amounts.about(left)} is no"
        )

    def _forget(self, question: _Question) -> None:
        self._questions.pop(question.id, None)
        if self._by_key.get(question.key) is question:
            del self._by_key[question.key]

    def _is_over(self, question: _Question) -> bool:
        """Whether a question may be put again: a no holds for the attempt it was for."""
        if question.answer == APPROVE:
            return question.used
        over = bool(question.answer) or self._session.clock() >= question.expires
        return over and question.attempt != self._session.attempt

    # -- answers ----------------------------------------------------------------------

    def _answered(
        self, question: _Question, deed: Deed, rule: Rule, fact: str
    ) -> Decision | None:
        if not question.answer and self._session.clock() >= question.expires:
            self._run_out(question, deed, rule)
        if question.answer == APPROVE:
            return None
        if question.answer:
            who = (
                "nobody answered in time, which is no"
                if question.by == NOBODY
                else f"{question.by} said no"
            )
            return _refused(deed, rule, f"{fact}: {who}", question.by)
        return Decision(
            Verdict.WAIT, f"waits for a person: question {question.id}", rule.id,
            rule.source.span.short,
            data={"seconds": _patience(deed), "approval": question.id},
        )  # fmt: skip

    def _run_out(self, question: _Question, deed: Deed, rule: Rule) -> None:
        question.answer, question.by = DENY, NOBODY
        self._session.record(
            EventType.APPROVAL_SETTLED, deed.named,
            "nobody answered in time, which is no", rule=rule,
            data={
                "asked": question.id, "approval": question.id, "answer": DENY,
                "scope": "once", "by": NOBODY,
            },
        )  # fmt: skip

    def _stands(self, rule: Rule, place: str) -> str | None:
        """Give an answer that holds beyond one question, or None."""
        question = self._standing.get((rule.id, place))
        if question is not None:
            return question.answer
        return self._always.answer(rule.id, place)

    # -- memory -----------------------------------------------------------------------

    def _catch_up(self) -> None:
        """Read what was asked and answered since the last look, by whichever writer."""
        types = (
            EventType.APPROVAL_ASKED,
            EventType.APPROVAL_SETTLED,
            EventType.APPROVAL_USED,
        )
        ledger, run_id = self._session.ledger, self._session.run.run_id
        self._session.otherwise(partial(setattr, self, "_seen", self._seen))
        for event in ledger.events(
            run_id, after=max(self._seen, 0), types=[t.value for t in types]
        ):
            self._seen = event.id
            if event.type is EventType.APPROVAL_ASKED:
                self._remember(event)
            else:
                self._settle(event)

    def _remember(self, event: Event) -> None:
        if event.id in self._questions:
            return
        data = event.data
        key = (event.rule, str(data.get("place", "")), str(data.get("digest", "")))
        question = _Question(
            event.id, key, float(data.get("expires") or 0), event.attempt
        )
        self._questions[event.id] = self._by_key[key] = question

    def _settle(self, event: Event) -> None:
        question = self._questions.get(int(event.data.get("asked", 0)))
        if question is None:
            return
        if event.type is EventType.APPROVAL_USED:
            question.used = True
            return
        question.answer = str(event.data["answer"])
        question.scope = str(event.data.get("scope", "once"))
        question.by = str(event.data.get("by", ""))
        rule, place, _ = question.key
        if question.scope != "once":
            self._standing[rule, place] = question
        if question.scope == "always":
            self._always.keep(rule, place, question.answer, question.by, event.at)


def _patience(deed: Deed) -> float:
    """Give the seconds after which a door asks again: what is large costs everybody."""
    return _POLL + min(max(deed.size, 0) / _READ, 5.0)


def _key(deed: Deed, rule: Rule, shown: Callable[[], str]) -> Key:
    said = deed.identity() or shown()
    return rule.id, deed.place, sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def _refused(deed: Deed, rule: Rule, fact: str, by: str) -> Decision:
    if by == DENY:
        fact = f"{fact}: a person said no to all of its kind"
    return refuse(
        deed.error, tried=deed.tried, fact=fact, instead=deed.instead, rule=rule
    )
