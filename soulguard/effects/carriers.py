"""Owns where a key stands in a request: finding the caller's, placing ours.

Pure. A request that carries a signature is never touched: an extra header would not be
covered, a changed body would be refused.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qsl

from soulguard.effects import mail, x402
from soulguard.effects.providers import GENERIC, honours
from soulguard.model.call import Call
from soulguard.model.provider import Provider

HONOURED = "key honoured"
SENT = "key sent, unknown"
NONE = "none"

KEY_HEADERS = frozenset({
    "idempotency-key", "x-idempotency-key", "idempotence-key", "x-idempotence-key",
    "idempotency-token", "x-idempotency-token", "paypal-request-id",
    "request-idempotency-key",
})  # fmt: skip
"""Headers in which a caller's key is recognised at a service no entry speaks of."""

_SIGNATURES = frozenset({
    "signature", "signature-input", "x-signature", "tl-signature", "api-sign",
    "x-amz-signature", "x-acs-signature", "x-hub-signature", "x-hub-signature-256",
    "x-mbx-signature", "x-bapi-sign", "ok-access-sign", "cb-access-sign",
})  # fmt: skip
_SIGNED_SCHEMES = (
    "aws4-", "aws ", "signature ", "acs3-", "oauth ", "hmac", "sharedkey", "digest ",
    "tc3-", "amzn-pay",
)  # fmt: skip
_GENERIC_METHODS = ("POST", "PATCH")


@dataclass(frozen=True, slots=True)
class Placed:
    """What has to change for a request to carry a key: headers to set, maybe a body.

    `kept` is the reference to a recorded body that goes out instead.
    """

    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = field(default=None, repr=False)
    kept: str = ""


def signed(call: Call) -> bool:
    """Whether the request carries a signature over itself."""
    if call.header("authorization").lower().startswith(_SIGNED_SCHEMES):
        return True
    if not _SIGNATURES.isdisjoint(call.named):
        return True
    query = call.split.query.lower()
    return "x-amz-signature=" in query or "x-goog-signature=" in query


def existing(provider: Provider, call: Call, value: Any) -> str:
    """Give the key that the caller or its SDK put into the request, or nothing."""
    carrier = provider.carrier
    if carrier.kind == "mail":
        return mail.message_id(call.body)
    if carrier.kind == "payment":
        return x402.payment_id(call)
    if provider is GENERIC:
        if KEY_HEADERS.isdisjoint(call.named):
            return ""
        return next(v for n, v in call.headers if n.lower() in KEY_HEADERS)
    if carrier.kind == "header":
        return call.header(carrier.name)
    names = provider.tokens or ((carrier.name,) if carrier.name else ())
    for name in names:
        found = _field(call, value, name)
        if found:
            return found
    return ""


def can_place(provider: Provider, call: Call, value: Any) -> bool:
    """Whether our key may be added to this request."""
    kind = provider.carrier.kind
    if kind == "none" or call.method in provider.never or signed(call):
        return False
    if provider is GENERIC:
        return call.method in _GENERIC_METHODS
    if kind in ("header", "mail"):
        return True
    at_home = provider.add and honours(provider, call.method, call.path)
    return at_home and kind == "json" and isinstance(value, dict)


def place(provider: Provider, call: Call, key: str, first_sent: float) -> Placed:
    """Put a key into the request, with what belongs to it."""
    carrier = provider.carrier
    extra = {k: _filled(v, first_sent) for k, v in provider.extra.items()}
    if carrier.kind == "header":
        if provider is GENERIC:
            name = next(
                (n for n, _ in call.headers if n.lower() in KEY_HEADERS), carrier.name
            )
            return Placed(((name, key),))
        return Placed(((carrier.name, key), *((k, str(v)) for k, v in extra.items())))
    if carrier.kind == "payment":
        header = x402.with_payment_id(call, key)
        return Placed() if header is None else Placed((header,))
    if carrier.kind == "mail":
        value = key if key.startswith("<") else mail.as_message_id(key, call)
        return Placed(body=mail.with_message_id(call.body, value))
    if carrier.kind != "json":
        return Placed()
    body = json.loads(call.body)
    _set(body, carrier.name, key)
    body.update(extra)
    return Placed(body=json.dumps(body, separators=(",", ":")).encode())


def protection(provider: Provider, call: Call, key: str) -> str:
    """Say what a key is worth at this endpoint."""
    if not key:
        return NONE
    if provider is GENERIC or call.method in provider.never:
        return SENT
    return HONOURED if honours(provider, call.method, call.path) else SENT


def _filled(value: Any, first_sent: float) -> Any:
    return formatdate(first_sent, usegmt=True) if value == "{first-sent}" else value


def _field(call: Call, value: Any, name: str) -> str:
    if name.startswith("@"):
        return _directive(value, name)
    if isinstance(value, dict):
        found: Any = value
        for step in name.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, (str, int)) and not isinstance(found, bool):
            return str(found)
    elif isinstance(value, list):
        for entry in value:
            if isinstance(entry, dict) and isinstance(entry.get(name), str):
                return str(entry[name])
    return dict(parse_qsl(call.split.query)).get(name, "")


def _directive(value: Any, name: str) -> str:
    """Give the key in a directive of a GraphQL text, or in the variable it names."""
    text = value.get("query") if isinstance(value, dict) else None
    if not isinstance(text, str) or name not in text:
        return ""
    found = re.search(re.escape(name) + r"\s*\(\s*key\s*:\s*(\"[^\"]*\"|\$\w+)", text)
    if found is None:
        return ""
    said, variables = found.group(1), value.get("variables")
    if said.startswith('"'):
        return said.strip('"')
    return str(variables.get(said[1:], "")) if isinstance(variables, dict) else ""


def _set(body: dict[str, Any], name: str, key: str) -> None:
    *steps, last = name.split(".")
    for step in steps:
        inner = body.get(step)
        if not isinstance(inner, dict):
            inner = body[step] = {}
        body = inner
    body[last] = key
