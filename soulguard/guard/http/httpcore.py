"""The door of httpcore and httpcore2: httpx, httpx2, and the SDKs built on them.

The pool's ``handle_request`` sees every request once, whatever the protocol and proxy,
and mock transports never reach it. The body is read before the request goes out; the
answer passes through a stream that keeps what the client reads.
"""

from __future__ import annotations

import sys

from soulguard.guard import originals
from soulguard.guard.http import exchange, wire
from soulguard.guard.http.bodies import Body
from soulguard.guard.http.exchange import dressed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator
    from typing import Any

_NOT_SENT = frozenset({
    "ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"
})  # fmt: skip
"""Exceptions after which no byte of the request was on the wire."""


class _Bytes:
    """A body that was read, as httpcore takes one."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._parts)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            yield part


class _Stream:
    """A response's stream that keeps what passes, for sync and async clients."""

    def __init__(self, stream: Any, permit: exchange.Permit, reply: exchange.Reply):
        self._stream = stream
        self._flight = permit.flight
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        try:
            for part in self._stream:
                self._reply.add(part)
                yield part
        except GeneratorExit:
            raise  # the client reads no further; `close` comes next
        except BaseException as error:
            # a cancelled task too: what it has of the answer is not the answer
            self._flight.failed(type(error).__name__, sent=True)
            raise
        self._flight.answered(self._reply)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._stream:
                self._reply.add(part)
                yield part
        except GeneratorExit:
            raise  # the client reads no further; `close` comes next
        except BaseException as error:
            # a cancelled task too: what it has of the answer is not the answer
            self._flight.failed(type(error).__name__, sent=True)
            raise
        self._flight.answered(self._reply)

    def close(self) -> None:
        """Close the stream; what the client did not read it left on purpose."""
        self._left()
        if hasattr(self._stream, "close"):
            self._stream.close()

    async def aclose(self) -> None:
        """Close the stream; what the client did not read it left on purpose."""
        self._left()
        if hasattr(self._stream, "aclose"):
            await self._stream.aclose()

    def _left(self) -> None:
        length = wire.header(self._reply.headers, "content-length")
        if not length.isdigit() or self._reply.size < int(length):
            self._reply.left()
        self._flight.answered(self._reply)


def _handle_request(original: Any) -> Any:
    def handle_request(self: Any, request: Any) -> Any:
        if not exchange.unsafe(request.method.decode("ascii")):
            return original(self, request)
        body = Body.of(request.stream)
        question = _question(request, body, original)
        while True:
            permit = exchange.permit(question)
            if permit.replay:
                return _recorded(permit, original)
            _apply(request, permit, body)
            if permit.untold:
                return original(self, request)
            try:
                response = original(self, request)
            except BaseException as error:
                _failed(permit, error)
                raise
            reply = _reply(response)
            if response.status not in permit.ask:
                response.stream = _Stream(response.stream, permit, reply)
                return response
            content = b"".join(response.stream)
            reply.add(content)
            response.stream.close()
            seconds = permit.flight.answered(reply, wait=True)
            if not seconds:
                response.stream = _Bytes([content])
                return response
            originals.sleep(seconds)

    return dressed(handle_request, original)


def _handle_async_request(original: Any) -> Any:
    async def handle_async_request(self: Any, request: Any) -> Any:
        if not exchange.unsafe(request.method.decode("ascii")):
            return await original(self, request)
        body = await _collected(request.stream)
        question = _question(request, body, original)
        while True:
            permit = exchange.begin(question)
            if isinstance(permit, float):
                await self._network_backend.sleep(permit)
                continue
            if permit.replay:
                return _recorded(permit, original)
            _apply(request, permit, body)
            if permit.untold:
                return await original(self, request)
            try:
                response = await original(self, request)
            except BaseException as error:
                _failed(permit, error)
                raise
            reply = _reply(response)
            if response.status not in permit.ask:
                response.stream = _Stream(response.stream, permit, reply)
                return response
            content = b"".join([part async for part in response.stream])
            reply.add(content)
            await response.stream.aclose()
            seconds = permit.flight.answered(reply, wait=True)
            if not seconds:
                response.stream = _Bytes([content])
                return response
            await self._network_backend.sleep(seconds)

    return dressed(handle_async_request, original)


TABLE = tuple(
    (f"{library}._{kind}.connection_pool", f"{name}.{method}", make)
    for library in ("httpcore", "httpcore2")
    for kind, name, method, make in (
        ("sync", "ConnectionPool", "handle_request", _handle_request),
        ("async", "AsyncConnectionPool", "handle_async_request", _handle_async_request),
    )
)


async def _collected(stream: Any) -> Body:
    body = Body()
    async for part in stream:
        body.feed(part)
    return body


def _question(request: Any, body: Body, original: Any) -> Any:
    url = request.url
    host = url.host.decode("ascii")
    host = f"[{host}]" if ":" in host else host
    port = "" if url.port is None else f":{url.port}"
    target = url.target.decode("latin-1")
    headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in request.headers]
    return exchange.question(
        request.method.decode("ascii"),
        target if "://" in target else f"{url.scheme.decode()}://{host}{port}{target}",
        headers, body, original.__module__.partition(".")[0],
    )  # fmt: skip


def _apply(request: Any, permit: exchange.Permit, body: Body) -> None:
    """Give the request its body, and what the broker wants set in it."""
    changes = list(permit.headers)
    content = permit.content(body)
    if permit.changed:
        chunked = any(n.lower() == b"transfer-encoding" for n, _ in request.headers)
        if not chunked:
            changes.append(("Content-Length", str(len(content))))
    parts = [content] if content and isinstance(content, bytes) else content
    request.stream = _Bytes(parts or ())
    for name, value in changes:
        key, text = name.encode("latin-1"), value.encode("latin-1")
        kept = [(n, v) for n, v in request.headers if n.lower() != key.lower()]
        request.headers = [*kept, (key, text)]


def _failed(permit: exchange.Permit, error: BaseException) -> None:
    name = type(error).__name__
    permit.flight.failed(name, sent=name not in _NOT_SENT)


def _reply(response: Any) -> exchange.Reply:
    extensions = response.extensions
    return exchange.Reply(
        response.status,
        extensions.get("reason_phrase", b"").decode("latin-1"),
        extensions.get("http_version", b"HTTP/1.1").decode("ascii"),
        [(n.decode("latin-1"), v.decode("latin-1")) for n, v in response.headers],
    )


def _recorded(permit: exchange.Permit, original: Any) -> Any:
    """Build the library's own response from the record."""
    data = permit.data
    library = sys.modules[original.__module__.partition(".")[0]]
    version = data["version"].encode("ascii")
    extensions = {"http_version": version}
    if version.startswith(b"HTTP/1"):
        extensions["reason_phrase"] = data["reason"].encode("latin-1")
    return library.Response(
        data["status"],
        headers=[
            (n.encode("latin-1"), v.encode("latin-1")) for n, v in data["headers"]
        ],
        content=_Bytes(_parts(permit, library)),
        extensions=extensions,
    )


def _parts(permit: exchange.Permit, library: Any) -> Iterator[bytes]:
    """Give the recorded body; one that was left early has no end to be read."""
    yield from wire.split(permit.recorded, permit.data["chunks"])
    if permit.data.get("early"):
        raise library.RemoteProtocolError(wire.LEFT_EARLY)
