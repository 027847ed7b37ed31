"""Owns parting a program's words into options and operands, as getopt(3) does.

Which options have values is `grammars`' to say. An option that is not known has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Option = tuple[str, str]
"""An option by its name, and its value; without one it is empty."""


def parted(
    words: Sequence[str],
    takes: Callable[[str], bool],
    attached: frozenset[str] = frozenset(),
) -> tuple[list[Option], list[str]]:
    """Give the options and the operands of a program, without its name.

    `takes` says of an option (``-n``, ``--lines``) whether it has a value, `attached`
    are those that have the rest of their own word as one and never the next.
    """
    options: list[Option] = []
    operands: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        if word == "--":
            operands.extend(rest)
        elif word.startswith("--"):
            options.append(_long(word, rest, takes))
        elif word.startswith("-") and len(word) > 1:
            options.extend(_letters(word, rest, takes, attached))
        else:
            operands.append(word)
    return options, operands


def _long(word: str, rest: Iterator[str], takes: Callable[[str], bool]) -> Option:
    name, equals, value = word.partition("=")
    if not equals and takes(name):
        value = next(rest, "")
    return name, value


def _letters(
    word: str,
    rest: Iterator[str],
    takes: Callable[[str], bool],
    attached: frozenset[str],
) -> Iterator[Option]:
    for at, letter in enumerate(word[1:], 2):
        name = f"-{letter}"
        if name in attached:
            yield name, word[at:]
            return
        if takes(name):
            yield name, word[at:] or next(rest, "")
            return
        yield name, ""
