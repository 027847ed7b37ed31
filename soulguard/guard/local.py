"""Per-thread state of the guard: whether this thread is inside the guard right now.

A thread that is `inside` does the guard's own work; every door lets its calls through
untouched and the audit hook stays silent. Nothing is decided here.
"""

from __future__ import annotations

from _weakref import ref

from soulguard.guard.originals import thread_local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _Local(thread_local):
    """Class attributes are the defaults of a thread that has not been seen before."""

    inside = 0
    critical = 0
    late: list[Any] | None = None
    mark: Any = None
    connections: list[Any] | None = None
    done: list[int] | None = None
    granted: list[Any] | None = None


local = _Local()


class _Mark:
    """Lives as long as its thread does."""


def thread_mark() -> Any:
    """Give a weak reference to something that ends with this thread."""
    if local.mark is None:
        local.mark = _Mark()
    return ref(local.mark)


class Inside:
    """Mark the guard's own work: ``with inside:`` nests and is per thread."""

    __slots__ = ()

    def __enter__(self) -> None:
        local.inside += 1

    def __exit__(self, *_: object) -> None:
        local.inside -= 1


class Outside:
    """Hand control back to the agent for a callback of its own."""

    __slots__ = ("depth",)

    def __enter__(self) -> None:
        self.depth, local.inside = local.inside, 0

    def __exit__(self, *_: object) -> None:
        local.inside = self.depth


inside = Inside()
