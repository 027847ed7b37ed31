"""What every HTTP door does around a call: ask before, tell after, keep what passed.

Knows no client library. Whether a call may go out is the broker's to say; a call that
was allowed and never told of is told as abandoned when its flight is forgotten.
"""

from __future__ import annotations

from soulguard.errors import GuardUnavailable
from soulguard.guard import client, naming, originals
from soulguard.guard.files import unwind
from soulguard.guard.http import drawn
from soulguard.guard.http import spool as spools
from soulguard.guard.http.bodies import LIMIT, Body, identity
from soulguard.guard.http.spool import Spool, Stored
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

IN_MEMORY = 1024 * 1024
"""Bytes of an answer that are kept in memory while it passes: of more it is a file that
the ledger would make of it in any case."""

_SIZES = 1 << 16
"""Chunks of an answer whose sizes are kept; what follows is replayed in blocks."""

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

    __slots__ = ("ask", "body", "data", "file", "flight", "headers", "replay")

    def __init__(self, reply: dict[str, Any], blobs: list[bytes]) -> None:
        self.data = reply.get("data", {})
        self.replay = reply["verdict"] == "replay"
        set_ = () if self.replay else self.data.get("headers", ())
        self.headers = [(str(n), str(v)) for n, v in set_]
        self.body: bytes | None = blobs[0] if blobs else None
        self.file = _opened(self.data) if "file" in self.data else None
        self.ask = self.data.get("ask", ())
        self.flight = Flight(0 if self.replay else reply.get("effect", 0))

    @property
    def changed(self) -> bool:
        """Whether the broker wants another body than the agent's."""
        return self.body is not None or self.file is not None

    @property
    def recorded(self) -> Stored | bytes:
        """The body that the broker answered with."""
        return self.body or b"" if self.file is None else self.file

    def content(self, body: Body | bytes) -> Body | Stored | bytes:
        """Give the body to send: the broker's, without one the agent's own."""
        return self.recorded if self.changed else body

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
                # never waits: this may be any thread, even the broker's own
                self._end({"error": "abandoned", "sent": True}, (), wait=False)
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
        if not self.effect or self.pid != originals.os_getpid():
            return 0.0
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
    """An answer as it passes: its head, and the body in memory or in a spool.

    `large` says that nothing of the body is kept: over the cap, or no room. `early` says
    that the client read no further, `broken` that this was for an error.
    """

    __slots__ = (
        "_open", "_parts", "_spool", "broken", "early", "head", "large", "size", "sizes"
    )  # fmt: skip

    def __init__(
        self, status: int, reason: str, version: str, headers: Headers
    ) -> None:
        self.head = {
            "status": status, "reason": reason, "version": version, "headers": headers
        }  # fmt: skip
        self.sizes: list[int] = []
        self.size = 0
        self.large = False
        self.early = self.broken = False
        self._open = 0
        self._parts: list[bytes] = []
        self._spool: Spool | None = None

    def add(self, part: bytes) -> None:
        """Keep one part of the body (after transfer decoding)."""
        self.feed(part)
        self.cut()

    def feed(self, data: bytes) -> None:
        """Keep bytes of a part that may go on."""
        self.size += len(data)
        self._open += len(data)
        if self.size > IN_MEMORY and not self.large:
            self._spill(data)
        elif data and not self.large:
            self._parts.append(data)

    def cut(self) -> None:
        """Take note that the part ends here."""
        if self._open and len(self.sizes) < _SIZES:
            self.sizes.append(self._open)
        self._open = 0

    @property
    def headers(self) -> Headers:
        """The answer's headers."""
        return self.head["headers"]  # type: ignore[return-value]

    def left(self) -> None:
        """Take note that the client reads no further."""
        self.early, self.broken = True, unwind.in_trouble()

    def content(self) -> Spool | bytes:
        """Give what is kept of the body."""
        return b"".join(self._parts) if self._spool is None else self._spool

    def message(self) -> tuple[dict[str, Any], tuple[bytes, ...]]:
        """Give the answer as the message tells it; a spool is the broker's by then."""
        self.cut()
        message: dict[str, Any] = dict(self.head)
        if len(self.sizes) > 1 and not self.large:
            message["chunks"] = self.sizes
        for name in ("early", "broken"):
            if getattr(self, name):
                message[name] = True
        if self._spool is not None:
            message.update(_described(self._spool))
            self._spool.hand_over()
        elif self.large:
            message["large"] = True
        return message, (b"".join(self._parts),) if self._parts else ()

    def _spill(self, data: bytes) -> None:
        try:
            if self.size > scope.keep:
                raise OSError("the body is over the cap")
            if self._spool is None:
                self._spool = Spool()
                for part in self._parts:
                    self._spool.write(part)
                self._parts = []
            self._spool.write(data)
        except OSError:
            self.large, self._spool, self._parts = True, None, []


def question(
    method: str, url: str, headers: Headers, body: Body | bytes, client_name: str
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
    spool, content = (None, body) if isinstance(body, bytes) else body.told()
    if spool is not None or len(content) > LIMIT:
        message["digest"] = identity(headers, spool or [content])
        message["size"] = len(body)
        content = b""
    if spool is not None and len(body) <= scope.keep:
        message.update(_described(spool))
    elif spool is not None:
        spools.remove(spool.name)
    return message, (content,) if content else ()


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
    if "spool" in ask[0]:
        spools.remove(ask[0]["spool"])  # where the broker has not taken it
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


def _described(spool: Spool) -> dict[str, Any]:
    return {"spool": spool.name, "sha256": spool.sha256(), "size": spool.size}


def _opened(data: dict[str, Any]) -> Stored:
    """Open the recorded body that is a file, whole and as it was.

    Raises:
        DuplicateCallError: it is not; so says the broker's refusal for that case.
    """
    try:
        stored = Stored(data["file"], data["size"])
        if stored.sha256() == data["sha256"]:
            return stored
    except OSError:
        pass
    raise refusal(data["torn"])
