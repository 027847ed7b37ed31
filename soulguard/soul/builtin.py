"""Owns the rules and named lists that ship: policies/defaults.yaml, compiled.

They hold whatever SOUL.md says, and do not count when a policy is called empty.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from soulguard.model import Action, Rule, Where
from soulguard.soul import form, lexicon, tables
from soulguard.soul.sources import is_policy_file
from soulguard.soul.yamlnodes import Place

_NAME = "policies/defaults.yaml"
IDENTITY = "builtin.identity"
POLICIES = "builtin.policies"
EVOLVES = "builtin.identity.ask"
EVOLVE = "self-evolve"
"""The family of sentences that give an identity file to the agent."""


@functools.cache
def classes() -> dict[str, tuple[str, ...]]:
    """Give the named lists that ship."""
    found = tables.kept("defaults.yaml", "classes", _read_classes)
    return {name: tuple(members) for name, members in found.items()}


def _read_classes(text: str) -> dict[str, tuple[str, ...]]:
    return form.read_classes(text, Place(_NAME))


@functools.cache
def every_class() -> dict[str, dict[str, tuple[str, ...]]]:
    """Give all named lists by kind: paths, commands, hosts, services."""
    found = {kind: dict(groups) for kind, groups in lexicon.classes().items()}
    found["paths"].update(classes())
    return found


@functools.cache
def _rules() -> tuple[Rule, ...]:
    return tuple(map(Rule.from_json, tables.kept("defaults.yaml", "rules", _read)))


def _read(text: str) -> list[object]:
    place = Place(_NAME)
    found = form.read_form(
        text, place, classes(), precedence=form.BUILT_IN, prefix="builtin"
    )
    return [rule.to_json() for rule in found]


def rules(sources: Sequence[Path], root: Path, said: Sequence[Rule] = ()) -> list[Rule]:
    """Give the built-in rules; the files a policy was read from are protected as well.

    `said` are the policy's own rules: where one wants to be told when an identity file
    changes, or gives it to the agent, a person is asked instead.
    """
    prose = [_relative(p, root) for p in sources if not is_policy_file(p)]
    policies = [_relative(p, root) for p in sources if is_policy_file(p)]
    found: list[Rule] = []
    for rule in _rules():
        if rule.id == IDENTITY:
            found += _identity(_protect(rule, prose), said)
        else:
            found.append(_protect(rule, policies) if rule.id == POLICIES else rule)
    return found


def _protect(rule: Rule, own: list[str]) -> Rule:
    paths = tuple(dict.fromkeys((*own, *rule.where.paths)))
    return replace(rule, where=replace(rule.where, paths=paths))


def _identity(rule: Rule, said: Sequence[Rule]) -> list[Rule]:
    told = [r for r in said if r.action is Action.NOTIFY or r.family == EVOLVE]
    asked = {
        p: r for r in reversed(told) for p in rule.where.paths if p in r.where.paths
    }
    kept = tuple(p for p in rule.where.paths if p not in asked)
    found = [replace(rule, where=replace(rule.where, paths=kept))] if kept else []
    for at, (path, other) in enumerate(asked.items()):
        # no precedence: a sentence that forbids the change still wins
        found.append(
            replace(
                rule, id=f"{EVOLVES}.{at}" if at else EVOLVES, action=Action.ASK,
                family="identity-ask", source=other.source, where=Where(paths=(path,)),
                params={},
            )
        )  # fmt: skip
    return found


def _relative(path: Path, root: Path) -> str:
    real = os.path.realpath(path)
    relative = os.path.relpath(real, root)
    return real if relative.startswith("..") else relative
