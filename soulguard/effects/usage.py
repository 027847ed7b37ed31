"""Owns reading what a model call used: tokens, and the cost where the answer names it.

Formats: OpenAI chat completions and responses, Anthropic messages, Gemini
generateContent, OpenRouter's ``usage.cost``; whole or as server-sent events. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

_IN = ("prompt_tokens", "input_tokens", "promptTokenCount")
_OUT = ("completion_tokens", "output_tokens", "candidatesTokenCount")
_CACHED = ("cache_creation_input_tokens", "cache_read_input_tokens")
_MARKS = (b'"usage"', b'"usageMetadata"')


def read(body: bytes) -> dict[str, float]:
    """Give ``tokens`` and ``usd`` of an answer, without what it does not tell.

    Of a stream the largest numbers count: its events repeat them as they grow.
    """
    if not any(mark in body for mark in _MARKS):
        return {}
    into = out = usd = 0.0
    for found in _usages(body):
        cached = sum(_number(found, name) for name in _CACHED)
        into = max(into, cached + max(_number(found, n) for n in _IN))
        out = max(out, *(_number(found, n) for n in _OUT))
        usd = max(usd, _number(found, "cost"))
    told = {"tokens": into + out, "usd": usd}
    return {name: amount for name, amount in told.items() if amount}


def _usages(body: bytes) -> Iterator[Mapping[str, Any]]:
    for value in _values(body):
        for holder in (value, value.get("message"), value.get("response")):
            if isinstance(holder, dict):
                for name in ("usage", "usageMetadata"):
                    if isinstance(holder.get(name), dict):
                        yield holder[name]


def _values(body: bytes) -> Iterator[dict[str, Any]]:
    whole = _parsed(body)
    if whole is not None:
        yield from (v for v in _listed(whole) if isinstance(v, dict))
        return
    for line in body.splitlines():
        if line.startswith(b"data:") and any(mark in line for mark in _MARKS):
            value = _parsed(line[5:])
            if isinstance(value, dict):
                yield value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _number(found: Mapping[str, Any], name: str) -> float:
    value = found.get(name)
    good = isinstance(value, (int, float)) and not isinstance(value, bool)
    return max(float(value or 0), 0.0) if good else 0.0
