"""Frames between the guard and the supervisor, and the names of the messages.

A frame on the Unix stream socket is::

    u32 big-endian   length of the header in bytes
    u32 big-endian   length of the payload in bytes
    header           one JSON object, UTF-8; `blobs` lists the payload's parts by length
    payload          the parts one after the other (bodies, file tails)

One request, one reply, in order, per connection; a guarded thread holds a connection of
its own. The header's ``op`` names the message; one with ``tell`` set gets no reply. Any
message may carry ``done``: the published files that are in place since the last one.
Every door that ever asks the broker (this guard, a kernel layer, a tool-call
hook) speaks these frames.

    op            asks / tells
    hello         a process is guarded: pid, python, argv, parent; reply: scope, seeds
    scope         the generation page has turned: what must be asked about now
    spawned       a child was started: pid, argv, python (bool)
    file.open     may this path be opened for writing: path, mode (w x a r+), flags
    file.publish  a staged file is whole: effect, path, staged, digest, size
    file.append   bytes are ready: path, digest, size
    file.move     rename or link onto or away from a guarded path: source, path
    file.remove   a guarded path is about to be deleted
    file.done     the effect happened: effect, error
    file.discarded  a write that was skipped would have had: path, digest, size
    file.read     may this path be read: path
    call.begin    an unsafe request is about to be sent: method, url, headers, blob body
    call.token    a token that has to be in a request before it is signed: place, text
    call.end      the outcome: effect, status, reason, headers, blob body, or error
    command.begin  may this program be started: argv, cwd, shell, env (what rules name)
    command.spawned  the process of a program that counts while it runs: ticket, pid
    command.started  its recorder is up: effect
    command.end   how it ended: effect, status, blobs output and errors
    effect.begin  an explicit effect is about to be made: name, key
    effect.end    how its block ended: effect, error, open, unkept, blob result
    around        the audit hook saw an effect that came through no door
"""

from __future__ import annotations

import json

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the cost of importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Message = dict[str, Any]
else:
    Message = dict

VERSION = 1
"""Protocol version, in `hello`; a supervisor refuses another one."""

MAX_HEADER = 16 * 1024 * 1024
MAX_PAYLOAD = 1 << 31
_CHUNK = 1 << 16

# Environment variables the injected guard starts from.
ENV_SOCKET = "SOULGUARD_SOCKET"
ENV_RUN_ID = "SOULGUARD_RUN_ID"
ENV_ATTEMPT = "SOULGUARD_ATTEMPT"
ENV_HOME = "SOULGUARD_HOME"
ENV_STRICT = "SOULGUARD_STRICT"


# made once: `json.dumps` with options makes an encoder for every call
_to_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_from_json = json.JSONDecoder().decode


class FrameError(Exception):
    """A frame is not one: too large, not JSON, or its parts do not add up."""


def encode(message: Message, blobs: tuple[bytes, ...] | list[bytes] = ()) -> bytes:
    """Give one frame for a message and its binary parts."""
    if blobs:
        message = {**message, "blobs": [len(b) for b in blobs]}
    header = _to_json(message).encode()
    size = sum(map(len, blobs)) if blobs else 0
    head = len(header).to_bytes(4, "big") + size.to_bytes(4, "big")
    return b"".join((head, header, *blobs))


def lengths(head: bytes) -> tuple[int, int]:
    """Read the two lengths of a frame's first eight bytes.

    Raises:
        FrameError: a length is over the limit.
    """
    header, payload = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
    if header > MAX_HEADER or payload > MAX_PAYLOAD:
        raise FrameError(f"frame of {header} + {payload} bytes is over the limit")
    return header, payload


def decode(header: bytes, payload: bytes) -> tuple[Message, list[bytes]]:
    """Read a message and its parts back.

    Raises:
        FrameError: not a JSON object, or the parts do not add up to the payload.
    """
    try:
        message = _from_json(header.decode())
    except ValueError as error:
        raise FrameError(f"header is not JSON: {error}") from None
    if not isinstance(message, dict):
        raise FrameError("header is not an object")
    sizes = message.pop("blobs", None)
    if sizes is None:
        if not payload:
            return message, []
        sizes = []
    blobs, at = [], 0
    if not isinstance(sizes, list):
        raise FrameError("`blobs` is not a list")
    for size in sizes:
        if not isinstance(size, int) or size < 0:
            raise FrameError("`blobs` holds something else than lengths")
        blobs.append(payload[at : at + size])
        at += size
    if at != len(payload):
        raise FrameError(f"parts say {at} bytes, payload has {len(payload)}")
    return message, blobs


def receive(recv: Callable[[int], bytes]) -> tuple[Message, list[bytes]] | None:
    """Read one frame with a blocking `recv`; None at a clean end of the stream.

    At most one frame may be under way: what arrives belongs to it.

    Raises:
        FrameError: the stream ends inside a frame, another one follows at once, or the
            frame is malformed.
    """
    data = recv(_CHUNK)
    if not data:
        return None
    while len(data) < 8:
        data = _more(data, recv)
    header, payload = lengths(data[:8])
    end = 8 + header + payload
    if len(data) < end:
        parts, got = [data], len(data)
        while got < end:
            parts.append(_more(b"", recv))
            got += len(parts[-1])
        data = b"".join(parts)
    if len(data) > end:
        raise FrameError("more than one frame is under way")
    return decode(data[8 : 8 + header], data[8 + header :])


def _more(data: bytes, recv: Callable[[int], bytes]) -> bytes:
    part = recv(_CHUNK)
    if not part:
        raise FrameError("the stream ended inside a frame")
    return data + part
