"""Asking for as long as the broker says wait: for a person, a limit, another process."""

from __future__ import annotations

from soulguard.guard import client, originals
from soulguard.guard.local import local
from soulguard.guard.signals import run_late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Blobs = list[bytes] | tuple[bytes, ...]


def ask_until_decided(
    op: str, message: dict[str, Any], blobs: Blobs = ()
) -> dict[str, Any]:
    """Ask, and ask again for as long as the broker says wait.

    Raises:
        GuardUnavailable: nobody answers.
    """
    return decide(op, message, blobs)[0]


def decide(
    op: str, message: dict[str, Any], blobs: Blobs = ()
) -> tuple[dict[str, Any], list[bytes]]:
    """Ask in the same way and give the binary parts of the answer as well."""
    while True:
        reply, parts = client.ask(op, message, blobs)
        if reply["verdict"] != "wait":
            return reply, parts
        originals.sleep(reply.get("data", {}).get("seconds", 0.2))
        if local.late:
            run_late()
