"""`soulguard check`: what every rule sentence became, and what does not hold.

Only words and layout here; compiling is `soulguard.soul`'s.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from soulguard.cli.exits import Exit
from soulguard.cli.output import echo_error, echo_warning, paint

if TYPE_CHECKING:
    from soulguard.soul.compilation import Compilation, Sentence
    from soulguard.soul.difference import Difference

WIDTH = 88
_INDENT = " " * 17


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
    help="An older rule file or folder: print only what the edit changes.",
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

    Exit codes: 0 fine, 1 with --strict when a rule sentence is not enforced, 2 when a
    rule file cannot be used.
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
        click.echo("\n".join(_report(found, every=every)))
        _complain(found)
    else:
        click.echo(_data({"totals": _totals(found), **found.to_json()}, form))
    if found.errors:
        return Exit.USAGE
    return Exit.VIOLATIONS if strict and _open(found) else Exit.OK


def found_root(found: Compilation) -> Path:
    """Give the folder a compilation's globs start from."""
    return Path(found.policy.root)


def _changes(old: Compilation, new: Compilation, form: str) -> int:
    from soulguard.soul.difference import difference

    found = difference(old, new)
    if form == "text":
        click.echo("\n".join(_difference(found)))
    else:
        click.echo(_data(found.to_json(), form))
    # what stands beside the older file unread is the newer one
    _complain(old, beside=False)
    _complain(new)
    return Exit.USAGE if old.errors or new.errors else Exit.OK


def _difference(found: Difference) -> Iterator[str]:
    parts = (
        ("+", "green", found.added),
        ("-", "red", found.removed),
        ("~", "yellow", found.changed),
    )
    for mark, style, sentences in parts:
        for sentence in sentences:
            place = f"{sentence.span.short}: {sentence.text}"
            yield paint(mark, "bold", style) + " " + place
            yield paint(
                f"    {', '.join(sentence.families)}: {sentence.meaning}", "dim"
            )
    if found.empty:
        yield "the same rules"


def _open(found: Compilation) -> list[Sentence]:
    return [s for s in found.sentences if not s.rules and s.firm]


# -- as data ----------------------------------------------------------------------------


def _data(data: dict[str, Any], form: str) -> str:
    if form == "json":
        return json.dumps(data, indent=2, ensure_ascii=False)
    from soulguard.soul.yamlnodes import dump

    return dump(data).rstrip()


def _totals(found: Compilation) -> dict[str, Any]:
    open_sentences = _open(found)
    enforced = sum(bool(s.rules) for s in found.sentences)
    return {
        "sentences": enforced + len(open_sentences),
        "enforced": enforced,
        "not_enforced": len(open_sentences),
        "described": len(found.sentences) - enforced - len(open_sentences),
        "rules": found.own,
        "built_in": found.built_in,
        "errors": len(found.errors),
    }


# -- as a page --------------------------------------------------------------------------


def _report(found: Compilation, *, every: bool) -> Iterator[str]:
    for file in found.files_read:
        mine = [s for s in found.sentences if s.span.file == file]
        mine.sort(key=lambda s: (s.span.line, s.span.column))
        yield paint(_place(found, file), "bold")
        if not mine and not found.errors:
            yield "  nothing here reads like a rule"
        for sentence in mine:
            if sentence.rules:
                yield from _sentence(sentence)
        yield ""
        rest = [s for s in mine if not s.rules]
        yield from _not_enforced(file, [s for s in rest if s.firm or every])
        if not every and (loose := sum(not s.firm for s in rest)):
            yield f"  {file}: {_lines(loose)}; `--all` shows them"
            yield ""
    yield from _built_in(found)
    yield from _classes(found)
    yield _summary(found)


def _place(found: Compilation, file: str) -> str:
    """Name a file; one of another folder than this is named with it."""
    root = found_root(found)
    return file if root == Path.cwd() else str(root / file)


def _sentence(sentence: Sentence) -> Iterator[str]:
    grade = paint(f"{sentence.grade.value:<8}", "green")
    yield f"{sentence.span.line:>6}  {grade} {_wrapped(sentence.text)}"
    label = ", ".join(sentence.families)
    said = f": {sentence.meaning}" if sentence.meaning else ""
    yield _INDENT + paint(_wrapped(f"= {label}{said}"), "dim")


def _not_enforced(file: str, found: list[Sentence]) -> Iterator[str]:
    """The honest rest, one line each, under the reason they share."""
    if not found:
        return
    yield paint(f"{file}: read, not enforced", "bold")
    reasons: dict[str, list[Sentence]] = {}
    for sentence in found:
        reasons.setdefault(sentence.reason, []).append(sentence)
    for reason, sentences in reasons.items():
        yield f"  {paint(reason, 'yellow')}"
        for sentence in sentences:
            yield f"{sentence.span.line:>6}  " + textwrap.shorten(
                sentence.text, WIDTH - 8, placeholder=" ..."
            )
        if wanted := next((s.suggestion for s in sentences if s.suggestion), ""):
            yield f"{'':8}" + paint(f"would hold: {wanted}", "cyan")
    yield ""


def _lines(number: int) -> str:
    return (
        f"{number} lines describe or advise"
        if number > 1
        else "1 line describes or advises"
    )


def _wrapped(text: str) -> str:
    lines = textwrap.wrap(text, WIDTH - len(_INDENT), break_long_words=False)
    return ("\n" + _INDENT).join(lines)


def _built_in(found: Compilation) -> Iterator[str]:
    rules = found.policy.rules[found.own :]
    yield paint("always", "bold")
    for text in dict.fromkeys(rule.source.text for rule in rules):
        yield f"{'':8}{'built in':<8} {_wrapped(text)}"
    yield ""


def _classes(found: Compilation) -> Iterator[str]:
    if not found.classes:
        return
    yield paint("named lists that rules use", "bold")
    for used in found.classes:
        yield f"  {used.name}: {_shortened(used.members)}"
    yield ""


def _shortened(members: Iterable[str]) -> str:
    return textwrap.shorten(", ".join(members), WIDTH * 2, placeholder=" ...")


def _summary(found: Compilation) -> str:
    totals = _totals(found)
    said = (
        f"{totals['sentences']} rule sentences: {totals['enforced']} enforced, "
        f"{totals['not_enforced']} not; {totals['rules']} rules, "
        f"{totals['built_in']} built in"
    )
    return paint(said, "bold")


def _complain(found: Compilation, *, beside: bool = True) -> None:
    for diagnostic in found.diagnostics:
        error = diagnostic.error()
        if diagnostic in found.errors:
            echo_error(error)
        else:
            echo_warning(str(error), error.hint)
    if found.lookalikes and beside:
        names = ", ".join(f"`{name}`" for name in found.lookalikes)
        echo_warning(f"not read: {names}", "name a file to have it read")
