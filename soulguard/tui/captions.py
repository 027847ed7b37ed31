"""What is written around the rows: titles, headline, badge, and what emptiness means."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from soulguard.postmortem.wording import plain
from soulguard.tui.policy_pane import grades

if TYPE_CHECKING:
    from soulguard.tui.app import WatchApp


def teach(app: WatchApp) -> None:
    """Say what an empty list of rows means and what to do."""
    ledger = app.reader.ledger
    total = ledger.last_event_id() if ledger else 0
    if app.view.searching:
        lines = ["looking …"]
    elif not total:
        lines = ["Nothing has happened yet. Start a run:",
                 "  soulguard run -- python agent.py"]  # fmt: skip
    elif app.view.text:
        lines = [f"Nothing matches `{plain(app.view.text)}`.", "esc clears the filter"]
    elif app.view.flagged:
        lines = ["Nothing needs your eyes.",
                 f"! shows all {total:,} events"]  # fmt: skip
    else:
        lines = ["Nothing is left by the filter.", "esc takes it back"]
    app.events.teaching = lines


def titles(app: WatchApp) -> None:
    """Write what is shown into the borders."""
    view = app.view
    parts = ["2 Events", "✗ ? !" if view.flagged else "all"]
    parts += [f"run {plain(view.run)[-8:]}"] if view.run else []
    parts += [f"rule {plain(view.rule_name)}"] if view.rules else []
    parts += [f"/{plain(view.text)}"] if view.text else []
    app.events.border_title = _title("  ".join(parts))
    shown = len(app.events.feed) if app.events.feed else 0
    more = "…" if view.searching else ""
    app.events.border_subtitle = f"{shown:,}{more} of {app.reader.last_id:,}"
    found = app.policy.view
    app.policy.border_title = "3 Policy"
    app.policy.border_subtitle = grades(found) if found else ""
    app.detail.border_title = "4 Detail"
    if app.output is not None:
        app.output.border_title = app.output.title()


def headline(app: WatchApp) -> str:
    """Say which policy and ledger are watched."""
    if app.trouble:
        return f"soulguard {app.trouble}: looking again"
    found = app.policy.view
    name = os.path.basename(app.reader.url.partition("://")[2] or app.reader.url)
    policy = ""
    if found is not None:
        files = dict.fromkeys(s.span.file for s in found.sentences)
        state = "✗ edit not taken," if found.diagnostics else "✓"
        policy = f"{', '.join(files)} @{found.digest[:4]} {state} {grades(found)}  "
    about = f"{app.read_only}  " if app.read_only else ""
    return f"soulguard {policy}{name}  {about}"


def badge(app: WatchApp) -> str:
    """Say whether what is seen is the present."""
    at = time.strftime("%H:%M:%S", time.localtime(app.reader.clock()))
    rate = f"  {app.reader.rate:,.0f}/s" if app.reader.rate >= 1 else ""
    if app.trouble:
        state = "✗ LOST"
    elif app.events.paused:
        state = f"‖ PAUSED +{app.events.missed:,} new"
    elif not app.events.following:
        state = f"↑ HOLD +{app.events.missed:,} new"
    else:
        state = "● LIVE"
    return f"{state}{rate}  {at}"


def _title(text: str) -> str:
    return text.replace("[", "\\[")
