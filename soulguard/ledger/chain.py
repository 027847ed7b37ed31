"""The hash chain over events and the digests of effects they carry; no storage here.

An event's hash is the sha256 over the 32 raw bytes of the previous event's hash
(`GENESIS` for the first) followed by the event's canonical JSON: the fields of
`Event.to_json` without ``id`` and ``hash``, keys sorted, no spaces, ASCII only.

An event about an effect carries in ``data["effect"]`` the sha256 in hex of the canonical
JSON list ``[run_id, kind, slot, fingerprint, ordinal, state, result, response]``: the
row's lasting fields as they stood when the event was written. So a row that is changed
later behind the ledger's back no longer fits the newest event that speaks of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring_ascii as _quote
from typing import Any

GENESIS = bytes(32)
"""What stands before the first event."""

EFFECT = "effect"
"""The key in an event's data under which the effect's digest travels."""

_encode = json.JSONEncoder(
    separators=(",", ":"), sort_keys=True, check_circular=False
).encode


def canonical(value: Any) -> str:
    """Give JSON with sorted keys, without spaces, in ASCII: one text per value."""
    return _encode(value)


def document(value: Mapping[str, Any]) -> str:
    """Give the canonical JSON of a mapping: nothing, or a digest, is the common case."""
    if not value:
        return "{}"
    if len(value) == 1 and type(value.get(EFFECT)) is str:
        return f'{{"{EFFECT}":{_quote(value[EFFECT])}}}'
    return _encode(value if type(value) is dict else dict(value))


def event_text(run_id: str, fields: Sequence[Any]) -> str:
    """Give an event's canonical JSON.

    `fields` are attempt, at, type, target, reason, rule, source, generation, effect_id
    and the text of the data, as stored. Written out by hand because it runs twice per
    effect; a test holds it to ``canonical(event.to_json())``.
    """
    attempt, at, type_, target, reason, rule, source, generation, effect_id, data = (
        fields
    )
    return (
        f'{{"at":{float(at)!r},"attempt":{attempt},"data":{data},'
        f'"effect_id":{effect_id},"generation":{generation},'
        f'"reason":{_quote(reason)},"rule":{_quote(rule)},'
        f'"run_id":{_quote(run_id)},"source":{_quote(source)},'
        f'"target":{_quote(target)},"type":{_quote(type_)}}}'
    )


def link(previous: bytes, text: str) -> bytes:
    """Give the raw hash of an event's text that follows `previous`."""
    return hashlib.sha256(previous + text.encode("ascii")).digest()


def effect_digest(run_id: str, fields: Sequence[Any]) -> str:
    """Give the digest in hex of an effect's lasting fields.

    `fields` are kind, slot, fingerprint, ordinal, state, the text of the result, and
    response, as stored.
    """
    kind, slot, fingerprint, ordinal, state, result, response = fields
    text = (
        f"[{_quote(run_id)},{_quote(kind)},{_quote(slot)},{_quote(fingerprint)},"
        f"{ordinal},{_quote(state)},{result},{_quote(response)}]"
    )
    return hashlib.sha256(text.encode("ascii")).hexdigest()
