"""`soulguard status`: which runs there are, and what became of one. Words only."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from soulguard.cli.ledgers import NO_RUNS, ledger_option, opened, run_argument
from soulguard.cli.output import ago, paint, table
from soulguard.cli.targets import plain

if TYPE_CHECKING:
    from soulguard.ledger.protocol import Ledger
    from soulguard.model import Run

_SHOWN_RUNS = 20
_ALL_RUNS = 1_000_000


@click.command("status")
@run_argument
@ledger_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--all", "every", is_flag=True, help="Leave nothing out.")
def command(run: str, url: str, as_json: bool, every: bool) -> None:
    """Say what happened in the runs, or all about one.

    RUN is a run id or its beginning. Its report is one list of what was replayed,
    re-sent, skipped, blocked, diverged or went around the guard, and of what is in
    doubt with what may be done about it.
    """
    from soulguard.ledger.queries import find_run

    with opened(url) as ledger:
        if ledger is None or (not run and not ledger.runs(1)):
            click.echo(NO_RUNS, err=True)
            if as_json:
                click.echo(json.dumps({"runs": []}))
        elif run:
            _one(ledger, find_run(ledger, run), as_json=as_json, every=every)
        else:
            _list(ledger, as_json=as_json, limit=_ALL_RUNS if every else _SHOWN_RUNS)


def _one(ledger: Ledger, run: Run, *, as_json: bool, every: bool) -> None:
    from soulguard.cli.run_report import data, lines

    run, word = _standing(ledger, run)
    if as_json:
        click.echo(json.dumps(data(ledger, run, word), indent=2))
        return
    for line in lines(ledger, run, word, every=every):
        click.echo(line)


def _list(ledger: Ledger, *, as_json: bool, limit: int) -> None:
    from soulguard.ledger.queries import summary

    runs = ledger.runs(limit + 1)
    found = [_standing(ledger, run) for run in runs[:limit]]
    if as_json:
        rows = [_data(run, word, summary(ledger, run).to_json()) for run, word in found]
        click.echo(json.dumps({"runs": rows}, indent=2))
        return
    cells = [_cells(run, word, counted(summary(ledger, run))) for run, word in found]
    _warn(ledger, found)
    head = ("RUN", "STATUS", "ATTEMPTS", "WHEN", "COMMAND", "")
    click.echo(table(head, cells, right={2}))
    if len(runs) > limit:
        click.echo("older runs are left out: see `soulguard status --all`", err=True)


def _warn(ledger: Ledger, found: list[tuple[Run, str]]) -> None:
    """Say of the newest run, and of every live one, that an edit does not hold."""
    from soulguard.cli.run_report import banner

    for at, (run, word) in enumerate(found):
        lines = list(banner(ledger, run)) if at == 0 or word == "running" else []
        if lines:
            lines[0] = f"run {plain(run.run_id)}: {lines[0]}"
        for line in lines:
            click.echo(line, err=True)


def _data(run: Run, word: str, summary: dict[str, Any]) -> dict[str, Any]:
    from soulguard.cli.run_report import run_data

    return {**run_data(run, word), "summary": summary}


def _cells(run: Run, word: str, counts: str) -> tuple[str, ...]:
    command = plain(" ".join(run.command))
    return (
        plain(run.run_id),
        paint(word, *_STYLES.get(word, ())),
        str(run.attempts),
        ago(run.updated_at, time.time()),
        command if len(command) <= 40 else f"{command[:39]}…",
        counts,
    )


_STYLES = {"running": ("cyan",), "completed": ("green",), "cut off": ("yellow",)}

_COUNTED = (
    ("written", "written"),
    ("appended", "appended"),
    ("moved", "moved"),
    ("deleted", "deleted"),
    ("called", "called"),
    ("mailed", "mailed"),
    ("commanded", "commands run"),
    ("explicit", "explicit effects made"),
    ("failed", "failed"),
    ("skipped", "skipped"),
    ("replayed", "replayed"),
    ("resent", "re-sent"),
    ("blocked", "blocked"),
    ("in_doubt", "in doubt"),
    ("diverged", "diverged"),
    ("drifted", "drifted"),
    ("around", "around the guard"),
    ("unguarded", "unguarded processes"),
)


def counted(summary: Any) -> str:
    """Give the counts of a summary that are not zero, in words."""
    parts = [
        f"{number:,} {word}"
        for name, word in _COUNTED
        if (number := getattr(summary, name))
    ]
    return ", ".join(parts) or ("pruned" if summary.pruned else "nothing on record")


def _standing(ledger: Ledger, run: Run) -> tuple[Run, str]:
    """Give a run as it stands and the word for it: its owner may have been killed."""
    from soulguard.model import RunStatus
    from soulguard.supervisor.lease import held_by

    if run.status is not RunStatus.RUNNING:
        return run, run.status.value
    if held_by(ledger, run.run_id, time.time()):
        return run, "running"
    return replace(run, status=RunStatus.RESUMABLE), "cut off"
