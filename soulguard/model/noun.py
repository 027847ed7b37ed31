"""How a noun becomes JSON and comes back; the only reflection in `model`.

A noun is a frozen, slotted dataclass. `to_json` gives plain dicts, lists and scalars;
`from_json` is its inverse: ``cls.from_json(x.to_json()) == x``. Bytes travel as hex.
"""

from __future__ import annotations

import enum
import functools
import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

N = TypeVar("N", bound="Noun")


class Noun:
    """Base of every noun: JSON both ways, nothing else."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """Give the noun as plain JSON values, fields in declaration order."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def from_json(cls: type[N], data: Mapping[str, Any]) -> N:
        """Rebuild the noun from what `to_json` gave; unknown keys are refused.

        Raises:
            TypeError: a key is not a field, or a field without default is missing.
        """
        hints = _hints(cls)  # type: ignore[arg-type]  # mypy sees the instances' hash
        return cls(**{k: _typed(hints.get(k, Any), v) for k, v in data.items()})


@functools.cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _plain(value: Any) -> Any:
    if isinstance(value, Noun):
        return value.to_json()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(v) for v in value)
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    return value


def _typed(hint: Any, value: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        options = [o for o in typing.get_args(hint) if o is not type(None)]
        return None if value is None else _typed(options[0], value)
    if origin in (tuple, frozenset, list):
        item = (typing.get_args(hint) or (Any,))[0]
        return origin(_typed(item, v) for v in value)
    if isinstance(hint, type):
        if is_dataclass(hint) and isinstance(value, Mapping):
            return typing.cast(Any, hint).from_json(value)
        if issubclass(hint, enum.Enum):
            return hint(value)
        if hint is bytes and isinstance(value, str):
            return bytes.fromhex(value)
    return value
