"""Owns sentences that follow a rule and belong to it: exceptions and scopes.

``Never overwrite existing files. Source code edits are the exception.`` The second
sentence takes its files out of the rules of the first. Nothing else looks backwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from soulguard.soul import literals
from soulguard.soul.drafts import World
from soulguard.soul.reading import Reading

_EXCEPTION = re.compile(
    r"\A(?:the )?(?:only |sole )?exceptions?(?:\b.*?)(?: is| are|:)\s*(?P<after>.+)|"
    r"\A(?P<before>.+?) (?:is|are) (?:the|an|the only) exceptions?\b|"
    r"\A(?P<exempt>.+?) (?:is|are) (?:exempt|excluded|excepted)\b|"
    r"\Aexcept(?: for)?:? (?P<except>.+)|"
    r"\A(?:this|the rule|it) does not apply to (?P<not_to>.+)"
)
_SCOPE = re.compile(r"\A(?:this |that |it |the rule |the same )?(?:rule )?applies to\b")
_CLASSES = (
    (re.compile(r"\b(?:source )?code\b"), "source-code"),
    (re.compile(r"\blogs?\b"), "log-files"),
    (re.compile(r"\bconfig(?:uration)?\b"), "config-files"),
    (re.compile(r"\bmemor(?:y|ies)\b"), "memory-files"),
)


@dataclass(frozen=True, slots=True)
class Follow:
    """What a following sentence does; `paths` are taken out, none for a mere scope."""

    paths: tuple[str, ...]
    scope: bool = False


def follow(reading: Reading, world: World) -> Follow | None:
    """Read a sentence as an exception to, or the scope of, the rule before it.

    None where it is neither, or where what it takes out cannot be told.
    """
    if _SCOPE.match(reading.low):
        return Follow((), scope=True)
    found = _EXCEPTION.match(reading.low)
    if not found:
        return None
    said = next(part for part in found.groups() if part)
    paths = list(literals.paths(said))
    for words, name in _CLASSES:
        if words.search(said):
            paths += world.paths(name)
    return Follow(tuple(dict.fromkeys(paths))) if paths else None
