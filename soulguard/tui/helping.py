"""The help screen, made from the bindings themselves: the focused pane's keys first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from soulguard.postmortem.wording import GRADES, STANDINGS, Mark
from soulguard.tui.theme import Palette

_FILTER = (
    ("word -word", "rows with the one and without the other"),
    ("type:denied", "by type; see the words at the left of each row"),
    ("run:0190 rule:once", "by part of a run id or rule"),
)

_LEGEND = (
    Mark("✗", "stopped, or in observe mode would have been", "deny"),
    Mark("?", "waits for a person, or in doubt", "ask"),
    Mark("!", "worth a look: drift, divergence, failed", "advise"),
    Mark("↷ ↺ ↻", "skipped, answered from the record, sent again", "done"),
)


class HelpScreen(ModalScreen[None]):
    """Keys, filter language and marks on one page."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q", "dismiss", "Close", id="help.close"),
        Binding("down,j", "scroll(1)", show=False, id="help.down"),
        Binding("up,k", "scroll(-1)", show=False, id="help.up"),
    ]

    def __init__(
        self, sections: Iterable[tuple[str, Iterable[Binding]]], palette: Palette
    ) -> None:
        super().__init__()
        self._sections = [(title, list(keys)) for title, keys in sections]
        self._palette = palette

    def compose(self) -> ComposeResult:
        """Show the page."""
        with VerticalScroll(id="help") as page:
            page.border_title = "Help, esc closes"
            yield Static(self._text(), markup=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll the page."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)

    def _text(self) -> Text:
        text = Text()
        for title, keys in self._sections:
            self._section(text, title, (_row(key) for key in keys if key.description))
        self._section(text, "Filter, after /", iter(_FILTER))
        legend = (*_LEGEND, *STANDINGS.values(), *GRADES.values())
        text.append("Marks\n", self._palette["bold"])
        for found in legend:
            text.append(f"  {found.glyph:<8}", self._palette[found.weight])
            text.append(f"{found.word}\n")
        return text

    def _section(self, text: Text, title: str, rows: Iterator[tuple[str, str]]) -> None:
        text.append(f"{title}\n", self._palette["bold"])
        for key, does in rows:
            text.append(f"  {key:<22}", self._palette["ask"])
            text.append(f"{does}\n")
        text.append("\n")


_NAMES = {
    "question_mark": "?",
    "exclamation_mark": "!",
    "slash": "/",
    "colon": ":",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "ctrl+s": "ctrl+s",
}


def _row(binding: Binding) -> tuple[str, str]:
    keys = [_NAMES.get(key, key) for key in binding.key.split(",")]
    return " ".join(keys), binding.description


def sections(
    focused: Widget | None, everywhere: Iterable[BindingType]
) -> Iterator[tuple[str, list[Binding]]]:
    """Give the keys of the focused pane, then those that work everywhere."""
    if focused is not None:
        groups = focused._bindings.key_to_bindings.values()
        own = [b for group in groups for b in group if b.id and "." in b.id]
        yield f"In this pane ({focused.id})", _joined(own)
    yield "Everywhere", [b for b in everywhere if isinstance(b, Binding)]


def _joined(bindings: Iterable[Binding]) -> list[Binding]:
    """Join what one binding for several keys was taken apart into."""
    found: dict[str, Binding] = {}
    for binding in bindings:
        name = binding.id or binding.key
        if name in found:
            keys = f"{found[name].key},{binding.key}"
            found[name] = replace(found[name], key=keys)
        else:
            found[name] = binding
    return list(found.values())
