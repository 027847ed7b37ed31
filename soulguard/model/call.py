"""A call: an HTTP request as a door saw it, before anything was added to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from soulguard.model.noun import Noun


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

    def __post_init__(self) -> None:
        object.__setattr__(self, "split", urlsplit(self.url))

    @property
    def host(self) -> str:
        """The host in lower case, without port."""
        return self.split.hostname or ""

    @property
    def path(self) -> str:
        """The path, ``/`` when the URL has none."""
        return self.split.path or "/"

    @property
    def slot(self) -> str:
        """The place the effect stands at: ``METHOD host/path``."""
        port = self.split.port
        return f"{self.method} {self.host}{f':{port}' if port else ''}{self.path}"

    def header(self, name: str) -> str:
        """Give a header's value by its name in any case, empty when it is absent."""
        name = name.lower()
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return ""
