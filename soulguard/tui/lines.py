"""A list as long as you like: one row per line, drawn when it is seen, with a cursor.

Only the lines on screen cost anything; a million rows are a number here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from soulguard.tui.theme import Palette

Cells = Sequence[tuple[str, str]]
"""A row: pieces of text, each with its weight (`Palette`)."""


class LineView(ScrollView, can_focus=True):
    """A virtual list. Subclasses say how many rows there are and what is in one."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    LineView {
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Row up", show=False, id="list.up"),
        Binding("down,j", "move(1)", "Row down", show=False, id="list.down"),
        Binding("pageup", "page(-1)", "Page up", show=False, id="list.page_up"),
        Binding("pagedown", "page(1)", "Page down", show=False, id="list.page_down"),
        Binding("home,g", "first", "First row", show=False, id="list.first"),
        Binding("end,G", "last", "Last row", show=False, id="list.last"),
        Binding("enter", "choose", "Choose the row", show=False, id="list.choose"),
    ]

    class Moved(Message):
        """The cursor stands on another row; `rushing` if new rows carried it there."""

        def __init__(self, view: LineView, *, rushing: bool = False) -> None:
            super().__init__()
            self.view = view
            self.rushing = rushing

        def can_replace(self, message: Message) -> bool:
            """Of several moves only the last one counts."""
            return isinstance(message, LineView.Moved) and message.view is self.view

    class Chosen(Message):
        """A row was chosen by enter or a second click."""

        def __init__(self, view: LineView) -> None:
            super().__init__()
            self.view = view

    def __init__(self, palette: Palette, *, id: str) -> None:  # noqa: A002 - Textual's
        self._base: Style | None = None
        super().__init__(id=id)
        self.palette = palette
        self.cursor = 0

    # -- what subclasses say ------------------------------------------------------------

    def total(self) -> int:
        """Give the number of rows."""
        raise NotImplementedError

    def cells(self, index: int, width: int) -> Cells:
        """Give the pieces of a row; together they need not fill the width."""
        raise NotImplementedError

    def empty(self) -> Sequence[str]:
        """Give the lines that are shown instead of no rows."""
        return ()

    # -- drawing ------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        index = self.scroll_offset.y + y
        total = self.total()
        if not total:
            return self._strip(self._empty_line(y, width), width)
        if index >= total:
            return Strip.blank(width, self._ground())
        strip = self._strip(self.cells(index, width), width)
        if index != self.cursor:
            return strip
        bar = self.palette.cursor if self.has_focus else self.palette.resting
        return Strip(Segment.apply_style(strip, post_style=bar), width)

    def _empty_line(self, y: int, width: int) -> Cells:
        lines = self.empty()
        return [(lines[y][:width], "quiet")] if y < len(lines) else []

    def _strip(self, cells: Cells, width: int) -> Strip:
        segments, left = [], width
        for text, weight in cells:
            if left <= 0:
                break
            fits = text if cell_len(text) <= left else set_cell_size(text, left)
            left -= cell_len(fits)
            segments.append(Segment(fits, self.palette[weight]))
        if left > 0:
            segments.append(Segment(" " * left, self.palette[""]))
        # a base style under all of it: Textual cannot filter segments without one
        return Strip(segments, width).apply_style(self._ground())

    def _ground(self) -> Style:
        """Give the style under all rows; looking it up is most of what a row costs."""
        if self._base is None:
            self._base = self.rich_style
        return self._base

    def notify_style_update(self) -> None:
        """Look the style up anew when it may have changed."""
        super().notify_style_update()
        self._base = None

    # -- growing ------------------------------------------------------------------------

    def regrow(self, *, repaint: bool = True) -> None:
        """Take over that there are more or fewer rows, without a layout of the screen."""
        size = Size(self.scrollable_content_region.width, self.total())
        if size != self.virtual_size:
            # assigning it would lay out the whole screen and paint it twice
            self.set_reactive(Widget.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height
            if self.scroll_y > self.max_scroll_y:
                self._scroll(self.max_scroll_y)
        self.cursor = max(0, min(self.cursor, size.height - 1))
        if repaint:
            self.refresh()

    def on_resize(self) -> None:
        """Keep the cursor on screen when the pane changes its size."""
        self.regrow()
        self.show_cursor()

    # -- moving -------------------------------------------------------------------------

    def move_to(self, index: int) -> None:
        """Put the cursor on a row and the row on screen."""
        index = max(0, min(index, self.total() - 1))
        if index != self.cursor:
            self.cursor = index
            self.post_message(self.Moved(self))
        self.show_cursor()
        self.refresh()

    def show_cursor(self) -> None:
        """Scroll as little as possible so that the cursor's row is on screen."""
        height = max(self.scrollable_content_region.height, 1)
        top = round(self.scroll_y)
        if self.cursor < top:
            self._scroll(self.cursor)
        elif self.cursor >= top + height:
            self._scroll(self.cursor - height + 1)

    def _scroll(self, y: float) -> None:
        self.scroll_to(y=y, animate=False, immediate=True, force=True)

    def action_move(self, rows: int) -> None:
        """Move by a number of rows."""
        self.move_to(self.cursor + rows)

    def action_page(self, pages: int) -> None:
        """Move by a number of pages."""
        height = max(self.scrollable_content_region.height - 1, 1)
        self.move_to(self.cursor + pages * height)

    def action_first(self) -> None:
        """Go to the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self.move_to(self.total() - 1)

    def action_choose(self) -> None:
        """Choose the cursor's row."""
        if self.total():
            self.post_message(self.Chosen(self))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click chooses."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = self.scroll_offset.y + offset.y
        if index < self.total():
            self.action_move(index - self.cursor)
            if event.chain == 2:
                self.action_choose()

    def on_focus(self) -> None:
        """Show which pane the keys go to."""
        self.refresh()
        self.post_message(self.Moved(self))

    def on_blur(self) -> None:
        """Show that the keys go elsewhere."""
        self.refresh()


def pad(text: str, width: int) -> str:
    """Give text in exactly so many columns, cut with an ellipsis."""
    length = cell_len(text)
    if length <= width:
        return text + " " * (width - length)
    return set_cell_size(text, max(width - 1, 0)) + "…" if width else ""
