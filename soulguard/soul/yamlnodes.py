"""Owns reading YAML as nodes with places, so that every complaint names its line.

The only module that imports yaml, and it does so when there is YAML to read. Duplicate
keys, unknown keys and wrong types are refused here; what a key means is not known.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from typing import Any

from soulguard.errors import PolicySyntaxError
from soulguard.model import Span

MAX_DEPTH = 64
"""Levels a YAML text may nest; a policy needs six."""


class Place:
    """Where a YAML text stands: its file, and how far its first line is shifted."""

    __slots__ = ("column", "file", "line")

    def __init__(self, file: str, line: int = 0, column: int = 0) -> None:
        self.file, self.line, self.column = file, line, column

    def span(self, node: Any) -> Span:
        """Give the span of a node in the file, not in the text."""
        start, end = node.start_mark, node.end_mark
        return Span(
            self.file,
            start.line + 1 + self.line,
            start.column + 1 + self.column,
            end.line + 1 + self.line,
            end.column + 1 + self.column,
        )

    def error(self, node: Any, message: str, hint: str = "") -> PolicySyntaxError:
        """Give the error that stands at a node."""
        return PolicySyntaxError(message, where=str(self.span(node)), hint=hint)


def compose(text: str, place: Place) -> Any:
    """Give the root node of a YAML text, or None where it is empty.

    Raises:
        PolicySyntaxError: not YAML; the line is the file's.
    """
    if line := _too_deep(text):
        where = str(Span(place.file, place.line + line))
        raise PolicySyntaxError("YAML is nested too deep", where=where)
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        raise _syntax(error, place) from None


def _too_deep(text: str) -> int:
    """Give the first line (from 1) nested deeper than any policy is, 0 for none.

    The C parser follows nesting on its own stack: what is too deep ends the process.
    """
    depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        depth += line.count("[") + line.count("{")
        lead = len(line) - len(line.lstrip(" -?:"))
        if depth > MAX_DEPTH or lead > 2 * MAX_DEPTH:
            return number
        depth = max(depth - line.count("]") - line.count("}"), 0)
    return 0


def _syntax(error: Any, place: Place) -> PolicySyntaxError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    problem = problem.replace("'", "`")
    line = mark.line + 1 + place.line if mark else place.line + 1
    column = mark.column + 1 + place.column if mark else 0
    return PolicySyntaxError(
        f"not valid YAML: {problem}",
        where=str(Span(place.file, line, column)),
        hint="quote values that contain `:`, `#`, `*` or `{`",
    )


def mapping(
    node: Any, known: Collection[str], place: Place, what: str
) -> dict[str, tuple[Any, Any]]:
    """Give a mapping's values by key, each as (key node, value node).

    Raises:
        PolicySyntaxError: not a mapping, or a key is unknown or stands twice.
    """
    if node.id != "mapping":
        raise place.error(node, f"{what} must be a mapping of keys to values")
    found: dict[str, tuple[Any, Any]] = {}
    for key, value in node.value:
        if key.id != "scalar" or key.value not in known:
            raise unknown(place, key, f"key `{_text(key)}` in {what}", known)
        if key.value in found:
            raise place.error(key, f"key `{key.value}` stands twice in {what}")
        found[key.value] = (key, value)
    return found


def unknown(
    place: Place, node: Any, what: str, known: Collection[str]
) -> PolicySyntaxError:
    """Give the error for a word nobody knows, with the nearest one that is known."""
    near = difflib.get_close_matches(_text(node), known, 1, 0.5)
    listed = ", ".join(f"`{k}`" for k in known)
    hint = f"did you mean `{near[0]}`?" if near else f"known are {listed}"
    return place.error(node, f"unknown {what}", hint)


def _text(node: Any) -> str:
    return node.value if node.id == "scalar" else "?"


def items(node: Any, place: Place, what: str) -> list[Any]:
    """Give the nodes of a list; a single scalar is a list of one.

    Raises:
        PolicySyntaxError: a mapping, or an empty value.
    """
    if node.id == "sequence":
        return list(node.value)
    if node.id == "scalar" and node.value != "":
        return [node]
    raise place.error(node, f"{what} must be a value or a list of values")


def words(node: Any, place: Place, what: str) -> list[str]:
    """Give a list of texts; a single text is a list of one."""
    return [scalar(item, place, what) for item in items(node, place, what)]


def scalar(node: Any, place: Place, what: str) -> str:
    """Give a scalar's text.

    Raises:
        PolicySyntaxError: not a scalar, or empty.
    """
    if node.id != "scalar" or node.value == "":
        raise place.error(node, f"{what} must be a single value")
    return str(node.value)


def flag(node: Any, place: Place, what: str) -> bool:
    """Give a yes or no.

    Raises:
        PolicySyntaxError: neither.
    """
    text = scalar(node, place, what).lower()
    if text in ("true", "yes", "on"):
        return True
    if text in ("false", "no", "off"):
        return False
    raise place.error(node, f"{what} must be `true` or `false`")


def choice(node: Any, options: Collection[str], place: Place, what: str) -> str:
    """Give one of a few words.

    Raises:
        PolicySyntaxError: another word.
    """
    text = scalar(node, place, what)
    if text not in options:
        raise unknown(place, node, f"value `{text}` of {what}", options)
    return text


def plain(node: Any) -> Any:
    """Give a node as plain values, every scalar as text."""
    if node.id == "mapping":
        return {k.value: plain(v) for k, v in node.value}
    if node.id == "sequence":
        return [plain(v) for v in node.value]
    return node.value


def pairs(node: Any) -> Iterator[tuple[Any, Any]]:
    """Give key and value nodes of a mapping."""
    yield from node.value


def dump(data: Any) -> str:
    """Give plain values as a YAML text, keys in the order they stand in."""
    import yaml

    return str(yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
