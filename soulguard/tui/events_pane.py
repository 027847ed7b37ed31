"""Pane 2: what happens, row by row; follows the newest, holds, or stands still."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from soulguard.errors import LedgerError
from soulguard.ledger.feed import Feed
from soulguard.model import Event
from soulguard.postmortem.wording import mark, plain, what
from soulguard.tui.lines import Cells, LineView, pad
from soulguard.tui.theme import Palette

_KEPT = 1000
_CALM = 0.19
"""Seconds between paints while each tick brings more than a screen of rows."""


class EventsPane(LineView):
    """The events of a feed.

    `following` keeps the cursor on the newest row; any upward move lets go. `paused`
    keeps the rows as they are while the feed grows on; `missed` counts what came.
    """

    def __init__(self, palette: Palette, root: Callable[[str], str]) -> None:
        super().__init__(palette, id="events")
        self.feed: Feed | None = None
        self.following = True
        self.paused = False
        self.teaching: Sequence[str] = ()
        self._root = root
        self._shown = 0
        self._released = 0
        self._painted = 0.0
        self._drawn: dict[tuple[int, int], Cells] = {}

    # -- the feed -----------------------------------------------------------------------

    def show_feed(self, feed: Feed, *, keep: int = 0) -> None:
        """Show another feed; the cursor goes to the event `keep`, or to the newest."""
        self.feed = feed
        self._shown = self._released = len(feed)
        self._drawn.clear()
        if keep and not self.following:
            self.cursor = feed.position(keep)
        else:
            self.cursor = max(len(feed) - 1, 0)
        self.grown()
        self.show_cursor()
        self.post_message(self.Moved(self))

    def grown(self) -> None:
        """Show the rows that came, unless the view is paused."""
        if self.feed is None or self.paused:
            return
        full = self._shown >= self.scroll_y + self.scrollable_content_region.height
        self._shown = len(self.feed)
        # what grows below the screen is not seen, but for the scrollbar
        self.regrow(repaint=self.following or not full)
        if self.following:
            self._released = self._shown
            self.cursor = max(self._shown - 1, 0)
            self._scroll(self.max_scroll_y)
            self.post_message(self.Moved(self, rushing=True))

    def rushing(self, now: float) -> bool:
        """Whether more rows than anybody reads came a moment ago: a paint can wait."""
        if self.feed is None or not self.following:
            return False
        many = len(self.feed) - self._shown > self.scrollable_content_region.height
        if many and now - self._painted < _CALM:
            return True
        self._painted = now
        return False

    @property
    def missed(self) -> int:
        """How many rows came since the view was let go or paused."""
        if self.feed is None or (self.following and not self.paused):
            return 0
        return len(self.feed) - self._released

    @property
    def event(self) -> Event | None:
        """The event under the cursor."""
        return self._row(self.cursor) if self._shown else None

    def forget_drawn(self) -> None:
        """Draw every row anew."""
        self._drawn.clear()
        self.refresh()

    # -- rows ---------------------------------------------------------------------------

    def total(self) -> int:
        """Give the number of rows shown."""
        return self._shown

    def empty(self) -> Sequence[str]:
        """Say why there is nothing and what to do about it."""
        return self.teaching

    def cells(self, index: int, width: int) -> Cells:
        """Give time, verdict, run, target and source of an event."""
        key = (index, width)
        if key not in self._drawn:
            self._ahead(index)
            if len(self._drawn) > _KEPT:
                self._drawn.clear()
            event = self._row(index)
            if event is None:
                return []
            self._drawn[key] = self._cells(event, width)
        lead = "▸" if index == self.cursor else " "
        return [(lead, "bold"), *self._drawn[key]]

    def _row(self, index: int) -> Event | None:
        try:
            return self.feed.row(index) if self.feed else None
        except LedgerError:
            return None  # the next tick says that the ledger is lost

    def _ahead(self, index: int) -> None:
        """Read the rows of the whole screen at once."""
        height = self.scrollable_content_region.height
        top = self.scroll_offset.y
        if self.feed is None or not top <= index < top + height:
            return
        try:
            self.feed.rows(top, min(top + height, self._shown))
        except LedgerError:
            return

    def _cells(self, event: Event, width: int) -> Cells:
        found = mark(event)
        at = time.strftime("%H:%M:%S", time.localtime(event.at))
        source = plain(event.source)[-14:]
        room = max(width - 1 - 9 - 12 - 9 - len(source) - 1, 8)
        target = what(event, self._root(event.run_id)) or plain(event.reason)
        return [
            (f"{at} ", "quiet"),
            (pad(f"{found.glyph} {found.word}", 12), found.weight),
            (pad(short(event.run_id), 8) + " ", "quiet"),
            (pad(target, room) + " ", ""),
            (source, "quiet"),
        ]

    # -- moving -------------------------------------------------------------------------

    def let_go(self) -> None:
        """Stop following: the reader went back."""
        if self.following:
            self.following = False
            self._released = len(self.feed) if self.feed else 0

    def action_move(self, rows: int) -> None:
        """Move by a number of rows; upward lets go of the newest."""
        if rows < 0:
            self.let_go()
        super().action_move(rows)

    def action_page(self, pages: int) -> None:
        """Move by a number of pages; upward lets go of the newest."""
        if pages < 0:
            self.let_go()
        super().action_page(pages)

    def action_first(self) -> None:
        """Go to the first row and stay there."""
        self.let_go()
        super().action_first()

    def action_last(self) -> None:
        """Go to the newest row and follow."""
        self.following, self.paused = True, False
        self.grown()
        self.post_message(self.Moved(self))

    def action_step(self, rows: int) -> None:
        """Go to the next or previous violation."""
        if self.feed is None:
            return
        found = self.feed.violation(self.cursor, forward=rows > 0)
        if found is None or found >= self._shown:
            where = "after" if rows > 0 else "before"
            self.app.notify(f"no violation {where} this row")
            return
        self.let_go()
        self.move_to(found)

    def toggle_pause(self) -> None:
        """Let the rows stand still, or go on where they stood still."""
        self.paused = not self.paused
        if self.paused:
            if self.following:
                self._released = len(self.feed) if self.feed else 0
        else:
            self.grown()

    def on_mouse_scroll_up(self) -> None:
        """Let go of the newest when the wheel goes up."""
        self.let_go()


def short(run_id: str) -> str:
    """Give a run id in eight columns: ids differ at their end."""
    name = plain(run_id)
    if len(name) == 36 and name.count("-") == 4:
        return name[-8:]
    return name if len(name) <= 8 else f"…{name[-7:]}"
