"""Start the app: alone, beside an agent, or for a browser. Knows no panes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from soulguard.ledger.opening import ledger_path
from soulguard.tui.app import WatchApp
from soulguard.tui.beside import Beside


def start(url: str, run: str, *, read_only: bool, browser: bool) -> int:
    """Show the app until it is left; give the exit status."""
    reason = refusal(url, asked=read_only, browser=browser)
    app = WatchApp(url, run=run, read_only=reason, browser=browser)
    return app.run() or 0


def refusal(url: str, *, asked: bool, browser: bool) -> str:
    """Say why nothing may be answered on a ledger; empty where it may."""
    if browser:
        return "read-only in a browser"
    if asked:
        return "read-only, as asked"
    path = ledger_path(url)
    if path.exists() and not _writable(path):
        return "the ledger may not be written"
    return ""


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def start_beside(url: str, command: Sequence[str]) -> int:
    """Show the app while a command runs, then give its output and status back.

    Raises:
        UsageError: there is no terminal for the app.
    """
    beside = Beside(command)
    beside.start()
    out = sys.__stdout__ if sys.stdout.isatty() else sys.__stderr__
    if not sys.stdout.isatty():
        # the size of the terminal is asked of the standard output, which is elsewhere
        sys.__stdout__ = sys.__stderr__  # type: ignore[misc]
    try:
        WatchApp(url, beside=beside).run()
    finally:
        assert out is not None
        if beside.status is None:
            print(
                "soulguard: the agent goes on; this is its output", file=out, flush=True
            )
        status = beside.give_back(out.buffer)  # type: ignore[arg-type]
    return status
