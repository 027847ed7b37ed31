"""Outside connections led to the drill's own service; everything else is refused.

Names get addresses of a range that is no network's (RFC 2544), a connection is announced
to the conductor, and goes to the service on this machine. A server of the agent's own,
and sockets in the drill's folders, are left alone.
"""

from __future__ import annotations

import sys

from soulguard.drill.probe import steps
from soulguard.drill.probe.origin import MAILING, through
from soulguard.drill.probe.steps import settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LOCAL = frozenset({"", "localhost", "ip6-localhost", "localhost.localdomain"})
_RANGE = "198.18."
_REQUESTS = (b"POST ", b"PUT ", b"PATCH ", b"DELETE ", b"GET ")
_UNREACHABLE = 101  # errno.ENETUNREACH on Linux; any OSError does elsewhere


def _digits(host: str) -> bool:
    return bool(host) and set(host) <= set("0123456789.:abcdefABCDEF%") and (
        ":" in host or host.replace(".", "").isdigit()
    )  # fmt: skip


def address_of(host: str) -> str:
    """Give the made-up address of a name, always the same one, and announce it."""
    from zlib import crc32

    number = crc32(host.lower().encode()) & 0xFFFF
    address = f"{_RANGE}{number >> 8}.{number & 255}"
    steps.send("name", {"host": host, "address": address})
    return address


def check(address: Any) -> None:
    """Refuse a connection that does not stay on this machine.

    Raises:
        OSError: the network is unreachable during a drill.
    """
    if isinstance(address, (str, bytes)):
        text = (
            address.decode(errors="replace") if isinstance(address, bytes) else address
        )
        if text and not text.startswith(("\0", *settings["folders"])):
            _refuse(f"unix:{text}")
    elif isinstance(address, tuple) and not local(address):
        _refuse(f"{address[0]}:{address[1]}")


def check_datagram(address: Any) -> None:
    """Refuse a datagram that would leave this machine, or reach a program outside.

    Raises:
        OSError: the network is unreachable during a drill.
    """
    check(address)


def local(address: Any) -> bool:
    """Say whether an address is this machine's."""
    host = str(address[0])
    return host in _LOCAL or host.startswith(("127.", "::1", "::ffff:127.", "0.0.0.0"))


def _refuse(target: str) -> None:
    steps.send("note", {"kind": "refused", "what": target, "at": steps.here()})
    raise OSError(_UNREACHABLE, f"the drill refused a connection to {target}")


# -- the replacements --------------------------------------------------------------------


def _getaddrinfo(original: Any) -> Any:
    def getaddrinfo(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is None or name in _LOCAL or _digits(str(name)):
            return original(host, port, *rest, **more)
        made = address_of(str(name))
        family = more.get("family", rest[0] if rest else 0)
        if family == sys.modules["socket"].AF_INET6:
            made = f"::ffff:{made}"
        return original(made, port, *rest, **{**more, **_no_flags(rest)})

    return getaddrinfo


def _no_flags(rest: tuple[Any, ...]) -> dict[str, int]:
    """Leave out flags such as AI_ADDRCONFIG: there is no address but the loopback."""
    return {} if len(rest) > 3 else {"flags": 0}


def _gethostbyname(original: Any) -> Any:
    def gethostbyname(host: str) -> Any:
        if host in _LOCAL or _digits(host):
            return original(host)
        return address_of(host)

    return gethostbyname


def _connect(original: Any) -> Any:
    def connect(self: Any, address: Any) -> Any:
        return _led(self, address, original)

    return connect


def _led(sock: Any, address: Any, original: Callable[..., Any]) -> Any:
    """Connect to the service in place of an address outside, and say which it was."""
    instead = None if steps.local.busy else _instead(sock, address)
    if instead is None:
        return original(sock, address)
    with steps.busy:
        try:
            return original(sock, instead)
        finally:
            port = sock.getsockname()[1]
            steps.send("line", {
                "port": port, "host": str(address[0]), "to": int(address[1]),
                "at": steps.here(), "mail": through(MAILING, 2),
            })  # fmt: skip


def _instead(sock: Any, address: Any) -> Any:
    module = sys.modules["socket"]
    inet = (module.AF_INET, module.AF_INET6)
    if sock.family not in inet or not isinstance(address, tuple):
        return None
    if not sock.type & module.SOCK_STREAM:
        return None
    if steps.send("route", {"host": str(address[0]), "to": int(address[1])})["own"]:
        return None
    here = ("127.0.0.1", settings["service"])
    return here if sock.family == module.AF_INET else (f"::ffff:{here[0]}", here[1])


def _listen(original: Any) -> Any:
    def listen(self: Any, *backlog: int) -> None:
        original(self, *backlog)
        name = self.getsockname()
        if isinstance(name, tuple):
            steps.send("listens", {"port": name[1]})

    return listen


def _send(original: Any) -> Any:
    def send(self: Any, data: Any, *flags: int) -> Any:
        # a connection is kept for many requests: each says whose it is
        if not steps.local.busy and bytes(data[:8]).startswith(_REQUESTS):
            at = steps.here()
            if at:
                with steps.busy:
                    name = self.getsockname()
                if isinstance(name, tuple):
                    steps.send("sends", {"port": name[1], "at": at})
        return original(self, data, *flags)

    return send


TABLE = (
    ("socket", "getaddrinfo", _getaddrinfo),
    ("socket", "gethostbyname", _gethostbyname),
    ("socket", "socket.connect", _connect),
    ("socket", "socket.connect_ex", _connect),
    ("socket", "socket.listen", _listen),
    ("socket", "socket.send", _send),
    ("socket", "socket.sendall", _send),
)
