"""HTTP/1.1 on the wire, as much as a door needs: heads, chunks, a recorded answer.

Formats: RFC 9112. No sockets, no decisions.
"""

from __future__ import annotations

import _io
import errno

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from soulguard.guard.http.spool import Stored

    Headers = list[tuple[str, str]]


LEFT_EARLY = "the agent read no further when this answer was recorded"
_WHOLE = 1 << 20
"""Bytes of a part that is given in one piece."""


def read_head(head: bytes) -> tuple[str, str, str, Headers]:
    """Read a request's head: method, target, version and headers."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, version = [*first.split(" ", 2), ""][:3]
    headers: Headers = []
    for line in lines:
        if line[:1] in (" ", "\t") and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value}\r\n{line}")
        elif line:
            name, _, value = line.partition(":")
            headers.append((name, value.removeprefix(" ")))
    return method, target, version, headers


def read_status(head: bytes) -> tuple[str, int, str, Headers]:
    """Read an answer's head: version, status, reason and headers."""
    version, status, reason, headers = read_head(head)
    return version, int(status), reason, headers


def write_head(method: str, target: str, version: str, headers: Headers) -> bytes:
    """Write a request's head with its empty line."""
    lines = [f"{method} {target} {version}", *(f"{n}: {v}" for n, v in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def header(headers: Headers, name: str) -> str:
    """Give a header's value by its lower-case name, empty when it is absent."""
    for key, value in headers:
        if key.lower() == name:
            return value
    return ""


def is_chunked(headers: Headers) -> bool:
    """Whether a body with these headers is sent in chunks."""
    return header(headers, "transfer-encoding").strip().lower().endswith("chunked")


def is_framed(data: dict[str, Any]) -> bool:
    """Whether a recorded answer says itself where its body ends."""
    headers = data["headers"]
    if data["status"] in (204, 304) or is_chunked(headers):
        return True
    return header(headers, "content-length").isdigit()


def unchunk(data: bytes) -> tuple[list[bytes], bool]:
    """Take a chunked body apart: its chunks, and whether the last one was there."""
    chunks: list[bytes] = []
    at = 0
    while True:
        end = data.find(b"\n", at)
        if end < 0:
            return chunks, False
        try:
            size = int(data[at:end].partition(b";")[0], 16)
        except ValueError:
            return chunks, False
        if size == 0:
            return chunks, True
        start = end + 1
        if len(data) < start + size:
            chunks.append(data[start:])
            return chunks, False
        chunks.append(data[start : start + size])
        at = data.find(b"\n", start + size) + 1
        if not at:
            return chunks, False


def chunk(data: bytes) -> bytes:
    """Give one chunk, the last one for no data."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def split(body: bytes | Stored, sizes: list[int]) -> Iterator[bytes]:
    """Cut a recorded body into the parts it came in; very large ones into blocks."""
    at = 0
    for size in sizes:
        yield from _cut(body, at, at + size)
        at += size
    if at < len(body):
        yield from _cut(body, at, len(body))


def _cut(body: bytes | Stored, start: int, end: int) -> Iterator[bytes]:
    if isinstance(body, bytes):
        yield body[start:end]
    elif end - start > _WHOLE:
        yield from body.blocks(start, end)
    else:
        yield b"".join(body.blocks(start, end))


def answer(data: dict[str, Any], body: bytes | Stored) -> Iterator[bytes]:
    """Write a recorded answer as a server would have sent it, piece by piece."""
    headers = [(str(n), str(v)) for n, v in data["headers"]]
    version = "HTTP/1.0" if data["version"] == "HTTP/1.0" else "HTTP/1.1"
    reason = f" {data['reason']}" if data["reason"] else ""
    lines = [f"{version} {data['status']}{reason}", *(f"{n}: {v}" for n, v in headers)]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    yield head
    if not is_chunked(headers):
        yield from split(body, [])
        if data.get("early") and not is_framed(data):
            raise ConnectionResetError(errno.ECONNRESET, LEFT_EARLY)
        return
    for part in split(body, data["chunks"]):
        if part:
            yield chunk(part)
    # an answer that the agent left early ends in the middle here, too
    if not data.get("early"):
        yield chunk(b"")


class Chunked:
    """A body as it goes over the wire in chunks."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        for part in self._body:
            if part:
                yield chunk(part)
        yield chunk(b"")


class _Pieces(_io._RawIOBase):
    """A file of bytes that come in pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._rest = memoryview(b"")
        self._pieces = pieces

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


class RecordedSocket:
    """What stands in a client's place for a socket while a recorded answer is read."""

    def __init__(self, pieces: Iterable[bytes] | bytes) -> None:
        self._pieces = iter((pieces,) if isinstance(pieces, bytes) else pieces)

    def makefile(self, *_: Any, **__: Any) -> Any:
        """Give the recorded bytes as a file."""
        return _io.BufferedReader(_Pieces(self._pieces))

    def sendall(self, data: bytes) -> None:
        """Send nothing."""

    def settimeout(self, value: float | None) -> None:
        """Never wait."""

    def gettimeout(self) -> None:
        """Never wait."""

    def setsockopt(self, *_: Any) -> None:
        """Have no options."""

    def shutdown(self, how: int) -> None:
        """Have no connection."""

    def fileno(self) -> int:
        """Have no descriptor."""
        return -1

    def close(self) -> None:
        """Have nothing to close: the file made of it lives on."""
