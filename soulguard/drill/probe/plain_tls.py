"""TLS of the agent's outside connections, left out: the service at the other end is us.

What a client asks of its TLS socket is answered; on the wire goes a line that says TLS
was wanted and for whom, then plain text. Servers of the agent's own keep the real one.
"""

from __future__ import annotations

import sys

from soulguard.drill.probe import steps
from soulguard.drill.probe.steps import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CIPHER = ("TLS_AES_256_GCM_SHA384", "TLSv1.3", 256)


def marker(name: Any) -> bytes:
    """Give the line that stands for a handshake on the wire."""
    return f"\0TLS {name or ''}\n".encode()


class _Looks:
    """What a client may ask about a connection that is none of TLS."""

    context: Any = None
    server_hostname: Any = None
    server_side = False
    session = None
    session_reused = None

    def getpeercert(self, binary_form: bool = False) -> Any:  # noqa: FBT001, FBT002
        """Give no certificate: it was checked by nobody."""
        return b"" if binary_form else {}

    def selected_alpn_protocol(self) -> str | None:
        """Speak HTTP/1.1."""
        return None

    selected_npn_protocol = compression = selected_alpn_protocol

    def cipher(self) -> tuple[str, str, int]:
        """Name a cipher."""
        return _CIPHER

    def version(self) -> str:
        """Name a version."""
        return _CIPHER[1]

    def shared_ciphers(self) -> None:
        """Know none."""

    def get_channel_binding(self, cb_type: str = "tls-unique") -> None:
        """Bind to nothing."""


class PlainObject(_Looks):
    """Stands for `ssl.SSLObject`: bytes pass from one buffer to the other unchanged."""

    def __init__(self, incoming: Any, outgoing: Any, name: Any, context: Any) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self.server_hostname = name
        self.context = context

    def do_handshake(self) -> None:
        """Say that TLS was wanted."""
        self._outgoing.write(marker(self.server_hostname))

    def read(self, len: int = 1024, buffer: Any = None) -> Any:  # noqa: A002
        """Read what came.

        Raises:
            ssl.SSLWantReadError: nothing came yet.
        """
        data = self._incoming.read(len)
        if not data and not self._incoming.eof:
            raise sys.modules["ssl"].SSLWantReadError(2, "nothing came yet")
        if buffer is None:
            return data
        buffer[: data.__len__()] = data
        return data.__len__()

    def write(self, data: Any) -> int:
        """Pass on what leaves."""
        return int(self._outgoing.write(data))

    def pending(self) -> int:
        """Give the bytes that wait to be read."""
        return int(self._incoming.pending)

    def unwrap(self) -> None:
        """End it."""


def _wrap_bio(original: Any) -> Any:
    def wrap_bio(
        self: Any, incoming: Any, outgoing: Any, *rest: Any, **more: Any
    ) -> Any:
        if _server_side(rest, more):
            return original(self, incoming, outgoing, *rest, **more)
        name = more.get("server_hostname", rest[1] if len(rest) > 1 else None)
        return PlainObject(incoming, outgoing, name, self)

    return wrap_bio


def _wrap_socket(original: Any) -> Any:
    def wrap_socket(self: Any, sock: Any, *rest: Any, **more: Any) -> Any:
        if _server_side(rest, more) or not _is_led(sock):
            return original(self, sock, *rest, **more)
        name = more.get("server_hostname", rest[3] if len(rest) > 3 else None)
        return _plain_socket(self, sock, name)

    return wrap_socket


def _server_side(rest: tuple[Any, ...], more: dict[str, Any]) -> bool:
    return bool(more.get("server_side", rest[0] if rest else False))


def _is_led(sock: Any) -> bool:
    try:
        return bool(sock.getpeername()[1] == settings["service"])
    except (OSError, IndexError):
        return False


def _plain_socket(context: Any, sock: Any, name: Any) -> Any:
    """Give a socket that looks like `ssl.SSLSocket` on the same connection."""
    socket = sys.modules["socket"].socket

    class PlainSocket(_Looks, socket):  # type: ignore[misc, valid-type]
        def do_handshake(self, block: bool = False) -> None:  # noqa: FBT001, FBT002
            """Be done with it."""

        def pending(self) -> int:
            return 0

        def unwrap(self) -> Any:
            return self

        def read(self, len: int = 1024, buffer: Any = None) -> Any:  # noqa: A002
            return self.recv(len) if buffer is None else self.recv_into(buffer, len)

        def write(self, data: Any) -> int:
            return int(self.send(data))

    timeout = sock.gettimeout()
    with steps.busy:
        made = PlainSocket(sock.family, sock.type, sock.proto, fileno=sock.detach())
    made.settimeout(timeout)
    made.context, made.server_hostname = context, name
    made.sendall(marker(name))
    return made


TABLE = (
    ("ssl", "SSLContext.wrap_bio", _wrap_bio),
    ("ssl", "SSLContext.wrap_socket", _wrap_socket),
)
