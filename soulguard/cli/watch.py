"""`soulguard watch`, and the app beside `soulguard run --watch`. No logic here.

The only place of the command line that knows the app, and only once it is called.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from soulguard.cli.ledgers import default_ledger, ledger_option, run_argument
from soulguard.errors import UsageError


@click.command("watch")
@run_argument
@ledger_option
@click.option("--read-only", is_flag=True, help="Show everything, answer nothing.")
@click.option("--web", is_flag=True, help="Serve the app to a browser on this machine.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0,
    help="Port for --web. Default: a free one.",
)  # fmt: skip
@click.option("--in-browser", is_flag=True, hidden=True)
def command(run: str, url: str, **options: Any) -> int:
    """See the runs live, and settle what waits.

    With RUN, a run id or its beginning, only that run is shown at first. Works on
    ledgers of runs that are over, and on ledgers that may only be read.
    """
    path = url or default_ledger()
    if options["web"]:
        from soulguard.tui.web import serve

        return serve(path, _found(path, run), port=options["port"])
    if not options["in_browser"] and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "`soulguard watch` needs a terminal",
            hint="use `soulguard log --follow` or `soulguard status` in a pipe",
        )
    from soulguard.tui.start import start

    return start(
        path, _found(path, run), read_only=options["read_only"],
        browser=options["in_browser"],
    )  # fmt: skip


def _found(path: str, run: str) -> str:
    """Give the whole id of a run given by its beginning."""
    if not run:
        return ""
    from contextlib import closing

    from soulguard.ledger.opening import open_ledger
    from soulguard.ledger.queries import find_run

    with closing(open_ledger(path, read_only=True)) as ledger:
        return find_run(ledger, run).run_id


def beside(command: Sequence[str], options: Mapping[str, Any]) -> int:
    """Run a command with the app on screen; `options` are those of `soulguard run`.

    The agent's output is in a pane while the app is there and all of it in the terminal
    afterwards; leaving the app leaves the agent running. Gives its exit status.
    """
    from soulguard.soul.sources import discover_sources
    from soulguard.tui.start import start_beside

    sources = discover_sources(Path.cwd(), [Path(p) for p in options["soul"]])
    root = sources[0].parent.resolve()
    path = options["ledger"] or str(root / ".soulguard" / "ledger.db")
    words = [sys.executable, "-m", "soulguard", "run", *_words(options), "--", *command]
    return start_beside(os.path.expanduser(path), words)


def _words(options: Mapping[str, Any]) -> list[str]:
    """Give the options as they would be typed."""
    words: list[str] = []
    for name, value in options.items():
        flag = f"--{name.replace('_', '-')}"
        if value is True:
            words.append(flag)
        elif isinstance(value, tuple):
            words += [word for part in value for word in (flag, str(part))]
        elif value not in (False, None, ""):
            words += [flag, str(value)]
    return words
