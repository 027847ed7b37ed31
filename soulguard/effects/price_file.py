"""Owns the form of ``prices.yaml``: reading it, and naming what is wrong with it.

Imported when a price is first needed. What a usage costs is `usage`'s to say.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from soulguard.effects.usage import Prices
from soulguard.errors import PolicySyntaxError

_KEYS = ("prices", "source", "date")
_AMOUNTS = ("read", "written")
_FORM = "write `NAME: {read: USD, written: USD}`, dollars per million tokens"


def load(*files: Path) -> Prices:
    """Read price lists; entries of later files go before those of earlier ones.

    Raises:
        PolicySyntaxError: a file cannot be read or has not the form, with the line it
            is wrong at.
    """
    merged: dict[str, dict[str, float]] = {}
    for file in files:
        merged.update(_read(file))
    return Prices(merged)


def _read(file: Path) -> dict[str, dict[str, float]]:
    import yaml

    try:
        root = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise PolicySyntaxError(f"cannot read it: {error}", where=str(file)) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise PolicySyntaxError(
            error.problem or "not YAML", where=f"{file}:{line}"
        ) from None
    except yaml.YAMLError as error:
        text = str(error).splitlines()[0]
        raise PolicySyntaxError(text, where=f"{file}:1") from None
    found: dict[str, dict[str, float]] = {}
    for name, node in _pairs(file, _prices(file, root)):
        found[name.value] = _price(file, name, node)
    return found


def _prices(file: Path, root: Any) -> Any:
    """Give the node under `prices`, the one key that a list must have."""
    listed = None
    for key, node in _pairs(file, root):
        if key.value not in _KEYS:
            raise _wrong(file, key, f"no key named `{key.value}`")
        if key.value == "prices":
            listed = node
    if listed is None:
        raise _wrong(file, root, "`prices` is missing")
    return listed


def _price(file: Path, name: Any, node: Any) -> dict[str, float]:
    price: dict[str, float] = {}
    for key, value in _pairs(file, node):
        if key.value not in _AMOUNTS:
            raise _wrong(file, key, f"{name.value}: no price named `{key.value}`")
        price[key.value] = _amount(file, name, key, value)
    for key in _AMOUNTS:
        if key not in price:
            raise _wrong(file, name, f"{name.value}: `{key}` is missing")
    return price


def _amount(file: Path, name: Any, key: Any, node: Any) -> float:
    try:
        amount = float(node.value)
    except (TypeError, ValueError):
        amount = -1.0
    if not math.isfinite(amount) or amount < 0:
        raise _wrong(file, node, f"{name.value}: `{key.value}` is not a price")
    return amount


def _pairs(file: Path, node: Any) -> list[tuple[Any, Any]]:
    if node is None or node.id != "mapping":
        raise _wrong(file, node, "not a mapping of names to prices")
    return list(node.value)


def _wrong(file: Path, node: Any, message: str) -> PolicySyntaxError:
    line = node.start_mark.line + 1 if node is not None else 1
    return PolicySyntaxError(message, where=f"{file}:{line}", hint=_FORM)
