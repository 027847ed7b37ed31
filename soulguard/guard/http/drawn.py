"""What the agent draws at random: the evidence that a value in a body means nothing.

Two orders that differ in a UUID are two orders, unless the process drew that UUID for
the occasion. Values go to the broker with the next call and are forgotten here.
"""

from __future__ import annotations

from soulguard.guard import seeds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEPT = 1024
_values: list[str] = []


def take() -> list[str]:
    """Give what was drawn since the last call was asked about."""
    if not _values:
        return []
    taken = _values[:]
    del _values[: len(taken)]
    return taken


def _keep(value: str) -> None:
    if len(_values) >= _KEPT:
        del _values[: _KEPT // 2]
    _values.append(value)


def _uuid(original: Any) -> Any:
    kind = original.__globals__["UUID"]

    def uuid4() -> Any:
        own = seeds.uuid4()
        value = original() if own is None else kind(bytes=own, version=4)
        _keep(str(value))
        return value

    uuid4.__wrapped__ = original  # type: ignore[attr-defined]
    uuid4._soulguard = True  # type: ignore[attr-defined]
    uuid4.__doc__ = original.__doc__
    return uuid4


def _token(original: Any) -> Any:
    def token(nbytes: int | None = None) -> Any:
        value = original(nbytes)
        _keep(value)
        return value

    token.__wrapped__ = original  # type: ignore[attr-defined]
    token._soulguard = True  # type: ignore[attr-defined]
    token.__name__ = token.__qualname__ = original.__name__
    token.__module__ = original.__module__
    token.__doc__ = original.__doc__
    return token


TABLE = (
    ("uuid", "uuid4", _uuid),
    ("secrets", "token_hex", _token),
    ("secrets", "token_urlsafe", _token),
)
