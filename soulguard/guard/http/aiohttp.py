"""The door of aiohttp: the connector, below redirects, middlewares and retries.

``connect`` sees every request before it is written. An answer is kept as it arrives on
the wire; a recorded one is fed to aiohttp's own parser through a transport that is none.
"""

from __future__ import annotations

import sys

from soulguard.guard.http import exchange, wire
from soulguard.guard.http.exchange import dressed
from soulguard.guard.http.wire_reply import WireReply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _connect(original: Any) -> Any:
    async def connect(self: Any, req: Any, traces: Any, timeout: Any) -> Any:
        if not exchange.unsafe(req.method):
            return await original(self, req, traces, timeout)
        body = await _body(req)
        headers = list(req.headers.items())
        question = exchange.question(req.method, str(req.url), headers, body, "aiohttp")
        permit = await _permit(question)
        if permit.replay:
            return _recorded(self, req, permit)
        _apply(req, permit, body)
        if permit.untold:
            return await original(self, req, traces, timeout)
        try:
            connection = await original(self, req, traces, timeout)
        except BaseException as error:
            permit.flight.failed(type(error).__name__, sent=False)
            raise
        connection.protocol._soulguard = WireReply(permit.flight)
        return connection

    return dressed(connect, original)


def _send(original: Any) -> Any:
    async def send(self: Any, conn: Any) -> Any:
        kept = _kept(conn)
        try:
            return await original(self, conn)
        except BaseException as error:
            if kept is not None:
                kept.failed(type(error).__name__)
            raise

    return dressed(send, original)


def _start(original: Any) -> Any:
    async def start(self: Any, connection: Any) -> Any:
        kept = _kept(connection)
        if kept is None:
            return await original(self, connection)
        self._soulguard = kept
        try:
            response = await original(self, connection)
        except BaseException as error:
            kept.failed(type(error).__name__)
            raise
        self.content.on_eof(kept.ended)
        return response

    return dressed(start, original)


def _left(original: Any) -> Any:
    """The agent closes or releases a response: what it did not read, it left."""

    def close(self: Any) -> Any:
        kept = self.__dict__.pop("_soulguard", None)
        if kept is not None:
            kept.left()
        return original(self)

    return dressed(close, original)


def _data_received(original: Any) -> Any:
    def data_received(self: Any, data: bytes) -> None:
        kept = self.__dict__.get("_soulguard")
        if kept is not None:
            kept.feed(data)
        original(self, data)

    return dressed(data_received, original)


def _connection_lost(original: Any) -> Any:
    def connection_lost(self: Any, exc: BaseException | None) -> None:
        kept = self.__dict__.pop("_soulguard", None)
        if kept is not None:
            kept.closed("ConnectionLost" if exc is None else type(exc).__name__)
        original(self, exc)

    return dressed(connection_lost, original)


TABLE = (
    ("aiohttp.connector", "BaseConnector.connect", _connect),
    ("aiohttp.client_reqrep", "ClientRequest.send", _send),
    ("aiohttp.client_reqrep", "ClientResponse.start", _start),
    ("aiohttp.client_reqrep", "ClientResponse.close", _left),
    ("aiohttp.client_reqrep", "ClientResponse.release", _left),
    ("aiohttp.client_proto", "ResponseHandler.data_received", _data_received),
    ("aiohttp.client_proto", "ResponseHandler.connection_lost", _connection_lost),
)


# -- the request -----------------------------------------------------------------------


class _Collector:
    """What a payload is written to in order to be read."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    async def write(self, data: Any, **_: Any) -> None:
        """Take one part."""
        self.parts.append(bytes(data))


async def _body(req: Any) -> bytes:
    body = req._body if "_body" in req.__dict__ else req.body
    if not body:
        return b""
    if isinstance(body, (bytes, bytearray)):
        return bytes(body)
    collector = _Collector()
    await body.write(collector)
    return b"".join(collector.parts)


def _apply(req: Any, permit: exchange.Permit, body: bytes) -> None:
    """Give the request its body back, and what the broker wants set in it."""
    for name, value in permit.headers:
        req.headers[name] = value
    if permit.body is not None:
        body = permit.body
        if not req.chunked:
            req.headers["Content-Length"] = str(len(body))
    if body:
        payload = sys.modules["aiohttp.payload"].BytesPayload(body)
        setattr(req, "_body" if "_body" in req.__dict__ else "body", payload)


async def _permit(question: Any) -> exchange.Permit:
    while True:
        permit = exchange.begin(question)
        if isinstance(permit, exchange.Permit):
            return permit
        await sys.modules["asyncio"].sleep(permit)


def _kept(connection: Any) -> WireReply | None:
    protocol = connection.protocol
    return None if protocol is None else protocol.__dict__.get("_soulguard")


# -- a recorded answer -----------------------------------------------------------------


def _recorded(connector: Any, req: Any, permit: exchange.Permit) -> Any:
    """Build a connection on which the recorded answer waits."""
    protocol = sys.modules["aiohttp.client_proto"].ResponseHandler(connector._loop)
    protocol.connection_made(_NoTransport())
    wired = wire.answer(permit.data, permit.body or b"")
    set_params = protocol.set_response_params

    def set_response_params(**params: Any) -> None:
        set_params(**params)
        protocol.data_received(wired)
        if not wire.is_framed(permit.data):
            protocol.connection_lost(None)

    protocol.set_response_params = set_response_params
    made = sys.modules["aiohttp.connector"].Connection
    return made(_NoConnector(), req.connection_key, protocol, connector._loop)


class _NoConnector:
    """Where a connection that is none is released to."""

    force_close = False

    def _release(self, *_: Any, **__: Any) -> None:
        """Keep nothing."""


class _NoTransport:
    """A transport over which nothing is sent."""

    def __init__(self) -> None:
        self._closing = False

    def write(self, data: Any) -> None:
        """Send nothing."""

    def writelines(self, data: Any) -> None:
        """Send nothing."""

    def close(self) -> None:
        """Be closed."""
        self._closing = True

    abort = close

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return self._closing

    def get_extra_info(self, _name: str, default: Any = None) -> Any:
        """Know nothing."""
        return default

    def pause_reading(self) -> None:
        """Have nothing to pause."""

    def resume_reading(self) -> None:
        """Have nothing to resume."""

    def write_eof(self) -> None:
        """Have nothing to end."""
