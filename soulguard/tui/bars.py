"""The lines above the panes: what is watched and whether it is the present, what waits,
and how much happens when.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.text import Text
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from soulguard.ledger.timeline import Timeline
from soulguard.ledger.waiting import Waiting
from soulguard.postmortem.wording import plain, shorten
from soulguard.tui.events_pane import short
from soulguard.tui.theme import Palette

_BARS = "▁▂▃▄▅▆▇█"


class HeaderBar(Static):
    """Which policy and ledger, and whether what is seen is the present."""

    class Clicked(Message):
        """The badge was clicked: show the present."""

    def __init__(self) -> None:
        super().__init__(id="header", markup=False)

    def show_state(self, left: str, right: str, palette: Palette) -> None:
        """Show what is watched at the left and the badge at the right."""
        width = max(self.size.width - 2, 1)
        room = width - len(right) - 1
        shown = left if len(left) <= room else left[: max(room - 1, 0)] + "…"
        self.update(
            Text.assemble(
                " ",
                ("soulguard ", palette["bold"]),
                shown[10:].ljust(room - 10),
                " ",
                (right, palette["bold"]),
                no_wrap=True,
            )
        )

    def on_click(self) -> None:
        """Ask for the present."""
        self.post_message(self.Clicked())


class WaitBar(Static):
    """What waits longest for a person; there only while something waits.

    A new question goes behind, never in front. `shown_for` says how long the shown one
    has been on screen: answers given sooner were meant for something else.
    """

    def __init__(self) -> None:
        super().__init__(id="waiting", markup=False)
        self._since = 0.0
        self.shown: Waiting | None = None
        self.queue: list[Waiting] = []

    def show_waiting(
        self,
        queue: list[Waiting],
        now: float,
        palette: Palette,
        *,
        hint: str,
        root: Callable[[str], str],
    ) -> None:
        """Show the first of the queue; the one on screen stays as long as it waits."""
        names = {waiting.name: waiting for waiting in queue}
        current = names.get(self.shown.name) if self.shown else None
        first = current or (queue[0] if queue else None)
        if first is None or self.shown is None or first.name != self.shown.name:
            self._since = time.monotonic()
        self.shown, self.queue = first, queue
        self.display = first is not None
        if first is not None:
            target = plain(shorten(first.target, root(first.run_id)))
            self.update(self._line(first, target, now, palette, hint))

    @property
    def shown_for(self) -> float:
        """Seconds the shown question has been on screen."""
        return time.monotonic() - self._since

    def next(self) -> Waiting | None:
        """Bring the next question to the front and give it."""
        if not self.queue or self.shown is None:
            return None
        names = [waiting.name for waiting in self.queue]
        at = names.index(self.shown.name) if self.shown.name in names else -1
        self.shown = self.queue[(at + 1) % len(self.queue)]
        self._since = time.monotonic()
        return self.shown

    def _line(
        self, first: Waiting, target: str, now: float, palette: Palette, hint: str
    ) -> Text:
        what = "approve" if first.kind == "approval" else "in doubt"
        left = ""
        if first.expires:
            seconds = max(int(first.expires - now), 0)
            left = f"  {seconds // 60}:{seconds % 60:02} left, then no"
        keys = "a approve  d deny" if first.kind == "approval" else "s settle"
        keys = hint or keys
        head = f" ? {len(self.queue)} waiting  "
        room = self.app.size.width - len(head) - len(left) - len(keys) - 4
        said = f"{short(first.run_id)} {what}: {target}"
        said += f" ({plain(first.reason)})" if first.reason else ""
        said = said if len(said) <= room else said[: max(room - 1, 0)] + "…"
        return Text.assemble(
            (head, palette["ask"]), said.ljust(max(room, 0)), (left, palette["ask"]),
            "  ", (keys, palette["bold"]), no_wrap=True,
        )  # fmt: skip


class TimelineBar(Widget):
    """Two rows of small bars: everything, and what is flagged; and what was saved."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(id="timeline")
        self.palette = palette
        self.timeline: Timeline | None = None
        self.saved = ""

    def show_timeline(self, timeline: Timeline | None, saved: str) -> None:
        """Show counts and what replays saved."""
        self.timeline, self.saved = timeline, saved
        if timeline is None:
            self.border_title = "Timeline"
            self.border_subtitle = ""
        else:
            self.border_title = f"Events, {_span(timeline)}"
            enough = timeline.seconds >= 1
            self.border_subtitle = f"peak {timeline.peak:,.0f}/s" if enough else ""
        self.refresh()

    def render(self) -> Text:
        """Draw both rows and the line below."""
        width = max(self.size.width - 12, 1)
        if self.timeline is None:
            return Text("nothing has happened yet", self.palette["quiet"])
        everything, flagged = self.timeline.events, self.timeline.flagged
        text = Text(no_wrap=True)
        text.append(f"all {_number(sum(everything)):>6} ", self.palette["quiet"])
        text.append(f"{sparks(everything, width)}\n", self.palette["done"])
        text.append(f"✗?! {_number(sum(flagged)):>6} ", self.palette["quiet"])
        text.append(f"{sparks(flagged, width)}\n", self.palette["deny"])
        said = f"saved {self.saved}" if self.saved else "saved nothing yet"
        text.append(f"{said} by answering from the record", self.palette["quiet"])
        return text


def sparks(counts: tuple[int, ...], width: int) -> str:
    """Draw counts as bars in so many columns; a count that is not zero is seen."""
    step = max(1, -(-len(counts) // width))
    sums = [sum(counts[i : i + step]) for i in range(0, len(counts), step)]
    most = max(sums, default=0)
    return "".join(
        " " if not n else _BARS[min(int(n * 8 / most), 7) if most else 0] for n in sums
    )


def _number(number: int) -> str:
    if number < 100_000:
        return str(number)
    return f"{number / 1e6:.1f}M" if number >= 1e6 else f"{number // 1000}k"


def _span(timeline: Timeline) -> str:
    seconds = timeline.seconds * len(timeline.events)
    if timeline.seconds == 1:
        return f"last {seconds:.0f} s"
    end = time.strftime("%H:%M:%S", time.localtime(timeline.end))
    for size, unit in ((86400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit} until {end}"
    return f"{seconds:.1f} s until {end}"


class TooSmall(Static):
    """One sentence where the terminal is too small for anything else."""

    def __init__(self) -> None:
        super().__init__(id="too-small", markup=False)

    def on_resize(self) -> None:
        """Say what is there and what is needed."""
        size = self.app.size
        self.update(
            f"soulguard needs 60x16 to show its panes, this is {size.width}x{size.height}."
        )
