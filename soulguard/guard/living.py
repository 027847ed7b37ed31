"""Whether another process still runs: what it has open is its own until then."""

from __future__ import annotations

import os

from soulguard.guard import originals


def alive(pid: int) -> bool:
    """Say whether a process of this number runs: a zombie publishes nothing more."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        fd = originals.os_open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return True
    try:
        state = originals.os_read(fd, 512).rpartition(b")")[2].split()
    finally:
        originals.os_close(fd)
    return state[:1] not in ([b"Z"], [b"X"])
