"""How a noun becomes a row and comes back. No statement is run here."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from typing import Any

from soulguard.ledger.chain import document
from soulguard.model import (
    Attempt,
    EffectKind,
    EffectRecord,
    EffectState,
    Event,
    EventType,
    Owner,
    Run,
    RunStatus,
)

RUN_COLUMNS = (
    "run_id, identity, command, cwd, root, sources, status, secret, created_at,"
    " updated_at, name, attempts, exit_status"
)
ATTEMPT_COLUMNS = (
    "number, pid, started, boot, host, started_at, ended_at, exit_status, guarded,"
    " unguarded"
)
EFFECT_COLUMNS = (
    "kind, slot, fingerprint, normalised, ordinal, state, attempt, seen, id, key,"
    " protection, rule, generation, intent, result, request, response, created_at,"
    " updated_at"
)
EVENT_COLUMNS = (
    "attempt, at, type, target, reason, rule, source, generation, effect_id, data, id,"
    " hash"
)
LASTING_COLUMNS = "run, kind, slot, fingerprint, ordinal, state, result, response"
"""What of an effect its digest covers (`chain.effect_digest`), after its run."""

RUN_FIELDS = frozenset(RUN_COLUMNS.replace(",", "").split()) - {"run_id"}
EFFECT_FIELDS = frozenset(EFFECT_COLUMNS.replace(",", "").split()) - {"id"}

_PLAIN = frozenset((str, int, float, bytes))
_KINDS = {kind.value: kind for kind in EffectKind}
_STATES = {state.value: state for state in EffectState}
_TYPES = {type_.value: type_ for type_ in EventType}


def run_values(run: Run) -> tuple[Any, ...]:
    """Give a run in the order of `RUN_COLUMNS`."""
    return (
        run.run_id, run.identity, json.dumps(run.command), run.cwd, run.root,
        json.dumps(run.sources), run.status.value, run.secret, run.created_at,
        run.updated_at, run.name, run.attempts, run.exit_status,
    )  # fmt: skip


def run_from(row: tuple[Any, ...]) -> Run:
    """Give the run of a row of `RUN_COLUMNS`."""
    return Run(
        text(row[0]), row[1], tuple(json.loads(row[2])), text(row[3]), text(row[4]),
        tuple(json.loads(row[5])), RunStatus(row[6]), row[7], row[8], row[9],
        text(row[10]), row[11], row[12],
    )  # fmt: skip


def attempt_values(attempt: Attempt) -> tuple[Any, ...]:
    """Give an attempt in the order of `ATTEMPT_COLUMNS`."""
    owner = attempt.owner
    return (
        attempt.number, owner.pid, owner.started, owner.boot, owner.host,
        attempt.started_at, attempt.ended_at, attempt.exit_status, attempt.guarded,
        attempt.unguarded,
    )  # fmt: skip


def attempt_from(run_id: str, row: tuple[Any, ...]) -> Attempt:
    """Give the attempt of a row of `ATTEMPT_COLUMNS`."""
    return Attempt(run_id, row[0], Owner(*row[1:5]), *row[5:])


def effect_values(effect: EffectRecord) -> tuple[Any, ...]:
    """Give an effect in the order of `EFFECT_COLUMNS`, id 0 as "the next one"."""
    return (
        effect.kind.value, effect.slot, effect.fingerprint, effect.normalised,
        effect.ordinal, effect.state.value, effect.attempt, effect.seen,
        effect.id or None, effect.key, effect.protection, effect.rule,
        effect.generation, document(effect.intent), document(effect.result),
        effect.request, effect.response, effect.created_at, effect.updated_at,
    )  # fmt: skip


def effect_from(run_id: str, row: tuple[Any, ...]) -> EffectRecord:
    """Give the effect of a row of `EFFECT_COLUMNS`."""
    (
        kind, slot, fingerprint, normalised, ordinal, state, attempt, seen, id_, key,
        protection, rule, generation, intent, result, request, response, created_at,
        updated_at,
    ) = row  # fmt: skip
    return EffectRecord(
        run_id, _KINDS[kind], text(slot), fingerprint, normalised, ordinal,
        _STATES[state], attempt, seen, id_, key, protection, rule, generation,
        mapping(intent), mapping(result), request, response, created_at, updated_at,
    )  # fmt: skip


def event_from(run_id: str, row: tuple[Any, ...]) -> Event:
    """Give the event of a row of `EVENT_COLUMNS`."""
    return Event(
        run_id, row[0], row[1], _TYPES[row[2]], text(row[3]), text(row[4]),
        text(row[5]), text(row[6]), row[7], row[8], mapping(row[9]), row[10],
        row[11].hex(),
    )  # fmt: skip


def column(value: Any) -> Any:
    """Give a changed field as it stands in its column."""
    if type(value) in _PLAIN:
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Mapping):
        return document(value)
    if isinstance(value, (tuple, list)):
        return json.dumps(value)
    return value


def text(value: str | bytes) -> str:
    """Give text back that was stored as bytes because it is not Unicode."""
    if type(value) is str:
        return value
    return bytes(value).decode("utf-8", "surrogatepass")  # type: ignore[arg-type]


def mapping(value: str) -> Mapping[str, Any]:
    """Give the mapping of a JSON column; the empty one is the common case."""
    if value == "{}":
        return {}
    loaded: Mapping[str, Any] = json.loads(value)
    return loaded
