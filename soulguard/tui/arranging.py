"""Which panes are on screen: what there is room for, or one of them alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size

if TYPE_CHECKING:
    from soulguard.tui.app import WatchApp

NARROW, LOW = 96, 28
"""Columns under which the left panes, rows under which the timeline give way."""

LEAST = (60, 16)
_LEFT = ("runs", "policy")


class Arrangement:
    """The panes on screen; `zoomed` names the one that is shown alone, if any."""

    def __init__(self, app: WatchApp) -> None:
        self.app = app
        self.zoomed = ""

    def go(self, pane: str) -> None:
        """Give the keys to a pane; one that does not fit is shown alone."""
        if pane == "output" and self.app.output is None:
            self.app.notify("the agent's output is there with `soulguard run --watch`")
            return
        if self.zoomed and self.zoomed != pane:
            self.zoom_to("")
        widget = self.app.query_one(f"#{pane}")
        if not widget.display or not all(w.display for w in widget.ancestors_with_self):
            self.zoom_to(pane)
        widget.focus()

    def zoom(self) -> None:
        """Show the focused pane alone, or all again."""
        focused = self.app.focused
        name = focused.id if focused is not None and focused.id else "events"
        self.zoom_to("" if self.zoomed else name)

    def zoom_to(self, pane: str) -> None:
        """Show one pane alone, or with "" all that fit."""
        self.zoomed = pane
        self.arrange()

    def arrange(self, size: Size | None = None) -> None:
        """Show the panes for which there is room; a new size is told before it is had."""
        app, alone = self.app, self.zoomed
        width, height = size or app.size
        small = width < LEAST[0] or height < LEAST[1]
        app.query_one("#too-small").display = small
        app.query_one("#panes").display = not small
        narrow, low = width < NARROW, height < LOW
        aside = alone in _LEFT
        app.query_one("#panes").set_class(aside, "-stacked")
        app.query_one("#left").display = aside or (not alone and not narrow)
        app.runs.display = alone in ("", "runs")
        app.policy.display = alone in ("", "policy")
        app.events.display = alone in ("", "events")
        app.detail.display = aside or alone in ("", "detail")
        app.timeline.display = not alone and not low
        if app.output is not None:
            app.output.display = alone == "output" or (not alone and height >= LOW)
