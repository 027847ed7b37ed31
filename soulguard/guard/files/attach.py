"""Tie a real file object to its stage: hooks on the bottom of the C stack.

The object keeps its exact types (`io.TextIOWrapper` over `io.BufferedWriter` over
`io.FileIO`). Only instance attributes of the lowest layers are set, which CPython's
upper layers call by name. INVARIANT: no hook holds the file object strongly, or
``open(p, "w").write(s)`` would not publish before the cyclic collector runs.
"""

from __future__ import annotations

import sys
from _weakref import ref

from soulguard.guard import originals
from soulguard.guard.files import unwind
from soulguard.guard.files.appends import Append

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from soulguard.guard.files.stage import Stage

    Staged = Stage | Append

_close = originals.FileIO.close
_write = originals.FileIO.write


def attach(file: Any, stage: Staged) -> None:
    """Make closing `file` settle `stage`."""
    buffer = getattr(file, "buffer", file)
    raw = getattr(buffer, "raw", buffer)
    stage.top = ref(file)
    forgotten: list[bool] = []
    raw.close = _closing(ref(raw), stage, forgotten)
    raw._dealloc_warn = _warning(ref(raw), forgotten)
    raw.write = _writing(ref(raw), stage)
    if isinstance(stage, Append) and buffer is not raw:
        buffer.flush = _flushing(ref(buffer), type(buffer).flush, stage, forgotten)


def _closing(
    raw_ref: Callable[[], Any], stage: Staged, forgotten: list[bool]
) -> Callable[[], None]:
    def close() -> None:
        raw = raw_ref()
        if raw is not None and raw.closed:
            return _close(raw)
        first = not stage.settled
        try:
            if first or stage.early:
                gone = unwind.leaving(stage.opened_under)
                # dropped before anything was written: an error may have come between
                # `open` and its block (Ctrl-C does), and a restart should write it
                unsure = not stage.touched and _is_dropped(raw, forgotten)
                unsure = unsure or unwind.unsure(stage.opened_under)
                stage.settle(discard=gone, unsure=unsure)
        except Exception as error:
            if _is_dropped(raw, forgotten):
                tell_unseen(error)
            raise
        finally:
            if raw is not None:
                _close(raw)
            elif first:
                # the cyclic collector cleared the weak reference before finalising:
                # nobody else will close the descriptor
                originals.os_close(stage.fd)

    return close


def _is_dropped(raw: Any, forgotten: list[bool]) -> bool:
    """Whether a file is closed because nobody holds it any more."""
    return bool(forgotten) or raw is None or raw._finalizing


def _warning(
    raw_ref: Callable[[], Any], forgotten: list[bool]
) -> Callable[[Any], None]:
    def _dealloc_warn(source: Any, /) -> None:
        forgotten.append(True)  # the upper layers say so before they close this one
        originals.FileIO._dealloc_warn(raw_ref(), source)  # type: ignore[attr-defined]

    return _dealloc_warn


def tell_unseen(error: Exception) -> None:
    """Say what ``open(p, "w").write(s)`` cannot raise: the interpreter drops the error
    of a file that is closed by being forgotten, until 3.13 without a word.
    """
    if sys.version_info >= (3, 13):
        return
    text = f"{error} (the agent does not see this: it did not close the file)"
    text = text if text.startswith("soulguard") else f"soulguard: {text}"
    originals.os_write(2, f"{text}\n".encode(errors="replace"))


def _writing(raw_ref: Callable[[], Any], stage: Staged) -> Callable[[Any], Any]:
    def write(data: Any, /) -> Any:
        return write_watched(raw_ref(), data, stage)

    return write


def write_watched(raw: Any, data: Any, stage: Staged) -> Any:
    """Write and remember a failure: one of a flush inside `close` is invisible there."""
    try:
        count = _write(raw, data)
    except OSError:
        stage.broken = True
        raise
    stage.broken = False
    stage.touched = True
    if isinstance(stage, Append):
        _gather(stage, raw)
    return count


def _gather(stage: Append, raw: Any) -> None:
    if stage.top is not None and stage.top() is raw:
        stage.push()  # unbuffered: every write is a flush
    else:
        stage.relieve()


def _flushing(
    buffer_ref: Callable[[], Any], flush: Callable[[Any], None], stage: Append,
    forgotten: list[bool],
) -> Callable[[], None]:  # fmt: skip
    def flush_and_append() -> None:
        buffer = buffer_ref()
        flush(buffer)
        if unwind.leaving(stage.opened_under):
            return
        try:
            stage.push()
        except Exception as error:
            if forgotten:
                tell_unseen(error)
            raise

    return flush_and_append
