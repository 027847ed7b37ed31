"""Owns the honest rest: sentences that read like rules and that no family took.

Gives the reason such a sentence does not hold and, where there is one, a sentence that
would. Whatever has the force of a rule must be listed, never dropped.
"""

from __future__ import annotations

from dataclasses import dataclass

from soulguard.soul.reading import Modality, Reading


@dataclass(frozen=True, slots=True)
class Why:
    """Why a sentence is not enforced, and what would be."""

    reason: str
    suggestion: str = ""


def reason(reading: Reading) -> Why | None:
    """Say why a sentence does not hold, or None where it is no rule at all."""
    if reading.modality is Modality.NONE or reading.clause.kind in ("heading", "quote"):
        return None
    if reading.low.rstrip(" *").endswith(":"):
        return None
    return Why("no file, call, mail or command is named that a guard could check")
