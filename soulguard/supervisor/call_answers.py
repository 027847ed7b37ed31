"""Owns the words and data of the answers to a call: send it, take this, it is held.

Whether an answer is right was decided by the caller.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from soulguard.effects import carriers, secrecy
from soulguard.effects.usage import Usage
from soulguard.model import Action, Decision, EffectRecord, EventType, Rule, Verdict
from soulguard.supervisor.asked import Asked
from soulguard.supervisor.broker import Answer, wire
from soulguard.supervisor.facts import Facts
from soulguard.supervisor.matching import Match
from soulguard.supervisor.refusal import refuse
from soulguard.supervisor.session import Session

_SAID = b"{}"
_SAID_HEADERS = (
    ("Content-Type", "application/json"),
    ("Content-Length", str(len(_SAID))),
    ("Soulguard-Resolved", "happened"),
)


def send(
    session: Session, asked: Asked, record: EffectRecord, placed: carriers.Placed,
    why: str,
) -> Answer:  # fmt: skip
    """Let a call go out, with what has to be set in it."""
    data: dict[str, Any] = {}
    if placed.kept:
        data.update(
            _file(session, placed.kept, lambda: _unsendable(session, asked, record))
        )
    if placed.headers:
        data["headers"] = [list(h) for h in placed.headers]
    if record.key:
        # a conflict under a key may mean that an earlier copy is still at work
        data["ask"] = [409]
    decision = Decision(Verdict.ALLOW, why, effect_id=record.id, data=data)
    return Answer(decision, () if placed.body is None else (placed.body,))


def replay(
    session: Session, facts: Facts, asked: Asked, match: Match,
    why: str = "it happened before",
) -> Answer:  # fmt: skip
    """Answer a call from the record, byte for byte."""
    record = match.record
    result = record.result
    file = _file(session, record.response, lambda: _lost(asked, record))
    body = None if file else _body(session, record)
    if result.get("large") or (body is None and not file):
        session.ledger.update_effect(record.id, seen=session.attempt)
        return Answer(_not_kept(session, asked, record))
    data: dict[str, Any] = {"match": match.how, **replaced_key(asked, record)}
    if result.get("usage"):
        data["saved"] = _saved(facts, Usage(**result["usage"]))
    # INVARIANT: what was walked over is known before the next question
    session.ledger.update_effect(record.id, seen=session.attempt)
    replayed = partial(
        session.record, EventType.EFFECT_REPLAYED, asked.target, why,
        effect_id=record.id, data=data, pressing=False,
    )  # fmt: skip
    session.afterwards(replayed)
    return Answer(_recorded(record, file, why), () if body is None else (body,))


def _body(session: Session, record: EffectRecord) -> bytes | None:
    if "status" not in record.result:
        # a person said that it happened, and nobody knows what was answered
        return _SAID
    return session.ledger.blob(record.response) if record.response else b""


def _file(session: Session, ref: str, torn: Callable[[], Decision]) -> dict[str, Any]:
    """Say where a large body is; `torn` is what the agent gets where it is damaged."""
    path = session.ledger.blob_file(ref) if ref else None
    if path is None:
        return {}
    size = path.stat().st_size
    return {"file": str(path), "sha256": ref, "size": size, "torn": wire(torn())}


def _saved(facts: Facts, used: Usage) -> dict[str, Any]:
    """Say what an answer from the record saved."""
    return {"tokens": used.tokens, "usd": round(facts.prices.usd(used), 6)}


def _recorded(record: EffectRecord, file: dict[str, Any], why: str) -> Decision:
    result = record.result
    kept = result.get("headers", _SAID_HEADERS)
    headers = [h for h in kept if h[1] != secrecy.HIDDEN]
    data = {
        "status": result.get("status", 200), "reason": result.get("reason", "OK"),
        "version": result.get("version", "1.1"), "headers": headers,
        "chunks": result.get("chunks", []), "early": bool(result.get("early")), **file,
    }  # fmt: skip
    return Decision(Verdict.REPLAY, why, effect_id=record.id, data=data)


def replaced_key(asked: Asked, record: EffectRecord) -> dict[str, Any]:
    """Say when the request came with another key: it was drawn at random."""
    if asked.key and record.key and asked.key != record.key:
        return {"replaced_key": True}
    return {}


def held(
    session: Session, asked: Asked, record: EffectRecord, fact: str, rule: Rule | None
) -> Decision:
    """Refuse a call until a person has said whether it happened."""
    command = f"soulguard resolve {session.run.run_id} {record.id}"
    where = asked.call.host or "the mail server"
    answer = " (`--answer FILE` if the agent needs what was answered)"
    return refuse(
        "in-doubt", tried=asked.words, fact=fact, rule=rule, effect_id=record.id,
        instead=f"look it up at {where} ({_sent(record)}), settle it with `{command} "
        f"--happened`{answer if asked.call.host else ''} or `--did-not`, and start the "
        "agent again",
    )  # fmt: skip


def _sent(record: EffectRecord) -> str:
    """Say by what a person finds a call at the service."""
    at = time.localtime(float(record.intent.get("first_sent", record.created_at)))
    key = f" with key `{record.key}`" if record.key else ", no key went with it"
    return f"sent {time.strftime('%Y-%m-%d %H:%M:%S', at)}{key}"


def _not_kept(session: Session, asked: Asked, record: EffectRecord) -> Decision:
    refused = _lost(asked, record)
    session.record(EventType.HELD, asked.target, refused.reason, effect_id=record.id)
    return refused


def _lost(asked: Asked, record: EffectRecord) -> Decision:
    large = record.result.get("large")
    why = "its answer was too large to keep" if large else (
        "what was kept of its answer is damaged"
    )  # fmt: skip
    return refuse(
        "duplicate-call",
        tried=asked.words,
        fact=f"it happened (effect {record.id}) and {why}",
        effect_id=record.id,
        instead="go on without the answer: the effect itself is done",
    )


def _unsendable(session: Session, asked: Asked, record: EffectRecord) -> Decision:
    fact = (
        f"it may have happened before (effect {record.id}) and the request as it was "
        "sent is damaged on disk"
    )
    return held(session, asked, record, fact, asked.duty(Action.ONCE))
