"""Owns which files ``find`` finds and ``xargs`` is fed, as far as their words say. Pure.

A name given here may be a glob: ``keep/**`` is all below ``keep``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soulguard.policy.shell import Simple
from soulguard.policy.wrappers import name_of

_ROOTS = ("-H", "-L", "-P")
_WIDE = frozenset(
    ("-depth", "-d", "-mount", "-xdev", "-noleaf", "-follow", "-print", "-print0", "-ls",
     "-delete", "-a", "-and", "-o", "-or", "(", ")", ",", "-exec", "-execdir", "-ok",
     "-okdir", "-prune", "-quit")
)  # fmt: skip
"""Words of an expression that leave no file out."""
_VALUED = frozenset(("-maxdepth", "-mindepth", "-regextype"))
_NAMES = ("-name", "-iname")
_PATHS = ("-path", "-ipath", "-wholename", "-iwholename")
_ACTING = frozenset(("-exec", "-execdir", "-ok", "-okdir"))


def found(words: Sequence[str]) -> list[str]:
    """Give the names that a ``find`` finds."""
    roots, tests = _parted(words)
    names, paths, wide = _tested(tests)
    if paths and not names:
        return paths
    if names:
        return [f"{root}/**/{name}" for root in roots for name in names]
    return [
        name for root in roots for name in ((root, f"{root}/**") if wide else (root,))
    ]


def deleted(words: Sequence[str]) -> list[str]:
    """Give the names that a ``find`` deletes by itself."""
    return found(words) if "-delete" in words else []


def fed(simple: Simple) -> list[str]:
    """Give the words of a command with the names that ``find`` or ``xargs`` put in."""
    words = simple.words
    if not simple.within:
        return words
    outer = simple.within[-1]
    if name_of(outer[0]) == "find":
        return list(_put(words, "{}", found(outer)))
    if name_of(outer[0]) != "xargs":
        return words
    names = _piped(simple)
    mark = _mark(outer)
    if mark:
        return list(_put(words, mark, names))
    return [*words, *names]


def _piped(simple: Simple) -> list[str]:
    """Give the names that the command before says."""
    before = simple.piped
    if before is None or not before.words:
        return []
    if name_of(before.words[0]) == "find":
        return [] if "-delete" in before.words else found(before.words)
    said = name_of(before.words[0]) in ("echo", "printf")
    names = " ".join(before.words[1:]).replace("\\n", " ").replace("\\0", " ").split()
    return [n for n in names if said and not n.startswith(("-", "%"))]


def _mark(outer: Sequence[str]) -> str:
    """Give the word that ``xargs`` replaces."""
    for at, word in enumerate(outer[1:], 1):
        if word in ("-I", "-J", "--replace"):
            return outer[at + 1] if word != "--replace" and outer[at + 1 :] else "{}"
        if word.startswith("-I") or word == "-i":
            return word[2:] or "{}"
    return ""


def _put(words: Sequence[str], mark: str, names: Sequence[str]) -> Iterator[str]:
    for word in words:
        if mark in word:
            yield from (word.replace(mark, name) for name in names)
        else:
            yield word


def _parted(words: Sequence[str]) -> tuple[list[str], list[str]]:
    at = 1
    while at < len(words) and (words[at] in _ROOTS or words[at].startswith("-O")):
        at += 1
    start = at
    while at < len(words) and not words[at].startswith(("-", "(", "!")):
        at += 1
    return [w.rstrip("/") or "/" for w in words[start:at]] or ["."], list(words[at:])


def _tested(tests: list[str]) -> tuple[list[str], list[str], bool]:
    """Give the names and the paths asked for, and whether no other test leaves out."""
    names: list[str] = []
    paths: list[str] = []
    wide, at = True, 0
    while at < len(tests):
        word, value = tests[at], "".join(tests[at + 1 : at + 2])
        if word in _ACTING:
            while at < len(tests) and tests[at] not in (";", "+"):
                at += 1
        elif word in _NAMES or word in _PATHS:
            if tests[at - 1 : at] in (["!"], ["-not"]):
                wide = False
            else:
                (names if word in _NAMES else paths).append(value)
            at += 1
        elif word in _VALUED or (word == "-type" and value == "f"):
            at += 1
        elif word not in _WIDE:
            wide = False
        at += 1
    return names, paths, wide
