"""`io.FileIO` called directly: the one write that no function stands in front of.

The stand-in is a subclass, and `isinstance(x, io.FileIO)` still says yes to every real
`FileIO` (those that `open` builds are the original type).
"""

from __future__ import annotations

from _weakref import ref

from soulguard.guard import originals
from soulguard.guard.files import pending, unwind
from soulguard.guard.files.attach import tell_unseen, write_watched
from soulguard.guard.files.begin import begin, stageable
from soulguard.guard.local import inside, local
from soulguard.guard.scope import follow, scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _Kind(type(originals.FileIO)):  # type: ignore[misc]
    def __instancecheck__(cls, instance: object) -> bool:
        if cls is FileIO:
            return isinstance(instance, originals.FileIO)
        return bool(super().__instancecheck__(instance))

    def __subclasscheck__(cls, subclass: type) -> bool:
        if cls is FileIO:
            return issubclass(subclass, originals.FileIO)
        return bool(super().__subclasscheck__(subclass))


class FileIO(originals.FileIO, metaclass=_Kind):
    """Open a file, as `io.FileIO` does, under the guard where the path is in scope."""

    def __init__(
        self, file: Any, mode: str = "r", closefd: bool = True, opener: Any = None
    ) -> None:
        path = None
        if opener is not None or type(file) is int or local.inside:
            pass
        elif mode in ("r", "rb"):
            opener = _reading(file)
        else:
            path = follow(file)
        if path is None or not scope.guards(path) or not stageable(path):
            super().__init__(file, mode, closefd, opener)
            return
        kind = next((k for k in "xaw" if k in mode), "r+")
        stages = []

        def stage(_: Any, flags: int) -> int:
            stages.append(begin(path, file, kind, flags, 0o666))
            return stages[0].fd

        try:
            with inside:
                super().__init__(file, mode, closefd, stage)
        except BaseException:
            for one in stages:
                one.settle(discard=True)
            raise
        self._soulguard_stage = stages[0]
        stages[0].top = ref(self)

    def __repr__(self) -> str:
        # from 3.13 on a real one calls itself by the name of its type
        return super().__repr__().replace("<FileIO ", "<_io.FileIO ", 1)

    def write(self, data: Any, /) -> Any:
        """Write bytes; the object lives for as long as the call, as a method's does."""
        stage = self.__dict__.get("_soulguard_stage")
        if stage is None:
            return super().write(data)
        return write_watched(self, data, stage)

    def close(self) -> None:
        """Close the file; under the guard this is where it is published."""
        stage = self.__dict__.get("_soulguard_stage")
        try:
            if stage is not None and not self.closed:
                gone = unwind.leaving(stage.opened_under)
                stage.settle(discard=gone, unsure=unwind.unsure(stage.opened_under))
        except Exception as error:
            if self._finalizing:  # type: ignore[attr-defined]
                tell_unseen(error)
            raise
        finally:
            super().close()


def _reading(file: Any) -> Any:
    """Give what opens the agent's own unfinished file; ask about any other."""
    from soulguard.guard.files.opens import may_read

    stage = pending.find(file) if pending.names else None
    if stage is None:
        may_read(file)
        return None
    return lambda _, flags: originals.os_open(stage.staged, flags)


FileIO.__module__ = "_io"
