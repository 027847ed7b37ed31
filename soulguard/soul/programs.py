"""Owns commands as a sentence names them: which words name a program, and its pattern.

Code may name any program, bare words only one that everybody knows. What is said of the
command is the families' business.
"""

from __future__ import annotations

import functools

from soulguard.soul import lexicon, literals

_GIT = frozenset(("commit", "push", "merge", "rebase"))
"""Verbs that are commands of git."""


def pattern(text: str) -> str:
    """Give the pattern of a command as it is named, empty where it names none.

    `text` is code in backticks or bare words.
    """
    code = text.startswith("`")
    words = text.strip("`").rstrip(".").split()
    if not words:
        return ""
    if len(words) == 1 and words[0] in _GIT:
        return f"git {words[0]}"
    if not (code or is_program(words[0])):
        return ""
    # what is started is known by its name, wherever it lies
    return " ".join((words[0].rpartition("/")[2] or words[0], *words[1:]))


def is_program(word: str) -> bool:
    """Whether a bare word, where a command is named, is a program's name."""
    return literals.is_any_program(word) or word in _known()


@functools.cache
def _known() -> frozenset[str]:
    lines = (line for group in lexicon.classes()["commands"].values() for line in group)
    names = (name for line in lines for name in line.split()[0].split("|"))
    return frozenset(name for name in names if name.isascii() and "*" not in name)
