"""Whether a file is being closed because an exception leaves its `with` block.

CPython closes the file from the instruction WITH_EXCEPT_START exactly then (3.9 and
newer, https://docs.python.org/3/library/dis.html). Closing by hand while an exception
is in flight stays ambiguous: handled or about to go on up, nobody can tell yet.
"""

from __future__ import annotations

import sys

from soulguard.guard import originals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType

_DEPTH = 12
failing = False
"""Whether this process is about to end with an error or another status than 0."""

main_thread = 0
_with_except: int | None = None


def in_flight() -> BaseException | None:
    """Give the exception being handled right now in this thread, if any."""
    return sys.exc_info()[1]


def leaving(opened_under: BaseException | None) -> bool:
    """Say whether an unwinding `with` is what closes the file right now.

    `opened_under` is what was in flight when the file was opened: a file that was
    opened and closed inside an error handler is a whole file.
    """
    current = in_flight()
    if current is None:
        return _dropped_at_the_end()
    if current is opened_under or _clean_exit(current):
        return False
    if isinstance(current, GeneratorExit):
        # nobody wants more of what a generator writes: as it is, it is the file. Whether
        # that was for an error of who reads it is `unsure`
        return failing
    frame: FrameType | None = originals.getframe(1)
    mark = _opcode()
    for _ in range(_DEPTH):
        if frame is None:
            return False
        at = frame.f_lasti
        if at >= 0 and frame.f_code.co_code[at] == mark:
            return True
        frame = frame.f_back
    return False


def _dropped_at_the_end() -> bool:
    """Say whether the interpreter lets go of a file with the exit that nobody caught:
    then the agent's file is not closed, it is left.
    """
    caller = originals.getframe(2)
    return failing and caller.f_back is None and originals.get_ident() == main_thread


def unsure(opened_under: BaseException | None) -> bool:
    """Say whether an exception newer than the open is in flight at this close."""
    current = in_flight()
    return (
        current is not None and current is not opened_under and not _clean_exit(current)
    )


def in_trouble() -> bool:
    """Say whether an error is in flight, or about to end this process."""
    error = in_flight()
    if error is None or isinstance(error, GeneratorExit):
        return failing
    return not _clean_exit(error)


def _clean_exit(error: BaseException) -> bool:
    return isinstance(error, SystemExit) and error.code in (None, 0)


def _opcode() -> int:
    global _with_except
    if _with_except is None:
        import opcode

        _with_except = opcode.opmap["WITH_EXCEPT_START"]
    return _with_except
