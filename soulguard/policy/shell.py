"""Owns reading a shell line: the simple commands it is made of, with their redirections.

The grammar is that of a POSIX shell (pubs.opengroup.org, Shell Command Language 2) as
far as it says what is started: quotes, substitutions, here-documents, keywords. Nothing
is expanded and nothing is run; what a wrapper starts is `wrappers`' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_BLANK = re.compile(r"[^\S\n]+|\\\n")
_PLAIN = re.compile(r"[^\s'\"\\$`;&|()<>#]+")
_REDIRECTION = re.compile(r"&>>?|\d*(?:<<<|<<-?|>>|<>|>\||[<>]&?)")
_NUMBER = re.compile(r"\d+(?=[<>])")
_SEPARATOR = re.compile(r"&&|\|\||;;&?|;&|\|&|[;&|\n()]")
_QUOTED = re.compile(r"(?:[^\"\\$`]|\$(?!\())+")
_BACKTICK = re.compile(r"`((?:[^`\\]|\\.)*)`", re.DOTALL)
_SINGLE = re.compile(r"'([^']*)'")
_LEADS = frozenset(
    ("then", "do", "else", "elif", "if", "while", "until", "!", "{", "}", "fi", "done",
     "esac")
)  # fmt: skip
"""Words of the grammar after which a command may begin."""
_HEADS = frozenset(("for", "select", "case", "function"))
"""Words of the grammar that begin a head, which starts nothing."""
_SAYING = frozenset(("echo", "printf"))
_DEPTH = 8
"""Substitutions inside each other that are followed."""


@dataclass(slots=True)
class Simple:
    """A simple command: its words, and `stdin`, the text it is given where it is said.

    `redirections` are operators with the file they name, `within` the words of the
    command that starts this one as its own argument: ``sudo`` of ``sudo rm x``. `piped`
    is the command whose output it reads, `group` the subshells it stands in, outermost
    first. `elsewhere`: it runs on another machine, in a container. `folder` is where it
    starts, for `started` to say.
    """

    words: list[str] = field(default_factory=list)
    redirections: list[tuple[str, str]] = field(default_factory=list)
    stdin: str = ""
    within: tuple[list[str], ...] = ()
    piped: Simple | None = None
    group: tuple[object, ...] = ()
    elsewhere: bool = False
    folder: str = ""


class _Unclosed(Exception):  # noqa: N818 - a turn of the reader, never seen outside
    """A quote or a substitution that has no end."""


def read(line: str) -> list[Simple]:
    """Give the simple commands of a shell line, those in substitutions after their own.

    A line with an unclosed quote is no line to a shell; it is read as if the quote were
    a letter, so that nothing in it is missed.
    """
    try:
        return _Reader(line, _DEPTH).read()
    except _Unclosed:
        return _Reader(re.sub(r"['\"`\\]|[$<>]\(", " ", line), _DEPTH).read()


class _Reader:
    """One pass over a line, from left to right."""

    def __init__(self, text: str, depth: int, group: tuple[object, ...] = ()) -> None:
        self._text = text
        self._group = group
        self._outermost = len(group)
        self._piped: Simple | None = None
        self._at = 0
        self._depth = depth
        self._found: list[Simple] = []
        self._nested: list[Simple] = []
        self._now = Simple()
        self._waiting: list[tuple[Simple, str, bool]] = []
        self._said = ""

    def read(self) -> list[Simple]:
        """Read to the end."""
        text = self._text
        while self._at < len(text):
            if blank := _BLANK.match(text, self._at):
                self._at = blank.end()
            elif text[self._at] == "#":
                end = text.find("\n", self._at)
                self._at = len(text) if end < 0 else end
            elif text.startswith(("<(", ">("), self._at):
                self._now.words.append(self._word())
            elif number := _NUMBER.match(text, self._at):
                self._redirect(number.end())
            elif _REDIRECTION.match(text, self._at):
                self._redirect(self._at)
            elif separator := _SEPARATOR.match(text, self._at):
                self._at = separator.end()
                self._end(separator[0])
            else:
                self._now.words.append(self._word())
        self._end("\n")
        return self._found

    # -- commands -----------------------------------------------------------------------

    def _end(self, separator: str) -> None:
        now, self._now = self._now, Simple()
        now.words = list(_bare(now.words))
        now.group, now.piped = self._group, self._piped
        self._piped = now if separator in ("|", "|&") else None
        if now.words:
            now.stdin = now.stdin or self._said
            said = now.words[1:] if now.words[0] in _SAYING else []
            self._said = " ".join(said) if separator in ("|", "|&") else ""
        if now.words or now.redirections:
            self._found.append(now)
        self._found.extend(self._nested)
        self._nested = []
        if separator == "\n":
            self._documents()
        elif separator == "(":
            self._group = (*self._group, object())
        elif separator == ")" and len(self._group) > self._outermost:
            self._group = self._group[:-1]

    def _redirect(self, at: int) -> None:
        found = _REDIRECTION.match(self._text, at)
        if found is None:  # the caller saw one
            return
        operator = found[0].lstrip("0123456789")
        self._at = found.end()
        while blank := _BLANK.match(self._text, self._at):
            self._at = blank.end()
        start = self._at
        word = self._word() if self._at < len(self._text) else ""
        if self._at == start:
            return
        if operator in ("<<", "<<-"):
            self._waiting.append((self._now, word, operator == "<<-"))
        elif operator == "<<<":
            self._now.stdin = word
        elif not (operator.endswith("&") and re.fullmatch(r"\d+|-", word)):
            self._now.redirections.append((operator, word))

    def _documents(self) -> None:
        """Take the here-documents that begin on the next line."""
        for simple, delimiter, indented in self._waiting:
            body = []
            while self._at < len(self._text):
                end = self._text.find("\n", self._at)
                end = len(self._text) if end < 0 else end
                line = self._text[self._at : end]
                self._at = end + 1
                if (line.lstrip("\t") if indented else line) == delimiter:
                    break
                body.append(line)
            simple.stdin = "\n".join(body)
        self._waiting = []

    # -- words ----------------------------------------------------------------------------

    def _word(self) -> str:
        parts: list[str] = []
        text = self._text
        while self._at < len(text):
            char = text[self._at]
            if plain := _PLAIN.match(text, self._at):
                self._at = plain.end()
                parts.append(plain[0])
            elif char == "#" and parts:
                self._at += 1
                parts.append(char)
            elif char == "'" or text.startswith("$'", self._at):
                parts.append(self._single())
            elif char == '"':
                parts.append(self._double())
            elif char == "\\":
                parts.append(text[self._at + 1 : self._at + 2].replace("\n", ""))
                self._at += 2
            elif char in "$`":
                parts.append(self._dollar())
            elif not parts and text.startswith(("<(", ">("), self._at):
                parts.append(self._substitution())
            else:
                break
        return "".join(parts)

    def _single(self) -> str:
        at = self._at + (self._text[self._at] == "$")
        found = _SINGLE.match(self._text, at)
        if found is None:
            raise _Unclosed
        self._at = found.end()
        return found[1]

    def _double(self) -> str:
        parts: list[str] = []
        text = self._text
        self._at += 1
        while self._at < len(text):
            char = text[self._at]
            if char == '"':
                self._at += 1
                return "".join(parts)
            if char == "\\":
                after = text[self._at + 1 : self._at + 2]
                parts.append(after if after in '"\\$`' else f"\\{after}")
                self._at += 2
            elif char == "`" or text.startswith("$(", self._at):
                parts.append(self._dollar())
            elif plain := _QUOTED.match(text, self._at):
                self._at = plain.end()
                parts.append(plain[0])
        raise _Unclosed

    def _dollar(self) -> str:
        text, start = self._text, self._at
        if text[start] == "`":
            found = _BACKTICK.match(text, start)
            if found is None:
                raise _Unclosed
            self._at = found.end()
            self._nest(re.sub(r"\\([`\\$])", r"\1", found[1]))
            return found[0]
        if text.startswith("$(", start):
            return self._substitution()
        self._at += 1
        return "$"

    def _substitution(self) -> str:
        """Read ``$(...)``, ``<(...)`` or ``>(...)``; give it as it stands."""
        start = self._at
        inner = start + 2
        self._at = end = _closing(self._text, inner)
        if not self._text.startswith("$((", start):  # arithmetic starts nothing
            self._nest(self._text[inner : end - 1])
        return self._text[start:end]

    def _nest(self, line: str) -> None:
        if self._depth:
            inside = (*self._group, object())
            self._nested.extend(_Reader(line, self._depth - 1, inside).read())


def _bare(words: list[str]) -> Iterator[str]:
    """Give the words without those of the grammar before them."""
    at = 0
    while at < len(words) and words[at] in _LEADS:
        at += 1
    if at < len(words) and words[at] not in _HEADS:
        yield from words[at:]


_MARKS = re.compile(r"'[^']*'|\\.|[\"()]", re.DOTALL)


def _closing(text: str, at: int) -> int:
    """Give the place after the parenthesis that closes the one before `at`."""
    quoted = [False]
    while mark := _MARKS.search(text, at):
        at = mark.end()
        said = mark[0]
        if said == '"':
            quoted[-1] = not quoted[-1]
        elif said.startswith("'") and quoted[-1]:
            at = mark.start() + 1
        elif said == "(" and (not quoted[-1] or text[mark.start() - 1] == "$"):
            quoted.append(False)  # a substitution has quotes of its own
        elif said == ")" and not quoted[-1]:
            quoted.pop()
            if not quoted:
                return at
    raise _Unclosed
