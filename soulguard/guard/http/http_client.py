"""The door of `http.client`: urllib.request, urllib3 (requests, most SDKs), xmlrpc.

A request is collected while the client writes it and goes out at the end of
``request()`` (or at ``getresponse()`` for who writes it by hand), so that its body is
known before its first byte leaves. An answer is read through a file that keeps what
passes; a recorded one is read by the client's own parser from a socket that is none.
"""

from __future__ import annotations

from soulguard.guard import originals
from soulguard.guard.http import early_tls, exchange, wire
from soulguard.guard.http.bodies import LIMIT, Body
from soulguard.guard.http.exchange import dressed
from soulguard.guard.http.tee import TeeFile, Unchunker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


_SMALL = 64 * 1024
"""Bytes of head and body up to which they are sent as one."""


class _Pending:
    """One request on its way through a connection."""

    __slots__ = (
        "_sink", "_size", "allowed", "body", "client", "flushed", "parts", "permit",
        "question", "socket",
    )  # fmt: skip

    def __init__(self, client: str) -> None:
        self.client = client
        self.parts: list[bytes] = []
        self.body: Body | None = None  # where it is too large for `parts`
        self._size = 0
        self._sink: Callable[[bytes], None] | None = None
        self.flushed = False
        self.allowed: list[Any] = []
        self.question: Any = None
        self.permit: exchange.Permit | None = None
        self.socket: Any = None

    def take(self, connection: Any, data: Any) -> None:
        """Collect what the client sends, in every form `send` takes it."""
        if hasattr(data, "read"):
            is_text = connection._is_textIO(data)
            while block := data.read(connection.blocksize):
                self._feed(block.encode("latin-1") if is_text else bytes(block))
            return
        try:
            self._feed(data if type(data) is bytes else bytes(memoryview(data)))
        except TypeError:
            if not hasattr(data, "__iter__"):
                raise TypeError(
                    "data should be a bytes-like object "
                    f"or an iterable, got {type(data)!r}"
                ) from None
            for part in data:
                self._feed(bytes(part))

    def _feed(self, data: bytes) -> None:
        """Keep bytes as they were written, head and chunk sizes and all."""
        if self._sink is not None:
            self._sink(data)
            return
        self.parts.append(data)
        self._size += len(data)
        if self._size > LIMIT:
            self._part_from_head()

    def _part_from_head(self) -> None:
        """Keep the body by itself from now on: it does not stay in memory."""
        head, _, rest = self.parts[0].partition(b"\r\n\r\n")
        chunked = wire.is_chunked(wire.read_head(head)[3])
        self.body = Body()
        self._sink = Unchunker(self.body).feed if chunked else self.body.feed
        parts, self.parts = [rest, *self.parts[1:]], [head + b"\r\n\r\n"]
        while parts:
            self._feed(parts.pop(0))

    def content(self, rest: bytes, *, chunked: bool) -> Body | bytes:
        """Give the body without its chunks; `rest` is what came with the head."""
        if self.body is not None:
            return self.body
        body = b"".join((rest, *self.parts[1:]))
        return b"".join(wire.unchunk(body)[0]) if chunked else body


def _putrequest(original: Any) -> Any:
    def putrequest(
        self: Any, method: str, url: str, skip_host: Any = False,  # noqa: FBT002
        skip_accept_encoding: Any = False,  # noqa: FBT002 - the original's signature
    ) -> None:  # fmt: skip
        original(self, method, url, skip_host, skip_accept_encoding)
        if exchange.unsafe(method):
            self._soulguard = _Pending(type(self).__module__.partition(".")[0])
        elif "_soulguard" in self.__dict__:
            del self._soulguard

    return dressed(putrequest, original)


def _send(original: Any) -> Any:
    def send(self: Any, data: Any) -> None:
        pending = self.__dict__.get("_soulguard")
        if pending is None or pending.flushed:
            original(self, data)
        else:
            pending.take(self, data)

    return dressed(send, original)


def _request(original: Any) -> Any:
    def request(
        self: Any, method: str, url: str, body: Any = None, headers: Any = {},  # noqa: B006
        *, encode_chunked: bool = False,
    ) -> None:  # fmt: skip
        original(self, method, url, body, headers, encode_chunked=encode_chunked)
        _flush(self)

    return dressed(request, original)


def _getresponse(original: Any) -> Any:
    def getresponse(self: Any) -> Any:
        pending = self.__dict__.get("_soulguard")
        if pending is None:
            return original(self)
        _flush(self)
        while True:
            response = _response(self, pending, original)
            if response is not None:
                return response

    return dressed(getresponse, original)


def _urllib3_request(original: Any) -> Any:
    def request(
        self: Any, method: str, url: str, body: Any = None, headers: Any = None,
        **options: Any,
    ) -> None:  # fmt: skip
        original(self, method, url, body=body, headers=headers, **options)
        _flush(self)

    return dressed(request, original)


TABLE = (
    ("http.client", "HTTPConnection.putrequest", _putrequest),
    ("http.client", "HTTPConnection.send", _send),
    ("http.client", "HTTPConnection.request", _request),
    ("http.client", "HTTPConnection.getresponse", _getresponse),
    ("urllib3.connection", "HTTPConnection.request", _urllib3_request),
    ("urllib3.connection", "HTTPConnection.request_chunked", _urllib3_request),
)


# -- sending ---------------------------------------------------------------------------


def _flush(connection: Any) -> None:
    """Ask about the collected request, then send it, or put the record in its place."""
    pending = connection.__dict__.get("_soulguard")
    if pending is None or pending.flushed:
        return
    try:
        _ask(connection, pending)
    except BaseException:
        del connection._soulguard
        # the client's own state says "request sent": only closing takes that back
        connection.close()
        raise
    _go(connection, pending)


def _ask(connection: Any, pending: _Pending) -> None:
    head, _, rest = pending.parts[0].partition(b"\r\n\r\n")
    method, target, version, headers = wire.read_head(head)
    chunked = wire.is_chunked(headers)
    body = pending.content(rest, chunked=chunked)
    url = _url(connection, target)
    pending.question = exchange.question(method, url, headers, body, pending.client)
    permit = pending.permit = exchange.permit(pending.question)
    if permit.replay:
        return
    if permit.headers or permit.changed:
        headers = exchange.set_headers(headers, permit.headers)
        content = permit.content(body)
        if permit.changed and not chunked:
            length = [("Content-Length", str(len(content)))]
            headers = exchange.set_headers(headers, length)
        head = wire.write_head(method, target, version, headers)
        pending.allowed = [head, _framed(content, chunked=chunked)]
    elif pending.body is not None:
        pending.allowed = [*pending.parts, _framed(body, chunked=chunked)]
    else:
        pending.allowed = pending.parts


def _together(parts: list[Any]) -> list[Any]:
    """Give small parts as one: it leaves at once, and wakes the service once."""
    plain = all(type(part) is bytes for part in parts)
    return [b"".join(parts)] if plain and sum(map(len, parts)) <= _SMALL else parts


def _framed(content: Any, *, chunked: bool) -> Any:
    if not chunked or not content:
        return content
    return wire.Chunked((content,) if isinstance(content, bytes) else content)


def _go(connection: Any, pending: _Pending) -> None:
    permit = pending.permit
    assert permit is not None
    pending.flushed = True
    pending.parts = []
    if permit.replay:
        pending.socket = connection.sock
        wired = wire.answer(permit.data, permit.recorded)
        connection.sock = wire.RecordedSocket(wired)
        return
    sent = False
    try:
        if connection.sock is None and not early_tls.connect(connection):
            connection.connect()
        sent = True
        for part in _together(pending.allowed):
            if part:
                connection.send(part)
    except BrokenPipeError:
        # the server may have answered before it read everything
        raise
    except early_tls.ConnectFailed as failed:
        permit.flight.failed(type(failed.error).__name__, sent=False)
        raise
    except BaseException as error:
        permit.flight.failed(type(error).__name__, sent=sent)
        raise


def _url(connection: Any, target: str) -> str:
    if "://" in target.partition("?")[0]:
        return target
    tunnel = getattr(connection, "_tunnel_host", None)
    host = tunnel or connection.host
    port = connection._tunnel_port if tunnel else connection.port
    secure = connection.default_port == 443
    host = f"[{host}]" if ":" in host else host
    default = 443 if secure else 80
    place = host if port in (default, None) else f"{host}:{port}"
    return f"{'https' if secure else 'http'}://{place}{target}"


# -- receiving -------------------------------------------------------------------------


def _response(connection: Any, pending: _Pending, original: Any) -> Any:
    """Give the answer; None where the same request has to be sent again first."""
    permit = pending.permit
    assert permit is not None
    if permit.replay:
        return _recorded(connection, pending, original)
    try:
        response = original(connection)
    except BaseException as error:
        connection.__dict__.pop("_soulguard", None)
        permit.flight.failed(type(error).__name__, sent=True)
        raise
    if permit.untold:
        connection.__dict__.pop("_soulguard", None)
        return response
    reply = exchange.Reply(
        response.status, response.reason, f"HTTP/1.{response.version - 10}",
        response.headers.items(),
    )  # fmt: skip
    if response.status in permit.ask:
        return _asked(connection, pending, response, reply)
    connection.__dict__.pop("_soulguard", None)
    TeeFile.onto(response, permit.flight, reply)
    return response


def _recorded(connection: Any, pending: _Pending, original: Any) -> Any:
    connection.__dict__.pop("_soulguard", None)
    try:
        return original(connection)
    finally:
        # a live connection that was there before is as idle as it was
        connection.sock = pending.socket


def _asked(
    connection: Any, pending: _Pending, response: Any, reply: exchange.Reply
) -> Any:
    """Tell an answer that may mean "wait", and act on what the broker says."""
    permit = pending.permit
    assert permit is not None
    body = response.read()
    reply.add(body)
    seconds = permit.flight.answered(reply, wait=True)
    if not seconds:
        connection.__dict__.pop("_soulguard", None)
        data = {**reply.head, "chunks": []}
        recorded = wire.RecordedSocket(wire.answer(data, body))
        fresh = connection.response_class(recorded, method=connection._method)
        fresh.begin()
        return fresh
    originals.sleep(seconds)
    connection.close()
    pending.permit = exchange.permit(pending.question)
    _go(connection, pending)
    # the client's own state has to say again that the request was sent
    connection._HTTPConnection__state = "Request-sent"
    return None
