"""Owns where a call goes, and what the service there does with a deduplication key.

Asks the registry of providers; decides nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from soulguard.audit.sighting import Sighting
from soulguard.audit.values import HOLE, known
from soulguard.effects.inference import Inference
from soulguard.effects.providers import GENERIC, Providers, honours
from soulguard.model.call import Call
from soulguard.model.provider import FOREVER, UNKNOWN, Provider

PLACEHOLDER = "x"
"""Stands in a URL for the part that is known only when the program runs."""

_SERVICE = re.compile(r"\(([a-z0-9-]+)\)")


@dataclass(frozen=True, slots=True)
class Service:
    """Where a call goes. `host` is empty where nobody knows."""

    host: str = ""
    url: str = ""
    provider: Provider = GENERIC
    takes: bool = False
    thinks: bool = False

    @property
    def carrier(self) -> str:
        """The header or field a key travels in, empty for none."""
        return self.provider.carrier.name if self.provider is not GENERIC else ""


def service(seen: Sighting, providers: Providers, inference: Inference) -> Service:
    """Give the service a call goes to, as far as the source says."""
    url = _fixed(seen) or _url(seen)
    method = seen.method or "POST"
    if not url:
        return Service()
    try:
        # a model is asked by a body that names it
        body = b'{"model": "m"}' if seen.twice == "answer" else b""
        call = Call(method, url, body=body)
    except ValueError:  # a port that is no number, a broken address
        return Service()
    if not call.host:
        return Service()
    provider = providers.of(call)
    takes = provider is not GENERIC and honours(provider, method, call.path)
    return Service(call.host, url, provider, takes, inference.owns(call))


def answer(seen: Sighting, where: Service) -> str:
    """Say whether the service takes a key, by which carrier and for how long."""
    if seen.does != "http.call":
        return "mail knows no keys" if seen.does == "mail.send" else ""
    if not where.host:
        return "the host is known only when it runs"
    provider = where.provider
    if where.thinks and not where.takes:
        return f"{provider_name(where)} takes none; asking again costs the answer"
    if provider is GENERIC:
        return f"nothing is known of `{where.host}`"
    if provider.carrier.kind == "none":
        return f"{provider.name} takes none"
    if not where.takes:
        return f"{provider.name} does not honour one there"
    carrier = f"{provider.carrier.kind} `{provider.carrier.name}`"
    return f"{provider.name} takes one: {carrier}, {_window(provider)}"


def provider_name(where: Service) -> str:
    """Give the service's name, its host where it has none."""
    return where.provider.name if where.provider is not GENERIC else where.host


def _window(provider: Provider) -> str:
    if provider.window == FOREVER:
        return "for ever"
    if provider.window == UNKNOWN:
        return "for how long is not stated"
    hours = provider.window / 3600
    if hours >= 48:
        return f"for {hours / 24:.0f} days"
    return f"for {hours:.0f} hours" if hours >= 1 else f"for {provider.window / 60:.0f} minutes"  # fmt: skip


def _fixed(seen: Sighting) -> str:
    """Give the URL the library knows; ``{}`` in it is the name of the service.

    A client that was given another base goes there, wherever that is.
    """
    url, base = seen.signature.url, seen.receiver.text
    if url and base and base != "None":
        if "://" not in base or HOLE in base:
            return ""
        return base.rstrip("/") + urlsplit(url).path.removeprefix("/v1")
    if "{}" not in url:
        return url
    name = _SERVICE.search(seen.receiver.path)
    return url.replace("{}", name[1]) if name else ""


def _url(seen: Sighting) -> str:
    """Give the URL with placeholders; empty where its host is not known."""
    base, said = seen.receiver.text or "", seen.target or ""
    url = said if "://" in said or not base else base.rstrip("/") + "/" + said.lstrip("/")  # fmt: skip
    if url and "://" not in url and not url.startswith((HOLE, "/")):
        url = f"https://{url}"
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    if not known(host) or HOLE in host.rpartition(".")[2] or "://" not in url:
        return ""
    return url.replace(HOLE, PLACEHOLDER)
