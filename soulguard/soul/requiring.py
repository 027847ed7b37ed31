"""Owns reading the key `require` of the YAML form: what an effect must come with.

What each of its keys means to the one who enforces it stands in
`soulguard.policy.requirements`. Windows of time are given back as that reads them.
"""

from __future__ import annotations

from typing import Any

from soulguard.soul import times
from soulguard.soul import yamlnodes as y

KEYS = ("hours", "quiet", "zone")


def read(node: Any, place: y.Place) -> dict[str, Any]:
    """Read what a rule requires, as its `params`.

    Raises:
        PolicySyntaxError: not of the form, or it requires nothing.
    """
    keys = y.mapping(node, KEYS, place, "`require`")
    found: dict[str, Any] = {}
    for name, (_, value) in keys.items():
        if name in ("hours", "quiet"):
            found[name] = [_window(item, place) for item in y.items(value, place, name)]
        elif name == "zone":
            found[name] = _zone(value, place)
    if not set(found) - {"zone"}:
        names = ", ".join(f"`{k}`" for k in KEYS if k != "zone")
        raise place.error(node, "`require` asks for nothing", f"add one of {names}")
    return found


def _window(node: Any, place: y.Place) -> str:
    text = y.scalar(node, place, "a time")
    if found := times.written(text):
        return found
    raise place.error(node, f"`{text}` is not a time such as `Mon-Fri 09:00-18:00`")


def _zone(node: Any, place: y.Place) -> str:
    name = y.scalar(node, place, "`zone`")
    if times.there(name) is None:
        raise place.error(node, f"`{name}` is no zone this system knows", "say `UTC`")
    return name
