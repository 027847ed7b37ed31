"""Owns the registry of providers: which one a call goes to, and what it promises.

Pure once loaded; reading the file is `provider_file`'s.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from soulguard.effects import x402
from soulguard.model.call import Call
from soulguard.model.provider import FOREVER, UNKNOWN, Carrier, Provider

UNKNOWN_WINDOW = 600.0
"""Seconds a key is trusted where the provider states no window."""

MARGIN = 0.1
"""The part of a window that is not used: clocks differ and requests take time."""

_HOSTS_KEPT = 1024
_PAYMENTS = frozenset(x402.HEADERS)

GENERIC = Provider(
    "unknown", "an unknown service", Carrier("header", "Idempotency-Key")
)
"""What holds for a host that no entry speaks of: a key is sent and promises nothing."""


class Providers:
    """The registry, ready to be asked; entries earlier in the list win."""

    def __init__(self, entries: Iterable[Provider]) -> None:
        self._exact: dict[str, list[Provider]] = {}
        self._globs: list[tuple[re.Pattern[str], Provider]] = []
        self._agents: list[tuple[str, str, Provider]] = []
        self._by_id: dict[str, Provider] = {}
        self._known: dict[str, tuple[Provider, ...]] = {}
        for entry in entries:
            self._add(entry)

    def of(self, call: Call) -> Provider:
        """Give the provider a call goes to, `GENERIC` when none is known."""
        if not _PAYMENTS.isdisjoint(call.named) and x402.payment_id(call):
            return self.named(x402.PROVIDER)
        entries = self._known.get(call.host)
        if entries is None:
            entries = self._at(call.host)
        for entry in entries:
            if _on_path(entry, call.path):
                return entry
        return self._by_agent(call) or GENERIC

    def named(self, provider_id: str) -> Provider:
        """Give an entry by its id, `GENERIC` when there is none (any more)."""
        return self._by_id.get(provider_id, GENERIC)

    def _add(self, entry: Provider) -> None:
        self._by_id[entry.id] = entry
        for host in entry.hosts:
            if "*" in host:
                self._globs.append((host_pattern(host), entry))
            else:
                self._exact.setdefault(host, []).append(entry)
        for hint in entry.agent:
            header, _, prefix = hint.partition(":")
            self._agents.append((header.strip().lower(), prefix.strip(), entry))

    def _at(self, host: str) -> tuple[Provider, ...]:
        """Find the entries of a host, and keep them for the next call to it."""
        found = [*self._exact.get(host, ())]
        found += [e for pattern, e in self._globs if pattern.fullmatch(host)]
        if len(self._known) >= _HOSTS_KEPT:
            self._known.clear()
        self._known[host] = entries = tuple(found)
        return entries

    def _by_agent(self, call: Call) -> Provider | None:
        for header, prefix, entry in self._agents:
            value = call.header(header)
            if value and value.startswith(prefix):
                return entry
        return None


def honours(provider: Provider, method: str, path: str) -> bool:
    """Whether the provider honours a key at this endpoint."""
    return any(_endpoint(e).fullmatch(f"{method} {path}") for e in provider.honours)


def window_open(provider: Provider, first_sent: float, now: float) -> bool:
    """Whether a key sent first at `first_sent` is still honoured at `now`.

    A clock that went back counts as a closed window.
    """
    if provider.window == FOREVER:
        return True
    window = UNKNOWN_WINDOW if provider.window == UNKNOWN else provider.window
    return 0 <= now - first_sent <= window * (1 - MARGIN)


def _on_path(entry: Provider, path: str) -> bool:
    return not entry.paths or any(path_pattern(p).fullmatch(path) for p in entry.paths)


@functools.cache
def host_pattern(glob: str) -> re.Pattern[str]:
    """Compile a host glob: ``*`` stays between two dots, unless it stands first."""
    head, star = ("(?:[^/]+)", glob[1:]) if glob.startswith("*") else ("", glob)
    return re.compile(head + re.escape(star).replace(r"\*", "[^.]+"))


@functools.cache
def path_pattern(glob: str) -> re.Pattern[str]:
    """Compile a path glob: ``*`` stays between two slashes, ``/**`` crosses them."""
    text = re.escape(glob).replace(r"/\*\*", "(?:/.*)?").replace(r"\*", "[^/]+")
    return re.compile(text)


@functools.cache
def _endpoint(text: str) -> re.Pattern[str]:
    method, _, glob = text.partition(" ")
    return re.compile(f"{re.escape(method)} {path_pattern(glob).pattern}")
