"""Owns finding the rules that may speak of a path or a host without trying them all.

An entry sits at the folder its glob literally starts with and, there, under the name or
extension its glob literally ends with. A path meets only the entries on its own way
down, so the cost does not grow with rules about other places. No verdicts here.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from soulguard.policy import globs

T = TypeVar("T")
_EXTENSION = re.compile(r"\*[^*?\[{/]*\.([^.*?\[{/]+)\Z")


@dataclass(slots=True)
class Entry(Generic[T]):
    """One glob and what it stands for.

    `regex` is empty where arriving is matching; it is compiled when first needed, for a
    policy of many rules meets few of them.
    """

    glob: str
    value: T
    regex: str = ""
    rank: tuple[int, int] = (0, 0)
    _pattern: re.Pattern[str] | None = None

    def matches(self, text: str) -> bool:
        """Whether a text, found at the entry's place, is of its glob."""
        if not self.regex:
            return True
        if self._pattern is None:
            self._pattern = re.compile(self.regex)
        return self._pattern.match(text) is not None


@dataclass(slots=True)
class _Node(Generic[T]):
    children: dict[str, _Node[T]] = field(default_factory=dict)
    exact: list[Entry[T]] = field(default_factory=list)
    below: list[Entry[T]] = field(default_factory=list)
    names: dict[str, list[Entry[T]]] = field(default_factory=dict)
    extensions: dict[str, list[Entry[T]]] = field(default_factory=dict)
    others: list[Entry[T]] = field(default_factory=list)


class PathIndex(Generic[T]):
    """Absolute globs, each with a value; `find` gives those that match a path."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()

    def add(self, glob: str, value: T) -> None:
        """Add one absolute glob."""
        head, rest = globs.split(glob)
        node = self._root
        for part in head if head != [""] else []:
            node = node.children.setdefault(part, _Node())
        rank = globs.specificity(glob)
        if not rest:
            node.exact.append(Entry(glob, value, "", rank))
        elif rest == ["**"]:
            node.below.append(Entry(glob, value, "", rank))
        else:
            regex = rf"(?s){globs.to_regex(glob)}\Z"
            self._bucket(node, rest[-1]).append(Entry(glob, value, regex, rank))

    @staticmethod
    def _bucket(node: _Node[T], last: str) -> list[Entry[T]]:
        if globs.is_literal(last):
            return node.names.setdefault(last, [])
        if found := _EXTENSION.match(last):
            return node.extensions.setdefault(found[1], [])
        return node.others

    def find(self, path: str) -> Iterator[Entry[T]]:
        """Give the entries whose glob matches an absolute path."""
        parts = path.strip("/").split("/")
        name = parts[-1]
        extension = name.rpartition(".")[2]
        node: _Node[T] | None = self._root
        depth = 0
        while node is not None:
            yield from node.below
            for bucket in (
                node.names.get(name) if node.names else None,
                node.extensions.get(extension) if node.extensions else None,
                node.others,
            ):
                for entry in bucket or ():
                    if entry.matches(path):
                        yield entry
            if depth == len(parts):
                yield from node.exact
                return
            node = node.children.get(parts[depth])
            depth += 1

    def reach(self, path: str, *, below: bool) -> Iterator[tuple[str, Entry[T]]]:
        """Give the entries at literal paths that a glob matches, each with its path.

        `below`: those inside the folders it matches, and not these themselves.
        """
        parts = path.strip("/").split("/")
        for head, node in _walk(self._root, "", parts):
            if not below:
                yield from ((head, entry) for entry in (*node.exact, *node.below))
                continue
            for name, child in node.children.items():
                for inner, each in _walk(child, f"{head}/{name}", ["**"]):
                    yield from ((inner, e) for e in (*each.exact, *each.below))


def _walk(
    node: _Node[T], path: str, parts: Sequence[str]
) -> Iterator[tuple[str, _Node[T]]]:
    """Give the nodes below one that a glob matches; ``**`` is any number of folders.

    As in a shell a star stands for no leading dot.
    """
    if not parts:
        yield path, node
        return
    first, rest = parts[0], parts[1:]
    if first == "**":
        yield from _walk(node, path, rest)
        for name, child in node.children.items():
            yield from _walk(child, f"{path}/{name}", parts)
    elif globs.is_literal(first):
        if first in node.children:
            yield from _walk(node.children[first], f"{path}/{first}", rest)
    else:
        for name, child in node.children.items():
            if name.startswith(".") and not first.startswith("."):
                continue
            if fnmatch.fnmatchcase(name, first):
                yield from _walk(child, f"{path}/{name}", rest)


class HostIndex(Generic[T]):
    """Host globs (``api.x.com``, ``*.x.com``), each with a value.

    ``*.x.com`` speaks of every host below ``x.com``, not of ``x.com`` itself.
    """

    def __init__(self) -> None:
        self._exact: dict[str, list[Entry[T]]] = {}
        self._below: dict[str, list[Entry[T]]] = {}
        self._others: list[Entry[T]] = []

    def add(self, glob: str, value: T) -> None:
        """Add one host glob; letters' case does not matter."""
        low = glob.lower()
        if globs.is_literal(low):
            self._exact.setdefault(low, []).append(Entry(glob, value))
        elif low.startswith("*.") and globs.is_literal(low[2:]):
            self._below.setdefault(low[2:], []).append(Entry(glob, value))
        else:
            regex = rf"(?s){host_regex(low)}\Z"
            self._others.append(Entry(glob, value, regex))

    def named(self, host: str) -> Iterator[Entry[T]]:
        """Give the entries that name a host itself."""
        yield from self._exact.get(host, ())

    def find(self, host: str) -> Iterator[Entry[T]]:
        """Give the entries whose glob matches a host in lower case."""
        yield from self.named(host)
        if self._below:
            rest = host
            while "." in rest:
                rest = rest.partition(".")[2]
                yield from self._below.get(rest, ())
        for entry in self._others:
            if entry.matches(host):
                yield entry


def host_regex(glob: str) -> str:
    """Give a host glob as a regular expression; ``*`` crosses dots."""
    return re.escape(glob).replace(r"\*", ".*").replace(r"\?", "[^.]")


def hosts_pattern(hosts: tuple[str, ...]) -> re.Pattern[str] | None:
    """Give one pattern that fully matches any of the host globs; None for none."""
    if not hosts:
        return None
    return re.compile(rf"(?s)(?:{'|'.join(host_regex(h.lower()) for h in hosts)})\Z")
