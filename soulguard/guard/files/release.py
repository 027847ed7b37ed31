"""Handles that leave our hands: duplicated, given to a child, or locked.

What is written through a copy of an append's descriptor would never reach the file, and
a lock on a staged copy would exclude nobody. So the handle is given the file itself
first: later writes are as bare, which is recorded.
"""

from __future__ import annotations

import os

from soulguard.guard import client, originals
from soulguard.guard.files import pending
from soulguard.guard.files.appends import open_appends
from soulguard.guard.files.bytes import digest_of
from soulguard.guard.files.stage import Stage, quietly_remove
from soulguard.guard.local import inside, local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from soulguard.guard.files.appends import Append


def release(fds: Iterable[int], why: str) -> None:
    """Give the appends behind the descriptors their target; `why` goes on record."""
    if not open_appends or local.inside:
        return
    wanted = set(fds)
    for stage in list(open_appends):
        if stage.fd in wanted and not stage.settled:
            stage.flush()
            stage.push(last=True)
            stage.settled = True
            open_appends.discard(stage)
            _give(stage, os.O_APPEND, "file.append", why)


def lock(fd: Any) -> None:
    """Let a lock on a file opened for update be one on the file itself.

    Only as long as nothing was written: a copy that has changed stays a copy.
    """
    number = fd if type(fd) is int else fd.fileno()
    release([number], "a lock")
    if local.inside:
        return
    for stage in [*pending.by_path.values(), *pending.by_fd.values()]:
        if not isinstance(stage, Stage) or stage.kind != "r+" or stage.sink:
            continue
        if stage.fd != number or stage.settled:
            continue
        stage.flush()
        if stage.touched or (number in pending.by_fd and _differs(stage)):
            continue
        stage.settled = True
        pending.forget(stage)
        _give(stage, 0, "file.write", "a lock")
        with inside:
            quietly_remove(stage.staged)


def _differs(stage: Stage) -> bool:
    """Whether a copy written to by descriptor, past any hook, may have changed."""
    with inside:
        return digest_of(stage.staged) != digest_of(stage.path)


def _give(stage: Stage | Append, flags: int, kind: str, why: str) -> None:
    """Put the target under the handle's descriptor, at the handle's own position."""
    import fcntl

    with inside:
        access = fcntl.fcntl(stage.fd, fcntl.F_GETFL) & os.O_ACCMODE
        at = originals.os_lseek(stage.fd, 0, os.SEEK_CUR)
        target = originals.os_open(stage.path, access | flags | os.O_CLOEXEC)
        inheritable = os.get_inheritable(stage.fd)
        originals.os_dup2(target, stage.fd, inheritable)
        originals.os_close(target)
        originals.os_lseek(stage.fd, at, os.SEEK_SET)
        pending.handed[stage.path] = stage.fd
        client.tell(
            "around",
            {"kind": kind, "target": stage.path, "via": why, "passed": True},
        )
