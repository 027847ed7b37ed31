"""Whoever else writes to a staged file: a child it was given to, a copy, a mapping.

A handle closed while another one still writes is the end of nothing. INVARIANT: such a
file is on record as unsure until nobody writes to it any more, so that a restart never
takes what came of it by then for the whole. Nothing is asked or published here.
"""

from __future__ import annotations

import sys
from functools import partial

from soulguard.guard import originals
from soulguard.guard.files import pending
from soulguard.guard.living import alive
from soulguard.guard.local import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from soulguard.guard.files.stage import Stage

left: list[Stage] = []
"""Files that were published while somebody else still wrote to them."""

sinks: list[Stage] = []
"""Open files whose content is discarded: it may only be compared once it is whole."""


def given(fds: Iterable[int], pid: int) -> None:
    """Take note of the child that descriptors were given to."""
    for stage in _staged(fds):
        stage.others.append(partial(alive, pid))


def copied(fd: int, copy: int) -> None:
    """Take note of a copy of a descriptor."""
    for stage in _staged((fd,)):
        stage.others.append(partial(_is_open, copy, _inode(fd)))


def mapped(fd: int) -> None:
    """Take note of a mapping that writes go through."""
    for stage in _staged((fd,)):
        stage.others.append(partial(_is_mapped, _inode(fd)))


def is_shared(stage: Stage) -> bool:
    """Whether somebody else may still write to a file."""
    return any(writes() for writes in stage.others)


def look_again() -> None:
    """Tell the content of those that nobody writes to any more."""
    for stage in list(left):
        if stage.owner != originals.os_getpid():
            left.remove(stage)
        elif not is_shared(stage):
            left.remove(stage)
            stage.amend()


def _staged(fds: Iterable[int]) -> list[Stage]:
    if not (pending.by_path or sinks):
        return []
    wanted = set(fds)
    stages = [*pending.by_path.values(), *sinks]
    return [s for s in stages if s.fd in wanted and not s.settled]


def _inode(fd: int) -> int:
    return originals.os_fstat(fd).st_ino


def _is_open(fd: int, inode: int) -> bool:
    try:
        return _inode(fd) == inode
    except OSError:
        return False


def _is_mapped(inode: int) -> bool:
    """Look the inode up among the mappings of this process (proc(5)); where that is
    impossible it counts as mapped.
    """
    if sys.platform != "linux":
        return True
    with inside, originals.open("/proc/self/maps", "rb") as maps:
        wanted = str(inode).encode()
        return any(line.split(None, 5)[4] == wanted for line in maps)
