"""`soulguard log`: the history, event by event, for eyes and for pipes. Words only."""

from __future__ import annotations

import contextlib
import difflib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from soulguard.cli.ledgers import (
    NO_RUNS,
    default_ledger,
    ledger_option,
    opened,
    run_argument,
)
from soulguard.cli.output import paint
from soulguard.cli.targets import plain, shorten
from soulguard.errors import UsageError

if TYPE_CHECKING:
    from soulguard.ledger.protocol import Ledger
    from soulguard.model import Event, EventType

_POLL = 0.1  # seconds between two looks; a look that finds nothing costs microseconds


@click.command("log")
@run_argument
@ledger_option
@click.option("--follow", "-f", is_flag=True, help="Go on as events are recorded.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option(
    "--type", "names", multiple=True, metavar="TYPE", help="Only events of this type."
)
@click.option("--violations", is_flag=True, help="Only what stopped the agent.")
@click.option(
    "--since",
    type=click.IntRange(0),
    default=0,
    help="Only after the event of this id.",
)
def command(
    *,
    run: str,
    url: str,
    follow: bool,
    as_json: bool,
    names: tuple[str, ...],
    violations: bool,
    since: int,
) -> None:
    """Print the history, event by event.

    RUN is a run id or its beginning; without one the events of all runs are printed.

    \b
    soulguard log --follow --violations
    soulguard log --json --type effect.replayed | jq .target
    """  # noqa: D301 - click takes the character itself
    from soulguard.ledger.queries import VIOLATIONS, Tail, find_run

    types = [*_types(names), *(VIOLATIONS if violations else ())]
    with _there(url, wait=follow) as ledger:
        if ledger is None:
            return
        run_id = find_run(ledger, run).run_id if run else None
        tail = Tail(ledger, run_id, types=types, after=since)
        roots = _Roots(ledger)
        while True:
            for event in tail.poll():
                line = json.dumps(event.to_json()) if as_json else _line(event, roots)
                sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
            if not follow:
                break
            time.sleep(_POLL)


@contextlib.contextmanager
def _there(url: str, *, wait: bool) -> Iterator[Ledger | None]:
    """Open the ledger; without one say so, and wait for the first run if asked to."""
    with opened(url) as ledger:
        if ledger is not None:
            yield ledger
            return
    click.echo(NO_RUNS, err=True)
    if not wait:
        yield None
        return
    path = Path(default_ledger())
    while not path.exists():
        time.sleep(_POLL)
    with opened(str(path)) as ledger:
        yield ledger


def _types(names: Sequence[str]) -> list[EventType]:
    from soulguard.model import EventType

    known = {type_.value: type_ for type_ in EventType}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean `{near[0]}`?" if near else ", ".join(known)
            raise UsageError(f"no type of event named `{name}`", hint=hint)
    return [known[name] for name in names]


class _Roots:
    """The root folders of runs, against which paths are shown."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._known: dict[str, str] = {}

    def shorten(self, event: Event) -> str:
        """Give an event's target as a person names it inside the run's folder."""
        if event.run_id not in self._known:
            run = self._ledger.run(event.run_id)
            self._known[event.run_id] = run.root if run else ""
        return shorten(event.target, self._known[event.run_id])


def _line(event: Event, roots: _Roots) -> str:
    at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(event.at))
    kind = f"{event.type.value:<22}"
    parts = [
        paint(f"{event.id:>6}  {at}", "dim"),
        paint(f"{event.run_id[-8:]}/{event.attempt}", "dim"),
        paint(kind, "bold", "red") if event.violation else kind,
        plain(roots.shorten(event)),
        paint(plain(": ".join(filter(None, (event.source, event.reason)))), "dim"),
    ]
    return "  ".join(part for part in parts if part)
