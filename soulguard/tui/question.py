"""A question with a confirmation: first what, then whether. It writes nothing itself.

Pressing a choice only selects it and says what follows; enter confirms, escape leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from soulguard.tui.telling import Line
from soulguard.tui.theme import Palette


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: the key that selects it, its name, and what follows from it."""

    key: str
    value: str
    label: str
    follows: str


class Question(ModalScreen[str]):
    """Ask; the result is the value of the confirmed choice, or "" for none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave it", id="question.leave"),
        Binding("enter", "confirm", "Confirm", id="question.confirm"),
        Binding("up,k", "scroll(-1)", show=False, id="question.up"),
        Binding("down,j", "scroll(1)", show=False, id="question.down"),
    ]

    def __init__(
        self,
        title: str,
        body: Iterable[Line],
        choices: Sequence[Choice],
        palette: Palette,
        selected: str = "",
    ) -> None:
        super().__init__()
        self._title = title
        self._body = list(body)
        self._choices = choices
        self._palette = palette
        self.selected = selected

    def compose(self) -> ComposeResult:
        """Lay out title, what it is about, and the choices."""
        with Vertical(id="question") as box:
            box.border_title = self._title
            with VerticalScroll(id="question-body", can_focus=False):
                yield Static(self._text(self._body), markup=False)
            yield Static(self._answers(), id="question-choices", markup=False)

    def _text(self, lines: Sequence[Line]) -> Text:
        text = Text()
        for line in lines:
            for part, weight in line:
                text.append(part, self._palette[weight])
            text.append("\n")
        return text

    def _answers(self) -> Text:
        text = Text()
        for choice in self._choices:
            mark = "▸" if choice.value == self.selected else " "
            weight = "bold" if choice.value == self.selected else ""
            said = f"{mark} {choice.key}  {choice.label}\n"
            text.append(said, self._palette[weight])
        chosen = self._chosen()
        if chosen is None:
            text.append(
                "choose with its key, esc leaves it open", self._palette["quiet"]
            )
        else:
            text.append(f"{chosen.follows}\n", self._palette["ask"])
            text.append("enter confirms, esc leaves it open", self._palette["bold"])
        return text

    def _chosen(self) -> Choice | None:
        return next((c for c in self._choices if c.value == self.selected), None)

    def on_key(self, event: events.Key) -> None:
        """Select the choice of a key."""
        for choice in self._choices:
            if event.character == choice.key:
                self.selected = choice.value
                self.query_one("#question-choices", Static).update(self._answers())
                event.stop()

    def action_confirm(self) -> None:
        """Give the selected choice, if there is one."""
        if self.selected:
            self.dismiss(self.selected)

    def action_leave(self) -> None:
        """Give no answer."""
        self.dismiss("")

    def action_scroll(self, lines: int) -> None:
        """Scroll what the question is about."""
        self.query_one("#question-body", VerticalScroll).scroll_relative(
            y=lines, animate=False
        )
