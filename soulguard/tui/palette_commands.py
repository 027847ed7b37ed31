"""The command palette: every action by name, and views that have no key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Hits, Provider

if TYPE_CHECKING:
    from soulguard.tui.app import WatchApp


class Commands(Provider):
    """Commands named ``group: verb``."""

    def _commands(self) -> list[tuple[str, str, Callable[[], object]]]:
        app: WatchApp = self.app  # type: ignore[assignment]
        found: list[tuple[str, str, Callable[[], object]]] = [
            ("view: follow the newest", "G", app.action_present),
            ("view: only what is flagged, or all", "!", app.action_flagged),
            ("view: pause or go on", "space", app.action_pause),
            ("view: forget all filters", "esc", app.action_everything),
            ("view: only this event's run", "enter in 1", app.action_only_run),
            ("view: only this event's rule", "enter in 3", app.action_only_rule),
            ("settle: what waits", "s", app.action_settle),
            ("copy: the row as JSON", "y", app.action_copy_row),
            ("copy: the deciding sentence", "Y", app.action_copy_rule),
            ("edit: the rule in $EDITOR", "e", app.action_edit),
            ("export: shown rows as JSON lines", "ctrl+s", app.action_export),
            ("export: this run as one HTML page", "", app.action_report),
            ("export: the screen as SVG", "", app.action_picture),
            ("help: keys, filter and marks", "?", app.action_help),
        ]
        for run in app.reader.runs[:20]:
            said = f"view: only run {run.run_id}"
            command = " ".join(run.command)
            found.append((said, command, partial(app.only_run, run.run_id)))
        return found

    async def discover(self) -> Hits:
        """Give all commands before anything is typed."""
        for name, hint, act in self._commands():
            yield DiscoveryHit(name, act, help=hint)

    async def search(self, query: str) -> Hits:
        """Give the commands that fit what is typed."""
        matcher = self.matcher(query)
        for name, hint, act in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), act, help=hint)
