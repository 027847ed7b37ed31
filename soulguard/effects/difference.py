"""Owns saying in what two requests differ, for people. Pure; values are shortened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

_LIMIT = 8
_NAMES = re.compile(
    r"(^|_)(ids?|no|nr|num|number|ref|reference|code|sku|order|invoice|customer|client"
    r"|user|account|email|mail|phone|to|cc|recipients?|payee|iban|name|slug|url|path"
    r"|file|key|channel|destination|ticket|issue|case|title|subject)$"
)
"""Names (in snake case) of fields that say who or what a request is about."""
_WIDTH = 80


def difference(earlier: Any, now: Any) -> list[str]:
    """Give the places where two parsed bodies differ, the first few of them."""
    found: list[str] = []
    _walk("", earlier, now, found)
    return found[:_LIMIT] + (["..."] if len(found) > _LIMIT else [])


def same_subject(earlier: Any, now: Any) -> bool:
    """Whether two bodies are about the same thing: no field that names one differs.

    Two charges of different amounts for one order are; charges for two orders are not.
    Bodies that could not be parsed count as the same.
    """
    if earlier is None or now is None:
        return True
    return not any(_NAMES.search(_snake(name)) for name in _leaves("", earlier, now))


def _leaves(name: str, earlier: Any, now: Any) -> Iterator[str]:
    """Give the names of the fields that differ."""
    if earlier == now:
        return
    if isinstance(earlier, dict) and isinstance(now, dict):
        for key in {**earlier, **now}:
            yield from _leaves(
                str(key), earlier.get(key, _ABSENT), now.get(key, _ABSENT)
            )
    elif isinstance(earlier, list) and isinstance(now, list):
        for before, after in zip_longest(earlier, now, fillvalue=_ABSENT):
            yield from _leaves(name, before, after)
    elif isinstance(earlier, (dict, list)) or isinstance(now, (dict, list)):
        for part in (earlier, now):
            if isinstance(part, (dict, list)):
                yield from _leaves(name, type(part)(), part)
    else:
        yield name


def _snake(name: str) -> str:
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def _walk(at: str, earlier: Any, now: Any, found: list[str]) -> None:
    if earlier == now or len(found) > _LIMIT:
        return
    if isinstance(earlier, dict) and isinstance(now, dict):
        for key in [*earlier, *(k for k in now if k not in earlier)]:
            _walk(
                f"{at}.{key}" if at else str(key),
                earlier.get(key, _ABSENT), now.get(key, _ABSENT), found,
            )  # fmt: skip
    elif isinstance(earlier, list) and isinstance(now, list):
        for i in range(max(len(earlier), len(now))):
            before = earlier[i] if i < len(earlier) else _ABSENT
            after = now[i] if i < len(now) else _ABSENT
            _walk(f"{at}[{i}]", before, after, found)
    else:
        found.append(f"{at or 'body'}: {_short(earlier)} -> {_short(now)}")


class _Absent:
    def __repr__(self) -> str:
        return "absent"


_ABSENT = _Absent()


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + "..."
