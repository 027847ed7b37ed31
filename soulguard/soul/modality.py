"""Owns the names of the modalities. Nothing is read here."""

from __future__ import annotations

import enum


class Modality(enum.Enum):
    """What a sentence does with what it speaks of."""

    DENY = "deny"
    ASK = "ask"
    ALLOW = "allow"
    ONLY = "only"
    MUST = "must"
    NONE = "none"
