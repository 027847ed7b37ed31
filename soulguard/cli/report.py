"""`soulguard report`: what happened in a run, as one HTML page. No logic here."""

from __future__ import annotations

import time
from pathlib import Path

import click

from soulguard.cli.ledgers import NO_RUNS, complete_run, ledger_option, opened
from soulguard.errors import UsageError


@click.command("report")
@click.argument("run", shell_complete=complete_run)
@click.option(
    "--html", "path", type=click.Path(path_type=Path, dir_okay=False), required=True,
    metavar="FILE", help="Write the page here; `-` writes it to the standard output.",
)  # fmt: skip
@ledger_option
def command(run: str, path: Path, url: str) -> None:
    """Write what happened in a run as one HTML page.

    RUN is a run id or its beginning. The page stands alone: attempts on a timeline, what
    was blocked and why, what waits for a person, what was saved, the rules in force.
    """
    from soulguard.postmortem.account import account_of
    from soulguard.postmortem.page import page

    with opened(url) as ledger:
        if ledger is None:
            raise UsageError(NO_RUNS)
        text = page(account_of(ledger, run, time.time()))
    if str(path) == "-":
        click.echo(text, nl=False)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"`{path}` cannot be written: {error.strerror}") from None
    click.echo(f"the report is in {path}", err=True)
