"""Owns taking a sentence apart into words with tags, statements and asides.

A statement is what stands between strong marks (``;``, a dash, an arrow, a colon). What
stands in parentheses is an aside of the statement before it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from soulguard.soul import lexicon
from soulguard.soul.lexicon import Tags
from soulguard.soul.literals import Kind, Literal, find

_TOKEN = re.compile(
    r"\x00\d+\x00|'s\b|\$?\d(?:[\d,]*\d)?(?:\.\d+)?[kKmM%]?(?:[-\u2013]\d+)?(?:[A-Za-z]+)?|"
    r"[A-Za-z\u00c0-\u024f][\w'/&-]*(?:\.[\w'-]+)*|--?[a-z][\w-]*|->|=>|\S"
)
_STRONG = frozenset(
    (";", ":", "\u2014", "\u2013", "--", "\u2192", "->", "=>", "-", ".", "!", "?", "|")
)
_NEGATIONS = frozenset(
    ("never", "do not", "don't", "must not", "must never", "cannot", "can't", "should not",
     "shouldn't", "may not", "will not", "won't", "always", "should never", "will never",
     "not allowed to", "not for", "not meant for", "not yours to", "isn't yours to",
     "is not yours to", "aren't yours to", "are not yours to")
)  # fmt: skip
_EMPTY: Tags = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """A word or phrase with its tags, a literal, a number or a mark."""

    text: str
    tags: Tags = _EMPTY
    literal: Literal | None = None
    number: bool = False

    def has(self, tag: str) -> bool:
        """Whether the item carries a tag."""
        return tag in self.tags

    def of(self, kind: str) -> frozenset[str]:
        """Give the names the item carries under a kind of tag."""
        return _of(self.tags, kind)

    @property
    def mark(self) -> bool:
        """Whether the item is punctuation."""
        return not self.text[:1].isalnum() and self.literal is None and not self.number

    @property
    def unknown(self) -> bool:
        """Whether it is a word nobody knows."""
        return not self.tags and not self.mark and self.literal is None


@functools.cache
def _of(tags: Tags, kind: str) -> frozenset[str]:
    mark = kind + ":"
    return frozenset(t[len(mark) :] for t in tags if t.startswith(mark))


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of a sentence, the items in its parentheses, and the mark after it."""

    items: tuple[Item, ...]
    aside: tuple[Item, ...] = ()
    after: str = ""

    @property
    def text(self) -> str:
        """The words in order."""
        return " ".join(i.literal.text if i.literal else i.text for i in self.items)


_SUBJECTS = ("i", "you", "we", "they", "it")
_FORBIDS = Item("not", frozenset(("mod:deny",)))


def items(plain: str) -> list[Item]:
    """Give the words of a plain text with their tags."""
    found = find(plain)
    text, at = [], 0
    for number, literal in enumerate(found):
        if literal.start < at:
            continue
        text += [plain[at : literal.start], f" \x00{number}\x00 "]
        at = literal.end
    text.append(plain[at:])
    words = [m[0] for m in _TOKEN.finditer("".join(text))]
    return list(_tagged(words, found))


def _tagged(words: list[str], found: list[Literal]) -> Iterator[Item]:
    low = [w.lower() for w in words]
    at = 0
    while at < len(words):
        word = words[at]
        if word.startswith("\x00"):
            yield _literal(found[int(word.strip("\x00"))])
            at += 1
            continue
        size, tags = lexicon.tags_at(low, at)
        if size:
            yield Item(" ".join(low[at : at + size]), tags)
            at += size
        elif word[0].isdigit() or (word[0] == "$" and word[1:2].isdigit()):
            yield Item(low[at], number=True)
            at += 1
        else:
            yield from _slashed(low[at])
            at += 1


def _literal(literal: Literal) -> Item:
    # A code span that is a word of ours keeps its meaning: `trash`, `main`, `deploy`
    tags = _EMPTY
    if literal.kind in (Kind.WORD, Kind.COMMAND):
        words = literal.text.lower().lstrip("/").split()
        size, found = lexicon.tags_at(words, 0) if words else (0, _EMPTY)
        tags = found if size == len(words) else _EMPTY
    return Item(literal.text.lower(), tags, literal)


def _slashed(word: str) -> Iterator[Item]:
    """Take ``write/edit`` apart where both halves are words of ours."""
    parts = word.split("/")
    if len(parts) > 1 and all(lexicon.tags_at([p], 0)[0] for p in parts if p):
        for at, part in enumerate(p for p in parts if p):
            if at:
                yield Item("or", frozenset(("neutral",)))
            yield Item(part, lexicon.tags_at([part], 0)[1])
    else:
        yield Item(word)


def statements(found: list[Item]) -> list[Statement]:
    """Take the words of a sentence apart into statements."""
    out: list[Statement] = []
    run: list[Item] = []
    aside: list[Item] = []
    depth = 0
    for at, item in enumerate(found):
        if item.text in ("(", "[") and item.mark:
            depth += 1
        elif item.text in (")", "]") and item.mark:
            depth = max(depth - 1, 0)
        elif depth:
            aside.append(item)
        elif (item.mark and item.text in _STRONG) or _turns(run, found, at):
            if run:
                out.append(Statement(tuple(run), tuple(aside), item.text))
            first = _FORBIDS if item.text in ("but not", "not") else item
            run, aside = ([] if item.mark else [first]), []
        else:
            run.append(item)
    if run or aside:
        out.append(Statement(tuple(run), tuple(aside)))
    return out


def _acts(found: list[Item], at: int) -> bool:
    """Whether a verb stands here: ``read it but not change it``, two statements."""
    return at < len(found) and bool(found[at].of("act")) and not found[at].of("obj")


def _turns(run: list[Item], found: list[Item], at: int) -> bool:
    """Whether a comma or `but` before a negation starts a statement of its own."""
    if run and found[at].text == "but not":
        return _acts(found, at + 1)
    if run and found[at - 1].text == "," and found[at].text == "but":
        return _acts(found, at + 1)  # "read it, but write nothing there"
    contrasts = found[at - 1].text == "but" and found[at - 2].text == ","
    if run and contrasts and found[at].text in ("it", "they", "this", "that"):
        return True
    if run and found[at].text == "not" and found[at - 1].text == ",":
        may = any(i.has("mod:allow") for i in run)
        return may and _acts(found, at + 1)  # "may be read, not changed"
    if run and found[at - 1].text == "," and found[at].text == "no":
        return any(i.of("act") or i.literal for i in run)  # "log it, no message"
    joined = found[at - 1].text in (",", "and", "but") if run else False
    if found[at].text in _SUBJECTS and joined:
        return at + 1 < len(found) and found[at + 1].text in _NEGATIONS
    if not run or found[at].text not in _NEGATIONS:
        return False
    before = found[at - 1].text
    opens = run[0].has("rel:when") or run[0].text in ("without", "unless", "until")
    if opens and "," not in [i.text for i in run[:-1]]:
        return False  # "When in doubt, don't": the condition is of this statement
    if before in ("and", "but") and at > 1:
        return True
    return before == ","
