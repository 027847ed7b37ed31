"""The boundaries of effects on disk, and programs started, that come through no door.

An audit hook (PEP 578) sees each before it happens. A write into the real workspace is
refused: a drill never touches it. What the guard asks about is `asked`'s and left out.
"""

from __future__ import annotations

import os
import re
import sys

from soulguard.drill.probe import steps, wire
from soulguard.drill.probe.asked import short
from soulguard.drill.probe.origin import LOOKING, origin, through
from soulguard.drill.probe.steps import settings, step
from soulguard.guard.interpreter import is_python
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
STAGED = ".sg-"
"""How the names of files begin that the guard has staged."""

_ignored: re.Pattern[str] = re.compile(r"(?!)")


def install() -> None:
    """See effects on disk from now on."""
    global _ignored
    _ignored = re.compile(settings["ignore"], re.DOTALL)
    sys.addaudithook(_hook)


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
    target = target_of(path)
    if not target:
        return ""
    kind = "append" if flags & os.O_APPEND else "update"
    whole = flags & (os.O_TRUNC | os.O_EXCL)
    return f"{'write' if whole else kind} {short(target)}"


def _rename(src: Any, dst: Any, src_fd: int = -1, dst_fd: int = -1) -> str:
    source, target = target_of(src, src_fd), target_of(dst, dst_fd)
    return f"rename {short(source)} to {short(target)}" if source and target else ""


def _link(_: Any, dst: Any, *rest: Any) -> str:
    target = target_of(dst, rest[-1] if rest else -1)
    return f"link {short(target)}" if target else ""


def _remove(path: Any, dir_fd: int = -1) -> str:
    target = target_of(path, dir_fd)
    return f"delete {short(target)}" if target else ""


def _truncate(path: Any, _: int) -> str:
    target = "" if type(path) is int else target_of(path)
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
    return "" if scope.ruled else f"command {' '.join(words)}"


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


def target_of(path: Any, dir_fd: int = -1) -> str:
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
    if not inside or name.startswith(STAGED) or _ignored.match(full):
        return ""
    return "" if scope.guards(full) else full


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
