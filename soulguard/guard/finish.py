"""The end of a process: what is still open is published by a clean exit only.

An uncaught exception or a non-zero `sys.exit` discards it, as a crash would.
"""

from __future__ import annotations

import atexit
import builtins
import sys

from soulguard.guard import originals
from soulguard.guard.files import pending, sharing, unwind
from soulguard.guard.files.appends import open_appends
from soulguard.guard.local import thread_mark

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from soulguard.guard.files.appends import Append
    from soulguard.guard.files.stage import Stage

_owner = 0


def watch() -> None:
    """Register before the agent's own exit handlers, so that this one runs last."""
    global _owner
    _owner = originals.os_getpid()
    unwind.main_thread = originals.get_ident()
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
        unwind.failing = True
        self.original(kind, value, traceback)


class _Exit:
    def __init__(self, original: Any) -> None:
        self.original = original

    def exit(self, status: Any = None, /) -> Any:
        """Exit the interpreter by raising SystemExit(status)."""
        _note(status)
        try:
            self.original(status)
        except SystemExit as error:
            if status not in (None, 0) and _thread_is_main():
                # INVARIANT: only what is caught in the program is taken back
                error._soulguard = _Caught()  # type: ignore[attr-defined]
            raise


def _note(status: Any) -> None:
    """Take an exit for the end of the process, which it is in the main thread only."""
    if _thread_is_main():
        unwind.failing = status not in (None, 0)


def _thread_is_main() -> bool:
    return originals.get_ident() == unwind.main_thread


class _Caught:
    """Hangs on an exit and goes with it: the program goes on if any of it still runs."""

    def __del__(self) -> None:
        try:
            # the interpreter drops an exit that nobody caught below no frame at all
            if originals.getframe(0).f_back is not None:
                unwind.failing = False
        except TypeError:
            pass  # the interpreter is taking its modules apart


def _watch_quitters() -> None:
    """See the `exit` and `quit` of site, which raise SystemExit by themselves."""
    kind = type(getattr(builtins, "exit", None))
    if kind.__name__ == "Quitter":
        kind.__call__ = _quitter(kind.__call__)  # type: ignore[method-assign]


def _quitter(original: Any) -> Any:
    def __call__(self: object, code: Any = None) -> None:  # noqa: N807 - its own name
        _note(code)
        original(self, code)

    return __call__


def _at_exit() -> None:
    if _owner == originals.os_getpid():
        settle_open(discard=unwind.failing or _error_unseen())


def settle_open(*, discard: bool) -> None:
    """Publish every file of this process that is still open, or drop them all.

    What another thread is in the middle of writing is dropped in any case.
    """
    stages: list[Stage | Append] = [
        *pending.by_path.values(),
        *pending.by_fd.values(),
        *open_appends,
    ]
    here = thread_mark()()
    for stage in stages:
        if not stage.settled:
            # a daemon thread is cut off here, whatever it was writing
            drop = discard or stage.thread() not in (None, here)
            if not drop:
                stage.flush()
            stage.users = 1
            stage.settle(discard=drop)
    if not discard:
        sharing.look_again()


def _error_unseen() -> bool:
    """Whether an error ended the program whose hook is no longer ours."""
    hook = getattr(sys.excepthook, "__self__", None)
    return type(hook) is not _Hook and getattr(sys, "last_value", None) is not None
