"""`soulguard test`: run the cases that are kept beside SOUL.md against it.

Only words and layout here; reading cases is `soulguard.soul`'s, judging
`soulguard.policy`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from soulguard.cli.exits import Exit
from soulguard.cli.output import paint
from soulguard.errors import UsageError

if TYPE_CHECKING:
    from soulguard.policy.engine import Engine
    from soulguard.soul.cases import Case

NAMES = ("soulguard.cases.yaml", "soulguard.cases.yml")


@click.command("test")
@click.argument("cases", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--soul",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A rule file to use instead of the SOUL.md here or above.",
)
def command(cases: tuple[Path, ...], soul: tuple[Path, ...]) -> int:
    """Run cases against the rules.

    CASES are YAML files; without one soulguard.cases.yaml beside SOUL.md is taken. A
    case says `effect: run git push --force`, `expect: deny`, and if it matters
    `by: SOUL.md:12` and `with: [once]`.

    Exit codes: 0 all cases hold, 1 one does not, 2 when a file cannot be used.
    """
    from soulguard.policy.engine import Engine
    from soulguard.soul.cases import read_cases
    from soulguard.soul.compiler import compile_sources
    from soulguard.soul.sources import discover_sources

    policy = compile_sources(discover_sources(Path.cwd(), soul)).policy
    root = Path(policy.root)
    engine = Engine(policy)
    files = cases or _beside(root)
    every = [case for file in files for case in read_cases(file.absolute(), root)]
    failed = [line for case in every if (line := _judge(case, engine))]
    for line in failed:
        click.echo(line)
    held = len(every) - len(failed)
    click.echo(paint(f"{held} of {len(every)} cases hold", "bold"))
    return Exit.VIOLATIONS if failed else Exit.OK


def _beside(root: Path) -> tuple[Path, ...]:
    found = tuple(root / name for name in NAMES if (root / name).is_file())
    if not found:
        raise UsageError(
            "no case file beside SOUL.md",
            where=str(root),
            hint=f"write {NAMES[0]}, or name a file",
        )
    return found


def _judge(case: Case, engine: Engine) -> str:
    """Give the line that says what is wrong with a case, empty where it holds."""
    from soulguard.policy.phrases import parse

    found = engine.judge(parse(case.effect, engine.policy.root))
    wrong = []
    if found.verdict is not case.expect:
        wrong.append(
            f"is {found.verdict.value}, not {case.expect.value}: {found.reason}"
        )
    rule = found.rule
    names = {rule.id, rule.source.span.short} if rule else set()
    if case.by and case.by not in names:
        by = rule.source.span.short if rule else "no rule"
        wrong.append(f"is decided by {by}, not {case.by}")
    duties = {duty.action.value for duty in found.duties}
    wrong += [f"lacks `{d}`" for d in case.duties if d not in duties]
    return f"{case.span.short}: `{case.effect}` {' and '.join(wrong)}" if wrong else ""
