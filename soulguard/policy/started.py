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
_MOVING = frozenset(("cd", "pushd", "popd"))
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
    for simple in placed(effect):
        if program(simple.words[0]) in _MOVING:
            continue
        named = any(p.found_in(simple, simple.words) for p in wanted)
        if named and not spares(simple, spared):
            yield Started(tuple(simple.words), simple.folder)


def placed(effect: Effect) -> list[Simple]:
    """Give the simple commands of a line, each with the folder it starts in.

    What a subshell moves to holds for the rest of it alone.
    """
    folders: dict[tuple[object, ...], str] = {
        (): str(effect.details.get("cwd", UNKNOWN))
    }
    line = started_by(effect.target, effect.details.get("argv") or ())
    for simple in line:
        group, words = simple.group, simple.words
        around = (group[:n] for n in range(len(group), -1, -1))
        simple.folder = next(folders[g] for g in around if g in folders)
        if program(words[0]) in _MOVING:
            sure = len(words) > 1 or "$" not in effect.target
            folders[group] = _moved(simple.folder, words[1:]) if sure else UNKNOWN
    return line


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
