"""Owns what a family gives back: the draft of a rule, before it has an id.

Also what all families are told of the world they compile for. No grammar here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from soulguard.model import Action, EffectKind, OnDuplicate, Where

WRITES = (EffectKind.FILE_WRITE, EffectKind.FILE_APPEND, EffectKind.FILE_RENAME)
OUTPUTS = (*WRITES, EffectKind.FILE_DELETE)
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
    """The named lists of what ships, and which of them were used."""

    def __init__(self, classes: Mapping[str, tuple[str, ...]]) -> None:
        self.classes = classes
        self.used: dict[str, tuple[str, ...]] = {}

    def use(self, name: str) -> tuple[str, ...]:
        """Give a named list and remember that a rule used it."""
        self.used[name] = self.classes[name]
        return self.classes[name]

    def outputs(self, paths: tuple[str, ...] = ()) -> Where:
        """Give the named paths, or everything the Idempotency Rule calls an output."""
        if paths:
            return Where(paths=paths)
        return Where(paths=("**",), except_paths=self.use("not-outputs"))
