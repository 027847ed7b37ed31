"""Owns where and with what a command line starts its programs: folder and variables.

A ``cd`` in a line holds for what follows it. Pure: what a folder holds is not looked at,
and nothing is run.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterator
from dataclasses import dataclass

from soulguard.model import Effect, Rule
from soulguard.policy.commands import CommandPattern, program, spares, started_by
from soulguard.policy.shell import Simple

_UNSURE = re.compile(r"[$`*]")
_SUDO = frozenset(("sudo", "doas"))
_KEEPING = frozenset(("-E", "--preserve-env"))
_CONTINUED = re.compile(r"\\\r?\n")
UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Started:
    """One program of a command line: its words, and its folder (`UNKNOWN`: variable)."""

    words: tuple[str, ...]
    folder: str


def started(effect: Effect, rule: Rule) -> Iterator[Started]:
    """Give the programs of a command that a rule speaks of."""
    where = rule.where
    wanted = [CommandPattern(c) for c in where.commands or ("*",)]
    spared = [CommandPattern(c) for c in where.except_commands]
    for simple, each in _all(effect):
        named = any(p.matches(each.words) for p in wanted)
        if named and not spares(simple, spared):
            yield each


def _all(effect: Effect) -> Iterator[tuple[Simple, Started]]:
    folder = str(effect.details.get("cwd", UNKNOWN))
    for simple in started_by(effect.target, effect.details.get("argv") or ()):
        words = simple.words
        if program(words[0]) == "cd":
            sure = len(words) > 1 or "$" not in effect.target
            folder = _moved(folder, words[1:]) if sure else UNKNOWN
        else:
            yield simple, Started(tuple(words), folder)


def _moved(folder: str, words: list[str]) -> str:
    to = next((w for w in words if not w.startswith("-")), "~")
    if _UNSURE.search(to) or "-" in words or not (folder or to.startswith(("/", "~"))):
        return UNKNOWN
    return os.path.normpath(os.path.join(folder, os.path.expanduser(to)))


def variable(effect: Effect, name: str) -> str | None:
    """Give the value a variable has for the programs of a line; None for none.

    The line goes before the environment, of which ``sudo`` passes nothing on.
    """
    raw = effect.target
    said = re.search(
        rf"(?<![\w])(?<!-){re.escape(name)}=(?P<q>['\"]?)([^\s'\";&|]*)(?P=q)", raw
    )
    if said:
        return said[2]
    words = set(raw.split())
    if words & _SUDO and not words & _KEEPING:
        return None
    value = effect.details.get("env", {}).get(name)
    return None if value is None else str(value)


def lines(effect: Effect) -> int:
    """Count the lines of a command; one that goes on after a backslash is one."""
    return len(_CONTINUED.sub(" ", effect.target).strip().splitlines())
