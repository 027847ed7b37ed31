"""Owns what a command line itself says it does to files: ``cat .env``, ``> out/a``.

Redirections, and the operands of the programs in `grammars`. What a program does without
saying so is not seen here, and what stands behind a variable is not known. Pure: what
the disk says is told by a `Sight`.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from soulguard.model import Effect, EffectKind
from soulguard.policy.contacts import contacted, downloads, is_remote
from soulguard.policy.finding import fed
from soulguard.policy.grammars import (
    APPEND,
    CARRIED,
    DELETE,
    GRAMMARS,
    LINK,
    MOVE,
    READ,
    WRITE,
    Grammar,
)
from soulguard.policy.operands import Option, parted
from soulguard.policy.shell import Simple
from soulguard.policy.sight import BLIND, Sight
from soulguard.policy.specials import Named, plain_git, special
from soulguard.policy.started import UNKNOWN
from soulguard.policy.wrappers import name_of

_OPERATORS = {
    ">": WRITE, ">|": WRITE, "&>": WRITE, ">&": WRITE, "<>": READ + WRITE,
    ">>": APPEND, "&>>": APPEND, "<": READ,
}  # fmt: skip
_DONE = {
    READ: (EffectKind.FILE_READ, "read"), WRITE: (EffectKind.FILE_WRITE, "write"),
    APPEND: (EffectKind.FILE_APPEND, "append to"),
    DELETE: (EffectKind.FILE_DELETE, "delete"),
    MOVE: (EffectKind.FILE_RENAME, "move"),
    LINK: (EffectKind.FILE_WRITE, "give a second name to"),
}  # fmt: skip
_STREAMS = re.compile(
    r"/dev/(?:null|zero|full|u?random|tty|std(?:in|out|err)|fd/\d+)\Z"
)
_HOME, _HERE = re.compile(r"\$HOME\b|\$\{HOME\}"), re.compile(r"\$PWD\b|\$\{PWD\}")
_GLOB = re.compile(r"[*?\[]")
_ABOUT = frozenset(("--help", "--version"))
_DOTS = ("", ".", "..", "**")
"""Names that a file does not keep where it goes."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One effect that a line names, and what it does there: ``delete``.

    `glob`: the target may stand for several paths. `below`: it is not about the target
    but about all below it.
    """

    effect: Effect
    does: str
    glob: bool = False
    below: bool = False


def touched(line: Sequence[Simple], sight: Sight = BLIND) -> Iterator[Touch]:
    """Give what the simple commands of a line do to files and hosts, in their order."""
    reader = _Line(sight)
    for simple in line:
        if not simple.elsewhere:
            yield from reader.touches(simple)
        yield from (
            Touch(e, "call" if e.method else "contact") for e in contacted(simple)
        )


@dataclass(frozen=True, slots=True)
class _Given:
    """What one program is given, by its grammar; `folder` is where it starts."""

    grammar: Grammar
    options: list[Option]
    operands: list[str]
    folder: str

    def has(self, names: Container[str]) -> bool:
        """Whether one of some options is given."""
        return any(name in names for name, _ in self.options)

    @property
    def each(self) -> str:
        """What is done to each operand."""
        under = self.grammar.under
        return next(
            (under[n] for n, _ in self.options if n in under), self.grammar.each
        )

    @property
    def target(self) -> str:
        """Where the operands go, empty where they stay."""
        named = next((v for n, v in self.options if n in self.grammar.target), "")
        last = self.operands[-1] if self.grammar.last and self.operands[1:] else ""
        return named or last

    @property
    def sources(self) -> list[str]:
        """What goes to the target."""
        named = self.has(self.grammar.target)
        return self.operands if named else self.operands[:-1]


class _Line:
    """A line read from left to right: links that it makes are followed after that."""

    def __init__(self, sight: Sight) -> None:
        self._sight = sight
        self._links: dict[str, str] = {}

    def touches(self, simple: Simple) -> Iterator[Touch]:
        """Give the touches of one simple command."""
        for operator, word in simple.redirections:
            for kind in _OPERATORS.get(operator, ""):
                yield from self._touch(Named(kind, word), simple.folder)
        words, folder = plain_git(fed(simple), simple.folder)
        for each in special(words) or self._operands(words, folder):
            yield from self._touch(each, folder)

    # -- words --------------------------------------------------------------------------

    def _operands(self, words: list[str], folder: str) -> Iterator[Named]:
        grammar = GRAMMARS.get(words[0]) or GRAMMARS.get(name_of(words[0]))
        if grammar is None:
            return
        valued = grammar.takes | grammar.target | grammar.files.keys()
        options, operands = parted(words, valued.__contains__, grammar.attached)
        given = {name for name, _ in options}
        if given & (grammar.nothing | _ABOUT):
            return
        for name, value in options:
            yield from _valued(grammar.files.get(name, ""), value)
        for name in downloads(words[0], options, operands):
            yield Named(WRITE, name)
        operands = [o for o in operands if o and o != "-"]
        if grammar.leading and not given & grammar.instead:
            leads, operands = operands[: grammar.leading], operands[grammar.leading :]
            yield from (Named(kind, o) for o in leads for kind in grammar.lead)
        call = _Given(grammar, options, operands[: grammar.most], folder)
        yield from self._done(call)
        if not call.each and name_of(words[0]) == "ln":
            self._link(call)

    def _done(self, call: _Given) -> Iterator[Named]:
        """Give what is done to the operands, and to where they go."""
        pairs = list(self._destinations(call))
        to = dict(pairs)
        places = dict.fromkeys(place for _, place in pairs)
        yield from (Named(call.grammar.last, place) for place in places)
        for name in call.sources if call.target else call.operands:
            if not (call.grammar.apart and is_remote(name)):
                yield from (Named(kind, name, to.get(name, "")) for kind in call.each)
                if call.has(call.grammar.below):
                    yield from (Named(kind, f"{name}/**") for kind in call.each)

    def _destinations(self, call: _Given) -> Iterator[tuple[str, str]]:
        """Give each source with where it goes: the target, or its name in that folder.

        Whether the target is a folder may be unknown: then it is both.
        """
        target, inside = call.target, self._is_folder(call)
        if not target or (call.grammar.apart and is_remote(target)):
            return
        for source in call.sources:
            remote = call.grammar.apart and is_remote(source)
            here = source.rpartition(":")[2] if remote else source
            name = os.path.basename(here.rstrip("/"))
            if not inside or name in _DOTS:
                yield source, target
            if inside is not False and name not in _DOTS:
                yield source, os.path.join(target, name)

    def _is_folder(self, call: _Given) -> bool | None:
        grammar = call.grammar
        if grammar.paired or call.has(grammar.plain):
            return False
        several = len(call.sources) > 1
        if several or call.has(grammar.target) or _is_folder(call.target):
            return True
        path = self._path(call.target, call.folder)
        return self._sight.folder(path) if path else None

    def _link(self, call: _Given) -> None:
        """Follow the symbolic links that the line makes from here on."""
        for source, place in self._destinations(call):
            if link := self._path(place, call.folder):
                to = os.path.join(os.path.dirname(link), os.path.expanduser(source))
                self._links[link] = os.path.normpath(to)

    # -- paths --------------------------------------------------------------------------

    def _touch(self, named: Named, folder: str) -> Iterator[Touch]:
        word = named.word.removesuffix("/**")
        entry = self._path(word, folder)
        if not entry or _STREAMS.match(entry):
            return
        kind, does = _DONE[named.kind]
        taken = named.kind in (DELETE, MOVE)
        path = self._followed(entry, whole=not taken)
        to = self._path(named.to, folder) if taken and named.to else ""
        effect = Effect(kind, path, details={"to": self._followed(to)} if to else {})
        glob = _GLOB.search(path) is not None
        if word == named.word:
            yield Touch(effect, does, glob)
            if named.kind == LINK:
                yield Touch(Effect(EffectKind.FILE_READ, path), does, glob)
        # of a link that is taken away, what it leads to stays
        stays = taken and self._sight.real(path) != path
        if (word != named.word or named.kind == MOVE) and not stays:
            yield Touch(effect, does, glob, below=True)

    def _path(self, word: str, folder: str) -> str:
        """Give the path a word names, empty where that is not known."""
        path = _HERE.sub(lambda _: folder or "$", word)
        path = os.path.expanduser(_HOME.sub(lambda _: os.path.expanduser("~"), path))
        if "$" in path or "`" in path or "\0" in path or path.startswith("~"):
            return ""
        if folder == UNKNOWN and not path.startswith("/"):
            return ""
        return os.path.normpath(os.path.join(folder, path))

    def _followed(self, path: str, *, whole: bool = True) -> str:
        """Give where a path leads; its last part is followed with `whole` alone."""
        for link, target in self._links.items():
            if path.startswith(f"{link}/") or (whole and path == link):
                path = target + path[len(link) :]
        if whole:
            return self._sight.real(path)
        head, name = os.path.split(path)
        return os.path.join(self._sight.real(head), name)


def _is_folder(word: str) -> bool:
    return word.endswith("/") or os.path.basename(word) in _DOTS


def _valued(kinds: str, value: str) -> Iterator[Named]:
    """Give what is done to the file that the value of an option names."""
    if kinds != CARRIED:
        yield from (Named(kind, value) for kind in kinds if value not in ("", "-"))
        return
    for part in (value, value.partition("=")[2]):
        name = part.partition(";")[0]
        if name.startswith(("@", "<")) and name not in ("@-", "<-"):
            yield Named(READ, name[1:])
