"""The line to the conductor: one step told, one word to go on. Nobody answers the dead.

Each step has a connection of its own, so threads and forks share nothing. Steps are not
decided about here.
"""

from __future__ import annotations

import os

from soulguard.drill.probe.origin import origin
from soulguard.guard import originals, protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

ENV_SOCKET = "SOULGUARD_DRILL"
ENV_HOME = "SOULGUARD_DRILL_HOME"

BEFORE = "before it"
INTENT = "after its intent"
HALF = "in its middle"
MADE = "made, not yet on record"
RECORDED = "on record"
ACTED = "acted, answer lost"
PARTLY = "half of the answer sent"
EXIT = "before the end"


class _Local(originals.thread_local):
    """Whether this thread is telling a step right now, and where it waits."""

    busy = 0
    waiting = ""


local = _Local()
settings: dict[str, Any] = {}


class Busy:
    """Mark the probe's own work: ``with busy:`` nests and is per thread."""

    def __enter__(self) -> None:
        local.busy += 1

    def __exit__(self, *_: object) -> None:
        local.busy -= 1


busy = Busy()


def send(op: str, message: dict[str, Any]) -> dict[str, Any]:
    """Send one message to the conductor and give its reply.

    A conductor that does not answer has killed this process, or is dead itself: then
    this process goes no further.
    """
    with busy:
        line = originals.socket(originals.AF_UNIX, originals.SOCK_STREAM)
        try:
            line.connect(os.environ[ENV_SOCKET])
            line.sendall(protocol.encode({**message, "op": op}))
            reply = protocol.receive(line.recv)
        except OSError:
            reply = None
        finally:
            line.close()
    if reply is None:
        # INVARIANT: nothing happens after the step at which the agent was to die
        originals.os_exit(137)
    return reply[0]


def step(moment: str, effect: str, **more: Any) -> None:
    """Tell that the agent stands at a boundary of an effect, and wait for the word."""
    if not local.busy:
        send("step", {"moment": moment, "effect": effect, "at": here(), **more})


def here() -> str:
    """Give the line of the agent's own code that is at work, empty where unknown."""
    return origin(settings.get("root", ""), 3)
