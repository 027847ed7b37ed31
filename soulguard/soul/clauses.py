"""Owns sentences: blocks in, clauses out, each with its exact place and its context.

A sentence ends where people end one: file names, versions, abbreviations and numbers do
not. Meaning is not looked at here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from soulguard.model import Span
from soulguard.soul.blocks import Block, Line

# After the mark: closing marks, a space, and something a sentence starts with
_END = re.compile(
    r"(?<=[^\s.!?])[.!?]+(?:[\"')\]\u201d\u2019*_`]*)"
    r"(?=\s+[\"'(\[\u201c\u2018*_`#]*[^\sa-z,;:)\]\u2014\u2013\u2192<-])"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?i:e\.g|i\.e|etc|vs|cf|approx|no|nr|incl|mr|mrs|ms|dr|st|inc|ltd|a\.k\.a)"
    r"|\b[A-Z])\.\Z"
)
_CUT = re.compile(r"\b(?i:max|min|ca)\.\Z")
_AMOUNT = re.compile(r"\s*[\d$\u20ac\u00a3]")
"""Behind a word that is cut short (``max. 180 EUR``) no sentence begins."""
_NUMBERING = re.compile(r"\s*[\"'(*_]*\d+[.)]\Z")
_ANSWER = re.compile(
    r"\s+(?i:(?:always )?(?:ask|confirm|check (?:in )?w(?:ith|/)|ping|talk to|run (?:it|that|this|them) (?:by|past)|"
    r"get (?:approval|an? |my |the )|wait for|only (?:with|after)|not without|needs? (?:an? |my |approval))\b|"
    r"(?:never|no)[.!])"
)
_MARKER = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s+(?=\S)")
_MARKS = ("\u274c", "\u2705", "\U0001f6ab", "\u26d4", "\u2714", "\u2713")
_PROSE = ("", "text", "txt", "plain", "md", "markdown")
_FENCES = ("```", "~~~")
_ITEMS, _ITEM = 24, 200
"""Items of a list, and letters of each, that are told to one another."""
_SHORT = 50
"""A line shorter than this was not wrapped: what follows begins something new."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence and what stands around it.

    `text` is as written, without list and heading marks; wrapped lines are joined by
    one blank. `block` numbers the block it came from, `index` its place in there,
    `items` are the items of the list it belongs to, none where they are very many.
    """

    text: str
    span: Span
    kind: str
    headings: tuple[str, ...]
    leads: tuple[str, ...]
    block: int
    index: int
    cells: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


def clauses(found: Iterable[Block], file: str) -> Iterator[Clause]:
    """Give the sentences of all blocks that hold prose.

    A fence that names no language may hold prose: its sentences have the kind `code`.
    """
    for number, (block, items) in enumerate(_lists(found)):
        if block.kind == "html" or (block.kind == "code" and block.info not in _PROSE):
            continue
        if block.kind in ("table", "front-matter"):
            yield _whole(block, number, file)
        else:
            yield from _sentences(block, number, file, items)


def _lists(found: Iterable[Block]) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """Give each block with the items of the list it stands in."""
    for key, together in itertools.groupby(found, lambda b: (b.kind, b.leads, b.level)):
        run = list(together)
        listed = key[0] == "list" and len(run) <= _ITEMS
        items = tuple(block.text[:_ITEM] for block in run) if listed else ()
        yield from ((block, items) for block in run)


def _whole(block: Block, number: int, file: str) -> Clause:
    text = block.lines[0].text
    span = _span(block.lines, 0, len(text), file)
    return Clause(
        text, span, block.kind, block.headings, block.leads, number, 0,
        block.cells, block.head,
    )  # fmt: skip


def _sentences(
    block: Block, number: int, file: str, items: tuple[str, ...]
) -> Iterator[Clause]:
    index = 0
    for lines in _runs(block.lines):
        text = " ".join(line.text for line in lines)
        for start, end in split(text):
            yield Clause(
                text[start:end], _span(lines, start, end, file), block.kind,
                block.headings, block.leads, number, index, items=items,
            )  # fmt: skip
            index += 1


def _runs(lines: tuple[Line, ...]) -> Iterator[tuple[Line, ...]]:
    """Take lines apart where the author broke them on purpose, not by wrapping."""
    run: list[Line] = []
    width = max(len(line.text) for line in lines) if lines else 0
    for line in _outside_fences(lines):
        marker = _MARKER.match(line.text) if run else None
        if run and (marker or _broken(run[-1].text, line.text, width)):
            yield tuple(run)
            run = []
        run.append(_after(line, marker.end()) if marker else line)
    if run:
        yield tuple(run)


def _after(line: Line, skip: int) -> Line:
    return Line(line.text[skip:], line.line, line.column + skip)


def _outside_fences(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Leave out code that is indented too far for Markdown to see its fence."""
    fenced = False
    for line in lines:
        mark = line.text.lstrip().startswith(_FENCES)
        if mark:
            fenced = not fenced
        elif not fenced:
            yield line


def _broken(before: str, after: str, width: int) -> bool:
    """Whether a line ends on purpose: its next word would have fitted on it."""
    begin = after.lstrip()
    if before.endswith(("  ", "\\")) or begin.startswith(("**", *_MARKS)):
        return True
    if before.endswith(":") and begin.startswith("`"):
        return True
    fits = len(before) + 1 + len(begin.partition(" ")[0]) <= width
    room = len(before) < _SHORT or (fits and not before.endswith(":"))
    return room and begin[:1].isupper()


def split(text: str) -> list[tuple[int, int]]:
    """Give the (start, end) of each sentence of a text."""
    spans, start, ticks, seen = [], 0, 0, 0
    for match in _END.finditer(text):
        at = match.start()
        ticks += text.count("`", seen, at)
        seen = at
        if ticks % 2 or _ABBREVIATION.search(text[max(start, at - 12) : at + 1]):
            continue
        if _CUT.search(text[start : at + 1]) and _AMOUNT.match(text, match.end()):
            continue
        if text[at] == "?" and _ANSWER.match(text, match.end()):
            continue  # "Posting publicly? Ask first."
        if at - start < 8 and _NUMBERING.match(text[start : at + 1]):
            continue
        spans.append((start, match.end()))
        start, ticks, seen = match.end(), 0, match.end()
    spans.append((start, len(text)))
    return [s for s in (_trim(text, *pair) for pair in spans) if s[0] < s[1]]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _span(lines: tuple[Line, ...], start: int, end: int, file: str) -> Span:
    first, last = _place(lines, start), _place(lines, max(end - 1, start))
    return Span(file, first[0], first[1], last[0], last[1] + 1)


def _place(lines: tuple[Line, ...], offset: int) -> tuple[int, int]:
    for line in lines:
        if offset <= len(line.text):
            return line.line, line.column + offset
        offset -= len(line.text) + 1
    return lines[-1].line, lines[-1].column + len(lines[-1].text)
