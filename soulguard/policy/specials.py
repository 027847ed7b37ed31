"""Owns the words of programs that no grammar describes: ``tar``, ``dd``, ``git``. Pure."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from dataclasses import dataclass

from soulguard.policy.contacts import is_remote
from soulguard.policy.finding import deleted
from soulguard.policy.grammars import DELETE, READ, WRITE
from soulguard.policy.operands import parted
from soulguard.policy.started import UNKNOWN
from soulguard.policy.wrappers import name_of

_GO_WITH = ("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path")


@dataclass(frozen=True, slots=True)
class Named:
    """A word that names a file, and what is done to it. `to`: where it is moved."""

    kind: str
    word: str
    to: str = ""


def special(words: list[str]) -> Iterator[Named] | None:
    """Give what such a program does to files; None where it is none."""
    program = name_of(words[0])
    if program == "find":
        return (Named(DELETE, name) for name in deleted(words))
    if program == "dd":
        return _converted(words)
    return _packed(words) if program in ("tar", "gtar", "bsdtar") else None


def plain_git(words: list[str], folder: str) -> tuple[list[str], str]:
    """Give a command of ``git`` as a program of its own, and the folder it works in."""
    if name_of(words[0]) != "git":
        return words, folder
    at = 1
    while at < len(words) and words[at].startswith("-"):
        if words[at] == "-C" and words[at + 1 :]:
            at_once = os.path.isabs(words[at + 1]) or folder != UNKNOWN
            folder = os.path.join(folder, words[at + 1]) if at_once else UNKNOWN
        at += 2 if words[at] in _GO_WITH else 1
    rest = words[at:]
    if rest[:1] == ["checkout"] and "--" in rest:
        return ["git checkout --", *rest[rest.index("--") :]], folder
    return [f"git {' '.join(rest[:1])}", *rest[1:]], folder


def _converted(words: list[str]) -> Iterator[Named]:
    for word in words[1:]:
        name, _, value = word.partition("=")
        if name in ("if", "of") and value:
            yield Named(READ if name == "if" else WRITE, value)


_TAR = frozenset(
    ("-f", "-C", "-b", "-T", "-X", "-g", "-K", "-N", "-H", "-V", "-L", "-F", "-I",
     "--file", "--directory", "--exclude", "--transform", "--exclude-from",
     "--files-from", "--use-compress-program", "--strip-components", "--owner",
     "--group", "--mtime", "--mode", "--format", "--label")
)  # fmt: skip


def _packed(words: list[str]) -> Iterator[Named]:
    """Give what ``tar`` does: the archive, what goes in, the folder it is unpacked to."""
    if words[1:] and not words[1].startswith("-"):
        words = [words[0], f"-{words[1]}", *words[2:]]
    options, operands = parted(words, _TAR.__contains__)
    given = {name for name, _ in options}
    last = dict(options)
    archive = last.get("--file") or last.get("-f", "")
    into = last.get("--directory") or last.get("-C", "")
    writes = bool(given & {"-c", "-r", "-u", "--create", "--append", "--update"})
    if archive not in ("", "-") and not is_remote(archive):
        yield Named(WRITE if writes else READ, archive)
    if writes:
        kinds = READ + DELETE if "--remove-files" in given else READ
        names = [os.path.join(into, name) for name in operands]
        yield from (Named(kind, name) for name in names for kind in kinds)
    elif into and given & {"-x", "--extract", "--get"}:
        yield Named(WRITE, into)
