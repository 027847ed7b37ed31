"""Owns command lines: taking one apart, and matching it against patterns of words.

A pattern is words: the first names the program, the others must occur among the
arguments in that order, with anything between; options may stand anywhere. A word may be
a glob and a choice (``-f|--force*``); ``-f`` also finds itself inside ``-xf``, ``-rf``
is ``-r`` and ``-f``, and both are found under their long names where the program is
known. A leading ``*`` stands for any program, and ``curl | sh`` for a program that reads
what another says, whatever stands between them in the pipe. What wrappers start (``sudo``, ``env``,
``sh -c``) is looked at too, and they are still found by a pattern that names them.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from soulguard.policy.shell import Simple, read
from soulguard.policy.wrappers import (
    ELSEWHERE,
    SHELLS,
    inner,
    name_of,
    plain_name,
    without_assignments,
)

PIPED = " | "
"""What stands in a pattern between two programs of a pipe."""
_DEPTH = 6
"""Wrappers inside each other that are looked through."""

_MOST = 4096
"""Simple commands of one line that are looked at."""

_FORCED = "-f|--force"
_BELOW = "-r|-R|--recursive"
_SAME: dict[str, dict[str, str]] = {
    "rm": {"r": _BELOW, "R": _BELOW, "f": _FORCED},
    "cp": {"r": "-r|-R|-a|--recursive|--archive", "f": _FORCED},
    "chmod": {"R": "-R|--recursive"},
    "chown": {"R": "-R|--recursive"},
    "git push": {"f": f"{_FORCED}|+*", "d": "-d|--delete|:*"},
    "git commit": {"n": "-n|--no-verify", "a": "-a|--all"},
    "git clean": {"f": _FORCED},
    "git checkout": {"f": _FORCED},
    "git add": {"f": _FORCED, "A": "-A|--all"},
    "git branch": {"f": _FORCED},
    "docker": {"f": _FORCED},
    "kubectl": {"n": "-n|--namespace", "A": "-A|--all-namespaces"},
    "npm": {"g": "-g|--global", "f": _FORCED},
    "curl": {"k": "-k|--insecure"},
}
"""Options that are one under several names: program, letter, names."""

_WHOLE = frozenset(("find", "java", "terraform", "tofu", "openssl", "ffmpeg"))
"""Programs whose options are words behind one dash."""


def simple_commands(target: str, argv: Sequence[str] = ()) -> list[list[str]]:
    """Take a command line apart into the simple commands it would start.

    Every wrapper gives one more command: ``sudo rm x`` is ``sudo rm x`` and ``rm x``.
    `argv` is used where it is known, `target` is read as a shell line otherwise.
    """
    return [simple.words for simple in started_by(target, argv)]


def started_by(target: str, argv: Sequence[str] = ()) -> list[Simple]:
    """Give what `simple_commands` gives, each with what it reads and where it writes."""
    line = [Simple(list(argv))] if argv else read(target)
    found: list[Simple] = []
    for simple in line:
        for each in _unwrap(simple, _DEPTH):
            found.append(each)
            if len(found) == _MOST:
                return found
    return found


def _unwrap(simple: Simple, depth: int) -> Iterator[Simple]:
    words = without_assignments(simple.words)
    if not words:
        if simple.redirections:
            yield replace(simple, words=[":"])
        return
    bare = replace(simple, words=words)
    yield bare
    if depth:
        # a line for a shell is a command line of its own
        shell = name_of(words[0]) in SHELLS
        group = (*bare.group, object()) if shell else bare.group
        for each in inner(bare):
            each.within = () if shell else (*bare.within, words)
            each.group = (*group, *each.group)
            each.piped = each.piped or bare.piped
            each.elsewhere = bare.elsewhere or name_of(words[0]) in ELSEWHERE
            yield from _unwrap(each, depth - 1)


def spares(simple: Simple, spared: Sequence[CommandPattern]) -> bool:
    """Whether a command, or the one whose argument it is, is excepted from a rule."""
    return any(p.matches(w) for w in (simple.words, *simple.within) for p in spared)


def program(word: str) -> str:
    """Give the program's name as a pattern would write it."""
    return name_of(word)


def names(words: Sequence[str]) -> tuple[str, ...]:
    """Give the names under which rules about a command may be filed."""
    name = program(words[0])
    plain = plain_name(name)
    return (name,) if plain == name else (name, plain)


class CommandPattern:
    """One compiled pattern of words."""

    __slots__ = ("_options", "_rest", "before", "names", "text")

    def __init__(self, text: str) -> None:
        before, _, last = text.rpartition(PIPED)
        words = last.split() or ["*"]
        self.text = text
        self.before = CommandPattern(before) if before else None
        self.names = tuple(n.lower() for n in words[0].split("|"))
        rest = words[1:]
        self._rest = tuple(_word(w) for w in rest if not w.startswith("-"))
        same = _same_names(self.names, rest)
        self._options = tuple(
            _word(each)
            for w in rest
            if w.startswith("-")
            for each in _options(w, same, whole=self.names[0] in _WHOLE)
        )

    def found_in(self, simple: Simple, words: Sequence[str]) -> bool:
        """Whether a command of a line is of this pattern, and what it reads as well.

        `words` are those of the command, as they are known.
        """
        if not self.matches(words):
            return False
        source = simple.piped
        while self.before and source is not None:
            if any(self.before.matches(w) for w in (source.words, *source.within)):
                return True
            source = source.piped
        return self.before is None

    def matches(self, words: Sequence[str]) -> bool:
        """Whether one simple command is of this pattern, whatever it reads."""
        called = names(words)
        if not any(fnmatch.fnmatchcase(c, n) for n in self.names for c in called):
            return False
        at = 1
        for wanted in self._rest:
            while at < len(words) and not wanted.match(words[at]):
                at += 1
            if at == len(words):
                return False
            at += 1
        return all(
            any(option.match(word) for word in words[1:]) for option in self._options
        )


def _same_names(programs: Sequence[str], rest: Sequence[str]) -> dict[str, str]:
    """Give the names of one option by its letter and by its long name."""
    below = next((w for w in rest if not w.startswith("-")), "")
    letters = _SAME.get(f"{programs[0]} {below}") or _SAME.get(programs[0], {})
    every = {f"-{letter}": choice for letter, choice in letters.items()}
    for choice in letters.values():
        every.update((n, choice) for n in choice.split("|") if n.startswith("--"))
    return every


def _options(word: str, same: dict[str, str], *, whole: bool) -> list[str]:
    """Give the choices of which a command must have one each: ``-rf`` is two of them."""
    letters = re.fullmatch(r"-([A-Za-z]{2,3})", word)
    if letters and not whole:
        return [same.get(f"-{x}", f"-{x}") for x in letters[1]]
    return ["|".join(dict.fromkeys(same.get(c, c) for c in word.split("|")))]


def _word(word: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_choice(c)})" for c in word.split("|")))


def _choice(choice: str) -> str:
    if re.fullmatch(r"-[A-Za-z]", choice):
        return rf"-[A-Za-z]*{choice[1]}[A-Za-z]*\Z"
    tail = r"(?:=.*)?" if choice.startswith("--") else ""
    body = fnmatch.translate(choice).replace(r"\z", r"\Z")
    return body.removesuffix(r"\Z") + tail + r"\Z"
