"""Owns Markdown: a text in, its blocks out, each with its lines, headings and lead-ins.

Only block structure is asked of markdown-it; inline marks stay in the text, so every
letter keeps its line and column. What the words mean is not looked at here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

MAX_NESTING = 24
_TITLE = 60
"""A paragraph shorter than this, without a full stop, is a title of what follows."""
_FENCE_OPEN = re.compile(r"\s*(?:`{3,}|~{3,})")
_BOLD_ONLY = re.compile(r"(\*\*|__)(?!\s)(?:(?!\1).)+\1:?\s*\Z")


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of one source line; `line` and `column` count from 1."""

    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Block:
    """One block of text.

    `kind` is para, list, heading, table, quote, code, html or front-matter. `headings`
    are the headings it stands under, outermost first. `leads` are the lines it hangs
    on, nearest last: the parent list items and the paragraph that introduces the list.
    `info` is the word after a fence, `cells` the cells of a table row, `head` those of
    the table's first row.
    """

    kind: str
    lines: tuple[Line, ...]
    headings: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    info: str = ""
    cells: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    level: int = 0

    @property
    def text(self) -> str:
        """The block's words on one line."""
        return " ".join(line.text for line in self.lines)


@functools.cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    parser.core.ruler.disable(["inline", "text_join"])
    # A wish in a setext heading or an indented line is still a wish: only fences are code
    parser.disable(["code", "lheading", "reference"])
    return parser


def blocks(text: str) -> Iterator[Block]:
    """Give the blocks of a Markdown text in order."""
    lines = text.split("\n")
    front = _front_matter(lines)
    for number in range(1, front - 1):
        yield Block("front-matter", (Line(lines[number], number + 1, 1),))
    body = "\n" * front + "\n".join(lines[front:])
    yield from _Walk(lines).run(_parser().parse(body))


def _front_matter(lines: list[str]) -> int:
    """Give the number of lines a front matter takes with its marks, 0 for none."""
    if not lines or lines[0].rstrip() != "---":
        return 0
    for number, line in enumerate(lines[1:200], 2):
        if line.rstrip() in ("---", "..."):
            return number
    return 0


class _Walk:
    """Walks the tokens, remembering what stands above each block."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.headings: list[tuple[int, str]] = []
        self.items: list[str] = []
        self.intros: list[str] = []
        self.quotes = 0
        self.intro = ""
        self.head: tuple[str, ...] = ()
        self.cells: list[str] = []
        self.in_head = False
        self.row = 0

    def run(self, tokens: list[Any]) -> Iterator[Block]:
        """Give the blocks of a token stream."""
        opened: Any = None
        for token in tokens:
            kind = token.type
            if kind == "inline":
                if opened.type in ("th_open", "td_open"):
                    self.cells.append(token.content)
                else:
                    yield self._inline(token, opened)
            elif kind in ("fence", "code_block", "html_block"):
                yield self._raw(token)
            elif kind == "tr_close":
                yield self._row()
            elif token.nesting == 1:
                opened = token
                self._enter(token)
            elif token.nesting == -1:
                self._leave(kind)

    def _enter(self, token: Any) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            self.intros.append(self.intro)
            self.intro = ""
        elif token.type == "list_item_open":
            self.items.append("")
        elif token.type == "blockquote_open":
            self.quotes += 1
        elif token.type == "tr_open":
            self.row, self.cells = token.map[0], []
        elif token.type == "table_open":
            self.head = ()
        elif token.type == "thead_open":
            self.in_head = True

    def _leave(self, kind: str) -> None:
        if kind in ("bullet_list_close", "ordered_list_close"):
            self.intros.pop()
            self.intro = ""
        elif kind == "list_item_close":
            self.items.pop()
        elif kind == "blockquote_close":
            self.quotes -= 1
        elif kind == "thead_close":
            self.in_head = False

    def _leads(self) -> tuple[str, ...]:
        chain = []
        for depth, intro in enumerate(self.intros):
            above = self.items[depth - 1] if depth else ""
            chain += [lead for lead in (above, intro) if lead]
        return tuple(dict.fromkeys(chain))

    def _inline(self, token: Any, opened: Any) -> Block:
        lines = tuple(self._lines(token))
        titles = tuple(t for _, t in self.headings)
        text = " ".join(line.text for line in lines)
        if opened.type == "heading_open":
            level = int(opened.tag[1])
            while self.headings and self.headings[-1][0] >= level:
                self.headings.pop()
            self.headings.append((level, text))
            self.intro = ""
            above = tuple(t for _, t in self.headings[:-1])
            return Block("heading", lines, above, level=level)
        leads = self._leads()
        kind = "quote" if self.quotes else "list" if self.items else "para"
        if self.items and not self.items[-1]:
            self.items[-1] = text
        elif not self.items and self.intro and not introduces(text):
            leads = (self.intro,)
        self.intro = text if introduces(text) else ""
        return Block(kind, lines, titles, leads)

    def _lines(self, token: Any) -> Iterator[Line]:
        number = token.map[0]
        for part in token.content.split("\n"):
            column = self.lines[number].find(part) if number < len(self.lines) else 0
            yield Line(part, number + 1, max(column, 0) + 1)
            number += 1

    def _row(self) -> Block:
        cells = tuple(self.cells)
        if self.in_head:
            self.head = cells
        raw = self.lines[self.row]
        line = Line(raw.strip(), self.row + 1, len(raw) - len(raw.lstrip()) + 1)
        titles = tuple(t for _, t in self.headings)
        leads = (*self._leads(), self.intro) if self.intro else self._leads()
        head = () if self.in_head else self.head
        return Block("table", (line,), titles, leads, cells=cells, head=head)

    def _raw(self, token: Any) -> Block:
        first = token.map[0] + (1 if token.type == "fence" else 0)
        parts = token.content.split("\n")
        if parts and not parts[-1]:
            parts.pop()
        indent = self._indent(first, parts)
        lines = tuple(Line(p, first + 1 + i, indent + 1) for i, p in enumerate(parts))
        kind = "html" if token.type == "html_block" else "code"
        titles = tuple(t for _, t in self.headings)
        leads = (*self._leads(), self.intro) if self.intro else self._leads()
        return Block(kind, lines, titles, leads, info=token.info.strip())

    def _indent(self, first: int, parts: list[str]) -> int:
        """How far a fence inside a list or quote is moved to the right."""
        for offset, part in enumerate(parts):
            if part.strip() and first + offset < len(self.lines):
                return max(self.lines[first + offset].find(part), 0)
        return 0


def introduces(text: str) -> bool:
    """Whether a paragraph introduces what follows: it ends in ``:`` or is only bold."""
    bare = text.rstrip(" *_`")
    if bare.endswith((":", ":\u200b")) or _BOLD_ONLY.match(text.strip()):
        return True
    return len(bare) < _TITLE and not bare.endswith((".", "!", "?", ","))
