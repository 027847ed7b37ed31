"""Owns what a reply says about an effect: whether it happened, did not, or may have.

Pure. The generic table follows the IETF draft on the Idempotency-Key header and the
services' own documentation; a provider's entry refines it.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from soulguard.model.provider import Provider


class Outcome(str, enum.Enum):
    """What a reply means for the effect.

    DONE: it happened, and this is its answer. HAPPENED: it happened before, and the
    answer only says so. REJECTED: it did not happen and asking again is a new try.
    NOT_PROCESSED: it did not happen, asking again with the same key is right.
    IN_FLIGHT: an earlier copy is still at work. DIFFERS: the service saw another
    request under this key. UNKNOWN: it may have happened.
    """

    DONE = "done"
    HAPPENED = "happened"
    REJECTED = "rejected"
    NOT_PROCESSED = "not_processed"
    IN_FLIGHT = "in_flight"
    DIFFERS = "differs"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reply:
    """What the reading of one reply gave.

    `replayed` says that the service answered from its own record.
    """

    outcome: Outcome
    reason: str
    replayed: bool = False


_NOT_PROCESSED = frozenset({408, 425, 429})
_IN_FLIGHT = (
    b"in_progress", b"in progress", b"concurrent", b"in_use", b"being processed",
    b"still processing",
)  # fmt: skip
_DIFFERS = (
    b"idempotency_error", b"key_reused", b"key_already_used", b"invalid_idempotent",
    b"parameter_mismatch", b"idempotentparametermismatch", b"duplicateidempotencykey",
    b"idempotency_key_conflict", b"different request", b"different payload",
    b"different parameters",
)  # fmt: skip
_MARKERS = ("idempotent-replayed", "idempotency-replayed", "x-idempotency-cache-hit")
_NO = ("", "false", "0", "no", "miss", "processed")


def classify(
    provider: Provider,
    status: int,
    headers: Sequence[Sequence[str]],
    body: bytes,
    *,
    keyed: bool,
) -> Reply:
    """Say what a reply means.

    `keyed` says whether the request carried a key: without one a conflict is no more
    than a rejection.
    """
    if replayed(provider, headers):
        return Reply(
            _original(status), f"the service replayed its {status}", replayed=True
        )
    if status < 400:
        return Reply(Outcome.DONE, f"answered {status}")
    text = body[:65536].lower()
    if any(code.lower().encode() in text for code in provider.happened):
        return Reply(Outcome.HAPPENED, f"{status}: it happened before")
    if keyed and status in (400, 409, 422, provider.flight):
        return _conflict(provider, status, text)
    if status in _NOT_PROCESSED:
        return Reply(Outcome.NOT_PROCESSED, f"answered {status}, not processed")
    if status >= 500:
        return Reply(Outcome.UNKNOWN, f"answered {status}: it may have happened")
    return Reply(Outcome.REJECTED, f"rejected with {status}")


def replayed(provider: Provider, headers: Sequence[Sequence[str]]) -> bool:
    """Whether an answer carries the provider's replay marker, or a well-known one."""
    name, _, wanted = provider.marker.partition(":")
    names = (name.strip().lower(), *_MARKERS) if name else _MARKERS
    for header, value in headers:
        if header.lower() in names:
            said = value.strip().lower()
            return said == wanted.strip() if wanted else said not in _NO
    return False


def _original(status: int) -> Outcome:
    return Outcome.DONE if status < 400 else Outcome.REJECTED


def _conflict(provider: Provider, status: int, text: bytes) -> Reply:
    if any(code in text for code in _DIFFERS):
        return Reply(Outcome.DIFFERS, f"{status}: the key was used for another request")
    at_work = status == provider.flight or any(code in text for code in _IN_FLIGHT)
    if at_work and status != 400:
        return Reply(Outcome.IN_FLIGHT, f"{status}: the first request is at work")
    if status == 409 and provider.conflict == "happened":
        return Reply(Outcome.HAPPENED, f"{status}: it happened before")
    if status == 409 and provider.conflict == "differs":
        return Reply(Outcome.DIFFERS, f"{status}: the key was used for another request")
    if status == 409 and provider.conflict == "in-flight":
        return Reply(Outcome.IN_FLIGHT, f"{status}: the first request is at work")
    return Reply(Outcome.REJECTED, f"rejected with {status}")
