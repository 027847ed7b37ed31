"""`soulguard verify`: whether the record is as it was written. Words only."""

from __future__ import annotations

import json

import click

from soulguard.cli.exits import Exit
from soulguard.cli.ledgers import default_ledger, ledger_option, opened
from soulguard.cli.output import paint


@click.command("verify")
@ledger_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(url: str, as_json: bool) -> int:
    """Prove that nobody changed the record.

    Walks the hash chain of all events, the effects they speak of and the recorded
    bodies. The head is the newest event's hash: kept elsewhere, it shows later whether
    the end of the record was cut off. Events that `soulguard prune` removed are counted.

    Exit codes: 0 intact, 1 broken, 3 the ledger cannot be read.
    """
    with opened(url or default_ledger()) as ledger:
        assert ledger is not None, "a named ledger is opened or refused"
        report = ledger.verify()
    if as_json:
        click.echo(json.dumps(report.to_json()))
    elif report.intact:
        head = f", head {report.head}" if report.head else ""
        gone = f" ({report.pruned:,} of them pruned)" if report.pruned else ""
        click.echo(f"{paint('intact', 'green')}: {report.events:,} events{gone}{head}")
    else:
        place = f" at event {report.broken_at:,}" if report.broken_at else ""
        word = paint("broken", "bold", "red")
        click.echo(f"{word}{place} of {report.events:,}: {report.reason}")
    return Exit.OK if report.intact else Exit.VIOLATIONS
