"""`soulguard check`: what every rule sentence became, and what does not hold.

Only words and layout here; compiling is `soulguard.soul`'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from soulguard.cli.check_report import (
    complain,
    mistakes,
    report,
    totals_of,
    unenforced,
    words_of,
    wrapped,
)
from soulguard.cli.exits import Exit
from soulguard.cli.output import paint

if TYPE_CHECKING:
    from soulguard.soul.compilation import Compilation, Sentence
    from soulguard.soul.difference import Difference


@click.command("check")
@click.argument("path", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "yaml"]),
    default="text",
    show_default=True,
    help="How to print the report.",
)
@click.option(
    "--diff",
    "old",
    type=click.Path(path_type=Path),
    help="An older rule file or folder: print only what the edit adds (+), removes (-), "
    "changes (~) and says to no effect (!).",
)
@click.option(
    "--strict", is_flag=True, help="End with 1 if a rule sentence is not enforced."
)
@click.option("--all", "every", is_flag=True, help="Show what only describes, too.")
def command(
    path: tuple[Path, ...], form: str, old: Path | None, strict: bool, every: bool
) -> int:
    """Say of every rule sentence what it became.

    PATH is a rule file or a folder that holds a SOUL.md; without one the SOUL.md here
    or above is taken, with the AGENTS.md and policy files beside it.

    Exit codes: 0 fine, 1 when nothing here can be enforced, so that `soulguard run` does
    not start, and with --strict when a rule sentence is not enforced, 2 when a rule file
    cannot be used.
    """
    from soulguard.soul.compiler import examine
    from soulguard.soul.sources import discover_sources

    found = examine(discover_sources(Path.cwd(), path))
    if old is not None:
        before = examine(
            discover_sources(Path.cwd(), [old]), root=Path(found.policy.root)
        )
        return _changes(before, found, form)
    if form == "text":
        click.echo("\n".join(report(found, every=every)))
        complain(found)
    else:
        click.echo(_data({"totals": totals_of(found), **found.to_json()}, form))
    if mistakes(found):
        return Exit.USAGE
    empty = bool(found.errors)
    return Exit.VIOLATIONS if empty or (strict and unenforced(found)) else Exit.OK


def _changes(old: Compilation, new: Compilation, form: str) -> int:
    from soulguard.soul.difference import difference

    found = difference(old, new)
    if form == "text":
        click.echo("\n".join(_difference(found)))
    else:
        click.echo(_data(found.to_json(), form))
    # what stands beside the older file unread is the newer one
    complain(old, beside=False)
    complain(new)
    if mistakes(old) or mistakes(new):
        return Exit.USAGE
    return Exit.VIOLATIONS if new.errors else Exit.OK


def _difference(found: Difference) -> Iterator[str]:
    for mark, style, sentences in (
        ("+", "green", found.added),
        ("-", "red", found.removed),
    ):
        for sentence in sentences:
            yield _marked(mark, style, sentence)
            yield _dim(f"= {', '.join(sentence.families)}: {sentence.meaning}")
    for sentence, before in zip(found.changed, found.before, strict=True):
        yield _marked("~", "yellow", sentence)
        yield _dim(f"= {', '.join(sentence.families)}: {sentence.meaning}")
        if before.meaning != sentence.meaning:
            yield _dim(f"before: {before.meaning}")
    if found.empty:
        yield "the same rules"
    for sentence in found.open:
        yield _marked("!", "yellow", sentence)
        yield _dim(f"not enforced: {sentence.reason}")
        if sentence.suggestion:
            yield _dim(f"would hold: {sentence.suggestion}")


def _marked(mark: str, style: str, sentence: Sentence) -> str:
    place = f"{sentence.span.short}: {words_of(sentence)}"
    return f"{paint(mark, 'bold', style)} {wrapped(place, 2)}"


def _dim(said: str) -> str:
    return paint(f"    {wrapped(said, 4)}", "dim")


# -- as data ----------------------------------------------------------------------------


def _data(data: dict[str, Any], form: str) -> str:
    if form == "json":
        return json.dumps(data, indent=2, ensure_ascii=False)
    from soulguard.soul.yamlnodes import dump

    return dump(data).rstrip()
