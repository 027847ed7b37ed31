"""Ask whether a path may be opened for writing, and stage it if so.

One question per open, none where the answer is known. The door calls `begin` from inside the real `open`, so everything
the kernel or the io module would object to has been objected to already.
"""

from __future__ import annotations

import os
import stat

from soulguard.guard import originals
from soulguard.guard.asking import ask_until_decided
from soulguard.guard.files import pending, sharing
from soulguard.guard.files.appends import Append
from soulguard.guard.files.stage import Stage
from soulguard.guard.local import inside
from soulguard.guard.refusals import refusal
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Staged = Stage | Append


_FRESH: dict[str, Any] = {"verdict": "allow"}


def stageable(path: str) -> bool:
    """Whether the path is a regular file or nothing yet: pipes and devices pass."""
    try:
        return stat.S_ISREG(originals.os_stat(path).st_mode)
    except OSError:
        return True


def begin(path: str, filename: Any, kind: str, flags: int, mode: int) -> Staged:
    """Ask the broker, then open a stage for the path; `stage.fd` is ready to use.

    Raises:
        DuplicateWriteError: the path was written already in this attempt.
        DeniedError: a rule refuses the write.
        OSError: what a plain open would have raised.
    """
    with inside:
        if sharing.left:
            sharing.look_again()
        shared = _shared(path, flags) if kind in ("a", "r+") else None
        if shared is not None:
            return shared
        pends = path in pending.by_path
        if pends or not scope.is_fresh(path, append=kind == "a"):
            reply = ask_until_decided(
                "file.open", {"path": path, "kind": kind, "pending": pends}
            )
        else:
            reply = _FRESH
        verdict, data = reply["verdict"], reply.get("data", {})
        if verdict not in ("allow", "skip"):
            raise refusal(reply, filename)
        if pends and kind == "w" and (shared := _shared(path, flags)):
            return shared
        stage: Staged
        if kind == "a":
            stage = Append(path, filename, data)
        else:
            stage = Stage(path, filename, kind, data)
            stage.sink = verdict == "skip"
        if verdict == "allow" and pending.in_hand(path):
            # locked: a new file in its place would take the ground from under what
            # the handle that has it writes
            stage.settled, stage.fd = True, originals.os_open(path, flags, mode)
        else:
            stage.open(flags, mode)
        return stage


def _shared(path: str, flags: int) -> Staged | None:
    """Open the staged inode a second time: what this process does to a file it is
    still writing belongs to that write; it may cut the file short as well.
    """
    stage = pending.by_path.get(path)
    if stage is None:
        return None
    stage.flush()
    stage.touched = stage.touched or bool(flags & os.O_TRUNC)
    stage.fd = originals.os_open(stage.staged, flags & ~os.O_EXCL)
    stage.users += 1
    return stage
