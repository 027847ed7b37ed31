"""HTTP/1.1 on the wire, as much as a door needs: heads, chunks, a recorded answer.

Formats: RFC 9112. No sockets, no decisions.
"""

from __future__ import annotations

import _io

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Headers = list[tuple[str, str]]


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


def split(body: bytes, sizes: list[int]) -> list[bytes]:
    """Cut a recorded body into the parts it came in."""
    if not sizes:
        return [body] if body else []
    parts, at = [], 0
    for size in sizes:
        parts.append(body[at : at + size])
        at += size
    return parts


def answer(data: dict[str, Any], body: bytes) -> bytes:
    """Write a recorded answer as a server would have sent it."""
    headers = [(str(n), str(v)) for n, v in data["headers"]]
    version = "HTTP/1.0" if data["version"] == "HTTP/1.0" else "HTTP/1.1"
    reason = f" {data['reason']}" if data["reason"] else ""
    lines = [f"{version} {data['status']}{reason}", *(f"{n}: {v}" for n, v in headers)]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1")
    if not is_chunked(headers):
        return head + body
    chunks = [chunk(p) for p in split(body, data["chunks"]) if p]
    # an answer that the agent left early ends in the middle here, too
    return b"".join((head, *chunks, b"" if data.get("early") else chunk(b"")))


class RecordedSocket:
    """What stands in a client's place for a socket while a recorded answer is read."""

    def __init__(self, wire: bytes) -> None:
        self._wire = wire

    def makefile(self, *_: Any, **__: Any) -> Any:
        """Give the recorded bytes as a file."""
        return _io.BufferedReader(_io.BytesIO(self._wire))

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
