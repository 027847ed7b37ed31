"""Owns the payment identifier of x402: a key inside the payment header.

A paid request carries ``X-PAYMENT`` (version 2: ``PAYMENT-SIGNATURE``), base64 of JSON;
a client whose server advertises the extension puts the key at
``extensions.payment-identifier.info.id``. Pure.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from soulguard.model.call import Call

PROVIDER = "x402"
HEADERS = ("x-payment", "payment-signature")


def payment_id(call: Call) -> str:
    """Give the identifier of a paid request, empty where there is none."""
    _, payment = _payment(call)
    info = _info(payment)
    found = info.get("id") if info is not None else None
    return found if isinstance(found, str) else ""


def with_payment_id(call: Call, key: str) -> tuple[str, str] | None:
    """Give the payment header with another identifier; None where there is none."""
    name, payment = _payment(call)
    info = _info(payment)
    if info is None:
        return None
    info["id"] = key
    text = json.dumps(payment, separators=(",", ":")).encode()
    return name, base64.b64encode(text).decode()


def _payment(call: Call) -> tuple[str, Any]:
    for name, value in call.headers:
        if name.lower() in HEADERS:
            try:
                return name, json.loads(base64.b64decode(value, validate=True))
            except (binascii.Error, ValueError):
                return name, None
    return "", None


def _info(payment: Any) -> dict[str, Any] | None:
    at = payment
    for step in ("extensions", "payment-identifier", "info"):
        at = at.get(step) if isinstance(at, dict) else None
    return at if isinstance(at, dict) else None
