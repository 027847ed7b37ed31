"""`soulguard explain`: what the rules say of one effect, and which sentence says it.

Only words and layout here; judging is `soulguard.policy`'s.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from soulguard.cli.exits import Exit
from soulguard.cli.output import paint

if TYPE_CHECKING:
    from soulguard.model import Effect, Judgement, Rule
    from soulguard.policy.requirements import Circumstances

_STYLES = {"allow": "green", "ask": "yellow", "deny": "red"}
_SAYS = {
    "allow": "allowed",
    "ask": "asked about: a person decides",
    "deny": "refused",
}


@click.command(
    "explain",
    # what is explained may have options of its own: `run git push --force`
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("effect", nargs=-1, required=True)
@click.option(
    "--soul",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A rule file to use instead of the SOUL.md here or above.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print the answer.",
)
def command(effect: tuple[str, ...], soul: tuple[Path, ...], form: str) -> int:
    """Say what the rules decide about an effect.

    EFFECT is in words: `write out/a.json`, `delete data.csv`, `read .env`,
    `mail to a@example.com`, `run git push --force` or
    `POST https://api.stripe.com/v1/charges`.

    Exit codes: 0 allowed, 1 refused or asked about, 2 when a rule file or the effect
    cannot be read.
    """
    from soulguard.policy.engine import Engine
    from soulguard.policy.phrases import parse
    from soulguard.soul.compiler import compile_sources
    from soulguard.soul.sources import discover_sources

    policy = compile_sources(discover_sources(Path.cwd(), soul)).policy
    asked = parse(" ".join(effect), policy.root)
    found = Engine(policy).judge(asked)
    if form == "json":
        data = {"effect": asked.to_json(), **found.to_json()}
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        click.echo(
            "\n".join(_answer(" ".join(effect), _here(asked, policy.root), found))
        )
    return Exit.OK if found.verdict.value == "allow" else Exit.VIOLATIONS


def _here(effect: Effect, root: str) -> Circumstances:
    """Give the circumstances of an effect that would be done here and now."""
    from soulguard.policy.requirements import Circumstances
    from soulguard.supervisor.disk import versioned

    folder = os.path.realpath(Path.cwd())
    details = {**effect.details, "cwd": folder, "env": dict(os.environ)}
    done = replace(effect, details=details)
    return Circumstances(time.time(), done, root=root, versioned=versioned)


def _answer(said: str, here: Circumstances, found: Judgement) -> Iterator[str]:
    verdict = found.verdict.value
    yield f"{said}: {paint(_SAYS[verdict], 'bold', _STYLES[verdict])}"
    yield f"  because  {found.reason}"
    if found.rule:
        yield from _rule("by", found.rule, here)
    for rule in found.duties:
        yield from _rule(rule.action.value.replace("_", " "), rule, here)
    if not found.rule and not found.duties:
        yield f"  no rule speaks of {here.effect.kind.value} there"


def _rule(label: str, rule: Rule, here: Circumstances) -> Iterator[str]:
    from soulguard.policy.requirements import demands, unmet

    yield f"  {label:<8} {rule.source.span.short}: {rule.source.text}"
    if required := demands(rule):
        yield f"{'':11}required: {required}"
        # what a call would carry is not known
        lacking = None if "fields" in rule.params else unmet(rule, here)
        if lacking:
            said = f"{lacking.fact}; {lacking.instead}"
            yield paint(f"{'':11}refused here and now: {said}", "yellow")
    yield paint(f"{'':11}rule {rule.id}", "dim")
