"""Owns what an expression may stand for: a name of a library, a text, a thing of ours.

Pure. How an expression comes to its values is `evaluating`'s.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterable
from typing import Any, NamedTuple

HOLE = "\0"
"""Stands in a text for what is known only when the program runs."""

MOST = 6
"""Alternatives that are followed; what has more is as good as unknown."""

LONGEST = 4096
"""Letters of a text that are kept."""

_DEEP = 400
"""Letters of a dotted path; a longer one is nobody's API."""

_ITEMS = 64
"""Items of a list that are kept."""

PATH = "pathlib.Path()"
TEXT = "str"
CONSTANT = "constant"
LIST = "list"
DICT = "dict"
FUNCTION = "@function"
METHOD = "@method"
CLASS = "@class"
INSTANCE = "@instance"
MODULE = "@module"


class Value(NamedTuple):
    """One thing an expression may stand for.

    `path` is the dotted path of a library's thing (``requests.Session().post``), one
    of the constants above, or ``?`` and what was asked of something unknown. `text` is
    what is known of a text, a path, or what an object remembers (None: nothing).
    `of` is the function, class, module or literal of the audited code.
    """

    path: str
    text: str | None = None
    of: Any = None
    items: tuple[Value, ...] = ()


UNKNOWN = Value("?")
Values = tuple[Value, ...]


def text(said: str) -> Value:
    """Give a text as a value."""
    return Value(TEXT, said[:LONGEST])


def united(groups: Iterable[Values]) -> Values:
    """Give the alternatives of all groups, each once; too many count as unknown."""
    found: dict[Value, None] = {}
    for group in groups:
        for value in group:
            found.setdefault(value)
            if len(found) > MOST:
                return (*list(found)[: MOST - 1], UNKNOWN)
    return tuple(found)


def dotted(path: str, said: str | None = None) -> Value:
    """Give a thing of a library by its path."""
    return Value(path, said) if len(path) <= _DEEP else UNKNOWN


def listed(items: Iterable[Value]) -> Value:
    """Give a list of values; lists in lists of lists are not followed."""
    flat = []
    for item in items:
        deep = item.path == LIST and any(each.path == LIST for each in item.items)
        flat.append(Value(LIST) if deep else item)
        if len(flat) == _ITEMS:
            break
    return Value(LIST, items=tuple(flat))


def said(value: Value) -> str:
    """Give a value's text, a hole where none is known."""
    return HOLE if value.text is None else value.text


def joined(folder: str, name: str) -> str:
    """Put two parts of a path together, as `os.path.join` does."""
    return os.path.join(folder, name)[:LONGEST] if name != HOLE or folder else HOLE


def readable(said: str) -> str:
    """Give a text as a person reads it: ``…`` for what is not known."""
    while HOLE * 2 in said:
        said = said.replace(HOLE * 2, HOLE)
    return " ".join(said.replace(HOLE, "…").split())


def known(said: str | None) -> bool:
    """Whether anything of a text is known beyond its separators."""
    return bool(said and said.replace(HOLE, "").strip("/. :"))
