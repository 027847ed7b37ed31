"""Owns what a family gives back: the draft of a rule, before it has an id.

Also what all families are told of the world they compile for. No grammar here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from soulguard.model import Action, EffectKind, OnDuplicate, Rule, Where

WRITES = (EffectKind.FILE_WRITE, EffectKind.FILE_APPEND, EffectKind.FILE_RENAME)
OUTPUTS = (*WRITES, EffectKind.FILE_DELETE)
EVERY = (
    *OUTPUTS,
    EffectKind.HTTP_CALL,
    EffectKind.MAIL_SEND,
    EffectKind.COMMAND_RUN,
)
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Draft:
    """One rule a family read; `meaning` says in plain words what it does."""

    family: str
    action: Action
    effects: tuple[EffectKind, ...]
    meaning: str
    where: Where = field(default_factory=Where)
    on_duplicate: OnDuplicate = OnDuplicate.BLOCK
    params: Mapping[str, Any] = field(default_factory=dict)


class World:
    """The named lists that ship, by kind, and which of them were used."""

    def __init__(self, classes: Mapping[str, Mapping[str, tuple[str, ...]]]) -> None:
        self._classes = classes
        self.used: dict[str, tuple[str, ...]] = {}

    def paths(self, name: str) -> tuple[str, ...]:
        """Give the globs of a class of files, and remember that a rule used it."""
        return self._use("paths", name)

    def commands(self, name: str) -> tuple[str, ...]:
        """Give the patterns of a class of commands."""
        return self._use("commands", name)

    def hosts(self, name: str) -> tuple[str, ...]:
        """Give the host globs of a class."""
        return self._use("hosts", name)

    def service(self, name: str) -> tuple[str, ...]:
        """Give the hosts of a named service, nothing for a name nobody knows."""
        return self._use("services", name) if name in self._classes["services"] else ()

    def used_by(self, rules: Iterable[Rule]) -> dict[str, tuple[str, ...]]:
        """Give the lists that the rules really stand on, of all that were looked up."""
        named: set[str] = set()
        for rule in rules:
            for part in dataclasses.fields(rule.where):
                named.update(getattr(rule.where, part.name))
        # a path may be taken for a folder, and stands for all in it
        named |= {name.removesuffix("/**") for name in named}
        return {n: m for n, m in self.used.items() if named.issuperset(m)}

    def _use(self, kind: str, name: str) -> tuple[str, ...]:
        found = self._classes[kind][name]
        self.used[name] = found
        return found

    def outputs(self, paths: tuple[str, ...] = ()) -> Where:
        """Give the named paths, or everything the Idempotency Rule calls an output."""
        if paths:
            return Where(paths=paths)
        return Where(paths=("**",), except_paths=self.paths("not-outputs"))


_LONG = 60
"""Letters of a name that is said in full."""


def _short(name: str) -> str:
    return name if len(name) <= _LONG else f"{name[: _LONG - 3]}..."


def quoted(names: Iterable[str], limit: int = 4) -> str:
    """Give names for a sentence: each in backticks, the first few of many."""
    every = [_short(name) for name in dict.fromkeys(names)]
    if len(every) == limit + 1:
        limit += 1  # the last one takes no more room than its number
    said = ", ".join(f"`{name}`" for name in every[:limit])
    return f"{said} and {len(every) - limit} more" if len(every) > limit else said
