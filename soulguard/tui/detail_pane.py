"""Pane 4: all about the selected row. What is told is `telling`'s."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.widgets import Static

from soulguard.tui.telling import Line
from soulguard.tui.theme import Palette


class DetailPane(VerticalScroll, can_focus=True):
    """Lines of text with weights, scrolled when they do not fit."""

    DEFAULT_CSS = """
    DetailPane { scrollbar-size-vertical: 1; }
    """

    BINDINGS = [  # noqa: RUF012 - Textual's
        Binding("k", "scroll_up", "Line up", show=False, id="detail.up"),
        Binding("j", "scroll_down", "Line down", show=False, id="detail.down"),
        Binding("g", "scroll_home", "Top", show=False, id="detail.top"),
        Binding("G", "scroll_end", "Bottom", show=False, id="detail.bottom"),
        Binding("enter", "app.whole", "Show it whole", show=False, id="detail.whole"),
    ]

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="detail")
        self.palette = palette
        self.lines: list[Line] = []
        self._body = Static(markup=False, expand=True)

    def compose(self) -> Iterable[Static]:
        """Hold one text."""
        yield self._body

    def tell(self, lines: Iterable[Line]) -> None:
        """Show lines, from the top."""
        lines = list(lines)
        if lines != self.lines:
            self.lines = lines
            self._body.update(self._text())
            self.scroll_home(animate=False)

    def repaint(self) -> None:
        """Draw the lines in the colours of a new theme."""
        self._body.update(self._text())

    def _text(self) -> Text:
        text = Text()
        for number, line in enumerate(self.lines):
            if number:
                text.append("\n")
            for part, weight in line:
                text.append(part, self.palette[weight])
        return text
