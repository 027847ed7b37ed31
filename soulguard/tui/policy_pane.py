"""Pane 3: the policy sentence by sentence: place, grade, words, hits, and its errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from soulguard.model import Grade
from soulguard.postmortem.sentences import PolicyView
from soulguard.postmortem.wording import GRADES, plain
from soulguard.soul.compilation import Diagnostic, Sentence
from soulguard.tui.lines import Cells, LineView, pad
from soulguard.tui.theme import Palette

TEACHING = (
    "No policy is on record here.",
    "See what SOUL.md means:",
    "  soulguard check",
)

Row = Sentence | Diagnostic | str


class PolicyPane(LineView):
    """The sentences of the policy that is in force; `deciding` is marked."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(palette, id="policy")
        self.view: PolicyView | None = None
        self.hits: Mapping[str, int] = {}
        self.deciding: Sentence | None = None
        self._rows: list[Row] = []

    def show_policy(self, view: PolicyView | None, hits: Mapping[str, int]) -> None:
        """Show a policy and how often its rules decided."""
        if view != self.view:
            self.view = view
            self._rows = _rows(view) if view else []
        self.hits = hits
        self.regrow()

    def mark_deciding(self, sentence: Sentence | None) -> None:
        """Mark the sentence that decided the selected event, and bring it on screen."""
        if sentence is self.deciding:
            return
        self.deciding = sentence
        if sentence in self._rows and not self.has_focus:
            self.cursor = self._rows.index(sentence)
            self.show_cursor()
        self.refresh()

    @property
    def row(self) -> Row | None:
        """The sentence, error or heading under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None

    def total(self) -> int:
        """Give the number of rows."""
        return len(self._rows)

    def empty(self) -> Sequence[str]:
        """Say where a policy comes from."""
        return TEACHING

    def cells(self, index: int, width: int) -> Cells:
        """Give the pieces of a sentence, an error or a heading."""
        row = self._rows[index]
        if isinstance(row, str):
            return [(pad(row, width), "quiet")]
        if isinstance(row, Diagnostic):
            place = f"{row.span.line:>4} " if row.span.line else "     "
            return [(f" {place}", "quiet"), (f"✗ {plain(row.message)}", "deny")]
        return self._sentence(row, width)

    def _sentence(self, row: Sentence, width: int) -> Cells:
        found = GRADES[row.grade]
        count = self.view.hits(row, self.hits) if self.view else 0
        hits = f" {count}" if count else ""
        room = max(width - 8 - len(hits), 4)
        lead = "▸" if row == self.deciding else " "
        words = "quiet" if row.grade is Grade.ADVISORY else ""
        return [
            (lead, "bold"),
            (f"{row.span.line:>4} ", "quiet"),
            (f"{found.glyph} ", found.weight),
            (pad(plain(row.text), room), words),
            (hits, "bold"),
        ]


def _rows(view: PolicyView) -> list[Row]:
    rows: list[Row] = []
    if view.diagnostics:
        rows.append("not taken over, the last good policy holds:")
        rows += view.diagnostics
    files = list(dict.fromkeys(s.span.file for s in view.sentences))
    for file in files:
        if len(files) > 1 or view.diagnostics:
            rows.append(plain(file))
        mine = [s for s in view.sentences if s.span.file == file]
        mine.sort(key=lambda s: (s.span.line, s.span.column))
        rows += mine
    return rows


def grades(view: PolicyView) -> str:
    """Give the number of sentences per grade, as glyphs."""
    counts: dict[str, int] = {}
    for sentence in view.sentences:
        glyph = GRADES[sentence.grade].glyph
        counts[glyph] = counts.get(glyph, 0) + 1
    return " ".join(f"{number}{glyph}" for glyph, number in counts.items())
