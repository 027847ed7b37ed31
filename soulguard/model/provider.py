"""A provider: what one service does with a deduplication key, as far as it is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from soulguard.model.noun import Noun

FOREVER = -1.0
UNKNOWN = 0.0


@dataclass(frozen=True, slots=True)
class Carrier(Noun):
    """Where a key travels.

    `kind` is ``header``, ``json``, ``form``, ``query`` or ``none``; `name` the header or
    field (dotted for nested JSON fields).
    """

    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Provider(Noun):
    """One entry of ``providers.yaml``; every field is explained there.

    `window` is in seconds, `FOREVER` or `UNKNOWN`. `honours` are "METHOD /glob" strings.
    """

    id: str
    name: str
    carrier: Carrier
    hosts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    agent: tuple[str, ...] = ()
    add: bool = False
    tokens: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    shape: str = "uuid"
    limit: int = 0
    honours: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    window: float = UNKNOWN
    differs: str = ""
    flight: int = -1
    conflict: str = ""
    errors: str = ""
    marker: str = ""
    happened: tuple[str, ...] = ()
    auto: bool = False
    source: str = ""
    date: str = ""
