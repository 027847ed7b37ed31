"""`soulguard audit`: which calls of a code base happen twice when it is started again.

Only options, progress and colour here; the audit is `soulguard.audit`'s.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from soulguard.cli.exits import Exit
from soulguard.cli.output import paint
from soulguard.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from soulguard.audit.findings import Audit

_WIDEST = 100
_SEEN_EVERY = 16


@click.command("audit")
@click.argument(
    "path", nargs=-1, required=True, type=click.Path(path_type=Path)
)  # fmt: skip
@click.option(
    "--soul", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
    help="A rule file to ask instead of the SOUL.md beside or above each file.",
)  # fmt: skip
@click.option(
    "--format", "form", default="table", show_default=True,
    type=click.Choice(["table", "json", "sarif", "markdown"]),
    help="How the report is written to stdout.",
)  # fmt: skip
@click.option(
    "--max-debt", type=click.IntRange(min=0), default=0, show_default=True,
    metavar="N", help="How many calls may happen twice before it ends with 1.",
)  # fmt: skip
@click.option(
    "--strict", is_flag=True, help="Count what is unknown as debt for the exit code."
)
@click.option(
    "--exclude", multiple=True, metavar="GLOB",
    help="Files to leave out; may be given again.",
)  # fmt: skip
@click.option("--tests", is_flag=True, help="Audit the tests below PATH, too.")
@click.option(
    "--show-ignored", is_flag=True,
    help="List what `# soulguard: ignore[reason]` leaves out.",
)  # fmt: skip
def command(
    path: tuple[Path, ...], *, form: str, max_debt: int, strict: bool,
    show_ignored: bool, soul: tuple[Path, ...], exclude: tuple[str, ...], tests: bool,
) -> int:  # fmt: skip
    """Say which calls of a code base would happen twice.

    PATH is a Python file or a folder of them. Files, HTTP clients, SDKs, mail,
    commands and databases are found by reading the source; nothing is executed. Each
    call has four answers: what a second run does, what detects the first one, whether
    the service takes a key, and which sentence of SOUL.md covers it.

    A call is left out by `# soulguard: ignore[reason]` on its line.

    Exit codes: 0 no debt, 1 more calls happen twice than --max-debt, 2 a path, a file
    or a rule file cannot be read.
    """
    from soulguard.audit.auditing import Options, audit

    with _told() as progress:
        found = audit(Options(path, soul, exclude, tests), progress)
    _print(found, form, show_ignored)
    if found.troubles:
        return Exit.USAGE
    return Exit.VIOLATIONS if _weight(found, strict) > max_debt else Exit.OK


def _weight(found: Audit, strict: bool) -> int:
    from soulguard.audit.findings import Status

    return found.debt + (len(found.of(Status.UNKNOWN)) if strict else 0)


def _print(found: Audit, form: str, show_ignored: bool) -> None:
    from soulguard.audit import reports

    if form == "table":
        width = min(shutil.get_terminal_size((88, 24)).columns, _WIDEST)
        lines = reports.table(found, width=width, paint=paint, ignored=show_ignored)
        click.echo("\n".join(lines), color=True)  # `paint` has decided
    elif form == "json":
        click.echo(reports.as_json(found))
    elif form == "markdown":
        click.echo(reports.markdown(found, ignored=show_ignored))
    else:
        from soulguard.audit.sarif import as_sarif

        click.echo(as_sarif(found))


@contextlib.contextmanager
def _told() -> Iterator[Callable[[int, int, str], None]]:
    """Give who is told how far it is: the bar, on stderr, on a terminal."""
    bar = Progress(sys.stderr)

    def progress(done: int, total: int, name: str) -> None:
        if done % _SEEN_EVERY == 0:
            bar.show(done, total, name)

    try:
        yield progress
    finally:
        bar.clear()
