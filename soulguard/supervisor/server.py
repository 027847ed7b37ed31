"""The Unix socket between guarded processes and the broker.

One thread, one loop: every request that is ready is handled, the batch is committed once
(one sync however many asked), and only then the replies leave. INVARIANT: no reply that
lets something happen is sent before its batch is committed. One that lets nothing
happen (a replay, a skip) leaves at once. It, and the end of a file that recovery can
tell from the disk, is committed with the next batch, at the latest when nobody has
asked for a moment; what was allowed and not told of by then is looked for on disk
(`rest`).
"""

from __future__ import annotations

import contextlib
import errno
import os
import resource
import selectors
import socket
import struct
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from soulguard.errors import LedgerError, SoulguardError
from soulguard.guard import protocol
from soulguard.model import Decision, Verdict
from soulguard.supervisor.broker import Answer, Broker, Message, Parked, Peer, wire
from soulguard.supervisor.session import Session

_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
_CHUNK = 1 << 16

_TAKE_AWAY = frozenset({"file.move", "file.remove"})
"""Messages about outputs that must be on record as done by then."""

LINGER = 0.02
"""Seconds that a batch which lets nothing happen may wait for its commit."""

SOON = 0.001
"""Seconds that an outcome nobody waits for may wait for company in its commit."""


class _Line:
    """One accepted connection: what arrived, what has to leave."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.peer = Peer(pid=_pid(connection))
        self.arrived = bytearray()
        self.leaving = bytearray()
        self.waits = False  # for the socket to take more of what leaves
        self.ended = False

    def frames(self) -> list[tuple[Message, list[bytes]]]:
        """Take the complete frames out of what arrived.

        Raises:
            protocol.FrameError: the bytes are no frames.
        """
        found, at = [], 0
        with memoryview(self.arrived) as arrived:
            while len(arrived) - at >= 8:
                header, payload = protocol.lengths(bytes(arrived[at : at + 8]))
                middle, end = at + 8 + header, at + 8 + header + payload
                if len(arrived) < end:
                    break
                parts = bytes(arrived[at + 8 : middle]), bytes(arrived[middle:end])
                found.append(protocol.decode(*parts))
                at = end
        del self.arrived[:at]
        return found


_Question = tuple[_Line, Message, Sequence[bytes]]


class Server:
    """Serve one session's broker at a socket path until told to stop."""

    def __init__(
        self,
        broker: Broker,
        session: Session,
        address: str,
        *,
        left: Callable[[Peer], None] = lambda _: None,
        rest: Callable[[float], bool] = lambda _: False,
    ) -> None:
        self.broker = broker
        self.session = session
        self.address = address
        self._left = left
        self._rest = rest
        self._selector = selectors.DefaultSelector()
        self._watchers: dict[int, Callable[[], None]] = {}
        self._parked: list[_Question] = []
        self._owed: list[_Question] = []
        self._told: list[_Question] = []
        self._due = 0.0
        self._left_owed: list[_Line] = []
        self._full = False
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(address)
        os.chmod(address, 0o600)
        self._listener.listen(512)
        self._listener.setblocking(False)  # noqa: FBT003
        self._selector.register(self._listener, _READ)

    def watch(self, fd: int, callback: Callable[[], None]) -> None:
        """Call back from the loop whenever another descriptor is readable."""
        self._watchers[fd] = callback
        self._selector.register(fd, _READ)

    def turn(self, timeout: float | None) -> bool:
        """Wait at most `timeout` seconds and handle one batch of what is ready.

        Says whether there was anything.
        """
        questions: list[_Question] = []
        ended: list[_Line] = []
        callbacks = []
        if self._due:
            left = max(0.0, self._due - time.monotonic())
            timeout = left if timeout is None else min(timeout, left)
        ready = self._selector.select(timeout)
        for key, events in ready:
            if key.fileobj is self._listener:
                self._accept()
            elif key.data is None:
                callbacks.append(self._watchers[key.fd])
            else:
                if events & _WRITE:
                    self._flush(key.data)
                if events & _READ:
                    questions += self._read(key.data, ended)
        for callback in callbacks:
            callback()
        self._batch(questions, ended)
        if self._due and (not ready or time.monotonic() > self._due):
            self._linger(LINGER if ready else 0.0)
        return bool(ready)

    def close(self) -> None:
        """Hang up on everybody and remove the socket."""
        for key in list(self._selector.get_map().values()):
            if isinstance(key.data, _Line):
                key.data.socket.close()
        self._listener.close()
        self._selector.close()
        with contextlib.suppress(OSError):
            os.unlink(self.address)

    # -- one batch ------------------------------------------------------------------

    def _batch(self, questions: list[_Question], ended: list[_Line]) -> None:
        # what was told while the record could not be written is taken up again
        questions, self._owed = self._owed + questions, []
        ended, self._left_owed = self._left_owed + ended, []
        if not questions and not ended:
            return
        later = self._hear(questions, now=bool(ended))
        answers = [(q, answer) for q in questions if (answer := self._at_once(q))]
        late = [line for line in ended if not self._gone(line)]
        if self._parked:
            waiting, self._parked = self._parked, []
            taken_up = [(q, self._answer(q)) for q in waiting if not q[0].ended]
            answers += [(q, answer) for q, answer in taken_up if answer]
        self._told += [q for q in questions if q[1].get("tell")]
        failure = None
        if ended or (answers and self.session.pressing):
            failure = self._settle()
        # what nobody waits for is committed with the next batch; and what is allowed
        # now may have happened in a moment without anybody telling
        self._look_again(SOON if self.session.pressing else LINGER)
        self._left_owed = ended if failure is not None else late
        for (line, message, _), answer in answers:
            if not message.get("tell"):
                self._send(line, answer if failure is None else Answer(failure))
        for line, message, blobs in later:
            self._attempt(partial(self.broker.handle, line.peer, message, blobs))

    def _hear(self, questions: list[_Question], *, now: bool) -> list[_Question]:
        """Take what happened since the last message out of each, and put it on record:
        now where an answer may hang on it, else give it back for afterwards.
        """
        told = [(q, q[1].pop("done")) for q in questions if "done" in q[1]]
        later: list[_Question] = []
        for (line, message, _), effects in told:
            done: Message = {"op": "file.done", "effects": effects}
            if now or message["op"] in _TAKE_AWAY:
                self._attempt(partial(self.broker.handle, line.peer, done, ()))
            else:
                later.append((line, done, ()))
        return later

    def _at_once(self, question: _Question) -> Answer | None:
        """Handle a question; give the answer that waits for the commit.

        One that lets nothing happen leaves before what it says is put on record.
        """
        answer = self._answer(question)
        if answer is not None and not self.session.pressing:
            if not question[1].get("tell"):
                self._send(question[0], answer)
            answer = None
        self._attempt(self.session.catch_up)
        return answer

    def _answer(self, question: _Question) -> Answer | None:
        line, message, blobs = question
        session, since = self.session, self.session.remembered
        session.otherwise(partial(setattr, line.peer, "begun", dict(line.peer.begun)))
        try:
            return self.broker.handle(line.peer, message, blobs)
        except Parked:
            self._parked.append(question)
            return None
        except Exception as error:  # noqa: BLE001
            session.take_back(since)
            # fail closed: an effect whose question we cannot answer does not happen
            return Answer(_failed(error))

    def _gone(self, line: _Line) -> bool:
        """Settle what a line that ended left open; say whether the record took it."""
        peer = line.peer
        self.session.otherwise(partial(setattr, peer, "begun", dict(peer.begun)))
        return self._attempt(lambda: self._left(peer))

    def _attempt(self, act: Callable[[], object]) -> bool:
        """Do what nobody waits for; say whether the record took it."""
        since = self.session.remembered
        try:
            act()
        except LedgerError:
            self.session.take_back(since)
            return False
        return True

    def _linger(self, age: float) -> None:
        """Commit what waited, and see what came of what was allowed `age` seconds ago."""
        rests = [False]
        self._attempt(lambda: rests.append(self._rest(age)))
        self._settle()
        if rests[-1]:
            self._look_again(LINGER)

    def _look_again(self, seconds: float) -> None:
        due = time.monotonic() + seconds
        self._due = min(self._due or due, due)

    def _settle(self) -> Decision | None:
        """Commit what is open; what was told is owed again where that fails."""
        told, self._told = self._told, []
        self._due = 0.0
        try:
            self.session.commit()
        except LedgerError as error:
            self.session.roll_back()
            self._owed += told
            return _failed(error)
        return None

    # -- the wire -------------------------------------------------------------------

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno not in (errno.EMFILE, errno.ENFILE):
                    raise
                if _more_descriptors():
                    continue
                # whoever knocks waits until somebody leaves
                self._selector.unregister(self._listener)
                self._full = True
                return
            connection.setblocking(False)  # noqa: FBT003
            self._selector.register(connection, _READ, _Line(connection))

    def _read(self, line: _Line, ended: list[_Line]) -> list[_Question]:
        try:
            chunk = line.socket.recv(_CHUNK)
        except BlockingIOError:
            return []
        except OSError:
            chunk = b""
        try:
            line.arrived += chunk
            found: list[_Question] = [(line, m, blobs) for m, blobs in line.frames()]
        except protocol.FrameError:
            chunk, found = b"", []
        if not chunk:
            self._drop(line)
            ended.append(line)
        return found

    def _send(self, line: _Line, answer: Answer) -> None:
        if line.ended:
            return
        line.leaving += protocol.encode(wire(answer.decision), answer.blobs)
        self._flush(line)

    def _flush(self, line: _Line) -> None:
        try:
            sent = line.socket.send(line.leaving)
        except BlockingIOError:
            sent = 0
        except OSError:
            line.leaving.clear()
            return
        del line.leaving[:sent]
        if bool(line.leaving) is not line.waits:
            line.waits = not line.waits
            events = _READ | _WRITE if line.waits else _READ
            self._selector.modify(line.socket, events, line)

    def _drop(self, line: _Line) -> None:
        line.ended = True
        self._selector.unregister(line.socket)
        line.socket.close()
        if self._full:
            self._full = False
            self._selector.register(self._listener, _READ)


def _failed(error: Exception) -> Decision:
    """Give the closed answer for our own trouble."""
    text = str(error)
    hint = error.hint if isinstance(error, SoulguardError) else ""
    message = (
        f"soulguard could not put this effect on record, so it was refused: {text}"
    )
    if hint:
        message += f". Way out: {hint}"
    return Decision(
        Verdict.DENY, text, message=message, data={"error": "guard-unavailable"}
    )


def _more_descriptors() -> bool:
    """Take all the descriptors this process may have; an agent has a line a thread."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return False
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):
        return False
    return True


def _pid(connection: socket.socket) -> int:
    """Give the pid at the other end (SO_PEERCRED, unix(7)), 0 where unknown."""
    option: Any = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return 0
    raw = connection.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i"))
    return int(struct.unpack("3i", raw)[0])
