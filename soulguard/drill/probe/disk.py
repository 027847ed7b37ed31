"""The boundaries of effects on disk, and programs started, that come through no door.

An audit hook (PEP 578) sees each before it happens; a write is cut in two so that the
agent can die in its middle. A write into the real workspace is refused: a drill never
touches it. What the guard asks about is `asked`'s and left out here.
"""

from __future__ import annotations

import _io
import builtins
import io
import os
import re
import sys
from _weakref import ref

from soulguard.drill.probe import steps, wire
from soulguard.drill.probe.asked import short
from soulguard.drill.probe.origin import LOOKING, origin, through
from soulguard.drill.probe.steps import settings, step
from soulguard.guard import originals
from soulguard.guard.interpreter import is_python

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_STAGED = ".sg-"
_write = _io.FileIO.write
_guards: Callable[[str], bool] | None = None
_ignored: re.Pattern[str] = re.compile(r"(?!)")
_cut: set[tuple[int, int]] = set()


def install(*, guarded: bool) -> None:
    """See effects on disk from now on; `guarded` says that the guard is up."""
    global _guards, _ignored
    _ignored = re.compile(settings["ignore"], re.DOTALL)
    if guarded:
        from soulguard.guard.files import appends, attach
        from soulguard.guard.scope import scope

        _guards = scope.guards
        originals.open = _Opening(originals.open).open
        attach._write = _staged
        real: Any = appends
        real.write_all = _Appending(real.write_all).write_all
    else:
        opening = _Opening(io.open)
        builtins.open = io.open = opening.open
    os.write = _Writing(os.write).write
    sys.addaudithook(_hook)


# -- before it ---------------------------------------------------------------------------


def _hook(event: str, args: tuple[Any, ...]) -> None:
    handler = _EVENTS.get(event)
    if handler is not None and not steps.local.busy:
        with steps.busy:
            told = handler(*args)
        if told:
            step(steps.BEFORE, told, performs=True)


def _open(path: Any, _: Any, flags: int) -> str:
    if not flags & _WRITES or type(path) is int:
        return ""
    target = _target(path)
    if not target:
        return ""
    kind = "append" if flags & os.O_APPEND else "update"
    whole = flags & (os.O_TRUNC | os.O_EXCL)
    return f"{'write' if whole else kind} {short(target)}"


def _rename(src: Any, dst: Any, src_fd: int = -1, dst_fd: int = -1) -> str:
    source, target = _target(src, src_fd), _target(dst, dst_fd)
    return f"rename {short(source)} to {short(target)}" if source and target else ""


def _link(_: Any, dst: Any, *rest: Any) -> str:
    target = _target(dst, rest[-1] if rest else -1)
    return f"link {short(target)}" if target else ""


def _remove(path: Any, dir_fd: int = -1) -> str:
    target = _target(path, dir_fd)
    return f"delete {short(target)}" if target else ""


def _truncate(path: Any, _: int) -> str:
    target = "" if type(path) is int else _target(path)
    return f"update {short(target)}" if target else ""


def _popen(executable: Any, args: Any, *_: Any) -> str:
    words = [args] if isinstance(args, (str, bytes)) else list(args)
    return _command([os.fsdecode(w) for w in words], executable)


def _system(command: Any) -> str:
    return _command([os.fsdecode(command)], "sh")


def _spawn(path: Any, argv: Any, _: Any) -> str:
    return _command([os.fsdecode(w) for w in argv], path)


def _command(words: list[str], executable: Any) -> str:
    """Name a program that is about to start; a Python is seen by itself."""
    program = os.fsdecode(executable) if executable else words[0]
    if is_python(program) or is_python(words[0]) or through(LOOKING, 3):
        return ""
    if not settings.get("commands"):
        line = " ".join(words)
        steps.send("note", {"kind": "command", "what": line, "at": _at()})
        raise PermissionError(
            1,
            f"the drill started no `{line}`: this system cannot keep a program from the "
            "network. Instead: `soulguard drill --commands` if that is harmless",
        )
    from soulguard.guard.scope import scope

    return "" if scope.commands else f"command {' '.join(words)}"


def _connect(_: Any, address: Any) -> str:
    wire.check(address)
    return ""


def _sendto(_: Any, address: Any) -> str:
    wire.check_datagram(address)
    return ""


_EVENTS: dict[str, Callable[..., str]] = {
    "open": _open,
    "os.rename": _rename,
    "os.link": _link,
    "os.symlink": _link,
    "os.remove": _remove,
    "os.truncate": _truncate,
    "subprocess.Popen": _popen,
    "os.system": _system,
    "os.posix_spawn": _spawn,
    "os.exec": _spawn,
    "socket.connect": _connect,
    "socket.sendto": _sendto,
}


def _target(path: Any, dir_fd: int = -1) -> str:
    """Give the path of an effect of the agent's own below the workspace, or nothing.

    Raises:
        PermissionError: it lies in the real workspace.
    """
    text = os.fsdecode(path)
    if dir_fd >= 0 and not text.startswith("/"):
        text = os.path.join(os.readlink(f"/proc/self/fd/{dir_fd}"), text)
    folder, name = os.path.split(os.path.abspath(text))
    full = os.path.join(os.path.realpath(folder), name)
    _keep_off(full)
    inside = full.startswith(f"{settings['root']}/")
    if not inside or name.startswith(_STAGED) or _ignored.match(full):
        return ""
    return "" if _guards is not None and _guards(full) else full


def _keep_off(full: str) -> None:
    real = settings["real"]
    if not real or not (full == real or full.startswith(f"{real}/")):
        return
    if full.startswith(f"{settings['root']}/") or "/__pycache__/" in full:
        return
    steps.send("note", {"kind": "escape", "what": full, "at": _at()})
    raise PermissionError(
        1, "the drill refused a write into the real workspace: use relative paths", full
    )


def _at() -> str:
    return origin(settings.get("root", ""), 4)


# -- in its middle -------------------------------------------------------------------------


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
                target = _target(file)
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
    step(steps.HALF, f"write {short(os.path.abspath(os.fsdecode(raw.name)))}")
    return done + _write(raw, view[done:])


def _in_place(fd: int) -> bool:
    """Whether a staged file has a name: what only gathers in memory is no boundary."""
    try:
        return os.path.basename(os.readlink(f"/proc/self/fd/{fd}")).startswith(_STAGED)
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
            return _target(where)
