"""Effects that wait for a person, settled as a person would who can ask the service.

A drill knows whether a call reached the service and whether a command ran to its end; of
what an agent only names, nobody here knows.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from soulguard.drill.results import Held, Request
from soulguard.errors import SoulguardError
from soulguard.ledger.opening import open_ledger
from soulguard.ledger.protocol import Ledger
from soulguard.ledger.waiting import held_effects
from soulguard.model import EffectKind, EffectRecord, EffectState
from soulguard.supervisor import settling

_KINDS = {
    EffectKind.HTTP_CALL: "call", EffectKind.COMMAND_RUN: "command",
    EffectKind.CUSTOM: "effect",
}  # fmt: skip
_OPEN = (EffectState.BEGUN, EffectState.IN_DOUBT)


def settle(
    path: Path, run_id: str, requests: Sequence[Request], performed: Mapping[str, int]
) -> list[Held]:
    """Look up whether the held effects of a run happened, and put that on record.

    `path` is its ledger, `requests` is what reached the service so far and `performed`
    counts what was done otherwise, by name.
    """
    ledger = open_ledger(path)
    with contextlib.closing(ledger):
        found = []
        for effect_id in sorted(held_effects(ledger, run_id)):
            record = ledger.effect(effect_id)
            if record is None or record.state not in _OPEN:
                continue
            happened = _happened(ledger, record, requests, performed)
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
    kind = _KINDS.get(record.kind, record.kind.value)
    return f"{kind} {record.slot}"


def _happened(
    ledger: Ledger, record: EffectRecord, requests: Sequence[Request],
    performed: Mapping[str, int],
) -> bool | None:  # fmt: skip
    """Say whether an effect happened by what was seen of it; None: nobody knows."""
    name = _name(record)
    if record.kind is EffectKind.COMMAND_RUN:
        acted = performed.get(name, 0)
    elif record.kind in (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND):
        acted = sum(r.name == name and not r.recognised for r in requests)
    else:
        return None
    done = ledger.find_effects(record.run_id, kind=record.kind, slot=record.slot)
    known = sum(r.state is EffectState.DONE for r in done)
    return acted > known
