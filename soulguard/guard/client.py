"""The guard's line to the supervisor: ask a question, tell a fact, fail closed.

A thread takes a connection of its own and gives it back after the reply, so a signal
handler that interrupts a question asks on a second connection, and a question that
blocks (an approval, another process's append) blocks only its own thread. Whatever goes
wrong with the line is `GuardUnavailable`: an effect that cannot be asked about does not
happen.
"""

from __future__ import annotations

import os
import sys

from soulguard.errors import GuardUnavailable
from soulguard.guard import originals, protocol
from soulguard.guard.local import local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Blobs = list[bytes] | tuple[bytes, ...]

_NOT_ASKED = "so this effect was refused: nothing is done that is not on record"
NOT_TOLD = (
    "so what came of this effect is not on record: it was made, or may have been, and "
    "is settled when the run goes on"
)

_address = os.environ.get(protocol.ENV_SOCKET, "")


def connect_to(address: str) -> None:
    """Point the client at a supervisor's socket; used by the bootstrap and tests."""
    global _address
    _address, local.done = address, None


def address() -> str:
    """Give the path of the supervisor's socket, empty when there is none."""
    return _address


def happened(effect: int) -> None:
    """Note that an effect was made as allowed: the next message of this thread tells.

    Until then the supervisor looks at the disk. Only for effects it can see there.
    """
    if local.done is None:
        local.done = []
    local.done.append(effect)


def _frame(message: dict[str, Any], blobs: Blobs) -> bytes:
    if local.done:
        message["done"], local.done = local.done, None
    return protocol.encode(message, blobs)


def ask(
    op: str, message: dict[str, Any], blobs: Blobs = (), then: str = _NOT_ASKED
) -> tuple[dict[str, Any], list[bytes]]:
    """Send one message and give the reply with its binary parts.

    `then` is what follows for the agent where nobody answers.

    Raises:
        GuardUnavailable: the supervisor cannot be reached or hung up.
    """
    frame = _frame({**message, "op": op}, blobs)
    line = _take(then)
    try:
        line.socket.sendall(frame)
        reply = protocol.receive(line.socket.recv)
    except (OSError, protocol.FrameError) as error:
        line.socket.close()
        raise _unavailable(str(error), then) from None
    except BaseException:
        # a signal handler raised in the middle: the reply would be read by the next
        # question, so this connection may not be used again
        line.socket.close()
        raise
    if reply is None:
        line.socket.close()
        raise _unavailable("it closed the connection", then)
    _give_back(line)
    return reply


def tell(op: str, message: dict[str, Any], blobs: Blobs = ()) -> None:
    """Send one message that gets no reply.

    Raises:
        GuardUnavailable: the supervisor cannot be reached.
    """
    frame = _frame({**message, "op": op, "tell": True}, blobs)
    line = _take(NOT_TOLD)
    try:
        line.socket.sendall(frame)
    except OSError as error:
        line.socket.close()
        raise _unavailable(str(error), NOT_TOLD) from None
    except BaseException:
        line.socket.close()
        raise
    _give_back(line)


def in_touch() -> bool:
    """Say whether this thread's line to the supervisor stands, asking nothing."""
    line = _take() if local.connections else None
    if line is None:
        return False
    try:
        line.socket.recv(1, originals.PEEK)
    except BlockingIOError:
        _give_back(line)
        return True
    except OSError:
        pass
    line.socket.close()
    return False


def forget_connections() -> None:
    """Drop this thread's connections without a word; a forked child calls this."""
    local.connections = local.done = None


def hang_up() -> None:
    """Close this thread's connections; the next question opens one again."""
    local.done = None  # whoever hangs up is asked no more: the disk tells
    while local.connections:
        line: _Line = local.connections.pop()
        line.socket.close()


class _Line:
    """A connection and the identity of its descriptor."""

    __slots__ = ("device", "inode", "socket")

    def __init__(self, connection: Any) -> None:
        seen = originals.os_fstat(connection.fileno())
        self.socket = connection
        self.device, self.inode = seen.st_dev, seen.st_ino

    def intact(self) -> bool:
        """Whether the descriptor number still is this connection."""
        try:
            seen = originals.os_fstat(self.socket.fileno())
        except (OSError, ValueError):
            return False
        return bool(seen.st_dev == self.device and seen.st_ino == self.inode)

    def __del__(self) -> None:
        # a socket that is simply dropped (its thread ended, its process forked) would
        # warn in the agent's name
        try:
            if self.intact():
                self.socket.close()
            else:
                self.socket.detach()
        except (AttributeError, TypeError):
            pass  # the interpreter is taking its modules apart


def _take(then: str = _NOT_ASKED) -> _Line:
    while local.connections:
        line: _Line = local.connections.pop()
        # INVARIANT: never write to a descriptor number that the agent closed and
        # something else now owns
        if line.intact():
            return line
        line.socket.detach()
    return _connect(then)


def _give_back(line: _Line) -> None:
    if local.connections is None:
        local.connections = []
    local.connections.append(line)


def _connect(then: str) -> _Line:
    if not _address:
        raise _unavailable("no address was given", then)
    connection = originals.socket(originals.AF_UNIX, originals.SOCK_STREAM)
    try:
        connection.connect(_address)
    except OSError as error:
        connection.close()
        raise _unavailable(str(error), then) from None
    return _Line(connection)


def _unavailable(why: str, then: str = _NOT_ASKED) -> GuardUnavailable:
    error = GuardUnavailable(
        f"soulguard: the supervisor of this run cannot be reached ({why}), {then}. "
        f"Start the agent again with `soulguard run -- {' '.join(sys.orig_argv)}`"
    )
    error.decision = {"verdict": "deny", "reason": why}
    return error
