"""The body of a request as it is collected: in memory, a large one in a file.

A body that can be spooled nowhere stays in memory, as it would without the guard; only
its digest is told then. Nothing is asked or sent here.
"""

from __future__ import annotations

from soulguard.guard.http.spool import Spool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Headers = list[tuple[str, str]]

LIMIT = 16 * 1024 * 1024
"""Bytes up to which a request's body is kept in memory and travels to the broker, where
it is read: what it means counts. A larger one is only bytes."""


class Body:
    """Bytes that come in parts; `spool` is where they are, None for memory."""

    __slots__ = ("_parts", "_spoolable", "size", "spool")

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._spoolable = True
        self.size = 0
        self.spool: Spool | None = None

    @classmethod
    def of(cls, parts: Iterable[bytes]) -> Body:
        """Collect a body that is there to be iterated over."""
        body = cls()
        for part in parts:
            body.feed(part)
        return body

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self.size += len(data)
        if self.spool is not None or (self.size > LIMIT and self._spoolable):
            self._spill(data)
        elif data:
            self._parts.append(data)

    def cut(self) -> None:
        """Take note of the end of a chunk: of a request it means nothing."""

    @property
    def whole(self) -> bytes:
        """All of it, where it is in memory."""
        if len(self._parts) != 1:
            self._parts = [b"".join(self._parts)]
        return self._parts[0]

    def told(self) -> tuple[Spool | None, bytes]:
        """Give where it is: its spool, or all of it."""
        return (self.spool, b"") if self.spool is not None else (None, self.whole)

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[bytes]:
        if self.spool is not None:
            return iter(self.spool)
        return iter((self.whole,) if self.size else ())

    def _spill(self, data: bytes) -> None:
        spool, parts = self.spool, [data]
        try:
            if spool is None:
                spool = self.spool = Spool()
                parts, self._parts = [*self._parts, data], []
            while parts:
                spool.write(parts.pop(0))
        except OSError:
            # no folder, or no room: it goes on in memory
            self.spool, self._spoolable = None, False
            there = self._parts if spool is None else [spool.rescue()]
            self._parts = [*there, *parts]


def identity(headers: Headers, body: Iterable[bytes]) -> str:
    """Give what tells a large body from another; a random boundary does not."""
    # only for a body over `LIMIT`: the import costs less than reading it did
    from hashlib import sha256

    digest = sha256()
    for block in _without(_boundary(headers), body):
        digest.update(block)
    return digest.hexdigest()


def _boundary(headers: Headers) -> bytes:
    kind = next((v for n, v in headers if n.lower() == "content-type"), "")
    if not kind.lower().startswith("multipart/"):
        return b""
    return kind.partition("boundary=")[2].partition(";")[0].strip('" ').encode()


def _without(mark: bytes, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Leave a mark out of bytes that come in blocks."""
    rest = b""
    for block in blocks:
        text = (rest + block).replace(mark, b"") if mark else block
        kept = len(text) - len(mark) + 1 if mark else len(text)
        rest = text[max(kept, 0) :]
        yield text[: max(kept, 0)]
    yield rest
