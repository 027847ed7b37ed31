"""`soulguard prune`: old runs leave the record. Words only, no logic."""

from __future__ import annotations

import json
import re
import time
from typing import TYPE_CHECKING, Any

import click

from soulguard.cli.ledgers import default_ledger, ledger_option
from soulguard.cli.output import ago
from soulguard.cli.targets import plain
from soulguard.errors import UsageError

if TYPE_CHECKING:
    from soulguard.ledger.pruning import PruningLedger
    from soulguard.supervisor.retention import Plan

_AGE = re.compile(r"(\d{1,6})([hdw])\Z")
_SECONDS = {"h": 3600, "d": 86400, "w": 7 * 86400}
_SHOWN = 20


def _seconds(_: click.Context, __: click.Parameter, value: str) -> int:
    found = _AGE.match(value.strip().lower())
    if not found:
        raise UsageError(
            f"`{value}` is no age",
            hint="a number of hours, days or weeks: 12h, 90d, 8w",
        )
    return int(found[1]) * _SECONDS[found[2]]


@click.command("prune")
@click.option(
    "--older-than", "age", required=True, metavar="AGE", callback=_seconds,
    help="Only runs that were complete this long ago: 12h, 90d, 8w.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would go; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@ledger_option
def command(*, age: int, dry_run: bool, as_json: bool, url: str) -> None:
    """Remove old completed runs from the record.

    Their events, effects and bodies go; what a run was named stays, so that one that
    has completed is never executed again. A run that can be resumed, and one in which
    something is in doubt, is never touched. The hash chain goes on over what is gone:
    `soulguard verify` proves the rest, and that no more is missing than was removed.

    \b
    soulguard prune --older-than 90d --dry-run
    soulguard prune --older-than 90d
    """  # noqa: D301 - click takes the character itself
    import contextlib

    from soulguard.ledger.pruning import pruning_ledger
    from soulguard.supervisor.retention import plan, prune
    from soulguard.supervisor.settling import person

    now = time.time()
    where = url or default_ledger()
    with contextlib.closing(pruning_ledger(where, read_only=dry_run)) as ledger:
        found, before = plan(ledger, now - age, now), ledger.size()
        small = dry_run or prune(ledger, found.runs, person(), now)
        if as_json:
            click.echo(json.dumps(_data(found, before, ledger.size(), dry_run=dry_run)))
        else:
            _say(ledger, found, before, now, dry_run=dry_run)
    if not small:
        click.echo(
            "the file keeps its size until this is done while no agent runs, with room "
            "for a copy on the disk; the space in it is used again",
            err=True,
        )


def _data(found: Plan, before: int, after: int, *, dry_run: bool) -> dict[str, Any]:
    return {
        **found.weight.to_json(),
        "runs": list(found.runs), "in doubt": list(found.in_doubt), "dry run": dry_run,
        "size": after, "freed": before - after,
    }  # fmt: skip


def _say(
    ledger: PruningLedger, found: Plan, before: int, now: float, *, dry_run: bool
) -> None:
    for run_id in found.runs[:_SHOWN] if dry_run else ():
        run = ledger.run(run_id)
        if run is not None:
            command = plain(" ".join(run.command))
            click.echo(f"  {plain(run_id)}  {ago(run.updated_at, now)}  {command}")
    if dry_run and len(found.runs) > _SHOWN:
        click.echo(f"  and {len(found.runs) - _SHOWN:,} more: see `--json`")
    done = _words(found) if found.runs else "nothing, no run is old enough"
    if dry_run:
        click.echo(f"would remove {done}: about {_mb(found.weight.bytes)}")
    else:
        after = ledger.size()
        freed = f"{_mb(max(before - after, 0))} freed, {_mb(after)} left"
        click.echo(f"removed {done}: {freed}")
    for run_id in found.in_doubt:
        click.echo(
            f"kept: something in run {plain(run_id)} is in doubt, see "
            f"`soulguard status {plain(run_id)}`",
            err=True,
        )


def _words(found: Plan) -> str:
    runs, weight = len(found.runs), found.weight
    return (
        f"{runs:,} run{'' if runs == 1 else 's'} ({weight.events:,} events, "
        f"{weight.effects:,} effects, {weight.bodies:,} bodies)"
    )


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
