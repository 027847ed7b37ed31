"""Owns what model inference used: tokens out of an answer, dollars out of tokens.

Pure; the price list is read by `price_file`. An answer that does not say its usage used
nothing that is known.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

_READ = ("prompt_tokens", "input_tokens", "promptTokenCount", "inputTokens")
_WRITTEN = (
    "completion_tokens", "output_tokens", "candidatesTokenCount", "outputTokens"
)  # fmt: skip
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """What one answer used: the model, tokens it read and tokens it wrote.

    `cost` is US dollars where the answer names them itself (OpenRouter), else 0.
    """

    model: str
    read: int
    written: int
    cost: float = 0.0

    @property
    def tokens(self) -> int:
        """All tokens together."""
        return self.read + self.written


def usage(headers: Sequence[Sequence[str]], body: bytes) -> Usage | None:
    """Read what an answer says it used; None where it says nothing.

    Known are the forms of OpenAI, Anthropic, Gemini and Bedrock, whole and as a stream
    of server-sent events.
    """
    named = {str(n).lower(): str(v) for n, v in headers}
    plain = _plain(named.get("content-encoding", ""), body)
    model, read, written, cost = "", 0, 0, 0.0
    for part in _parts(plain):
        for holder in (part, part.get("message"), part.get("response")):
            if not isinstance(holder, dict):
                continue
            model = str(holder.get("model") or holder.get("modelVersion") or model)
            said = holder.get("usage") or holder.get("usageMetadata")
            if isinstance(said, dict):
                read = max(read, _first(said, _READ))
                written = max(written, _first(said, _WRITTEN))
                cost = max(cost, _cost(said))
    return Usage(model, read, written, cost) if read or written else None


class Prices:
    """What models cost, by the beginning of their names."""

    def __init__(self, prices: dict[str, dict[str, float]]) -> None:
        self._prices = sorted(prices.items(), key=lambda item: -len(item[0]))

    def usd(self, used: Usage) -> float:
        """Give what a usage cost in US dollars, 0 for a model that is not listed.

        What the answer itself says goes before the list.
        """
        if used.cost:
            return used.cost
        model = used.model.rpartition("/")[2]
        for name, price in self._prices:
            if model.startswith(name):
                dollars = used.read * price["read"] + used.written * price["written"]
                return dollars / _MILLION
        return 0.0


def _parts(body: bytes) -> Iterator[dict[str, Any]]:
    """Give the JSON objects of an answer, or of each event of a stream."""
    texts = [body]
    if body.lstrip()[:1] not in (b"{", b"["):
        lines = body.split(b"\n")
        texts = [line[5:] for line in lines if line.startswith(b"data:")]
    for text in texts:
        if b"sage" not in text and b'"model"' not in text:
            continue
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            continue
        yield from (v for v in (value if isinstance(value, list) else [value])
                    if isinstance(v, dict))  # fmt: skip


def _first(said: dict[str, Any], names: tuple[str, ...]) -> int:
    for name in names:
        value = said.get(name)
        if isinstance(value, int) and value > 0:
            return value
    return 0


def _cost(said: dict[str, Any]) -> float:
    value = said.get("cost")
    return float(value) if isinstance(value, (int, float)) and value > 0 else 0.0


def _plain(encoding: str, body: bytes) -> bytes:
    if encoding in ("gzip", "x-gzip", "deflate"):
        try:
            return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body)
        except zlib.error:
            return b""
    return body if encoding in ("", "identity") else b""
