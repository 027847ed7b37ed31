"""The door of aiohttp: the connector, below redirects, middlewares and retries.

``connect`` sees every request before it is written. An answer is kept as it arrives on
the wire; a recorded one is fed to aiohttp's own parser through a transport that is none.
"""

from __future__ import annotations

import sys

from soulguard.guard.http import exchange, wire
from soulguard.guard.http.bodies import Body
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
        # also for an answer from the record: a redirect sends the body once more
        _give(req, body)
        headers = list(req.headers.items())
        question = exchange.question(req.method, str(req.url), headers, body, "aiohttp")
        trip = _Trip(self, req, question, body)
        return await trip.connection(lambda: original(self, req, traces, timeout))

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
        # before the answer: a short one is whole, and its connection gone, at once
        trip = _trip(connection)
        response = await begin(self, connection)
        while trip is not None and self.status in trip.permit.ask:
            # within the agent's own time-out, as everything else of the call
            with self._timer:
                connection = await trip.asked(self)
                trip = _trip(connection)
                response = await begin(self, connection)
        return response

    async def begin(self: Any, connection: Any) -> Any:
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


_BYTES = 1 << 20
"""Bytes over which aiohttp warns of a body that is `bytes`: a guarded file is none."""


class _Trip:
    """One request on its way through a connector, as often as it has to be sent."""

    def __init__(self, connector: Any, req: Any, question: Any, body: Body) -> None:
        self.connector = connector
        self.req = req
        self.params: dict[str, Any] = {}
        self.permit: Any = None
        self._question = question
        self._body = body
        self._connect: Any = None

    async def connection(self, connect: Any) -> Any:
        """Ask, then give a connection to send on, or one with the recorded answer."""
        self._connect = connect
        permit = self.permit = await _permit(self._question)
        if permit.replay:
            return _recorded(self, permit.data, permit.recorded)
        _apply(self.req, permit)
        if permit.untold:
            return await connect()
        try:
            connection = await connect()
        except BaseException as error:
            permit.flight.failed(type(error).__name__, sent=False)
            raise
        connection.protocol._soulguard = WireReply(permit.flight, permit.ask)
        connection.protocol._soulguard_trip = self
        self._learn_params(connection.protocol)
        return connection

    def _learn_params(self, protocol: Any) -> None:
        """Take note of how the client wants this one answer read."""

        def set_response_params(**params: Any) -> None:
            self.params = params
            del protocol.set_response_params
            protocol.set_response_params(**params)

        protocol.set_response_params = set_response_params

    async def asked(self, response: Any) -> Any:
        """Tell an answer that may mean "wait"; give the connection to the real one."""
        kept = response._soulguard
        await response.content.read()
        seconds = kept.asked()
        if seconds:
            await sys.modules["asyncio"].sleep(seconds)
            connection = await self.connection(self._connect)
        else:
            connection = _recorded(self, {**kept.head, "chunks": []}, kept.content)
        connection.protocol.set_response_params(**self.params)
        sent = await self.req.send(connection)
        response._cache.clear()
        response._writer, response._continue = sent._writer, sent._continue
        return connection


# -- the request -----------------------------------------------------------------------


class _Collector:
    """What a payload is written to in order to be read."""

    def __init__(self, body: Body) -> None:
        self._body = body

    async def write(self, data: Any, **_: Any) -> None:
        """Take one part."""
        self._body.feed(bytes(data))


def _given(req: Any) -> Any:
    return req._body if "_body" in req.__dict__ else req.body


async def _body(req: Any) -> Body:
    given = _given(req)
    body = Body()
    if isinstance(given, (bytes, bytearray)):
        body.feed(bytes(given))
    elif given:
        await given.write(_Collector(body))
    return body


def _apply(req: Any, permit: exchange.Permit) -> None:
    """Set in the request what the broker wants set in it."""
    for name, value in permit.headers:
        req.headers[name] = value
    if permit.changed:
        content = permit.recorded
        if not req.chunked:
            req.headers["Content-Length"] = str(len(content))
        _give(req, content)


def _give(req: Any, content: Any) -> None:
    """Make bytes the request's body, of the kind the given one was."""
    if not content:
        return
    given = _given(req)
    kind = dict(getattr(given, "headers", ()))
    if "Content-Type" in req.headers:
        kind["Content-Type"] = req.headers["Content-Type"]
    made = _payload(content, kind)
    setattr(req, "_body" if "_body" in req.__dict__ else "body", made)


def _payload(content: Any, headers: dict[str, str]) -> Any:
    """Give a body as aiohttp takes one; a large one is read while it is sent.

    A redirected request takes over its headers and its size.
    """
    library, size = sys.modules["aiohttp.payload"], len(content)
    if isinstance(content, Body) and content.spool is None:
        content = content.whole
    if isinstance(content, bytes):
        if size <= _BYTES:
            return library.BytesPayload(content, headers=headers)
        content = (content,)

    class Blocks(library.Payload):  # type: ignore[misc, name-defined]
        """A payload that can be written any number of times."""

        async def write(self, writer: Any) -> None:
            for block in content:
                await writer.write(block)

        async def write_with_length(self, writer: Any, _length: int | None) -> None:
            await self.write(writer)

        def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
            return b"".join(content).decode(encoding, errors)

    blocks = Blocks(None, headers=headers)
    blocks._size = size
    return blocks


async def _permit(question: Any) -> exchange.Permit:
    while True:
        permit = exchange.begin(question)
        if isinstance(permit, exchange.Permit):
            return permit
        await sys.modules["asyncio"].sleep(permit)


def _trip(connection: Any) -> _Trip | None:
    protocol = connection.protocol
    return None if protocol is None else protocol.__dict__.pop("_soulguard_trip", None)


def _kept(connection: Any) -> WireReply | None:
    protocol = connection.protocol
    return None if protocol is None else protocol.__dict__.get("_soulguard")


# -- a recorded answer -----------------------------------------------------------------


def _recorded(trip: _Trip, data: dict[str, Any], body: Any) -> Any:
    """Build a connection on which the recorded answer waits."""
    loop = trip.connector._loop
    protocol = sys.modules["aiohttp.client_proto"].ResponseHandler(loop)
    whole = wire.is_framed(data) and not data.get("early")
    tape = _Tape(loop, protocol, wire.answer(data, body), whole)
    protocol.connection_made(tape)
    set_params, read = protocol.set_response_params, protocol.read

    def set_response_params(**params: Any) -> None:
        set_params(**params)
        tape.play()

    async def read_head() -> Any:
        del protocol.read
        message = await read()
        tape.let_end()
        return message

    protocol.set_response_params = set_response_params
    protocol.read = read_head
    made = sys.modules["aiohttp.connector"].Connection
    return made(_NoConnector(), trip.req.connection_key, protocol, loop)


class _NoConnector:
    """Where a connection that is none is released to."""

    force_close = False

    def _release(self, *_: Any, **__: Any) -> None:
        """Keep nothing."""


class _Tape:
    """A transport that sends nothing and plays a recorded answer as fast as it is read."""

    def __init__(self, loop: Any, protocol: Any, pieces: Any, whole: bool) -> None:  # noqa: FBT001
        self._loop = loop
        self._protocol = protocol
        self._pieces = pieces
        self._whole = whole
        self._closing = self._paused = self._ended = self._may_end = False
        self._lost: ConnectionResetError | None = None

    def play(self) -> None:
        """Give what is next until the reader has enough for now."""
        while not (self._paused or self._closing or self._ended):
            try:
                piece = next(self._pieces, None)
            except ConnectionResetError as error:
                piece, self._lost = None, error
            if piece is not None:
                self._protocol.data_received(piece)
                continue
            self._ended = True
            self._end()

    def let_end(self) -> None:
        """End as the connection did, now that the request is written and answered."""
        self._may_end = True
        self._end()

    def _end(self) -> None:
        if self._ended and self._may_end and not (self._whole or self._closing):
            self._protocol.connection_lost(self._lost)

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
        """Wait with the next piece."""
        self._paused = True

    def resume_reading(self) -> None:
        """Go on, but not within the reader's own call."""
        if self._paused:
            self._paused = False
            self._loop.call_soon(self.play)

    def write_eof(self) -> None:
        """Have nothing to end."""
