"""Owns what is volatile in a request: values that say nothing about what it means.

A value is volatile when there is evidence for it, never because of its shape alone: two
orders that differ in a UUID are two orders. Evidence is (a) the agent's process drew
the value itself, (b) it is a time close to now, or carries one, (c) its field is one
that services define as a token and it looks random. Pure.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

MASK = "\N{BULLET}"

TOKENS = frozenset({
    "idempotencykey", "idempotencekey", "idempotencytoken", "idempotenttoken",
    "idempotenceid", "requestid", "clientrequestid", "clientrequesttoken",
    "clienttoken", "clientorderid", "clordid", "clientmutationid", "nonce",
    "requesttoken", "transactiontoken", "uniquenesskey", "dedupid",
    "messagededuplicationid", "traceid", "spanid", "correlationid", "traceparent",
    "commandid", "signaturenonce", "invocationid", "externalrequestid", "xrequestid",
})  # fmt: skip
"""Field names (lower case, letters only) that services define as tokens of a request."""

NEAR = 300.0
"""Seconds around the call within which a time counts as "now"."""

_UUID = re.compile(
    r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-([1-8])[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b"
)
_ISO = re.compile(
    r"\b(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?"
    r"(?:\s?(Z|UTC|GMT|[+-]\d\d:?\d\d))?"
)
_EPOCH = re.compile(r"(?<![\w.-])\d{10}(?:\d{3}|\d{6}|\d{9}|\.\d+)?(?![\w-])")
_MAYBE = re.compile(r"[-0-9]")
"""What every volatile value has in it."""
_RANDOM = re.compile(r"(?=.*\d)[A-Za-z0-9+/_=-]{16,128}")
_DIRECTIVE = re.compile(r'(@idempotent\s*\(\s*key\s*:\s*")([^"]*)(")')
"""A token that stands in a GraphQL text (shopify.dev, "Idempotent requests")."""
_LETTERS = re.compile(r"[^a-z]")
_UUID_EPOCH = 12219292800  # seconds from 1582-10-15 (RFC 9562 section 5.1) to 1970


class Mask:
    """What is volatile in one call: ask it about each field of the body."""

    def __init__(self, now: float, drawn: tuple[str, ...] = ()) -> None:
        self._now = now
        self._drawn = sorted((d for d in drawn if len(d) >= 8), key=len, reverse=True)

    def __call__(self, name: str, value: Any) -> Any:
        """Give the scalar, or the scalar with what is volatile in it masked."""
        if isinstance(value, str):
            return self.text(name, value)
        if isinstance(value, bool) or value is None:
            return value
        if self._is_now(float(value)) or (self._drawn and str(value) in self._drawn):
            return MASK
        return value

    def text(self, name: str, value: str) -> str:
        """Mask what is volatile in a text."""
        if len(value) < 8:
            return value
        if _is_token(name) and (_UUID.search(value) or _RANDOM.fullmatch(value)):
            return MASK
        if "@idempotent" in value:
            value = _DIRECTIVE.sub(_directive, value)
        for drawn in self._drawn:
            value = value.replace(drawn, MASK)
        if not _MAYBE.search(value):
            return value
        value = _UUID.sub(self._uuid, value)
        value = _ISO.sub(self._iso, value)
        return _EPOCH.sub(self._epoch, value)

    def _uuid(self, found: re.Match[str]) -> str:
        text = found.group().replace("-", "")
        version = found.group(1)
        if version == "7":
            seconds = int(text[:12], 16) / 1000
        elif version == "1":
            ticks = int(text[13:16] + text[8:12] + text[:8], 16)
            seconds = ticks / 1e7 - _UUID_EPOCH
        else:
            return found.group()
        return MASK if self._near(seconds) else found.group()

    def _iso(self, found: re.Match[str]) -> str:
        year, month, day, hour, minute, second = (
            int(g or 0) for g in found.groups()[:6]
        )
        try:
            at = datetime(
                year, month, day, hour, minute, min(second, 59), tzinfo=timezone.utc
            )
        except ValueError:
            return found.group()
        seconds = at.timestamp() - _offset(found.group(7) or "")
        # a time without zone may be local: whole quarters of an hour off are now, too
        if not found.group(7):
            seconds = self._now + _from_quarter(seconds - self._now)
        return MASK if self._near(seconds) else found.group()

    def _epoch(self, found: re.Match[str]) -> str:
        return MASK if self._is_now(float(found.group())) else found.group()

    def _is_now(self, number: float) -> bool:
        scale = 1.0
        while number / scale > 1e11 and scale < 1e9:
            scale *= 1e3
        return self._near(number / scale)

    def _near(self, seconds: float) -> bool:
        return abs(seconds - self._now) <= NEAR


def _directive(found: re.Match[str]) -> str:
    head, key, end = found.groups()
    random = _UUID.fullmatch(key) or _RANDOM.fullmatch(key)
    return f"{head}{MASK}{end}" if random else found.group()


def _is_token(name: str) -> bool:
    return bool(name) and _LETTERS.sub("", name.lower()) in TOKENS


def _offset(zone: str) -> int:
    if zone[:1] not in ("+", "-") or len(zone) < 5:
        return 0
    seconds = int(zone[1:3]) * 3600 + int(zone[-2:]) * 60
    return -seconds if zone[0] == "-" else seconds


def _from_quarter(difference: float) -> float:
    if abs(difference) > 15 * 3600:
        return difference
    return (difference + 450) % 900 - 450
