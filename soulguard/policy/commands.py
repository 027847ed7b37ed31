"""Owns command lines: taking one apart, and matching it against patterns of words.

A pattern is words: the first names the program, the others must occur among the
arguments in that order, with anything between. A word may be a glob and a choice
(``-f|--force*``); ``-f`` also finds itself inside ``-xf``. A leading ``*`` stands for
any program. Wrappers (``sudo``, ``env``, ``nohup``, ``sh -c``) are looked through, and
still found by a pattern that names them. Runs nothing.
"""

from __future__ import annotations

import fnmatch
import os.path
import re
import shlex
from collections.abc import Iterator, Sequence

_WRAPPERS = frozenset(
    ("sudo", "doas", "env", "nohup", "nice", "ionice", "time", "timeout", "stdbuf",
     "setsid", "xargs", "command", "exec", "builtin", "chroot", "unshare", "strace")
)  # fmt: skip
_SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh", "fish", "ash"))
_SEPARATORS = re.compile(r"(\|\||&&|[;&|\n()]|(?<!\\)`|\$\()")
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_DEPTH = 4


def simple_commands(target: str, argv: Sequence[str] = ()) -> list[list[str]]:
    """Take a command line apart into the simple commands it would start.

    Every wrapper gives one more command: ``sudo rm x`` is ``sudo rm x`` and ``rm x``.
    `argv` is used where it is known, `target` is read as a shell line otherwise.
    """
    words = [list(argv)] if argv else list(_shell_line(target))
    return [c for w in words for c in _unwrap(w, _DEPTH)]


def _shell_line(line: str) -> Iterator[list[str]]:
    try:
        lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&\n`")
        lexer.whitespace, lexer.commenters = " \t\r", ""
        tokens = list(lexer)
    except ValueError:  # an unclosed quote: take it apart without quoting
        tokens = [t for t in _SEPARATORS.sub(r" \1 ", line).split(" ") if t]
    words: list[str] = []
    for token in tokens:
        if _SEPARATORS.match(token) or token in ("$(", "$"):
            if words:
                yield words
            words = []
        else:
            words.append(token)
    if words:
        yield words


def _unwrap(words: list[str], depth: int) -> Iterator[list[str]]:
    while words and _ASSIGNMENT.match(words[0]):
        words = words[1:]
    if not words:
        return
    yield words
    name = program(words[0])
    if depth == 0:
        return
    if name in _SHELLS:
        for at, word in enumerate(words[1:], 1):
            if re.fullmatch(r"-[a-z]*c", word) and at + 1 < len(words):
                for inner in _shell_line(words[at + 1]):
                    yield from _unwrap(inner, depth - 1)
                return
    elif name in _WRAPPERS:
        rest = words[1:]
        while rest and (
            rest[0].startswith("-")
            or _ASSIGNMENT.match(rest[0])
            or re.fullmatch(r"[\d.]+[smhd]?", rest[0])
        ):
            rest = rest[1:]
        yield from _unwrap(rest, depth - 1)


def program(word: str) -> str:
    """Give the program's name as a pattern would write it."""
    return os.path.basename(word).lower() if word else ""


class CommandPattern:
    """One compiled pattern of words."""

    __slots__ = ("_rest", "names", "text")

    def __init__(self, text: str) -> None:
        words = text.split() or ["*"]
        self.text = text
        self.names = tuple(n.lower() for n in words[0].split("|"))
        self._rest = tuple(_word(w) for w in words[1:])

    def matches(self, words: Sequence[str]) -> bool:
        """Whether one simple command is of this pattern."""
        name = program(words[0])
        if not any(fnmatch.fnmatchcase(name, n) for n in self.names):
            return False
        at = 1
        for wanted in self._rest:
            while at < len(words) and not wanted.match(words[at]):
                at += 1
            if at == len(words):
                return False
            at += 1
        return True


def _word(word: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_choice(c)})" for c in word.split("|")))


def _choice(choice: str) -> str:
    if re.fullmatch(r"-[A-Za-z]", choice):
        return rf"-[A-Za-z]*{choice[1]}[A-Za-z]*\Z"
    tail = r"(?:=.*)?" if choice.startswith("--") else ""
    body = fnmatch.translate(choice).replace(r"\z", r"\Z")
    return body.removesuffix(r"\Z") + tail + r"\Z"
