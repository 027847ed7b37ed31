"""Owns saying in what two requests differ, for people. Pure; values are shortened."""

from __future__ import annotations

from typing import Any

_LIMIT = 8
_WIDTH = 80


def difference(earlier: Any, now: Any) -> list[str]:
    """Give the places where two parsed bodies differ, the first few of them."""
    found: list[str] = []
    _walk("", earlier, now, found)
    return found[:_LIMIT] + (["..."] if len(found) > _LIMIT else [])


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
