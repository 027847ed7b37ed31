"""`soulguard init`: put the Idempotency Rule into SOUL.md, and nothing else.

Only what to add and where is decided here; the words ship in policies/presets.
"""

from __future__ import annotations

from pathlib import Path

import click

from soulguard.cli.exits import Exit
from soulguard.errors import SourceMissingError, UsageError

BASE = "idempotent"
TITLE = "# SOUL.md\n"


@click.command("init")
@click.argument("file", default="SOUL.md", type=click.Path(path_type=Path))
@click.option(
    "--preset",
    "presets",
    multiple=True,
    help="Rules to add as well: `careful` or `unattended`.",
)
def command(file: Path, presets: tuple[str, ...]) -> int:
    """Add the Idempotency Rule to a SOUL.md.

    FILE is made if it does not exist; what it says already stays as it is. A section
    that is there already is not added twice.
    """
    from soulguard.soul.shipped import shipped

    known = sorted(p.stem for p in shipped("presets").glob("*.md"))
    for name in presets:
        if name not in known:
            raise UsageError(f"no preset `{name}`", hint=f"there is {', '.join(known)}")
    text = _read(file)
    sections = [
        shipped(f"presets/{name}.md").read_text(encoding="utf-8")
        for name in dict.fromkeys((BASE, *presets))
    ]
    missing = [s for s in sections if s.split("\n", 1)[0] not in text.split("\n")]
    if not missing:
        click.echo(f"{file} says all that already", err=True)
        return Exit.OK
    _write(file, text, missing)
    for section in missing:
        click.echo(f"added to {file}: {section.splitlines()[0].lstrip('# ')}", err=True)
    return Exit.OK


def _read(file: Path) -> str:
    from soulguard.soul.text import read_source

    try:
        return read_source(file.absolute(), Path.cwd()).text
    except SourceMissingError:
        if file.exists():
            raise
        return ""


def _write(file: Path, text: str, sections: list[str]) -> None:
    # Appended, never rewritten: what stands there keeps every byte
    ends = "" if text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    start = ends if text else TITLE + "\n"
    with file.open("a", encoding="utf-8") as stream:
        stream.write(start + "\n".join(sections))
