"""Effects that wait for a person, settled as a person would who can ask the service.

A drill knows whether a call reached the service; of anything else nobody here knows.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

from soulguard.drill.results import Held, Request
from soulguard.errors import SoulguardError
from soulguard.ledger.opening import open_ledger
from soulguard.ledger.protocol import Ledger
from soulguard.ledger.waiting import held_effects
from soulguard.model import EffectKind, EffectRecord, EffectState
from soulguard.supervisor import settling

_OPEN = (EffectState.BEGUN, EffectState.IN_DOUBT)


def settle(path: Path, run_id: str, requests: Sequence[Request]) -> list[Held]:
    """Look up whether the held effects of a run happened, and put that on record.

    `path` is its ledger, `requests` is what reached the service so far.
    """
    ledger = open_ledger(path)
    with contextlib.closing(ledger):
        found = []
        for effect_id in sorted(held_effects(ledger, run_id)):
            record = ledger.effect(effect_id)
            if record is None or record.state not in _OPEN:
                continue
            happened = _happened(ledger, record, requests)
            found.append(Held(_name(record), effect_id, happened))
            if happened is not None:
                with contextlib.suppress(SoulguardError):
                    settling.resolve(
                        ledger, run_id, effect_id, happened=happened, by="the drill",
                        now=time.time(),
                    )  # fmt: skip
        return found


def _name(record: EffectRecord) -> str:
    """Name an effect as its boundaries are named."""
    if record.kind is EffectKind.MAIL_SEND:
        people = record.slot.partition(" ")[2]
        return f"call mail to {people.partition(':')[2] or people}"
    is_call = record.kind is EffectKind.HTTP_CALL
    return f"call {record.slot}" if is_call else f"{record.kind.value} {record.slot}"


def _happened(
    ledger: Ledger, record: EffectRecord, requests: Sequence[Request]
) -> bool | None:
    """Say what the service knows: whether the effect reached it; None: nobody knows."""
    if record.kind not in (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND):
        return None
    name = _name(record)
    acted = sum(r.name == name and not r.recognised for r in requests)
    done = ledger.find_effects(record.run_id, kind=record.kind, slot=record.slot)
    known = sum(r.state is EffectState.DONE for r in done)
    return acted > known
