"""An answer read from the wire beside the client: its head, then its body's parts.

For clients whose own parser hides the body's bytes before content decoding.
"""

from __future__ import annotations

from soulguard.guard.http import wire
from soulguard.guard.http.exchange import Reply
from soulguard.guard.http.tee import Unchunker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from soulguard.guard.http.exchange import Flight
    from soulguard.guard.http.spool import Spool


class WireReply:
    """Takes the bytes of one answer as they arrive and tells it when it ended.

    A whole one whose status is in `ask` is told by `asked` alone.
    """

    def __init__(self, flight: Flight, ask: Sequence[int] = ()) -> None:
        self._flight = flight
        self._ask = ask
        self._head = b""
        self._reply: Reply | None = None
        self._frames: Unchunker | None = None
        self._length: int | None = None
        self._broken = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the wire."""
        if self._broken:
            return
        if self._reply is None:
            self._head += data
            try:
                data = self._read_head()
            except ValueError:
                self._broken = True  # the client will say what is wrong with it
        if self._reply is None or not data:
            return
        if self._frames is not None:
            self._frames.feed(data)
        elif self._length is None:
            self._reply.add(data)
        else:
            self._reply.add(data[: self._length - self._reply.size])

    def ended(self) -> None:
        """Tell the answer: the client saw the end of the body."""
        if self._reply is not None and self._reply.head["status"] not in self._ask:
            self._flight.answered(self._reply)

    def asked(self) -> float:
        """Tell the answer and give the seconds to wait before the call is made again
        (0: it is the answer).
        """
        return self._flight.answered(self._known, wait=True)

    @property
    def head(self) -> dict[str, Any]:
        """The answer's status, reason, version and headers."""
        return self._known.head

    @property
    def content(self) -> Spool | bytes:
        """What came of its body."""
        return self._known.content()

    def left(self) -> None:
        """Tell the answer as far as it came: the agent wants no more of it."""
        if self._frames is not None and self._frames.broken:
            self.failed("the answer's chunks are malformed")
        elif self._reply is not None:
            if not self._whole():
                self._reply.left()
            self._flight.answered(self._reply)

    def closed(self, error: str) -> None:
        """Tell that the connection ended, unless the answer ends that way."""
        if self._reply is not None and (self._whole() or self._to_the_end()):
            self.ended()
        else:
            self.failed(error)

    def failed(self, error: str) -> None:
        """Tell that no whole answer came."""
        self._flight.failed(error, sent=True)

    def _read_head(self) -> bytes:
        """Read the head when it is there; interim answers (1xx) are passed over."""
        while b"\r\n\r\n" in self._head:
            head, _, rest = self._head.partition(b"\r\n\r\n")
            version, status, reason, headers = wire.read_status(head)
            if 100 <= status < 200 and status != 101:
                self._head = rest
                continue
            self._head = b""
            self._reply = Reply(status, reason, version, headers)
            if wire.is_chunked(headers):
                self._frames = Unchunker(self._reply)
            else:
                length = wire.header(headers, "content-length")
                self._length = int(length) if length.isdigit() else None
                if status in (204, 304):
                    self._length = 0
            return rest
        return b""

    @property
    def _known(self) -> Reply:
        assert self._reply is not None
        return self._reply

    def _whole(self) -> bool:
        assert self._reply is not None
        if self._frames is not None:
            return self._frames.ended
        return self._length is not None and self._reply.size >= self._length

    def _to_the_end(self) -> bool:
        return self._frames is None and self._length is None
