"""What every HTTP door does around a call: ask before, tell after, keep what passed.

Knows no client library. Whether a call may go out is the broker's to say; a call that
was allowed and never told of is told as abandoned when its flight is forgotten.
"""

from __future__ import annotations

from soulguard.errors import GuardUnavailable
from soulguard.guard import client, naming, originals
from soulguard.guard.http import drawn
from soulguard.guard.local import inside, local
from soulguard.guard.refusals import refusal
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Headers = list[tuple[str, str]]

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "CONNECT"})
"""Methods that ask for nothing to happen (RFC 9110 section 9.2.1)."""

LIMIT = 16 * 1024 * 1024
"""Bytes of one body that are kept; of a larger one only that it was larger."""


_SILENT = frozenset({"TRACE", "CONNECT"})
"""Safe methods that no rule speaks of."""


def unsafe(method: str) -> bool:
    """Whether a call with this method has to be asked about now.

    A safe one has to where a rule speaks of such calls (``never call x.com``).
    """
    method = method.upper()
    if local.inside or method in _SILENT:
        return False
    scope.refresh()
    return scope.gets if method in SAFE else scope.calls


class Permit:
    """The broker's answer to a call: go, with what to set in it, or take this."""

    __slots__ = ("ask", "body", "data", "flight", "headers", "replay")

    def __init__(self, reply: dict[str, Any], blobs: list[bytes]) -> None:
        self.data = reply.get("data", {})
        self.replay = reply["verdict"] == "replay"
        self.headers = [(str(n), str(v)) for n, v in self.data.get("headers", ())]
        self.body: bytes | None = blobs[0] if blobs else None
        self.ask = self.data.get("ask", ())
        self.flight = Flight(0 if self.replay else reply.get("effect", 0))

    @property
    def untold(self) -> bool:
        """Whether the call goes out and nobody waits to hear of it: nothing is kept."""
        return not (self.replay or self.flight.effect)


class Flight:
    """One allowed call on its way, and the one telling of what came of it.

    A forked child holds copies of its parent's flights, and has nothing to tell of them.
    """

    __slots__ = ("effect", "pid")

    def __init__(self, effect: int) -> None:
        self.effect = effect
        self.pid = originals.os_getpid()

    def __del__(self) -> None:
        if self.effect:
            try:
                self.failed("abandoned", sent=True)
            except Exception:  # noqa: BLE001 - nobody is left to hear of it
                pass

    def failed(self, error: str, *, sent: bool) -> None:
        """Tell that no whole answer came; `sent`: bytes may have been on the wire.

        Waits for the broker: the client's retry may come from another thread, and must
        find this told.
        """
        self._end({"error": error, "sent": sent}, (), wait=True)

    def answered(self, reply: Reply, *, wait: bool = False) -> float:
        """Tell the answer as it passed; gives the seconds to wait before the call is
        to be made again (0: take the answer), when `wait` asked for that.
        """
        message, blobs = reply.message()
        told = self._end(message, blobs, wait=wait)
        if told.get("verdict") == "wait":
            return float(told["data"]["seconds"])
        return 0.0

    def _end(
        self, message: dict[str, Any], blobs: tuple[bytes, ...], *, wait: bool
    ) -> dict[str, Any]:
        effect, self.effect = self.effect, 0
        if not effect or self.pid != originals.os_getpid():
            return {}
        message["effect"] = effect
        with inside:
            if wait:
                message["wait"] = True
                return client.ask("call.end", message, blobs)[0]
            client.tell("call.end", message, blobs)
        return {}


class Reply:
    """An answer as it passes: its head, and the body's parts up to `LIMIT`."""

    __slots__ = ("early", "head", "large", "parts", "size", "sizes")

    def __init__(
        self, status: int, reason: str, version: str, headers: Headers
    ) -> None:
        self.head = {
            "status": status, "reason": reason, "version": version, "headers": headers
        }  # fmt: skip
        self.parts: list[bytes] = []
        self.sizes: list[int] = []
        self.size = 0
        self.large = False
        self.early = False

    def add(self, part: bytes) -> None:
        """Keep one part of the body (after transfer decoding)."""
        self.size += len(part)
        if self.size > LIMIT:
            self.large = True
            self.parts.clear()
            self.sizes.clear()
        elif part:
            self.parts.append(part)
            self.sizes.append(len(part))

    def message(self) -> tuple[dict[str, Any], tuple[bytes, ...]]:
        """Give the answer as the message tells it."""
        message: dict[str, Any] = dict(self.head)
        if len(self.sizes) > 1:
            message["chunks"] = self.sizes
        if self.large:
            message["large"] = True
        if self.early:
            message["early"] = True
        return message, (b"".join(self.parts),) if self.parts else ()


def question(
    method: str, url: str, headers: Headers, body: bytes, client_name: str
) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """Put a call into the words of ``call.begin``."""
    message: dict[str, Any] = {
        "method": method, "url": url, "headers": headers, "client": client_name
    }  # fmt: skip
    name = naming.current()
    if name:
        message["name"] = name
    values = drawn.take()
    if values:
        message["drawn"] = values
    if len(body) > LIMIT:
        message["digest"] = _digest(body)
        message["size"] = len(body)
        body = b""
    return message, (body,) if body else ()


def begin(ask: tuple[dict[str, Any], tuple[bytes, ...]]) -> Permit | float:
    """Ask the broker; gives the seconds after which to ask again where it must wait.

    Raises:
        GuardUnavailable: nobody answers, so the call is not made.
        DeniedCallError, InDoubtError, DuplicateCallError: the call is refused.
    """
    with inside:
        try:
            reply, blobs = client.ask("call.begin", *ask)
        except GuardUnavailable:
            if not scope.observe:
                raise
            reply, blobs = {"verdict": "allow"}, []
    verdict = reply["verdict"]
    if verdict == "wait":
        return float(reply["data"]["seconds"])
    if verdict in ("allow", "replay"):
        return Permit(reply, blobs)
    raise refusal(reply)


def permit(ask: tuple[dict[str, Any], tuple[bytes, ...]]) -> Permit:
    """Ask the broker until it says go, take this, or no (which raises)."""
    while True:
        answer = begin(ask)
        if isinstance(answer, Permit):
            return answer
        originals.sleep(answer)


def set_headers(headers: Headers, changes: Headers) -> Headers:
    """Give the headers with each change replacing its namesakes, or added at the end."""
    for name, value in changes:
        lower = name.lower()
        headers = [(n, v) for n, v in headers if n.lower() != lower]
        headers.append((name, value))
    return headers


def dressed(replacement: Callable[..., Any], original: Any) -> Any:
    """Give a replacement the looks of what it replaces, and the mark of a patch."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(replacement, name, getattr(original, name, None))
    replacement.__wrapped__ = original  # type: ignore[attr-defined]
    replacement._soulguard = True  # type: ignore[attr-defined]
    return replacement


def _digest(body: bytes) -> str:
    # only for a body over `LIMIT`: the import costs less than reading it did
    from hashlib import sha256

    return sha256(body).hexdigest()
