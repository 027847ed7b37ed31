"""Owns reading the key `require` of the YAML form: what an effect must come with.

What each of its keys means to the one who enforces it stands in
`soulguard.policy.requirements`. Windows of time are given back as that reads them.
"""

from __future__ import annotations

from typing import Any

from soulguard.soul import times
from soulguard.soul import yamlnodes as y

KEYS = (
    "hours", "quiet", "zone", "fields", "future", "values", "begins", "absent",
    "recipients", "listed", "unlisted", "variables", "lines", "folder", "repository",
    "unmet",
)  # fmt: skip
_BESIDE = {
    "zone": ("hours", "quiet"), "future": ("fields",),
    "unmet": ("hours", "quiet", "absent", "recipients", "listed", "unlisted", "fields", "values", "begins"),
}  # fmt: skip
"""Keys that say more of others, and of which."""


def read(node: Any, place: y.Place) -> dict[str, Any]:
    """Read what a rule requires, as its `params`.

    Raises:
        PolicySyntaxError: not of the form, or it requires nothing.
    """
    keys = y.mapping(node, KEYS, place, "`require`")
    found = {name: _value(name, value, place) for name, (_, value) in keys.items()}
    for name, others in _BESIDE.items():
        if name in keys and not set(others) & set(keys):
            names = " or ".join(f"`{other}`" for other in others)
            raise place.error(keys[name][0], f"`{name}` is of {names}", f"add {names}")
    found = {name: value for name, value in found.items() if value is not False}
    if not found:
        names = ", ".join(f"`{k}`" for k in KEYS if k not in _BESIDE)
        raise place.error(node, "`require` asks for nothing", f"add one of {names}")
    return found


def _value(name: str, node: Any, place: y.Place) -> Any:
    what = f"`{name}`"
    if name in ("hours", "quiet"):
        return [_window(item, place) for item in y.items(node, place, what)]
    if name in ("fields", "folder", "absent", "listed", "unlisted"):
        return y.words(node, place, what)
    if name in ("future", "repository"):
        return y.flag(node, place, what)
    if name in ("variables", "values", "begins"):
        return _named(node, place, what)
    if name == "unmet":
        return y.choice(node, ("ask",), place, what)
    if name == "zone":
        return _zone(node, place)
    return _count(node, place, what)


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


def _named(node: Any, place: y.Place, what: str) -> dict[str, str]:
    if node.id != "mapping":
        raise place.error(node, f"{what} must map names to values")
    return {k.value: y.scalar(v, place, f"`{k.value}`") for k, v in y.pairs(node)}


def _count(node: Any, place: y.Place, what: str) -> int:
    text = y.scalar(node, place, what)
    if text.isdigit() and int(text):
        return int(text)
    raise place.error(node, f"{what}: `{text}` is not a number of {what.strip('`')}")
