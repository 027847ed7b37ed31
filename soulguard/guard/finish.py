"""The end of a process: what is still open is published by a clean exit only.

An uncaught exception or a non-zero `sys.exit` discards it, as a crash would.
"""

from __future__ import annotations

import atexit
import builtins
import sys

from soulguard.guard import originals
from soulguard.guard.files import pending
from soulguard.guard.files.appends import open_appends

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from soulguard.guard.files.appends import Append
    from soulguard.guard.files.stage import Stage

_failed = False
_owner = 0


def watch() -> None:
    """Register before the agent's own exit handlers, so that this one runs last."""
    global _owner
    _owner = originals.os_getpid()
    atexit.register(_at_exit)
    sys.excepthook = _Hook(sys.excepthook).excepthook
    sys.exit = _Exit(sys.exit).exit
    _watch_quitters()


class _Hook:
    def __init__(self, original: Any) -> None:
        self.original = original

    def excepthook(
        self,
        kind: type[BaseException],
        value: BaseException,
        traceback: TracebackType | None,
    ) -> None:
        """Handle an uncaught exception."""
        global _failed
        _failed = True
        self.original(kind, value, traceback)


class _Exit:
    def __init__(self, original: Any) -> None:
        self.original = original

    def exit(self, status: Any = None, /) -> Any:
        """Exit the interpreter by raising SystemExit(status)."""
        global _failed
        _failed = status not in (None, 0)
        self.original(status)


def _watch_quitters() -> None:
    """See the `exit` and `quit` of site, which raise SystemExit by themselves."""
    kind = type(getattr(builtins, "exit", None))
    if kind.__name__ == "Quitter":
        kind.__call__ = _quitter(kind.__call__)  # type: ignore[method-assign]


def _quitter(original: Any) -> Any:
    def __call__(self: object, code: Any = None) -> None:
        global _failed
        _failed = code not in (None, 0)
        original(self, code)

    return __call__


def _at_exit() -> None:
    if _owner != originals.os_getpid():
        return
    stages: list[Stage | Append] = [
        *pending.by_path.values(),
        *pending.by_fd.values(),
        *open_appends,
    ]
    for stage in stages:
        if not stage.settled:
            if not _failed:
                stage.flush()
            stage.users = 1
            stage.settle(discard=_failed)
