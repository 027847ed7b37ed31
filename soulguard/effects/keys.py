"""Owns idempotency keys: how one is made and brought into the shape a provider takes.

Pure: the same effect of the same run always gets the same key, and nobody without the
run's secret can guess it.
"""

from __future__ import annotations

import hmac
import uuid

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def derive(
    secret: bytes, run_id: str, slot: str, fingerprint: str, *, ordinal: int,
    turn: int = 0,
) -> str:  # fmt: skip
    """Give the key of an effect, shaped as a lower-case UUIDv4.

    `slot` holds method, host and path: some providers echo the answer of another route
    when a key is used twice. `turn` counts the times a provider rejected the effect for
    good, after which the same key would only bring the old rejection back.
    """
    text = "\n".join((run_id, slot, fingerprint, str(ordinal), str(turn)))
    digest = hmac.digest(secret, text.encode(), "sha256")
    return str(uuid.UUID(bytes=digest[:16], version=4))


def reshape(key: str, shape: str, limit: int, at: float) -> str:
    """Bring a derived key into a provider's shape.

    `shape` is ``uuid`` (as it is), ``hex`` (32 digits), ``base36`` (digits and lower
    case letters), ``uuid7`` (RFC 9562, which begins with the time `at`) or ``pay`` (the
    prefix of x402). `limit` is the greatest length, 0 where none is known.
    """
    plain = key.replace("-", "")
    if shape == "uuid7":
        stamp = f"{int(at * 1000) & (1 << 48) - 1:012x}"
        return f"{stamp[:8]}-{stamp[8:]}-7{key[15:]}"
    if shape == "pay":
        return f"pay_{plain}"
    if shape == "base36" or 0 < limit < 32:
        return _base36(int(plain, 16))[: limit or 25]
    if shape == "hex" or 0 < limit < 36:
        return plain
    return key


def _base36(number: int) -> str:
    digits = []
    while number:
        number, digit = divmod(number, 36)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits)).rjust(25, "0")
