"""Bring the probe up in this interpreter: learn the settings, put everything in place.

Order: after the guard, where there is one, so that its own line and files are seen.
"""

from __future__ import annotations

import atexit
import os
import sys

from soulguard.drill.probe import asked, disk, drawn, halves, plain_tls, steps, wire
from soulguard.guard import originals, protocol
from soulguard.guard.patches import Patches


def start() -> None:
    """Tell this process's boundaries to the conductor from now on."""
    steps.settings.update(steps.send("hello", {"pid": originals.os_getpid()}))
    # an agent may bring the guard up by itself later: `with soulguard.guarded():`
    asked.install()
    halves.install(guarded=bool(os.environ.get(protocol.ENV_SOCKET)))
    disk.install()
    Patches([*drawn.TABLE, *wire.TABLE, *plain_tls.TABLE]).install()
    _Ending(originals.os_getpid()).watch()


class _Ending:
    """The last boundary of a process: all is done, and nobody knows yet."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def watch(self) -> None:
        """Tell it when the interpreter ends by itself."""
        atexit.register(self._tell)

    def _tell(self) -> None:
        if self._pid == originals.os_getpid():
            words = [os.path.basename(w) for w in sys.argv[:1]]
            steps.step(steps.EXIT, f"the end of {' '.join(words) or 'python'}")
