"""What goes around the HTTP doors: clients that have none, and raw connections.

Nothing is refused here. An unsafe request through one of these cannot be seen, only that
it is possible: each is told once per process, so that coverage is never overstated.
"""

from __future__ import annotations

from soulguard.errors import GuardUnavailable
from soulguard.guard import client, originals
from soulguard.guard.local import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_DOORS = frozenset({
    "http", "urllib3", "httpcore", "httpcore2", "anyio", "aiohttp", "aiohappyeyeballs",
    "smtplib", "aiosmtplib",
})  # fmt: skip
"""Packages whose connections belong to calls that come through a door."""

_OTHER_PORTS = frozenset({
    22, 53, 1433, 1521, 2181, 2379, 3306, 5432, 5672, 6379, 9042, 9092, 11211, 27017
})  # fmt: skip
"""Ports on which no HTTP and no mail is spoken: shells, names, databases, queues."""

_SOCK_STREAM = originals.SOCK_STREAM
_DEPTH = 60
_told: set[str] = set()


def connected(socket: Any, address: Any) -> None:
    """Look at a connection the audit hook saw (event ``socket.connect``)."""
    if not isinstance(address, tuple) or len(address) < 2:
        return
    if getattr(socket, "type", _SOCK_STREAM) != _SOCK_STREAM:
        return
    if address[1] in _OTHER_PORTS:
        return
    via = _caller()
    if via:
        _tell(f"{address[0]}:{address[1]}", f"a connection of `{via}`")


def _caller() -> str:
    """Give the module that connects, empty where the call stack shows a door."""
    frame: Any = originals.getframe(2)
    first = ""
    for _ in range(_DEPTH):
        if frame is None:
            break
        name = str(frame.f_globals.get("__name__", ""))
        package = name.partition(".")[0]
        if package in _DOORS:
            return ""
        if not first and package not in ("soulguard", "socket", "asyncio"):
            first = name
        frame = frame.f_back
    return first or "asyncio"


def _tell(target: str, via: str) -> None:
    if target in _told:
        return
    _told.add(target)
    message = {"kind": "http.call", "target": target, "via": via, "passed": True}
    with inside:
        try:
            client.tell("around", message)
        except GuardUnavailable:
            pass  # every effect that can be asked about is refused by now


def _client(name: str) -> Any:
    def seen(original: Any) -> Any:
        _tell(name, f"`{name}`, a client that the guard has no door for")
        return original

    return seen


# an attribute that is there says that the module was imported; nothing is replaced
TABLE = (
    ("pycurl", "Curl", _client("pycurl")),
    ("grpc", "Channel", _client("grpc")),
    ("curl_cffi", "Curl", _client("curl_cffi")),
    ("tornado.curl_httpclient", "CurlAsyncHTTPClient", _client("pycurl")),
    ("tornado.simple_httpclient", "SimpleAsyncHTTPClient", _client("tornado")),
    ("urllib3", "backend", _client("urllib3-future")),
    ("urllib3_future", "backend", _client("urllib3-future")),
    ("pyreqwest", "client", _client("pyreqwest")),
    ("primp", "Client", _client("primp")),
    ("asks", "Session", _client("asks")),
)
