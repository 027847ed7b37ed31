"""Owns the two digests by which a call is recognised as the same one.

`exact` is over the canonical body as it is, `normalised` over the body with volatile
values masked; where nothing is volatile they are equal. Headers and credentials are
left out, but for the few headers that carry the request's arguments. The digests are
keyed: a stored digest of a low-entropy body must not be guessable. Pure.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from soulguard.effects import canonical
from soulguard.effects.volatile import Mask
from soulguard.model.call import Call

ARGUMENT_HEADERS = frozenset(
    {
        "envelope-from",
        "dropbox-api-arg",
        "soapaction",
        "x-amz-copy-source",
        "x-amz-copy-source-range",
        "x-amz-target",
        "x-goog-copy-source",
        "x-http-method-override",
        "x-ms-copy-source",
    }
)
"""Headers by which some services say what the request is to do."""

SIGNED_QUERY = (
    "x-amz-",
    "x-goog-",
    "signature",
    "sig",
    "expires",
    "timestamp",
    "nonce",
)
"""Query fields, by their beginning, that are a credential and no argument."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The digests of one call, in hex, and the body as it was understood (or None)."""

    exact: str
    normalised: str
    value: Any = None


def fingerprint(call: Call, secret: bytes) -> Fingerprint:
    """Give the digests of a call under the run's secret."""
    value = canonical.parse(call)
    plain = call.body if value is None else canonical.write(value)
    exact = _digest(secret, call, plain, call.split.query)
    mask = Mask(call.at, call.drawn)
    masked = _masked(call.body, value, mask)
    query = _query(call, mask)
    if masked is None:
        masked = plain
    if masked == plain and query == call.split.query:
        return Fingerprint(exact, exact, value)
    return Fingerprint(exact, _digest(secret, call, masked, query), value)


def _masked(body: bytes, value: Any, mask: Mask) -> bytes | None:
    """Give the canonical form with what is volatile masked; None: nothing is."""
    if value is not None:
        changed = canonical.change(value, mask)
        return None if changed == value else canonical.write(changed)
    if not body or len(body) > canonical.TOO_LARGE:
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return mask.text("", text).encode()


def _query(call: Call, mask: Mask) -> str:
    query = call.split.query
    if not query:
        return query
    fields = parse_qsl(query, keep_blank_values=True)
    kept = [(n, v) for n, v in fields if not n.lower().startswith(SIGNED_QUERY)]
    changed = [(n, mask.text(n, v)) for n, v in kept]
    if changed == fields:
        return query
    return canonical.write([list(f) for f in changed]).decode()


def _digest(secret: bytes, call: Call, body: bytes, query: str) -> str:
    parts = [call.method, call.slot, query, call.name]
    if not ARGUMENT_HEADERS.isdisjoint(call.named):
        shared = sorted(ARGUMENT_HEADERS & call.named.keys())
        parts += [f"{name}:{call.named[name]}" for name in shared]
    head = json.dumps(parts).encode() + b"\n"
    return hmac.digest(secret, head + body, "sha256").hex()
