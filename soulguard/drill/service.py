"""The world outside as the agent meets it in a drill: it answers from the recording.

Every connection of the agent ends here, TLS left out by the probe. What reaches it is
counted, and the moment between acting and answering is a boundary as well.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from typing import BinaryIO

from soulguard.drill import mail_service
from soulguard.drill.conductor import Conductor, KilledError, Line
from soulguard.drill.probe.steps import ACTED, BEFORE, PARTLY
from soulguard.drill.recording import SAFE, Answers, Exchange
from soulguard.guard.http import wire
from soulguard.model.call import Call

_MAIL_PORTS = frozenset({25, 465, 587, 1025, 2525})
_FRAMING = frozenset({
    "content-length", "transfer-encoding", "connection", "keep-alive"
})  # fmt: skip
_NOBODY = (
    b'{"error": {"type": "soulguard_drill", "message": "the recording of this drill '
    b'answers no such request"}}'
)


class NotHttpError(Exception):
    """The agent speaks something else than HTTP."""


class Service:
    """Listens on a port of this machine until closed.

    `guarded`: the boundaries before a call are the guard's, so none is told here.
    """

    def __init__(
        self, conductor: Conductor, answers: Answers, *, guarded: bool
    ) -> None:
        self._conductor = conductor
        self._answers = answers
        self._guarded = guarded
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._listener.getsockname()[1]

    def start(self) -> None:
        """Answer from now on."""
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, peer = self._listener.accept()
            except OSError:
                return
            threading.Thread(
                target=self._serve, args=(connection, peer[1]), daemon=True
            ).start()

    def _serve(self, connection: socket.socket, port: int) -> None:
        # a client that goes away, or is killed, is no news
        with contextlib.suppress(OSError, KilledError), connection:
            line = self._conductor.line(port)
            if line is None:
                return
            if line.mail or line.port in _MAIL_PORTS:
                mail_service.serve(connection, lambda call: self._mail(call, line))
                return
            try:
                self._talk(connection, line)
            except (NotHttpError, ValueError):
                what = f"{line.host}:{line.port}, which is not spoken to in HTTP"
                self._conductor.note("unanswered", what, line.at)

    def _talk(self, connection: socket.socket, line: Line) -> None:
        with connection.makefile("rb") as file:
            secure = False
            while first := file.readline(1 << 16):
                if first.startswith(b"\0TLS"):
                    secure = True
                elif first.startswith(b"CONNECT "):
                    host, _, port = first.split(b" ")[1].decode().rpartition(":")
                    line = Line(host, int(port), line.at)
                    _head(file)
                    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                elif first.strip():
                    call = _read(first, file, connection, line, secure=secure)
                    self._call(connection, call, line)

    # -- one request -------------------------------------------------------------------

    def _call(self, connection: socket.socket, call: Call, line: Line) -> None:
        name = f"call {call.method} {call.url.partition('://')[2].partition('?')[0]}"
        tells = call.method not in SAFE
        at = self._conductor.sender(connection.getpeername()[1]) or self._at(name, line)
        exchange = self._ask(call, name, at, tells=tells)
        if exchange is None:
            self._conductor.note("unanswered", f"{call.method} {call.url}", at)
            head = wire.write_head(
                "HTTP/1.1", "421", "Misdirected Request",
                [("Content-Type", "application/json"),
                 ("Content-Length", str(len(_NOBODY)))],
            )  # fmt: skip
            connection.sendall(head + _NOBODY)
            return
        for part, halfway in _parts(exchange, call.method):
            if halfway and tells:
                _wait_until_read(connection)
                self._conductor.step(PARTLY, name)
            connection.sendall(part)

    def _ask(self, call: Call, name: str, at: str, *, tells: bool) -> Exchange | None:
        """Act on a request: from here on it has happened."""
        if tells and not self._guarded:
            self._conductor.step(BEFORE, name, at)
        try:
            exchange = self._answers.ask(call, name, self._conductor.attempt, at)
        except (OSError, http.client.HTTPException) as error:
            self._conductor.note("unreachable", f"{call.method} {call.url}: {error}")
            raise OSError(str(error)) from None
        if tells:
            self._conductor.step(ACTED, name, at)
        return exchange

    def _mail(self, call: Call, line: Line) -> None:
        name = f"call mail to {call.url.partition(':')[2]}"
        self._ask(call, name, self._at(name, line), tells=True)

    def _at(self, name: str, line: Line) -> str:
        """Give where the agent asked for it: the guard has said so, or where it connected."""
        told = self._conductor.places.get(name, "") if self._guarded else ""
        return told or line.at


def _read(
    first: bytes, file: BinaryIO, connection: socket.socket, line: Line, *, secure: bool
) -> Call:
    """Read one request.

    Raises:
        NotHttpError: it is none.
    """
    words = first.decode("latin-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/"):
        raise NotHttpError
    method, target = words[:2]
    headers = _head(file)
    if wire.header(headers, "upgrade"):
        raise NotHttpError  # what follows is another protocol
    if wire.header(headers, "expect").lower() == "100-continue":
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    if wire.is_chunked(headers):
        body = b"".join(_chunks(file))
    else:
        body = file.read(int(wire.header(headers, "content-length") or 0))
    if "://" in target.partition("?")[0]:
        url = target
    else:
        scheme, default = ("https", 443) if secure else ("http", 80)
        place = line.host if line.port == default else f"{line.host}:{line.port}"
        url = f"{scheme}://{place}{target}"
    return Call(method.upper(), url, tuple(headers), body, at=time.time())


def _head(file: BinaryIO) -> list[tuple[str, str]]:
    lines = []
    while text := file.readline(1 << 16).strip(b"\r\n"):
        lines.append(text)
    return wire.read_head(b"\r\n".join([b"- - -", *lines]))[3]


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while size := int(file.readline().partition(b";")[0], 16):
        yield file.read(size)
        file.readline()
    while file.readline().strip():
        pass


def _parts(exchange: Exchange, method: str) -> Iterator[tuple[bytes, bool]]:
    """Give an answer in pieces to send; one of a stream stands in its middle."""
    headers = [h for h in exchange.answer_headers if h[0].lower() not in _FRAMING]
    empty = method == "HEAD" or exchange.status in (204, 304)
    streamed = len(exchange.chunks) > 1 and not empty
    if streamed:
        headers.append(("Transfer-Encoding", "chunked"))
    elif not empty:
        headers.append(("Content-Length", str(sum(map(len, exchange.chunks)))))
    yield (
        wire.write_head("HTTP/1.1", str(exchange.status), exchange.reason, headers),
        False,
    )
    if empty:
        return
    for at, chunk in enumerate(exchange.chunks):
        half = streamed and at == len(exchange.chunks) // 2
        yield (wire.chunk(chunk) if streamed else chunk), half
    if streamed:
        yield wire.chunk(b""), False


def _wait_until_read(connection: socket.socket) -> None:
    """Give the agent a moment to take what was sent (proc_net_tcp.txt of the kernel)."""
    ours, theirs = connection.getsockname()[1], connection.getpeername()[1]
    for _ in range(50):
        if not _queued(theirs, ours):
            return
        time.sleep(0.002)


def _queued(local: int, remote: int) -> bool:
    ends = f":{local:04X}", f":{remote:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError), open(table) as file:
            for row in file:
                words = row.split()
                if words[1].endswith(ends[0]) and words[2].endswith(ends[1]):
                    return int(words[4].partition(":")[2], 16) > 0
    return False
