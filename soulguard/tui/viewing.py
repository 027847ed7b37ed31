"""What part of the history is shown: filters, the current run, and what is told."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.worker import get_current_worker

from soulguard.errors import LedgerError
from soulguard.ledger.feed import RECENT, Feed, Tally, find
from soulguard.ledger.timeline import Timeline
from soulguard.ledger.wanted import Wanted, parse
from soulguard.ledger.watched import watch_ledger
from soulguard.model import Event
from soulguard.soul.compilation import Diagnostic, Sentence
from soulguard.tui import captions, telling
from soulguard.tui.lines import LineView
from soulguard.tui.reading import FLAGGED, Found, count, searched, started_by

if TYPE_CHECKING:
    from soulguard.tui.app import WatchApp

_DEBOUNCE = 0.08
"""Seconds a filter has to stand before it is looked for."""


class View:
    """What is shown of the ledger."""

    def __init__(self, app: WatchApp, run: str) -> None:
        self.app = app
        self.run = run
        self.rules: tuple[str, ...] = ()
        self.rule_name = ""
        self.text = ""
        self.flagged = True
        self.searching = False
        self.pending = False
        self._scope: tuple[Feed, Feed] | None = None
        self._timer: Timer | None = None

    # -- filtering ----------------------------------------------------------------------

    def wanted(self) -> Wanted:
        """Give all filters as one."""
        wanted = replace(parse(self.text), run=self.run, rule_ids=self.rules)
        return wanted.flagged(on=self.flagged)

    def refilter(self) -> None:
        """Show what is wanted now; a search that has to read much runs aside."""
        reader = self.app.reader
        ledger = reader.open()
        self.pending = False
        wanted = self.wanted()
        if wanted == FLAGGED and reader.counted:
            self.searching = False
            self._show(reader.flagged)
        elif wanted.everything or ledger.last_event_id() <= RECENT:
            self._took(wanted, find(ledger, wanted), whole=True)
        elif wanted == FLAGGED:
            self.searching = True  # until everything is counted
            self._show(Feed(ledger, wanted, upto=ledger.last_event_id()))
        else:
            self.searching = True
            captions.teach(self.app)
            self.app.run_worker(
                partial(self._search, reader.url, wanted), thread=True, exclusive=True,
                group="search", exit_on_error=False,
            )  # fmt: skip
        captions.titles(self.app)

    def count(self) -> None:
        """Count a large ledger aside, once."""
        url = self.app.reader.url
        self.app.run_worker(
            partial(self._count, url), thread=True, exclusive=True, group="count",
            exit_on_error=False,
        )  # fmt: skip

    def _count(self, url: str) -> None:
        try:
            found = count(url)
        except LedgerError as error:
            self.app.call_from_thread(self.app.notify, error.message, severity="error")
        else:
            self.app.call_from_thread(self._counted, *found)

    def _counted(self, counts: Tally, flagged: Found) -> None:
        self.app.reader.take(counts, flagged)
        if self.wanted() == FLAGGED:
            self.refilter()
        self.app.tick_slow()

    def _search(self, url: str, wanted: Wanted) -> None:
        worker = get_current_worker()

        def took(found: Found, whole: bool) -> bool:  # noqa: FBT001
            if worker.is_cancelled:
                return False
            self.app.call_from_thread(self._took, wanted, found, whole=whole)
            return True

        try:
            searched(url, wanted, took)
        except LedgerError as error:
            self.app.call_from_thread(self.app.notify, error.message, severity="error")

    def _took(self, wanted: Wanted, found: Found, *, whole: bool) -> None:
        ledger = self.app.reader.ledger
        if ledger is None or wanted != self.wanted():
            return
        self.searching = not whole
        self._show(Feed(ledger, wanted, *found))

    def _show(self, feed: Feed) -> None:
        event = self.app.events.event
        feed.poll()
        captions.teach(self.app)
        self.app.events.show_feed(feed, keep=event.id if event else 0)
        captions.titles(self.app)

    def typed(self, text: str) -> None:
        """Filter by what was typed, once the typing pauses."""
        self.text = text
        if self._timer is not None:
            self._timer.stop()
        self.pending = True
        self._timer = self.app.set_timer(_DEBOUNCE, self.refilter)

    def open_filter(self) -> None:
        """Open the filter line."""
        if self.app.panes.zoomed not in ("", "events"):
            self.app.panes.zoom_to("")
        self.app.filter.display = True
        self.app.filter.focus()

    def toggle_flagged(self) -> None:
        """Show only what is flagged, or all."""
        self.flagged = not self.flagged
        self.refilter()

    def only_run(self, run_id: str) -> None:
        """Show only one run; the same again shows all."""
        self.run = "" if run_id == self.run else run_id
        self._scope = None
        self.app.runs.only = self.run
        self.app.runs.refresh()
        self.refilter()
        self.app.show_policy()
        self.show_timeline()

    def only_rules(self, rules: tuple[str, ...], name: str) -> None:
        """Show only what some rules decided; the same again shows all."""
        self.rules = () if rules == self.rules else rules
        self.rule_name = name if self.rules else ""
        self.refilter()

    def everything(self) -> None:
        """Forget all filters but whether only flagged rows are shown."""
        self.run = self.rule_name = self.text = self.app.runs.only = ""
        self.rules = ()
        self._scope = None
        with self.app.filter.prevent(self.app.filter.Changed):
            self.app.filter.value = ""
        self.app.filter.display = False
        self.refilter()

    def back(self) -> None:
        """Go one step back: zoom, then filter, rule and run."""
        if self.app.panes.zoomed:
            self.app.panes.zoom_to("")
            self.app.events.focus()
        elif self.text or self.app.filter.display:
            self.app.filter.value = ""
            self.app.filter.display = False
            self.app.events.focus()
        elif self.rules:
            self.only_rules(self.rules, "")
        elif self.run:
            self.only_run(self.run)
        else:
            self.app.events.focus()

    def step_run(self, step: int) -> None:
        """Show only the next newer or older run."""
        ids = [run.run_id for run in self.app.reader.runs]
        if not ids:
            return
        at = ids.index(self.run) - step if self.run in ids else 0
        if 0 <= at < len(ids):
            self.only_run(ids[at])
        else:
            self.app.notify("no newer run" if step > 0 else "no older run")

    def minute(self, minutes: int) -> None:
        """Go to the row some minutes away."""
        events = self.app.events
        if events.event is None or events.feed is None:
            return
        events.let_go()
        found = self.app.reader.minute(events.event, minutes)
        events.move_to(events.feed.position(found))

    # -- what is around the rows --------------------------------------------------------

    @property
    def current_run(self) -> str:
        """The run whose policy is shown."""
        if self.run:
            return self.run
        if self.app.runs.has_focus and self.app.runs.run is not None:
            return self.app.runs.run.run_id
        event = self.app.events.event
        if event is not None:
            return event.run_id
        runs = self.app.reader.runs
        return runs[0].run_id if runs else ""

    def settle_on_beside(self) -> None:
        """Show the run of the agent that was started beside this app, once it is known."""
        beside, ledger = self.app.beside, self.app.reader.ledger
        if beside is None or beside.run_id or ledger is None:
            return
        beside.run_id = started_by(ledger, beside.pid)
        if beside.run_id:
            self.only_run(beside.run_id)

    def poll(self) -> None:
        """Let the rows behind the timeline grow."""
        for feed in self._scope or ():
            feed.poll()

    def show_timeline(self) -> None:
        """Show when how much happened in what is in scope."""
        self.app.timeline.show_timeline(*self.timeline())

    def timeline(self) -> tuple[Timeline | None, str]:
        """Give the timeline of what is in scope, and what was saved in it."""
        reader = self.app.reader
        run_ids = [self.run] if self.run else [run.run_id for run in reader.runs]
        said = telling.saved(reader, run_ids)
        if not self.run:
            ids = range(1, reader.last_id + 1)
            return reader.timeline(ids, reader.flagged.ids), said
        if self._scope is None:
            self._look_into(self.run)
        if self._scope is None:
            return None, said
        return reader.timeline(self._scope[0].ids, self._scope[1].ids), said

    def _look_into(self, run_id: str) -> None:
        """Find all rows of a run and the flagged ones, aside where there may be many."""
        reader = self.app.reader
        if reader.last_id <= RECENT:
            self._took_scope(run_id, *(find(reader.open(), w) for w in _scope(run_id)))
        else:
            self.app.run_worker(
                partial(self._find_scope, reader.url, run_id), thread=True,
                exclusive=True, group="scope", exit_on_error=False,
            )  # fmt: skip

    def _find_scope(self, url: str, run_id: str) -> None:
        with closing(watch_ledger(url)) as ledger:
            found = [find(ledger, wanted) for wanted in _scope(run_id)]
        self.app.call_from_thread(self._took_scope, run_id, *found)

    def _took_scope(self, run_id: str, everything: Found, flagged: Found) -> None:
        ledger = self.app.reader.ledger
        if run_id == self.run and ledger is not None:
            wanted, narrow = _scope(run_id)
            self._scope = (
                Feed(ledger, wanted, *everything), Feed(ledger, narrow, *flagged)
            )  # fmt: skip
            self.show_timeline()

    # -- telling ------------------------------------------------------------------------

    def tell(self) -> bool:
        """Tell all about the row of the pane that has the keys; False without a row."""
        app, reader = self.app, self.app.reader
        event = app.events.event
        app.detail.border_subtitle = ""
        if reader.ledger is None:
            return False
        if app.runs.has_focus and app.runs.run is not None:
            app.detail.tell(telling.run_lines(reader, app.runs.run))
            app.show_policy()
        elif app.policy.has_focus:
            self._tell_policy()
        elif event is not None:
            self._tell_event(event)
        else:
            app.detail.tell([])
            return False
        return True

    def _tell_event(self, event: Event) -> None:
        app, reader = self.app, self.app.reader
        app.detail.tell(telling.event_lines(reader, event))
        app.detail.border_subtitle = f"#{event.id}"
        app.show_policy()
        policy = reader.policy(event.run_id)
        app.policy.mark_deciding(policy.deciding(event) if policy else None)

    def _tell_policy(self) -> None:
        app, row = self.app, self.app.policy.row
        if isinstance(row, Sentence):
            lines = telling.sentence_lines(app.reader, self.current_run, row)
            app.detail.tell(lines)
        elif isinstance(row, Diagnostic):
            app.detail.tell(telling.diagnostic_lines(row))

    def choose(self, view: LineView) -> None:
        """Act on enter: narrow to the run or rule, or go into the detail."""
        app = self.app
        if view is app.runs and app.runs.run is not None:
            self.only_run(app.runs.run.run_id)
        elif view is app.policy:
            row = app.policy.row
            if isinstance(row, Sentence) and row.rules:
                self.only_rules(row.rules, row.span.short)
            elif isinstance(row, Sentence):
                app.notify("this sentence became no rule, so nothing was decided by it")
        elif view is app.events:
            app.panes.go("detail")


def _scope(run_id: str) -> tuple[Wanted, Wanted]:
    wanted = Wanted(run=run_id)
    return wanted, wanted.flagged(on=True)
