"""Who publishes a file: the process that opened it, or a child it was left to.

A daemon's parent opens a file, forks and is gone at once by ``os._exit(0)``. INVARIANT:
what a killed parent was in the middle of is published by none of its children. Only the
parent itself leaves a file to them, and says so by a sign beside the staged one.
"""

from __future__ import annotations

import os

from soulguard.guard import originals
from soulguard.guard.files import pending
from soulguard.guard.living import alive
from soulguard.guard.local import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from soulguard.guard.files.stage import Stage

_LEFT = "-left"


class Leaving:
    """Holder of the replacement for `os._exit`."""

    def exit(self, status: Any) -> Any:
        """Exit to the system with specified status, without normal exit processing."""
        if status == 0 and pending.by_path:
            for stage in list(pending.by_path.values()):
                _leave(stage)
        return originals.os_exit(status)

    def __reduce__(self) -> str:
        return "leaving"


def is_mine(stage: Stage) -> bool:
    """Whether this process publishes a staged file."""
    if stage.owner == originals.os_getpid():
        return True
    if alive(stage.owner):
        return False
    with inside:
        return originals.os_access(stage.staged + _LEFT, os.F_OK)


def _leave(stage: Stage) -> None:
    """Say that a file under way is left to the children that hold it, if there are any.

    What is still buffered is lost to them, as it is without the guard.
    """
    if stage.owner != originals.os_getpid() or stage.sink:
        return
    try:
        with inside:
            flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC
            originals.os_close(originals.os_open(stage.staged + _LEFT, flags, 0o600))
    except OSError:
        pass  # nobody publishes it, then


leaving = Leaving()
