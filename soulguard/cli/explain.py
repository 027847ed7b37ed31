"""`soulguard explain`: what the rules say of one effect, and which sentence says it.

Only words and layout here; judging is `soulguard.policy`'s.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from soulguard.cli.check_report import wrapped
from soulguard.cli.exits import Exit
from soulguard.cli.output import paint
from soulguard.errors import EmptyPolicyError

if TYPE_CHECKING:
    from soulguard.model import Effect, Judgement, Rule, Source
    from soulguard.policy.requirements import Circumstances
    from soulguard.soul.compilation import Compilation

_STYLES = {"allow": "green", "ask": "yellow", "deny": "red"}
_SAYS = {
    "allow": "allowed",
    "ask": "asked about: a person decides",
    "deny": "refused",
}
_LABELS = {"append_only": "append"}
_INDENT = 11


@click.command(
    "explain",
    # what is explained may have options of its own: `run git push --force`
    context_settings={"allow_interspersed_args": False},
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
    from soulguard.supervisor.refusal import plainly

    rules = _rules(soul)
    policy = rules.policy
    asked = parse(" ".join(effect), policy.root)
    found = Engine(policy).judge(asked)
    found = replace(found, reason=plainly(found.reason, found.rule))
    here = _here(asked, policy.root)
    if form == "json":
        data = {
            "effect": asked.to_json(),
            **found.to_json(),
            "instead": _instead(here, found),
        }
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_answer(" ".join(effect), here, found, rules)))
    return Exit.OK if found.verdict.value == "allow" else Exit.VIOLATIONS


def _here(effect: Effect, root: str) -> Circumstances:
    """Give the circumstances of an effect that would be done here and now."""
    from soulguard.policy.requirements import Circumstances
    from soulguard.supervisor.disk import addresses, versioned

    folder = os.path.realpath(Path.cwd())
    details = {**effect.details, "cwd": folder, "env": dict(os.environ)}
    done = replace(effect, details=details)
    return Circumstances(
        time.time(), done, root=root, versioned=versioned, listed=addresses
    )


def _rules(soul: tuple[Path, ...]) -> Compilation:
    """Compile the rules; that none of them can be enforced is no mistake here.

    Raises:
        PolicyError: a rule file cannot be used.
    """
    from soulguard.soul.compiler import examine
    from soulguard.soul.sources import discover_sources

    found = examine(discover_sources(Path.cwd(), soul))
    for diagnostic in found.errors:
        if diagnostic.slug != EmptyPolicyError.slug:
            raise diagnostic.error()
    return found


def _answer(
    said: str, here: Circumstances, found: Judgement, rules: Compilation
) -> Iterator[str]:
    verdict = found.verdict.value
    yield f"{said}: {paint(_SAYS[verdict], 'bold', _STYLES[verdict])}"
    yield f"  because  {wrapped(found.reason, _INDENT)}"
    if found.rule:
        yield from _told("by", (found.rule,), here, rules)
    if instead := _instead(here, found):
        yield f"  instead  {wrapped(instead, _INDENT)}"
    if verdict == "deny":
        return  # what would hold of it if it were allowed is not asked
    if verdict == "ask" and found.duties:
        yield "  and once it is allowed:"
    ordered = sorted(found.duties, key=rules.policy.rules.index)
    for _, group in groupby(ordered, key=lambda rule: rule.source):
        duties = tuple(group)
        yield from _told(_label(duties), duties, here, rules)
    if not found.rule and not found.duties:
        yield "  no rule speaks of it"


def _instead(here: Circumstances, found: Judgement) -> str:
    """Say what may be done instead of what is refused or asked about."""
    from soulguard.supervisor.refusal import allowed, otherwise

    if found.verdict.value == "ask":
        return "wait for the answer of a person; no answer is no"
    if found.verdict.value == "deny":
        return allowed(found.rule) or otherwise(here.effect.kind)
    return ""


def _label(duties: tuple[Rule, ...]) -> str:
    names = (rule.action.value for rule in duties)
    return ", ".join(dict.fromkeys(_LABELS.get(name, name) for name in names))


def _told(
    label: str, told: tuple[Rule, ...], here: Circumstances, rules: Compilation
) -> Iterator[str]:
    """Give a sentence that decides or binds, what it means and what it requires."""
    from soulguard.policy.carried import LOOKS
    from soulguard.policy.requirements import demands, unmet

    source = told[0].source
    own = told[0] in rules.policy.rules[: rules.own]
    place = source.span.short if own else f"built in, {source.span.short}"
    yield f"  {label:<8} {wrapped(f'{place}: {_words(source)}', _INDENT)}"
    if meaning := _meaning(told[0], rules):
        yield paint(f"{'':{_INDENT}}{wrapped(f'= {meaning}', _INDENT)}", "dim")
    for rule in told:
        if required := demands(rule):
            yield f"{'':{_INDENT}}required: {required}"
            # what a call would carry is not known
            hidden = not rule.params.keys().isdisjoint(LOOKS)
            lacking = None if hidden else unmet(rule, here)
            if lacking:
                said = f"{lacking.fact}; {lacking.instead}"
                asks = rule.params.get("unmet") == "ask"
                does = "waits for a person" if asks else "refused"
                yield paint(f"{'':{_INDENT}}{does} here and now: {said}", "yellow")
    ids = ", ".join(rule.id for rule in told)
    yield paint(f"{'':{_INDENT}}rule {ids}", "dim")


def _words(source: Source) -> str:
    from soulguard.soul.reading import plain

    return plain(source.text)


def _meaning(rule: Rule, rules: Compilation) -> str:
    sentences = (s for s in rules.sentences if rule.id in s.rules)
    return next((s.meaning for s in sentences), "")
