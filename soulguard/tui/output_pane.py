"""Pane 5: what the agent beside the app writes, as lines; the whole of it comes later."""

from __future__ import annotations

from collections.abc import Sequence

from soulguard.tui.beside import Beside, Lines
from soulguard.tui.lines import Cells, LineView
from soulguard.tui.theme import Palette


class OutputPane(LineView):
    """The output of the agent; follows its end until the reader goes up."""

    def __init__(self, palette: Palette, beside: Beside) -> None:
        super().__init__(palette, id="output")
        self.beside = beside
        self._lines = Lines(beside.kept)
        self._following = True

    def title(self) -> str:
        """Say whether the agent still runs."""
        status = self.beside.status
        said = "running" if status is None else f"ended with {status}, q leaves"
        return f"5 Output  {said}"

    def poll(self) -> None:
        """Show what came."""
        if self._lines.poll():
            self.regrow()
            if self._following:
                self.cursor = max(len(self._lines) - 1, 0)
                self.show_cursor()

    def total(self) -> int:
        """Give the number of lines."""
        return len(self._lines)

    def empty(self) -> Sequence[str]:
        """Say that nothing was written yet."""
        return ("The agent has written nothing yet.",)

    def cells(self, index: int, width: int) -> Cells:  # noqa: ARG002 - cut by the view
        """Give a line."""
        return [(self._lines.line(index), "")]

    def action_move(self, rows: int) -> None:
        """Move; the end follows again."""
        super().action_move(rows)
        self._following = self.cursor == len(self._lines) - 1

    def action_page(self, pages: int) -> None:
        """Move by pages; the end follows again."""
        super().action_page(pages)
        self._following = self.cursor == len(self._lines) - 1

    def action_first(self) -> None:
        """Go to the first line and stay there."""
        self._following = False
        super().action_first()

    def action_last(self) -> None:
        """Go to the newest line and follow."""
        self._following = True
        super().action_last()
