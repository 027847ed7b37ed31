"""Handing things out of the app: to the clipboard, to files, to the editor."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from soulguard.errors import SoulguardError
from soulguard.ledger.watched import watch_ledger
from soulguard.soul.compilation import Diagnostic, Sentence
from soulguard.tui.editing import editor_command, place_of, source_file
from soulguard.tui.exporting import export

if TYPE_CHECKING:
    from soulguard.tui.app import WatchApp


def _refused(app: WatchApp) -> bool:
    if app.browser:
        app.notify("not from a browser: files and editors are on the other machine")
    return app.browser


def copy_row(app: WatchApp) -> None:
    """Copy the selected row as JSON."""
    if app.runs.has_focus and app.runs.run is not None:
        data = app.runs.run.to_json()
        del data["secret"]
    elif app.events.event is not None:
        data = app.events.event.to_json()
    else:
        app.notify("there is no row to copy")
        return
    app.copy_to_clipboard(json.dumps(data))
    app.notify("copied the row as JSON")


def copy_rule(app: WatchApp) -> None:
    """Copy the deciding sentence with its place."""
    sentence = _sentence(app)
    if sentence is None:
        app.notify("no sentence decided this row")
        return
    app.copy_to_clipboard(f"{sentence.span.short}: {sentence.text}")
    app.notify(f"copied {sentence.span.short}")


def _sentence(app: WatchApp) -> Sentence | None:
    row = app.policy.row
    if app.policy.has_focus and isinstance(row, Sentence):
        return row
    return app.policy.deciding


def edit(app: WatchApp) -> None:
    """Open the rule file at the rule, in the terminal the app gives back for it."""
    if _refused(app):
        return
    place = _place(app)
    run = app.reader.run(app.view.current_run)
    file, line = place_of(place)
    path = source_file(file, run.root, run.sources) if run and file else None
    if path is None:
        app.notify(f"`{file}` is not here" if file else "no rule decided this row")
        return
    command = editor_command(os.environ, path, line)
    try:
        with app.suspend():
            subprocess.call(command)
    except SuspendNotSupported:
        app.notify(f"no editor can be opened from here: {path}:{line}")
    except OSError as error:
        app.notify(f"`{command[0]}` cannot be started: {error.strerror}")


def _place(app: WatchApp) -> str:
    row = app.policy.row
    if app.policy.has_focus and isinstance(row, Sentence | Diagnostic):
        return row.span.short
    event = app.events.event
    if event is not None and event.source:
        return event.source
    run = app.reader.run(app.view.current_run)
    return os.path.basename(run.sources[0]) if run and run.sources else ""


def export_rows(app: WatchApp) -> None:
    """Write the shown rows as JSON lines into the working folder, aside."""
    if _refused(app):
        return
    feed = app.events.feed
    ids = list(feed.ids[: app.events.total()]) if feed else []
    app.run_worker(partial(_export, app, ids), thread=True, group="export")


def _export(app: WatchApp, ids: Sequence[int]) -> None:
    try:
        path = export(app.reader.url, ids, Path.cwd(), app.reader.clock())
    except (OSError, SoulguardError) as error:
        app.call_from_thread(app.notify, f"not exported: {error}", severity="error")
    else:
        app.call_from_thread(app.notify, f"{len(ids):,} rows in {path.name}")


def export_report(app: WatchApp) -> None:
    """Write the report on the current run into the working folder, aside."""
    if _refused(app):
        return
    run_id = app.view.current_run
    if not run_id:
        app.notify("there is no run to report on")
        return
    app.run_worker(partial(_report, app, run_id), thread=True, group="export")


def _report(app: WatchApp, run_id: str) -> None:
    from soulguard.postmortem.account import account_of
    from soulguard.postmortem.page import page

    path = Path.cwd() / f"soulguard-{run_id[-8:]}.html"
    try:
        with closing(watch_ledger(app.reader.url)) as ledger:
            text = page(account_of(ledger, run_id, app.reader.clock()))
        path.write_text(text, encoding="utf-8")
    except (OSError, SoulguardError) as error:
        app.call_from_thread(app.notify, f"not written: {error}", severity="error")
    else:
        app.call_from_thread(app.notify, f"the report is in {path.name}")
