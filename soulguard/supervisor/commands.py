"""Commands: programs the agent starts, where a rule speaks of commands.

Deny, ask and limits as for everything else; under a once-rule the exit status and the
output are recorded and given again instead of a second start. A command that failed did
not happen: it may be started again. One whose end nobody saw is in doubt.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from soulguard.model import (
    Action,
    Decision,
    Effect,
    EffectKind,
    EffectRecord,
    EffectState,
    EventType,
    OnDuplicate,
    Rule,
    Verdict,
)
from soulguard.supervisor import disk
from soulguard.supervisor.at_work import AtWork
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.deed import Deed, counted
from soulguard.supervisor.enforcement import Enforcement
from soulguard.supervisor.refusal import refuse
from soulguard.supervisor.session import Session

_KIND = EffectKind.COMMAND_RUN
_POLL = 0.1
"""Seconds after which a door asks again while the same command is at work."""


@dataclass(frozen=True, slots=True)
class _Start:
    """One start of a program that is asked for. `line` shows no secrets."""

    line: str
    fingerprint: str
    deed: Deed


class Commands:
    """The broker's part for commands of one attempt."""

    def __init__(self, session: Session, rules: Enforcement) -> None:
        self._session = session
        self._rules = rules
        self._running: dict[int, Peer] = {}
        self._at_work = AtWork()

    def handlers(self) -> dict[str, Handler]:
        """Give the messages this part owns."""
        return {
            "command.begin": self.begin,
            "command.started": self.started,
            "command.end": self.end,
            **self._at_work.handlers(),
        }

    def begin(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Decide about a start."""
        start, row = self._read(message)
        judgement = start.deed.judgement
        if judgement.rule is None and not judgement.duties:
            return Answer(Decision(Verdict.ALLOW, judgement.reason))
        refused = self._rules.refuse(start.deed)
        if refused is not None:
            return Answer(refused)
        once = start.deed.duty(Action.ONCE)
        if once is not None and row is not None:
            answer = self._again(start, row, once)
            if answer is not None:
                return answer
        held = self._rules.hold(start.deed)
        if held is not None:
            return Answer(held)
        if not any("at_once" in r.params for r in start.deed.duties(Action.LIMIT)):
            return self._start(peer, start, row)
        ticket = self._at_work.begin(peer)
        self._session.otherwise(partial(self._at_work.forget, ticket))
        return self._start(peer, start, row, ticket)

    def started(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Take the recorder of a command as the one who will tell its end."""
        self._running[message["effect"]] = peer
        return Answer(Decision(Verdict.ALLOW, "it runs"))

    def end(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Put on record how a command ended and what it said."""
        session, effect_id = self._session, message["effect"]
        self._running.pop(effect_id, None)
        row, status = session.ledger.effect(effect_id), int(message["status"])
        if row is None:
            return Answer(Decision(Verdict.ALLOW, "no such effect"))
        result: dict[str, Any] = {"status": status, "sizes": [len(b) for b in blobs]}
        if message.get("large"):
            result["large"] = True
        said = b"".join(bytes(b) for b in blobs)
        worked = status == 0
        # the status is what a restart goes by: it must be as durable as the start
        session.promise()
        session.ledger.update_effect(
            row.id, state=EffectState.DONE if worked else EffectState.FAILED,
            result=result, response=session.ledger.put_blob(said) if said else "",
            updated_at=session.clock(),
        )  # fmt: skip
        session.record(
            EventType.EFFECT_DONE if worked else EventType.EFFECT_FAILED, row.slot,
            _ending(status), effect_id=row.id, data={"kind": _KIND.value},
        )  # fmt: skip
        return Answer(Decision(Verdict.ALLOW, "on record"))

    def gone(self, peer: Peer) -> None:
        """Take the commands of a connection that ended without their end as open."""
        self._at_work.gone(peer)
        for effect_id in [i for i, p in self._running.items() if p is peer]:
            self._lose(effect_id)

    def ended(self) -> None:
        """Take the commands that still run at the end of the attempt as open."""
        for effect_id in list(self._running):
            self._lose(effect_id)

    def _lose(self, effect_id: int) -> None:
        del self._running[effect_id]
        self._session.ledger.begin()
        self._session.ledger.update_effect(effect_id, state=EffectState.IN_DOUBT)
        row = self._session.ledger.effect(effect_id)
        self._session.record(
            EventType.EFFECT_IN_DOUBT, row.slot if row else "",
            "nobody saw it end", effect_id=effect_id,
        )  # fmt: skip

    # -- reading ----------------------------------------------------------------------

    def _read(self, message: Message) -> tuple[_Start, EffectRecord | None]:
        argv = [str(word) for word in message["argv"]]
        raw = message.get("shell") or shlex.join(argv)
        line = self._rules.secrets.mask(" ".join(raw.split()))
        identity = [argv, message.get("cwd", ""), message.get("name", "")]
        digest = sha256(json.dumps(identity).encode()).hexdigest()
        rows = self._session.ledger.find_effects(
            self._session.run.run_id, kind=_KIND, slot=line, fingerprint=digest
        )
        row = rows[-1] if rows else None
        failed = row is not None and row.state is EffectState.FAILED
        details = {
            "argv": argv, "cwd": os.path.realpath(message.get("cwd", "")),
            "env": message.get("env", {}),
        }  # fmt: skip
        effect = Effect(_KIND, raw, details=details)
        deed = Deed(
            effect, self._session.engine.judge(effect, disk.SIGHT), f"run `{line}`", line,
            shown=lambda: f"{raw}\nin {message.get('cwd', '')}",
            content=lambda: [raw.encode("utf-8", "surrogateescape")],
            again=digest if failed else "", target=line,
            counted=counted(row, self._session.attempt) if row and failed else 0.0,
            instead="go on without this command, or ask the person who owns the rule",
        )  # fmt: skip
        return _Start(line, digest, deed), row

    # -- a command that is a recorded one -----------------------------------------------

    def _again(self, start: _Start, row: EffectRecord, once: Rule) -> Answer | None:
        if row.state is EffectState.FAILED:
            return None
        if row.state is EffectState.DONE:
            if self._session.attempt not in (row.attempt, row.seen):
                return self._replay(start, row, once)
            return self._duplicate(start, row, once)
        if row.id in self._running:
            reason = "the same command is at work"
            return Answer(Decision(Verdict.WAIT, reason, data={"seconds": _POLL}))
        return self._in_doubt(start, row, once)

    def _replay(self, start: _Start, row: EffectRecord, once: Rule) -> Answer:
        session = self._session
        reason = f"attempt {row.attempt} of this run ran it"
        if session.observe:
            session.record(EventType.EFFECT_PASSED, row.slot, reason, rule=once)
            return self._start(None, start, row)
        said = session.ledger.blob(row.response) if row.response else b""
        if said is None or row.result.get("large"):
            return Answer(self._not_kept(start, row, once))
        session.ledger.begin()
        session.ledger.update_effect(row.id, seen=session.attempt)
        session.record(
            EventType.EFFECT_REPLAYED, row.slot, reason, rule=once, effect_id=row.id,
            data={"kind": _KIND.value},
        )  # fmt: skip
        out = int(next(iter(row.result.get("sizes", ())), 0))
        return Answer(
            Decision(
                Verdict.REPLAY, reason, once.id, once.source.span.short,
                effect_id=row.id, data={"status": row.result.get("status", 0)},
            ),
            (said[:out], said[out:]) if said else (),
        )  # fmt: skip

    def _not_kept(self, start: _Start, row: EffectRecord, once: Rule) -> Decision:
        fact = "it ran already, and its output was too large to keep"
        self._session.record(
            EventType.HELD, row.slot, fact, rule=once, effect_id=row.id
        )
        return refuse(
            "duplicate-call", tried=start.deed.tried, fact=fact, rule=once,
            effect_id=row.id, instead="go on without its output: its work is done",
        )  # fmt: skip

    def _duplicate(self, start: _Start, row: EffectRecord, once: Rule) -> Answer | None:
        fact = f"it ran in this attempt already (effect {row.id})"
        passes = self._session.observe or once.on_duplicate is OnDuplicate.WARN
        self._session.record(
            EventType.DUPLICATE, row.slot, fact, rule=once, effect_id=row.id,
            data={"observed": passes, "action": once.on_duplicate.value},
        )  # fmt: skip
        if passes:
            return None
        if once.on_duplicate is OnDuplicate.SKIP:
            return self._replay(start, row, once)
        return Answer(refuse(
            "duplicate-call", tried=f"{start.deed.tried} a second time", fact=fact,
            rule=once, effect_id=row.id,
            instead="go on with its first result, or name a wanted second one with "
            "`with soulguard.effect(NAME):`",
        ))  # fmt: skip

    def _in_doubt(self, start: _Start, row: EffectRecord, once: Rule) -> Answer | None:
        session = self._session
        fact = f"it was started before (effect {row.id}) and nobody saw it end"
        session.record(
            EventType.HELD, row.slot, fact, rule=once, effect_id=row.id,
            data={"observed": session.observe},
        )  # fmt: skip
        if session.observe:
            return None
        command = f"soulguard resolve {session.run.run_id} {row.id}"
        return Answer(refuse(
            "in-doubt", tried=start.deed.tried, fact=fact, rule=once, effect_id=row.id,
            instead=f"look what it did, settle it with `{command} --happened` or "
            "`--did-not`, and start the agent again",
        ))  # fmt: skip

    # -- a command that is started --------------------------------------------------------

    def _start(
        self, peer: Peer | None, start: _Start, row: EffectRecord | None,
        ticket: int = 0,
    ) -> Answer:  # fmt: skip
        session, judgement, now = (
            self._session, start.deed.judgement, self._session.clock()
        )  # fmt: skip
        recorded = peer is not None and _is_watched(start.deed)
        rule = start.deed.duty(Action.ONCE) or judgement.rule
        fresh: dict[str, Any] = {
            "state": EffectState.BEGUN if recorded else EffectState.DONE,
            "attempt": session.attempt, "seen": session.attempt, "result": {},
            "generation": session.generation, "rule": rule.id if rule else "",
            "updated_at": now,
        }  # fmt: skip
        session.promise()
        if row is not None:
            session.ledger.update_effect(row.id, response="", **fresh)
            effect_id = row.id
        else:
            effect_id = session.ledger.add_effect(EffectRecord(
                run_id=session.run.run_id, kind=_KIND, slot=start.line,
                fingerprint=start.fingerprint, normalised=start.fingerprint, ordinal=0,
                intent={"line": start.line}, created_at=now, **fresh,
            ))  # fmt: skip
        if recorded and peer is not None:
            self._running[effect_id] = peer
        session.record(
            EventType.EFFECT_INTENT if recorded else EventType.EFFECT_DONE, start.line,
            judgement.reason if recorded else "started", rule=rule,
            effect_id=effect_id, data={"kind": _KIND.value},
        )  # fmt: skip
        working = partial(self._at_work.working, ticket) if ticket else None
        self._rules.performed(start.deed, effect_id, working=working)
        data = {"record": recorded, "ticket": ticket}
        return Answer(Decision(
            Verdict.ALLOW, judgement.reason, effect_id=effect_id,
            data={name: value for name, value in data.items() if value},
        ))  # fmt: skip


def _is_watched(deed: Deed) -> bool:
    """Whether a rule has to know how the command ended."""
    limits = deed.duties(Action.LIMIT)
    retries = any(r.params.get("unit") == "retries" for r in limits)
    return retries or deed.duty(Action.ONCE) is not None


def _ending(status: int) -> str:
    if status < 0:
        return f"ended by signal {-status}"
    return f"ended with status {status}"
