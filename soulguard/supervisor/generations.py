"""Owns which policy holds: one generation after the other, and what waits for a person.

Everything happens in the broker's own thread, between two batches. Reading the rule
files is `reload`'s; what is looser is `policy.looser`'s.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from soulguard.errors import PolicyError
from soulguard.model import Event, EventType, Rule
from soulguard.policy.engine import Engine
from soulguard.soul.compilation import Compilation, Diagnostic, Sentence
from soulguard.supervisor import report
from soulguard.supervisor.session import Session

KIND = "policy"
"""The kind of a question about a looser policy, beside the kinds of effects."""

_APPROVE, _WITHDRAWN = "approve", "withdrawn"


@dataclass(frozen=True, slots=True)
class Offer:
    """What came of reading the rule files again: a compilation made ready, or errors.

    `settled` says that nobody has written to the files for a while; until then a rule
    that is missing may only not be there yet.
    """

    found: Compilation
    engine: Engine
    settled: bool


class Generations:
    """The policy in force of one attempt, and how the next generation comes about.

    `trust` takes over looser policies without asking.
    """

    def __init__(
        self, session: Session, found: Compilation, *, trust: bool, quiet: bool
    ) -> None:
        self._session = session
        self._trust = trust
        self._quiet = quiet
        self._newest = Offer(found, session.engine, settled=True)
        # what stays in force beside the newest until a person agrees
        self._held: list[Offer] = []
        self._question = 0
        self._seen = -1
        self._rejected: tuple[Diagnostic, ...] = ()

    def begin(self) -> None:
        """Put the first policy in force and on record.

        What waited for a person when the last attempt ended still does: a restart
        agrees to nothing.
        """
        waiting = None if self._trust else self._waiting()
        if waiting is None:
            self._record("at the start", {})
            return
        kept = [_kept(self._session, ref) for ref in waiting.data["held"]]
        held = _held_back(kept, self._newest)
        self._question = int(waiting.data["pending"].get("approval", 0))
        same = waiting.data["digest"] == self._newest.found.policy.digest
        self._switch(held, self._newest, "at the start", asked=same and bool(held))

    def take(self, offer: Offer) -> None:
        """Let a policy that was read again hold, as far as nobody has to agree first."""
        if offer.found.errors:
            if offer.settled and offer.found.errors != self._rejected:
                self._reject(offer.found.errors)
            return
        if _same(offer.found, self._newest.found):
            if offer.settled and self._rejected:
                self._rejected = ()
                self._switch(self._held, self._newest, "in order again", asked=True)
            return
        before = [*self._held, self._newest]
        held = [] if self._trust else _held_back(before, offer)
        if held and not offer.settled:
            return
        self._rejected = ()
        self._switch(held, offer, "read again")

    def look(self) -> None:
        """See whether a person has answered what waits; cheap while nobody has."""
        ledger = self._session.ledger
        if not self._question or ledger.version() == self._seen:
            return
        self._seen = ledger.version()
        answer = self._answer(self._question)
        if answer is None:
            return
        self._question = 0
        if answer.data["answer"] == _APPROVE:
            self._switch([], self._newest, answer.reason)

    # -- switching --------------------------------------------------------------------

    def _switch(
        self, held: list[Offer], newest: Offer, reason: str, *, asked: bool = False
    ) -> None:
        """Let a policy hold, together with those held back, as the next generation.

        `asked` says that a person was asked about the very same before.
        """
        session, before = self._session, self._newest
        generation = session.generation + 1
        # INVARIANT: every answer and every prefilter is of the new generation before
        # the record says so: engine and page first, then the event
        session.engine = _engine([*held, newest], generation)
        if session.page is not None:
            session.page.turn(generation)
        self._held, self._newest = held, newest
        changes = _changes([before.found], newest.found)
        if not asked:
            self._ask_again()
        self._record(reason, changes)
        session.promise()
        session.commit()
        if not self._quiet:
            report.say(_words(reason, changes, generation, len(held), self._question))

    def _reject(self, errors: tuple[Diagnostic, ...]) -> None:
        self._rejected = errors
        error = errors[0].error()
        self._session.record(
            EventType.POLICY_REJECTED, errors[0].span.file, str(error),
            data={
                "where": error.where, "message": error.message, "hint": error.hint,
                "diagnostics": [d.to_json() for d in errors],
            },
        )  # fmt: skip
        self._session.promise()
        self._session.commit()
        report.say(f"{error}: the last good rules stay in force{_hint(error)}")

    def _record(self, reason: str, changes: dict[str, Any]) -> None:
        """Put the policy in force on record, with what a restart has to know of it."""
        session, found = self._session, self._newest.found
        kept = [o.found for o in self._held]
        data: dict[str, Any] = {
            "digest": found.policy.digest,
            "sentences": [s.to_json() for s in _sentences([found, *kept])],
            "rules": [
                {"id": r.id, "source": r.source.span.short}
                for r in session.engine.policy.rules
            ],
            **changes,
        }
        if kept:
            data["pending"] = {
                "approval": self._question, **_changes(kept, found),
            }  # fmt: skip
            data["held"] = [
                session.ledger.put_blob(json.dumps(k.to_json()).encode()) for k in kept
            ]
        elif self._trust:
            data["trusted"] = True
        session.record(
            EventType.POLICY_LOADED, ", ".join(found.files_read), reason, data=data
        )

    # -- asking a person --------------------------------------------------------------

    def _ask_again(self) -> None:
        """Take back the question that was open, and put the one that there is now."""
        session, ledger = self._session, self._session.ledger
        ledger.begin()
        if self._question and self._answer(self._question) is None:
            session.record(
                EventType.APPROVAL_SETTLED, self._target, "the rules changed again",
                data={
                    "asked": self._question, "approval": self._question,
                    "answer": _WITHDRAWN, "scope": "once", "by": "the next edit",
                },
            )  # fmt: skip
        self._question = 0
        if not self._held:
            return
        number = ledger.last_event_id() + 1
        text = _question(self._held, self._newest)
        session.record(
            EventType.APPROVAL_ASKED, self._target, "an edit loosens the rules",
            data={
                "approval": number, "kind": KIND, "target": self._target, "rule": "",
                "digest": self._newest.found.policy.digest[:16], "text": text,
                "expires": 0,
            },
        )  # fmt: skip
        self._question, self._seen = number, -1

    @property
    def _target(self) -> str:
        return ", ".join(self._newest.found.files_read)

    def _answer(self, number: int) -> Event | None:
        """Give the event that settled a question, None while it is open."""
        types = [EventType.APPROVAL_SETTLED.value]
        run_id = self._session.run.run_id
        for event in self._session.ledger.events(run_id, after=number, types=types):
            if event.data.get("asked") == number:
                return event
        return None

    def _waiting(self) -> Event | None:
        """Give the event of the newest policy if a person had not agreed to it."""
        last = next(
            self._session.ledger.events(
                self._session.run.run_id, types=[EventType.POLICY_LOADED.value],
                limit=1, newest_first=True,
            ),
            None,
        )  # fmt: skip
        if last is None or not last.data.get("held"):
            return None
        answer = self._answer(int(last.data["pending"].get("approval", 0)))
        agreed = answer is not None and answer.data["answer"] == _APPROVE
        return None if agreed else last


def _engine(offers: Sequence[Offer], generation: int) -> Engine:
    if len(offers) == 1:
        return offers[0].engine.numbered(generation)
    from soulguard.policy.stricter import Stricter  # only a looser edit needs it

    return Stricter([o.engine for o in offers], generation)


def _held_back(before: Sequence[Offer], offer: Offer) -> list[Offer]:
    """Give the policies that the new one is looser than; one of two equals is enough."""
    from soulguard.policy.looser import loosened

    held: list[Offer] = []
    for old in before:
        if loosened(old.found.policy, offer.found.policy):
            policy = old.found.policy
            held = [h for h in held if loosened(h.found.policy, policy)]
            held.append(old)
    return held


def _kept(session: Session, ref: str) -> Offer:
    raw = session.ledger.blob(ref)
    found = Compilation.from_json(json.loads(raw or b"{}"))
    return Offer(found, Engine(found.policy), settled=True)


# -- words --------------------------------------------------------------------------------


def _same(one: Compilation, other: Compilation) -> bool:
    return one.policy.rules == other.policy.rules and one.sentences == other.sentences


def _sentences(found: Sequence[Compilation]) -> list[Sentence]:
    every = {s.text: s for one in reversed(found) for s in one.sentences}
    first = {s.text for s in found[0].sentences}
    return [*found[0].sentences, *(s for t, s in every.items() if t not in first)]


def _changes(old: Sequence[Compilation], new: Compilation) -> dict[str, Any]:
    """Name the sentences that came and went."""
    before = {s.text: s for one in old for s in one.sentences}
    now = {s.text: s for s in new.sentences}
    return {
        "added": [_line(s) for t, s in now.items() if t not in before],
        "removed": [_line(s) for t, s in before.items() if t not in now],
    }


def _line(sentence: Sentence) -> dict[str, str]:
    return {"source": sentence.span.short, "text": sentence.text}


def _question(held: Sequence[Offer], newest: Offer) -> str:
    """Say which rules an edit takes away or weakens, and which permit something."""
    from soulguard.policy.looser import loosened

    new = newest.found.policy
    mine = {id(rule) for rule in new.rules}
    lines = [
        f"{'+' if id(rule) in mine else '-'} {_terms(rule)}"
        for one in held
        for rule in loosened(one.found.policy, new)
    ]
    return "\n".join(dict.fromkeys(lines))


def _terms(rule: Rule) -> str:
    if not rule.params.get("precedence"):
        return str(rule.source)
    # a rule of a block says in its keys what it means, and its text may be its name
    plain = rule.to_json()
    said = {k: plain[k] for k in ("where", "params", "on_duplicate")}
    return f"{rule.source} ({rule.action.value} {json.dumps(said)})"


def _words(
    reason: str, changes: dict[str, Any], generation: int, held: int, question: int
) -> str:
    added, removed = len(changes["added"]), len(changes["removed"])
    plural = "" if added == 1 else "s"
    said = f"rules {reason}: {added} sentence{plural} added, {removed} removed"
    if not held:
        return f"{said}; generation {generation} holds"
    how = f"`soulguard approve {question}`" if question else "--trust-edits"
    return f"{said}; what they loosen stays forbidden until a person agrees: {how}"


def _hint(error: PolicyError) -> str:
    return f" (hint: {error.hint})" if error.hint else ""
