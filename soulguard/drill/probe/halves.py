"""The boundary in the middle of a write: the first one of a file is cut in two.

What is torn when the agent dies there is what a reader would see. Only where the cut
goes is decided here; the rest of a write is as it was.
"""

from __future__ import annotations

import builtins
import io
import os
from _weakref import ref

from soulguard.drill.probe import steps
from soulguard.drill.probe.asked import short
from soulguard.drill.probe.disk import STAGED, target_of
from soulguard.drill.probe.steps import step
from soulguard.guard import originals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_write = originals.FileIO.write
_cut: set[tuple[int, int]] = set()


def install(*, guarded: bool) -> None:
    """Cut writes from now on; `guarded` says that the guard is up."""
    if guarded:
        from soulguard.guard.files import appends, attach

        originals.open = _Opening(originals.open).open
        attach._write = _staged
        real: Any = appends
        real.write_all = _Appending(real.write_all).write_all
    else:
        opening = _Opening(io.open)
        builtins.open = io.open = opening.open
    os.write = _Writing(os.write).write


class _Opening:
    """Holder of the replacement for `open`: a plain function would become a method."""

    def __init__(self, original: Any) -> None:
        self.original = original

    def open(self, file: Any, mode: Any = "r", *rest: Any, **more: Any) -> Any:
        """Open file and return a stream. Raise OSError upon failure."""
        opened = self.original(file, mode, *rest, **more)
        opener = more.get("opener", rest[5] if len(rest) > 5 else None)
        if opener is None and type(file) is not int and set(mode) & set("wax+"):
            with steps.busy:
                target = target_of(file)
            if target:
                _attach(opened, target, torn="a" not in mode)
        return opened


def _attach(opened: Any, target: str, *, torn: bool) -> None:
    buffer = getattr(opened, "buffer", opened)
    raw = getattr(buffer, "raw", buffer)
    raw_ref: Any = ref(raw)
    verb = "write" if torn else "append"
    name, whole = f"{verb} {short(target)}", [False]

    def write(data: Any, /) -> Any:
        file = raw_ref()
        view = memoryview(data).cast("B")
        if whole[0] or len(view) < 2 or steps.local.busy:
            return _write(file, data)
        whole[0] = True
        done = _write(file, view[: len(view) // 2])
        step(steps.HALF, name, torn=short(target) if torn else "")
        return done + _write(file, view[done:])

    raw.write = write


def _staged(raw: Any, data: Any) -> Any:
    """Cut the first write to a file that the guard has staged."""
    view = memoryview(data).cast("B")
    if len(view) < 2 or raw.__dict__.get("_drilled") or not _in_place(raw.fileno()):
        return _write(raw, data)
    raw._drilled = True
    done = _write(raw, view[: len(view) // 2])
    step(steps.HALF, f"write {short(_target(raw))}")
    return done + _write(raw, view[done:])


def _target(raw: Any) -> str:
    """Give the path a staged file is published at; one from `os.open` has a number."""
    from soulguard.guard.files import pending

    fd = raw.fileno()
    for path, stage in pending.by_path.items():
        if stage.fd == fd:
            return path
    return os.path.abspath(os.fsdecode(raw.name)) if type(raw.name) is str else ""


def _in_place(fd: int) -> bool:
    """Whether a staged file has a name: what only gathers in memory is no boundary."""
    try:
        return os.path.basename(os.readlink(f"/proc/self/fd/{fd}")).startswith(STAGED)
    except OSError:
        return False


class _Appending:
    def __init__(self, original: Any) -> None:
        self.original = original

    def write_all(self, fd: int, data: bytes) -> None:
        """Write every byte, with a boundary in the middle of an append."""
        half = len(data) // 2
        if half and not steps.local.busy:
            self.original(fd, data[:half])
            where = os.readlink(f"/proc/self/fd/{fd}")
            step(steps.HALF, f"append {short(where)}")
            data = data[half:]
        self.original(fd, data)


class _Writing:
    def __init__(self, original: Any) -> None:
        self.original = original

    def write(self, fd: int, data: Any, /) -> int:
        """Write a bytes object to a file descriptor."""
        view = memoryview(data).cast("B")
        name = "" if len(view) < 2 or steps.local.busy else self._first(fd)
        if not name:
            return int(self.original(fd, data))
        done = int(self.original(fd, view[: len(view) // 2]))
        step(steps.HALF, f"write {short(name)}")
        return done + int(self.original(fd, view[done:]))

    def _first(self, fd: int) -> str:
        """Give the path of a file that is written to for the first time, or nothing."""
        try:
            seen = os.fstat(fd)
            where = os.readlink(f"/proc/self/fd/{fd}")
        except OSError:
            return ""
        mark = (seen.st_dev, seen.st_ino)
        if mark in _cut or not os.path.isabs(where) or not os.path.isfile(where):
            return ""
        _cut.add(mark)
        with steps.busy:
            return target_of(where)
