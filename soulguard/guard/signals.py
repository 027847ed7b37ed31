"""Signal handlers of the agent, which may run in the middle of the guard's own work.

A handler that interrupts the guard is the agent's code again, so its effects come
through the doors; while an effect is between its intent and its outcome it waits until
that is told. Nothing is decided here.
"""

from __future__ import annotations

import _signal as plain  # type: ignore[import-not-found]  # `signal` imports enum

from soulguard.guard.local import Outside, local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

    from soulguard.guard.patches import Patch


_INTERRUPT = plain.SIGINT


class _Critical:
    """Mark the time between an intent and its outcome: ``with critical:`` nests."""

    __slots__ = ()

    def __enter__(self) -> None:
        local.critical += 1

    def __exit__(self, *_: object) -> None:
        local.critical -= 1
        if not local.critical and local.late:
            run_late()


critical = _Critical()


def run_late() -> None:
    """Run the handlers that waited; called where nothing is half done."""
    depth, local.critical = local.critical, 0
    try:
        # one that raises goes on up, and the others are run after the next effect
        while local.late:
            handler, number, frame = local.late.pop(0)
            with Outside():
                handler(number, frame)
    finally:
        local.critical = depth


class _Handler:
    """Stands where a handler of the agent was set."""

    __slots__ = ("handler",)

    def __init__(self, handler: Callable[[int, FrameType | None], Any]) -> None:
        self.handler = handler

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Run the agent's handler, now or when the effect under way is told."""
        if local.critical:
            if local.late is None:
                local.late = []
            local.late.append((self.handler, number, frame))
            return
        with Outside():
            self.handler(number, frame)


def _signal(original: Callable[..., Any]) -> Callable[..., Any]:
    def signal(signalnum: Any, handler: Any) -> Any:
        """Set the action for the given signal."""
        if callable(handler):
            handler = _Handler(handler)
        return _bare(original(signalnum, handler))

    signal.__module__ = "signal"
    return signal


def _getsignal(original: Callable[..., Any]) -> Callable[..., Any]:
    def getsignal(signalnum: Any) -> Any:
        """Return the current action for the given signal."""
        return _bare(original(signalnum))

    getsignal.__module__ = "signal"
    return getsignal


def _bare(handler: Any) -> Any:
    return handler.handler if type(handler) is _Handler else handler


TABLE: list[Patch] = [
    ("signal", "signal", _signal),
    ("signal", "getsignal", _getsignal),
]


def start() -> None:
    """Have Python's own handler of SIGINT wait as well, which nobody set."""
    if plain.getsignal(_INTERRUPT) is plain.default_int_handler:
        _set(_Handler(plain.default_int_handler))


def stop() -> None:
    """Put Python's own handler back, unless the agent has set one meanwhile."""
    there = plain.getsignal(_INTERRUPT)
    if _bare(there) is plain.default_int_handler:
        _set(plain.default_int_handler)


def _set(handler: Callable[..., Any]) -> None:
    try:
        plain.signal(_INTERRUPT, handler)
    except ValueError:
        pass  # only the main thread may, and it is not the one that is guarded
