"""What a person decides: whether an effect in doubt happened, and approvals.

The only writer of these answers. Each is one short transaction under the run's newest
attempt number, so it never fences off an attempt that is live.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from soulguard.errors import UsageError
from soulguard.ledger.protocol import Ledger
from soulguard.ledger.waiting import held_effects
from soulguard.model import EffectKind, EffectRecord, EffectState, Event, EventType, Run
from soulguard.supervisor import lease

SCOPES = ("once", "run", "always")
"""What an approval holds for: this one effect, the like in this run, or in any run."""


_OPEN = (EffectState.IN_DOUBT, EffectState.BEGUN)


def person() -> str:
    """Give the name under which this user's answers go on record."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in this container
        return f"user {os.getuid()}"


def resolve(
    ledger: Ledger,
    run_id: str,
    effect_id: int,
    *,
    happened: bool,
    by: str,
    now: float,
    said: bytes | None = None,
) -> EffectRecord:
    """Put on record whether an effect in doubt happened; give it as it stands now.

    As `resolve_all` for one effect.
    """
    return resolve_all(
        ledger, run_id, [effect_id], happened=happened, by=by, now=now, said=said
    )[0]


def resolve_all(
    ledger: Ledger,
    run_id: str,
    effect_ids: Sequence[int],
    *,
    happened: bool,
    by: str,
    now: float,
    said: bytes | None = None,
) -> list[EffectRecord]:
    """Put on record whether effects in doubt happened, of all of them or of none.

    One that happened is answered from the record from now on: with `said`, the body of
    the service's answer (the JSON result of an explicit effect), or with an empty one,
    since nobody kept it. `said` may also come later. One that did not happen is
    performed at the next attempt. Gives them as they stand now.

    Raises:
        UsageError: no such effect, it is not in doubt, it has no answer of that kind,
            or the run is live and the agent was not refused because of it.
        LedgerError: the ledger cannot be written.
    """
    ledger.begin()
    try:
        waiting = held_effects(ledger, run_id)
        for effect_id in effect_ids:
            run, effect = _find(ledger, run_id, effect_id)
            held = effect.id in waiting
            _must_be_open(effect, happened=happened, held=held, said=said)
            _must_be_free(ledger, run, held=held, now=now)
            _write(ledger, run, effect, happened=happened, by=by, now=now, said=said)
        ledger.commit(durable=True)
    except BaseException:
        ledger.rollback()
        raise
    return [_find(ledger, run_id, effect_id)[1] for effect_id in effect_ids]


def alike(ledger: Ledger, run_id: str, effect_id: int) -> list[int]:
    """Give an effect and those in doubt that are the same, byte for byte, in its run.

    Raises:
        UsageError: no such effect.
    """
    _, effect = _find(ledger, run_id, effect_id)
    equal = ledger.find_effects(
        run_id, kind=effect.kind, slot=effect.slot, fingerprint=effect.fingerprint,
        states=[state.value for state in _OPEN],
    )  # fmt: skip
    return [effect_id, *(row.id for row in equal if row.id != effect_id)]


def answer(
    ledger: Ledger, asked_id: int, *, approve: bool, scope: str, by: str, now: float
) -> Event:
    """Answer an approval that was asked for; give the event that says so.

    Raises:
        UsageError: nothing of that id was asked, it was answered, or it ran out.
        LedgerError: the ledger cannot be written.
    """
    if scope not in SCOPES:
        raise UsageError(
            f"no scope named `{scope}`", hint=f"one of {', '.join(SCOPES)}"
        )
    ledger.begin()
    try:
        asked = _asked(ledger, asked_id, now)
        event = Event(
            run_id=asked.run_id, attempt=_newest(ledger, asked.run_id), at=now,
            type=EventType.APPROVAL_SETTLED, target=asked.target,
            reason=f"{'approved' if approve else 'denied'} by {by}", rule=asked.rule,
            source=asked.source, generation=asked.generation,
            effect_id=asked.effect_id,
            data={
                "asked": asked.id, "answer": "approve" if approve else "deny",
                "scope": scope, "by": by,
            },
        )  # fmt: skip
        ledger.add_event(event)
        ledger.commit(durable=True)
    except BaseException:
        ledger.rollback()
        raise
    return event


# -- effects in doubt -------------------------------------------------------------------


def _find(ledger: Ledger, run_id: str, effect_id: int) -> tuple[Run, EffectRecord]:
    run, effect = ledger.run(run_id), ledger.effect(effect_id)
    if run is None:
        raise UsageError(f"no run named `{run_id}`", hint="see `soulguard status`")
    if effect is None or effect.run_id != run_id:
        raise UsageError(
            f"run `{run_id}` has no effect {effect_id}",
            hint=f"see `soulguard status {run_id}`",
        )
    return run, effect


def _must_be_open(
    effect: EffectRecord, *, happened: bool, held: bool, said: bytes | None
) -> None:
    if effect.state in _OPEN:
        return
    if effect.state is EffectState.DONE and happened:
        lost = effect.result.get("large") or effect.result.get("resolved") == "happened"
        if said is not None and lost:
            return  # what it answered was not kept, or is found later
        if held and said is None:
            return  # another request stood in its place: the recorded one is confirmed
    raise UsageError(
        f"effect {effect.id} is not in doubt: it is on record as {effect.state.value}",
        hint=f"see `soulguard status {effect.run_id}`",
    )


def _must_be_free(ledger: Ledger, run: Run, *, held: bool, now: float) -> None:
    holder = lease.held_by(ledger, run.run_id, now)
    if holder is not None and not held:
        raise UsageError(
            f"run `{run.run_id}` is live: attempt {holder.number} may still settle it",
            hint="wait for the attempt to end",
        )


def _write(
    ledger: Ledger,
    run: Run,
    effect: EffectRecord,
    *,
    happened: bool,
    by: str,
    now: float,
    said: bytes | None,
) -> None:
    word = "happened" if happened else "did-not"
    reason = f"{by} says it {'happened' if happened else 'did not happen'}"
    if said is not None:
        reason += " and what it answered"
    word_of = {"resolved": word, "by": by}
    changes: dict[str, Any]
    if effect.state is EffectState.DONE and said is None:
        changes = {"result": {**effect.result, **word_of}}
    else:
        # what came back, if anything, was no answer worth repeating
        changes = {
            "state": EffectState.DONE if happened else EffectState.FAILED,
            "result": {**word_of, "why": reason, **_reply(effect, said)},
            "response": "" if said is None else ledger.put_blob(said),
        }
    ledger.update_effect(effect.id, **changes, updated_at=now)
    ledger.add_event(Event(
        run_id=run.run_id, attempt=_newest(ledger, run.run_id), at=now,
        type=EventType.EFFECT_RESOLVED,
        target=str(effect.intent.get("url") or effect.slot), reason=reason,
        rule=effect.rule, generation=effect.generation, effect_id=effect.id,
        data={
            **word_of, "was": effect.state.value,
            **({"response": changes["response"]} if said is not None else {}),
        },
    ))  # fmt: skip


def _reply(effect: EffectRecord, said: bytes | None) -> dict[str, Any]:
    """Give what the record says of an answer whose body a person gave."""
    if said is None:
        return {}
    json_like = _is_json(said)
    if effect.kind is EffectKind.CUSTOM:
        if not json_like:
            raise UsageError(f"the result of effect {effect.id} has to be JSON")
        return {}
    if effect.kind is not EffectKind.HTTP_CALL:
        raise UsageError(f"the agent reads no answer from effect {effect.id}")
    kind = "application/json" if json_like else "text/plain; charset=utf-8"
    headers = [
        ["Content-Type", kind], ["Content-Length", str(len(said))],
        ["Soulguard-Resolved", "happened"],
    ]  # fmt: skip
    return {"status": 200, "reason": "OK", "headers": headers}


def _is_json(text: bytes) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


# -- approvals --------------------------------------------------------------------------


def _asked(ledger: Ledger, asked_id: int, now: float) -> Event:
    found = next(iter(ledger.events(after=asked_id - 1, limit=1)), None)
    if (
        found is None
        or found.id != asked_id
        or found.type is not EventType.APPROVAL_ASKED
    ):
        raise UsageError(
            f"nothing was asked under the id {asked_id}",
            hint="see what waits with `soulguard watch`",
        )
    expires = float(found.data.get("expires") or 0)
    if 0 < expires <= now:
        raise UsageError(f"request {asked_id} ran out: no answer was taken as no")
    settled = ledger.events(
        found.run_id, after=asked_id, types=[EventType.APPROVAL_SETTLED.value]
    )
    for event in settled:
        if event.data.get("asked") == asked_id:
            raise UsageError(f"request {asked_id} was answered: {event.reason}")
    return found


def _newest(ledger: Ledger, run_id: str) -> int:
    attempts = ledger.attempts(run_id)
    return attempts[-1].number if attempts else 0
