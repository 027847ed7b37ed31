"""Pane 1: the runs, newest first, with what is wrong in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from soulguard.model import Run
from soulguard.postmortem.wording import STANDINGS, plain
from soulguard.tui.events_pane import short
from soulguard.tui.lines import Cells, LineView, pad
from soulguard.tui.theme import Palette

TEACHING = (
    "No runs yet. Start one:",
    "  soulguard run -- python agent.py",
)


class RunsPane(LineView):
    """The runs of the ledger.

    `badges` gives the counts of a run: violations and what waits.
    """

    def __init__(
        self, palette: Palette, badges: Callable[[str], tuple[int, int]]
    ) -> None:
        super().__init__(palette, id="runs")
        self.runs: Sequence[Run] = ()
        self.standings: dict[str, str] = {}
        self.only = ""
        self._badges = badges

    def show_runs(self, runs: Sequence[Run], standings: dict[str, str]) -> None:
        """Show the runs as they stand; the cursor stays on its run."""
        current = self.run
        self.runs, self.standings = runs, standings
        if current is not None:
            ids = [run.run_id for run in runs]
            if current.run_id in ids:
                self.cursor = ids.index(current.run_id)
        self.regrow()

    @property
    def run(self) -> Run | None:
        """The run under the cursor."""
        return self.runs[self.cursor] if self.cursor < len(self.runs) else None

    def total(self) -> int:
        """Give the number of runs."""
        return len(self.runs)

    def empty(self) -> Sequence[str]:
        """Say how to start a run."""
        return TEACHING

    def cells(self, index: int, width: int) -> Cells:
        """Give standing, name, command and counts of a run."""
        run = self.runs[index]
        found = STANDINGS[self.standings.get(run.run_id, run.status.value)]
        violations, asks = self._badges(run.run_id)
        counts = [
            (f" ✗{violations}" if violations else "", "deny"),
            (f" ?{asks}" if asks else "", "ask"),
        ]
        room = width - 12 - sum(len(text) for text, _ in counts) - 1
        command = plain(" ".join(run.command))
        lead = "◆" if run.run_id == self.only else "▸" if index == self.cursor else " "
        return [
            (lead, "bold"),
            (f"{found.glyph} ", found.weight),
            (pad(short(run.run_id), 8) + " ", ""),
            (pad(command, max(room, 0)), "quiet"),
            *counts,
        ]
