"""Owns finding the signature of a dotted path in the catalogue, quickly.

Pure; the catalogue is data, and no library is named here.
"""

from __future__ import annotations

import re

from soulguard.model.signature import Argument, Catalogue, Outcome, Signature


class Table:
    """The catalogue, ready to be asked."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._exact: dict[str, Signature] = {}
        self._globs: list[tuple[re.Pattern[str], Signature]] = []
        self._loose: dict[str, list[tuple[str, Signature]]] = {}
        self._known: dict[str, tuple[Signature, ...]] = {}
        self._lasts: set[str] = set()
        self._starts: tuple[str, ...] = ()
        for signature in catalogue.signatures:
            for call in signature.calls:
                self._add(call, signature)
        self._lasts.update(_last(other) for other in catalogue.same)
        self.roots = frozenset(re.split(r"[.(]", c)[0] for s in catalogue.signatures for c in s.calls)  # fmt: skip
        self._hands = [
            (re.compile(re.escape(name).replace(r"\*", ".*")), at)
            for name, at in catalogue.hands_on.items()
            if "*" in name
        ]
        self.guards = frozenset(catalogue.guards)
        self.nowhere = frozenset(catalogue.nowhere)

    def matches(self, path: str) -> tuple[Signature, ...]:
        """Give the signatures of a call, the most particular first, empty for none."""
        found = self._known.get(path)
        if found is None:
            self._known[path] = found = self._find(path)
        return found

    def wanted(self, name: str) -> bool:
        """Whether the last part of a path could be that of an effect."""
        return name in self._lasts or name.startswith(self._starts)

    def outcome(self, name: str) -> Outcome:
        """Give an outcome by its name."""
        return self.catalogue.outcomes[name]

    def same(self, path: str) -> str:
        """Give the name that signatures use for a path."""
        return self.catalogue.same.get(path, path)

    def holds(self, path: str) -> Argument | None:
        """Give the argument that an object made by a call remembers."""
        return self.catalogue.holds.get(path)

    def statement(self, path: str) -> str | None:
        """Give the statement that a call builds, None where it builds none."""
        known = self.catalogue.statements
        return known.get(path) or known.get(f"?.{path.rpartition('.')[2]}")

    def is_guard(self, path: str) -> bool:
        """Whether a call says if something is there already."""
        last = path.rpartition(".")[2]
        return path in self.guards or (path[:1] == "?" and f"?.{last}" in self.guards)

    def hands_on(self, name: str) -> int | None:
        """Give the position of the function that a call of this name calls itself."""
        found = self.catalogue.hands_on.get(name)
        if found is None:
            return next((at for glob, at in self._hands if glob.fullmatch(name)), None)
        return found

    def _add(self, call: str, signature: Signature) -> None:
        last = call.rpartition(".")[2]
        if "*" in last:
            self._starts = (*self._starts, last.partition("*")[0])
        else:
            self._lasts.add(last)
        if call.startswith("?."):
            self._loose.setdefault(last, []).append((call[1:], signature))
        elif "*" in call:
            self._globs.append((_pattern(call), signature))
        else:
            self._exact.setdefault(call, signature)

    def _find(self, path: str) -> tuple[Signature, ...]:
        found = [self._exact[path]] if path in self._exact else []
        if not found:
            found = [s for pattern, s in self._globs if pattern.fullmatch(path)][:1]
        # a method of something: a function of a known module is not one
        if not found and (path[:1] == "?" or "()" in path or "[]" in path):
            loose = self._loose.get(path.rpartition(".")[2], ())
            found = [s for end, s in loose if path.endswith(end)][:1]
        return tuple(found)


def _last(path: str) -> str:
    return path.removesuffix("()").rpartition(".")[2]


def _pattern(call: str) -> re.Pattern[str]:
    parts = []
    for part in call.split("."):
        if part == "**":
            parts.append(r"(?:[^.]+\.)*")
        else:
            parts.append(re.escape(part).replace(r"\*", "[^.]*") + r"\.")
    return re.compile("".join(parts).removesuffix(r"\."))
