"""Which ledger and which run the reading commands speak of; nothing is written.

Unless it is named, the ledger lies beside the nearest SOUL.md, as `run` puts it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from soulguard.errors import SoulguardError, SourceMissingError, UsageError

if TYPE_CHECKING:
    from soulguard.ledger.protocol import Ledger

VARIABLE = "SOULGUARD_LEDGER"
NO_RUNS = "no runs yet: start one with `soulguard run -- python agent.py`"

ledger_option = click.option(
    "--ledger",
    "url",
    default="",
    metavar="URL",
    envvar=VARIABLE,
    help="Read this ledger. Default: .soulguard/ledger.db beside the nearest SOUL.md.",
)


@contextlib.contextmanager
def opened(url: str) -> Iterator[Ledger | None]:
    """Open the ledger for reading; None where no run has made the default one yet.

    Raises:
        UsageError: nothing is named and there is no SOUL.md here or above.
        LedgerError: the ledger cannot be read.
    """
    from soulguard.ledger.opening import open_ledger

    path = url or default_ledger()
    if not url and _is_absent(path):
        yield None
        return
    with contextlib.closing(open_ledger(path, read_only=True)) as ledger:
        yield ledger


def _is_absent(path: str) -> bool:
    """Whether there is none; one that cannot be looked at is no absent one."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


@contextlib.contextmanager
def writable(url: str) -> Iterator[Ledger]:
    """Open the ledger to put a person's answer on record; it is never made here.

    Raises:
        UsageError: nothing is named and there is no SOUL.md here or above.
        LedgerError: there is no ledger, or it cannot be written.
    """
    from soulguard.ledger.opening import ledger_path, open_ledger

    path = url or default_ledger()
    missing = not ledger_path(path).exists()
    with contextlib.closing(open_ledger(path, read_only=missing)) as ledger:
        yield ledger


def default_ledger() -> str:
    """Give the path of the ledger that belongs to the working directory.

    One that is there counts without its SOUL.md too: what happened stays readable when
    the rules are gone.

    Raises:
        UsageError: there is no SOUL.md here or above.
    """
    from soulguard.soul.sources import discover_sources

    here, root = Path.cwd(), None
    with contextlib.suppress(SourceMissingError):
        root = discover_sources(here)[0].parent.resolve()
    for folder in (here, *here.parents):
        path = folder / ".soulguard" / "ledger.db"
        if folder == root or path.exists():
            return str(path)
        if root is None:
            break
    raise UsageError(
        "no ledger here: there is no SOUL.md in this folder or above",
        hint="go to the folder of SOUL.md, or name the ledger with `--ledger`",
    )


def complete_run(
    context: click.Context,
    parameter: click.Parameter,  # noqa: ARG001 - click's
    incomplete: str,
) -> list[CompletionItem]:
    """Complete the ids of the newest runs; without a ledger there are none."""
    url = context.params.get("url") or os.environ.get(VARIABLE, "")
    try:
        with opened(url) as ledger:
            runs = ledger.runs() if ledger else []
    except SoulguardError:
        return []
    return [
        CompletionItem(run.run_id, help=" ".join(run.command))
        for run in runs
        if run.run_id.startswith(incomplete)
    ]


run_argument = click.argument(
    "run", required=False, default="", shell_complete=complete_run
)
