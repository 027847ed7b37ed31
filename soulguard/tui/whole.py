"""The whole of a difference or body, read-only, to be scrolled and searched by the eye."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen
from textual.widgets import TextArea

from soulguard.model import Event
from soulguard.postmortem.contents import difference, text_of
from soulguard.tui.reading import Reader
from soulguard.tui.telling import Line


class WholeScreen(ModalScreen[None]):
    """All that is known of an event, with the whole difference and the bodies."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,enter", "dismiss", "Close", id="whole.close"),
    ]

    def __init__(self, reader: Reader, event: Event, told: Sequence[Line]) -> None:
        super().__init__()
        self._text = "\n".join(_whole(reader, event, told))

    def compose(self) -> ComposeResult:
        """Show the text; it can be selected and copied."""
        area = TextArea(self._text, read_only=True, soft_wrap=True, id="whole")
        area.border_title = "All of it, esc closes"
        yield area


def _whole(reader: Reader, event: Event, told: Sequence[Line]) -> list[str]:
    ledger = reader.open()
    lines = ["".join(part for part, _ in line) for line in told]
    found = difference(ledger, event)
    if found is not None:
        lines += ["", found.title, *found.lines]
    effect = ledger.effect(event.effect_id) if event.effect_id else None
    bodies = (
        (("request", effect.request), ("response", effect.response)) if effect else ()
    )
    for name, ref in bodies:
        body = ledger.blob(ref) if ref else None
        if body:
            lines += ["", f"{name} on record", *text_of(body)]
    return lines
