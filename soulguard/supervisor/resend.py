"""Owns when a call may be sent a second time, and that it is the same request then.

INVARIANT: what may have happened goes out again only where the service recognises it or
repeating it is declared harmless; this module is the only one that says yes.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from soulguard.effects import carriers, providers, secrecy
from soulguard.model import Action, EffectRecord, EffectState
from soulguard.supervisor.asked import Asked
from soulguard.supervisor.session import Session
from soulguard.supervisor.spools import Spools

_IDEMPOTENT = ("PUT", "DELETE")
"""Methods whose repetition HTTP itself declares harmless (RFC 9110 section 9.2.2)."""

_CHANGES = (*_IDEMPOTENT, "POST", "PATCH")
"""Methods after which a resource is another than before."""

_OPEN = (EffectState.BEGUN, EffectState.IN_DOUBT)


def reason(session: Session, asked: Asked, record: EffectRecord) -> str:
    """Say why a call that may have happened may be sent again; empty: it may not."""
    now = session.clock()
    if record.result.get("outcome") == "differs":
        return ""
    if record.key and _honoured(record):
        first_sent = float(record.intent["first_sent"])
        if providers.window_open(asked.provider, first_sent, now):
            return f"{asked.provider.name} honours its key and the window is open"
    if asked.call.method in _IDEMPOTENT and _overtaken(session, record):
        return _declared(asked)
    return _harmless(asked)


def _harmless(asked: Asked) -> str:
    """Say why a repetition changes nothing, while nothing else happened; empty: it may."""
    if asked.call.method in _IDEMPOTENT and not asked.duty(Action.ONCE):
        return _declared(asked) or f"{asked.call.method} is idempotent by RFC 9110"
    return _declared(asked)


def _declared(asked: Asked) -> str:
    """Say who declares a repetition harmless, whatever happened since; empty: nobody."""
    if asked.duty(Action.ONCE):
        return ""
    rule = asked.duty(Action.RESEND)
    if rule is not None:
        return f"{rule.source.span.short} declares a repetition harmless"
    return "model inference is harmless to repeat" if asked.inference else ""


def why_not(asked: Asked) -> str:
    """Say in words why there is no reason to send a call again."""
    if asked.call.method in _IDEMPOTENT and not asked.duty(Action.ONCE):
        return "and a later call to the same URL would be undone by a repetition"
    return "and a repetition is not known to be safe"


def is_over(session: Session, asked: Asked, record: EffectRecord) -> bool:
    """Whether a call that was turned away is past: making it now would undo a later one,
    and what it was answered then is on record.
    """
    puts = asked.call.method in _IDEMPOTENT and "status" in record.result
    return puts and _overtaken(session, record)


def _overtaken(session: Session, record: EffectRecord) -> bool:
    """Whether an earlier attempt changed the same resource after the call, by one that
    is answered from the record or held: repeating the first alone would undo that.
    """
    if record.attempt == session.attempt:
        return False  # the agent itself says in which order
    place = record.slot.partition(" ")[2]
    return any(
        later.id > record.id
        and later.attempt < session.attempt
        and later.intent.get("url") == record.intent.get("url")
        and (later.state not in _OPEN or method not in _IDEMPOTENT)
        for method in _CHANGES
        for later in session.ledger.find_effects(
            session.run.run_id, kind=record.kind, slot=f"{method} {place}",
            states=[state.value for state in (EffectState.DONE, *_OPEN)],
        )
    )  # fmt: skip


def intent(asked: Asked, *, ours: bool, now: float) -> dict[str, Any]:
    """Give what is known before a call and worth keeping."""
    call = asked.call
    known: dict[str, Any] = {
        "method": call.method, "url": asked.target, "client": call.client,
        "type": call.header("content-type"), "size": asked.size,
        "first_sent": now, "provider": asked.provider.id, "ours": ours,
        "name": call.name, "large": asked.large, "harmless": bool(_harmless(asked)),
    }  # fmt: skip
    return {k: v for k, v in known.items() if v not in ("", False)}


def journal(
    session: Session, spools: Spools, asked: Asked, placed: carriers.Placed,
    intent: dict[str, Any],
) -> str:  # fmt: skip
    """Keep the request as it is sent and give the reference to it.

    A body that holds credentials is kept with these hidden, which `intent` then says:
    it can be told apart, and never be sent from the record. A spooled one is not kept.
    """
    body = asked.call.body if placed.body is None else placed.body
    if asked.spool is not None:
        if not asked.spool.holds(secrecy.header_secrets(asked.call)):
            return spools.keep(asked.spool)
        intent["masked"] = True
    if asked.large or not body:
        return ""
    session.ledger.begin()
    shown = secrecy.body(asked.call, asked.value)
    if shown is None:
        return session.ledger.put_blob(body)
    intent["masked"] = True
    return session.ledger.put_blob(shown)


def same_request(
    session: Session, asked: Asked, record: EffectRecord
) -> carriers.Placed | None:
    """Give what makes the agent's request the recorded one, byte for byte and key.

    None where that is impossible: the bytes differ and the recorded ones were not kept,
    or the request is signed.
    """
    call, signed = asked.call, carriers.signed(asked.call)
    placed = carriers.Placed()
    if record.key and record.key != asked.key and not signed:
        first_sent = float(record.intent["first_sent"])
        placed = carriers.place(asked.provider, call, record.key, first_sent)
    body = call.body if placed.body is None else placed.body
    # INVARIANT: what goes out because its key is honoured carries that key
    moved = placed != carriers.Placed() or record.key in ("", asked.key)
    if _same_bytes(asked, record, body):
        return placed if moved or not _honoured(record) else None
    if signed or not record.request or record.intent.get("masked"):
        return None
    placed = replace(placed, headers=(*placed.headers, *_kind(asked, record)))
    if session.ledger.blob_file(record.request):
        return replace(placed, kept=record.request)
    kept = session.ledger.blob(record.request)
    return None if kept is None else replace(placed, body=kept)


def _kind(asked: Asked, record: EffectRecord) -> tuple[tuple[str, str], ...]:
    """Give the header that a form's recorded body needs: it names its boundary."""
    kind = str(record.intent.get("type", ""))
    same = not kind or kind == asked.call.header("content-type")
    return () if same else (("Content-Type", kind),)


def _same_bytes(asked: Asked, record: EffectRecord, body: bytes) -> bool:
    if record.request and not record.intent.get("masked"):
        digest = asked.spool.sha256 if asked.spool else hashlib.sha256(body).hexdigest()
        return digest == record.request
    # not kept as they are: the keyed digest of the canonical form has to do
    return record.fingerprint == asked.prints.exact


def _honoured(record: EffectRecord) -> bool:
    return record.protection == carriers.HONOURED
