"""A call: an HTTP request as a door saw it, before anything was added to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from soulguard.model.noun import Noun

_PARTS = ("split", "host", "path", "slot", "_named")


@dataclass(frozen=True, slots=True)
class Call(Noun):
    """One request as the agent wants to send it.

    `body` is what follows the headers, without transfer encoding. `client` names the
    library, `name` is what the agent called the effect (``soulguard.effect(name)``).
    `drawn` are random values of the body that the agent's process is known to have
    drawn itself: they tell nothing about what the call means. `at` is Unix seconds.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    client: str = ""
    name: str = ""
    drawn: tuple[str, ...] = ()
    at: float = 0.0
    split: SplitResult = field(init=False, repr=False, compare=False)
    host: str = field(init=False, repr=False, compare=False)
    path: str = field(init=False, repr=False, compare=False)
    slot: str = field(init=False, repr=False, compare=False)
    _named: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take the URL apart once: everything else asks for its parts many times.

        `host` is in lower case and without port, `path` is ``/`` where the URL has
        none, `slot` is the place the effect stands at: ``METHOD host/path``.
        """
        named: dict[str, str] = {}
        for name, value in self.headers:
            named.setdefault(name.lower(), value)
        parts = (*_apart(self.method, self.url), named)
        for name, part in zip(_PARTS, parts, strict=True):
            object.__setattr__(self, name, part)

    @property
    def named(self) -> dict[str, str]:
        """The headers by their lower-case names; the first of a name counts."""
        return self._named

    def header(self, name: str) -> str:
        """Give a header's value by its name in any case, empty when it is absent."""
        return self._named.get(name.lower(), "")


@lru_cache(128)  # an agent calls the same few places many times
def _apart(method: str, url: str) -> tuple[SplitResult, str, str, str]:
    split = urlsplit(url)
    # the dot that ends a full name (RFC 1034 section 3.1) makes no other host of it
    host, path, port = (split.hostname or "").rstrip("."), split.path or "/", split.port
    place = f"{host}:{port}" if port else host
    return split, host, path, f"{method} {place}{path}"
