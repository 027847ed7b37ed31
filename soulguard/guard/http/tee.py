"""A file between an HTTP response and its socket that keeps the body as it passes.

Nothing is read ahead and nothing held back: the agent sees every byte when it comes.
The whole answer is told when the client itself sees the end of the body.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from soulguard.guard.http.bodies import Body
    from soulguard.guard.http.exchange import Flight, Reply


class TeeFile:
    """Stands for `http.client.HTTPResponse.fp` from the end of the head on."""

    def __init__(
        self, file: Any, flight: Flight, reply: Reply, *, chunked: bool,
        length: int | None,
    ) -> None:  # fmt: skip
        self._file = file
        self._flight = flight
        self._reply = reply
        self._length = length
        self._frames = Unchunker(reply) if chunked else None
        self._left = False
        self._ended = False

    @classmethod
    def onto(cls, response: Any, flight: Flight, reply: Reply) -> None:
        """Put a tee under a response whose head was read."""
        if response.fp is None or response.length == 0:
            flight.answered(reply)
            return
        response.fp = cls(
            response.fp, flight, reply, chunked=bool(response.chunked),
            length=response.length,
        )  # fmt: skip

    def read(self, size: int = -1) -> bytes:
        """Read as the file does."""
        data = self._file.read(size)
        # this call and `readinto` give less than was asked for at the end alone
        self._ended = self._ended or size < 0 or len(data) < size
        self._passed(data)
        return data  # type: ignore[no-any-return]

    def read1(self, size: int = -1) -> bytes:
        """Read as the file does."""
        data = self._file.read1(size)
        self._ended = self._ended or (not data and size != 0)
        self._passed(data)
        return data  # type: ignore[no-any-return]

    def readinto(self, buffer: Any) -> int:
        """Read as the file does."""
        count = self._file.readinto(buffer)
        with memoryview(buffer) as view:
            self._ended = self._ended or count < len(view)
            self._passed(bytes(view[:count]))
        return count  # type: ignore[no-any-return]

    def readline(self, limit: int = -1) -> bytes:
        """Read as the file does."""
        data = self._file.readline(limit)
        self._ended = self._ended or (not data and limit != 0)
        self._passed(data)
        return data  # type: ignore[no-any-return]

    def close(self) -> None:
        """Close the file; what came so far is the answer, whole or left early."""
        self._finish()
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __del__(self) -> None:
        if not self._left:
            try:
                self._finish()
            except Exception:  # noqa: BLE001 - nobody is left to hear of it
                pass

    def _passed(self, data: bytes) -> None:
        if self._frames is not None:
            self._frames.feed(data)
        elif data:
            self._reply.add(data)
            if self._length is not None and self._reply.size >= self._length:
                self._finish()

    def _finish(self) -> None:
        """Tell the answer, once."""
        if self._left:
            return
        self._left = True
        if self._frames is not None:
            whole = self._frames.ended
        elif self._length is not None:
            whole = self._reply.size >= self._length
        else:
            whole = self._ended
        if self._frames is not None and self._frames.broken:
            self._flight.failed("the answer's chunks are malformed", sent=True)
            return
        if not whole and self._ended:
            self._flight.failed("the connection ended inside the answer", sent=True)
            return
        if not whole:
            self._reply.left()
        self._flight.answered(self._reply)


class Unchunker:
    """Take a chunked body apart while it passes in pieces of any size.

    `sink` gets every byte as it comes (`feed`), and the ends of chunks (`cut`). `broken` says that it is no chunked body from some point on; that is not kept.
    """

    def __init__(self, sink: Reply | Body) -> None:
        self.ended = False
        self.broken = False
        self._sink = sink
        self._line = b""
        self._left = 0
        self._between = False

    def feed(self, data: bytes) -> None:
        """Take the next piece of the wire."""
        at = 0
        while at < len(data) and not (self.ended or self.broken):
            at = self._data(data, at) if self._left else self._head(data, at)

    def _data(self, data: bytes, at: int) -> int:
        """Take bytes of the current chunk."""
        part = data[at : at + self._left]
        self._left -= len(part)
        self._sink.feed(part)
        if not self._left:
            self._sink.cut()
            self._between = True
        return at + len(part)

    def _head(self, data: bytes, at: int) -> int:
        """Take bytes of the line that says how long the next chunk is."""
        end = data.find(b"\n", at)
        if end < 0:
            self._line += data[at:]
            return len(data)
        line, self._line = self._line + data[at:end], b""
        if self._between:
            # the line that ends a chunk holds nothing
            self._between = False
            return end + 1
        try:
            self._left = int(line.partition(b";")[0], 16)
        except ValueError:
            self.broken = True
            return len(data)
        self.ended = not self._left
        return end + 1
