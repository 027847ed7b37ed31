"""Owns the random values the agent's processes said they drew, for the whole attempt."""

from __future__ import annotations

import re
from collections.abc import Iterable

_KEPT = 65536
_CANDIDATE = re.compile(rb"[0-9A-Za-z_-]{16,128}")


class Drawn:
    """Random values by which a request's volatile parts are recognised."""

    def __init__(self) -> None:
        self._values: dict[str, None] = {}

    def remember(self, values: Iterable[str]) -> None:
        """Keep values; the oldest make room for the newest."""
        for value in values:
            self._values[str(value)] = None
        while len(self._values) > _KEPT:
            del self._values[next(iter(self._values))]

    def among(self, url: str, body: bytes) -> tuple[str, ...]:
        """Give those values that a request holds, with and without their dashes."""
        if not self._values:
            return ()
        found: dict[str, None] = {}
        for match in _CANDIDATE.finditer(url.encode() + b"\n" + body):
            text = match.group().decode()
            if text in self._values or _dashed(text) in self._values:
                found[text] = None
        return tuple(found)


def _dashed(text: str) -> str:
    if len(text) != 32:
        return ""
    parts = (text[:8], text[8:12], text[12:16], text[16:20], text[20:])
    return "-".join(parts).lower()
