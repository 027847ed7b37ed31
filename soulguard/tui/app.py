"""The app of `soulguard watch`: panes, ticks and keys. It reads a ledger and nothing else.

What is known is `reading`'s, how it looks the panes' own, and what keys do beyond
moving about is in `viewing`, `handing` and `settle`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.events import Resize
from textual.widgets import Footer, Input, Static

from soulguard.errors import LedgerError
from soulguard.tui import captions, handing, settle
from soulguard.tui.arranging import Arrangement
from soulguard.tui.bars import HeaderBar, TimelineBar, TooSmall, WaitBar
from soulguard.tui.beside import Beside
from soulguard.tui.detail_pane import DetailPane
from soulguard.tui.events_pane import EventsPane
from soulguard.tui.helping import HelpScreen, sections
from soulguard.tui.keys import KEYS
from soulguard.tui.lines import LineView
from soulguard.tui.output_pane import OutputPane
from soulguard.tui.palette_commands import Commands
from soulguard.tui.policy_pane import PolicyPane
from soulguard.tui.reading import Reader
from soulguard.tui.rules import show_policy
from soulguard.tui.runs_pane import RunsPane
from soulguard.tui.theme import DARK, LIGHT, Palette, verdict_colours
from soulguard.tui.viewing import View

FAST, SLOW = 0.1, 1.0
"""Seconds between looks for new rows, and for everything else."""


class WatchApp(App[int]):
    """Runs, events, policy and detail of a ledger, live.

    `read_only` is the reason why nothing may be answered, or empty. In a `browser` no
    file is written and no editor opened. `ticking` is off in tests that look themselves.
    """

    TITLE = "soulguard"
    CSS_PATH = "app.tcss"
    COMMANDS = App.COMMANDS | {Commands}

    BINDINGS: ClassVar[list[BindingType]] = KEYS

    def __init__(
        self,
        url: str,
        *,
        run: str = "",
        read_only: str = "",
        browser: bool = False,
        beside: Beside | None = None,
        clock: Callable[[], float] = time.time,
        ticking: bool = True,
    ) -> None:
        super().__init__()
        self.reader = Reader(url, clock)
        self.read_only = read_only
        self.browser = browser
        self.beside = beside
        self.trouble = ""
        self._ticking = ticking
        self._told = 0.0
        self._tell_later = False
        self._late = False
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = DARK.name
        palette = self.palette
        self.header = HeaderBar()
        self.waitbar = WaitBar()
        self.banner = Static(id="banner", markup=False)
        self.runs = RunsPane(palette, self._badges)
        self.policy = PolicyPane(palette)
        self.timeline = TimelineBar(palette)
        self.events = EventsPane(palette, self.reader.root)
        self.events.border_title = "2 Events"
        self.filter = Input(
            id="filter", compact=True, placeholder="word -word type:… run:… rule:…"
        )
        self.detail = DetailPane(palette)
        self.output = OutputPane(palette, beside) if beside else None
        self.view = View(self, run)
        self.panes = Arrangement(self)

    @property
    def palette(self) -> Palette:
        """The styles of the theme that holds now."""
        return Palette(self.current_theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give the verdict colours to every theme."""
        return verdict_colours(self.current_theme)

    def compose(self) -> ComposeResult:
        """Lay out the bars and panes."""
        yield self.header
        yield self.waitbar
        yield self.banner
        with Horizontal(id="panes"):
            with Vertical(id="left"):
                yield self.runs
                yield self.policy
            with Vertical(id="right"):
                yield self.timeline
                yield self.events
                yield self.filter
                yield self.detail
                if self.output is not None:
                    yield self.output
        yield TooSmall()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Show what there is, then keep looking."""
        self.panes.arrange()
        self.events.focus()
        self.theme_changed_signal.subscribe(self, lambda _: self._recolour())
        self.call_after_refresh(self.tick_slow)
        if self._ticking:
            self.set_interval(FAST, self.tick_fast)
            self.set_interval(SLOW, self.tick_slow)

    def on_unmount(self) -> None:
        """Let go of the ledger."""
        self.reader.close()

    def _recolour(self) -> None:
        palette = self.palette
        panes: list[LineView | DetailPane | TimelineBar] = [
            self.runs, self.policy, self.timeline, self.events, self.detail,
        ]  # fmt: skip
        if self.output is not None:
            panes.append(self.output)
        for pane in panes:
            pane.palette = palette
            pane.refresh()
        self.events.forget_drawn()
        self.detail.repaint()
        self._show_header()

    # -- looking ------------------------------------------------------------------------

    def tick_fast(self) -> None:
        """Show the rows that came."""
        if self.output is not None:
            self.output.poll()
        feed = self.events.feed
        if feed is None or self.trouble:
            return
        try:
            if self.reader.changed("rows"):
                self._late = feed.poll() or self._late
                self.view.poll()
            if self._late and not self.events.rushing(time.monotonic()):
                self._late = False
                self.events.grown()
        except LedgerError as error:
            self._lost(error)

    def tick_slow(self) -> None:
        """Bring runs, counts, what waits, policy and timeline up to date."""
        try:
            first = self.reader.ledger is None
            self.reader.look()
            if first and not self.reader.counted:
                self.view.count()
            if self.trouble or self.events.feed is None:
                self.trouble = ""
                self.view.refilter()
            self.tick_fast()
            self._show()
        except LedgerError as error:
            self._lost(error)
        self._show_header()

    def _lost(self, error: LedgerError) -> None:
        """Say that the ledger cannot be read; the last rows stay, the next tick retries."""
        self.trouble = error.message
        if self.events.feed is None:
            self.events.teaching = (error.message, error.hint, "looking again …")
            self.events.refresh()

    def _show(self) -> None:
        reader = self.reader
        self.view.settle_on_beside()
        self.runs.show_runs(reader.runs, reader.standings)
        live = sum(word == "running" for word in reader.standings.values())
        self.runs.border_title = "1 Runs"
        self.runs.border_subtitle = f"{live} live of {len(reader.runs)}"
        self.view.show_timeline()
        self._show_waiting()
        self.show_policy()
        captions.titles(self)
        if self._tell_later or self.runs.has_focus:
            self.tell()

    def _show_waiting(self) -> None:
        self.waitbar.show_waiting(
            self.reader.waiting, self.reader.clock(), self.palette,
            hint="read-only" if self.read_only else "", root=self.reader.root,
        )  # fmt: skip

    def show_policy(self) -> None:
        """Show the policy of the current run."""
        if self.reader.ledger is not None:
            show_policy(self, self.reader.policy(self.view.current_run))

    def _show_header(self) -> None:
        self.header.show_state(
            captions.headline(self), captions.badge(self), self.palette
        )

    def _badges(self, run_id: str) -> tuple[int, int]:
        if self.reader.ledger is None:
            return 0, 0
        asks = sum(w.run_id == run_id for w in self.reader.waiting)
        return self.reader.tally.violations(run_id), asks

    # -- telling ------------------------------------------------------------------------

    def on_line_view_moved(self, message: LineView.Moved) -> None:
        """Tell all about the selected row; while rows rush by, twice a second at most."""
        if message.rushing and time.monotonic() - self._told < SLOW / 2:
            self._tell_later = True
            return
        self.tell()

    def tell(self) -> None:
        """Tell all about the row of the pane that has the keys."""
        self._tell_later = False
        try:
            if self.view.tell():
                self._told = time.monotonic()
        except LedgerError as error:
            self._lost(error)
        self._show_header()

    def on_line_view_chosen(self, message: LineView.Chosen) -> None:
        """Narrow to a run or rule, or go into the detail."""
        self.view.choose(message.view)

    def on_header_bar_clicked(self) -> None:
        """Show the present."""
        self.action_present()

    def on_input_changed(self, message: Input.Changed) -> None:
        """Filter as it is typed."""
        self.view.typed(message.value)

    def on_input_submitted(self) -> None:
        """Keep the filter and give the keys back to the rows."""
        self.events.focus()

    def on_resize(self, event: Resize) -> None:
        """Show the panes for which there is room."""
        self.panes.arrange(event.size)
        self.call_after_refresh(self._show_header)

    # -- keys ---------------------------------------------------------------------------

    def action_pause(self) -> None:
        """Let the rows stand still, or go on."""
        self.events.toggle_pause()
        self._show_header()

    def action_present(self) -> None:
        """Follow the newest."""
        self.events.action_last()
        self._show_header()

    def action_filter(self) -> None:
        """Open the line in which a filter is typed."""
        self.view.open_filter()

    def action_flagged(self) -> None:
        """Show only what is flagged, or all."""
        self.view.toggle_flagged()

    def action_violation(self, step: int) -> None:
        """Go to the next or previous violation."""
        self.events.action_step(step)
        self._show_header()

    def action_minute(self, minutes: int) -> None:
        """Go a minute on or back."""
        self.view.minute(minutes)

    def action_run(self, step: int) -> None:
        """Show only the next or previous run."""
        self.view.step_run(step)

    def action_only_run(self) -> None:
        """Show only the run of the selected event."""
        self.only_run(self.view.current_run)

    def action_only_rule(self) -> None:
        """Show only what the rule of the selected event decided."""
        event = self.events.event
        if event is not None and event.rule:
            self.view.only_rules((event.rule,), event.source or event.rule)

    def only_run(self, run_id: str) -> None:
        """Show only one run."""
        self.view.only_run(run_id)

    def action_everything(self) -> None:
        """Forget all filters."""
        self.view.everything()

    def action_pane(self, pane: str) -> None:
        """Go to a pane."""
        self.panes.go(pane)

    def action_zoom(self) -> None:
        """Give the pane the whole screen, or give it back."""
        self.panes.zoom()

    def action_step_back(self) -> None:
        """Go one step back."""
        self.view.back()

    def action_help(self) -> None:
        """Show the keys of the focused pane, then all others."""
        keys = sections(self.focused, KEYS)
        self.push_screen(HelpScreen(keys, self.palette))

    def action_whole(self) -> None:
        """Show the whole detail."""
        event = self.events.event
        if event is not None:
            from soulguard.tui.whole import WholeScreen  # a text area costs start-up

            self.push_screen(WholeScreen(self.reader, event, self.detail.lines))

    def action_settle(self) -> None:
        """Ask about what waits."""
        settle.ask(self)

    def action_approve(self, answer: str) -> None:
        """Ask for the confirmation of an answer to the shown request."""
        settle.ask(self, answer)

    def action_next_waiting(self) -> None:
        """Show what else waits."""
        if self.waitbar.next() is None:
            self.notify("nothing else waits")
        self._show_waiting()

    def action_copy_row(self) -> None:
        """Copy the selected row as JSON."""
        handing.copy_row(self)

    def action_copy_rule(self) -> None:
        """Copy the deciding sentence with its place."""
        handing.copy_rule(self)

    def action_edit(self) -> None:
        """Open the rule file at the rule."""
        handing.edit(self)

    def action_export(self) -> None:
        """Write the shown rows as JSON lines."""
        handing.export_rows(self)

    def action_report(self) -> None:
        """Write the report on the current run."""
        handing.export_report(self)

    def action_picture(self) -> None:
        """Write the screen as SVG."""
        self.deliver_screenshot()
