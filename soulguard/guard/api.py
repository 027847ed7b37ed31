"""What an agent may ask of the guard it runs under, all of it optional."""

from __future__ import annotations

import os

from soulguard.guard import protocol
from soulguard.guard.naming import effect

__all__ = ["attempt", "effect", "run_id"]


def run_id() -> str | None:
    """Give the id of the run this process belongs to, None outside one."""
    return os.environ.get(protocol.ENV_RUN_ID)


def attempt() -> int | None:
    """Give the number of the current attempt, counted from 1; None outside a run."""
    number = os.environ.get(protocol.ENV_ATTEMPT)
    return int(number) if number else None
