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
from soulguard.soul import form, lexicon, shipped
from soulguard.soul.sources import is_policy_file
from soulguard.soul.yamlnodes import Place

_NAME = "policies/defaults.yaml"
IDENTITY = "builtin.identity"
POLICIES = "builtin.policies"
EVOLVE = "self-evolve"
"""The family of sentences that give an identity file to the agent."""


@functools.cache
def _text() -> str:
    return shipped.shipped("defaults.yaml").read_text(encoding="utf-8")


@functools.cache
def classes() -> dict[str, tuple[str, ...]]:
    """Give the named lists that ship."""
    return form.read_classes(_text(), Place(_NAME))


@functools.cache
def every_class() -> dict[str, dict[str, tuple[str, ...]]]:
    """Give all named lists by kind: paths, commands, hosts, services."""
    found = {kind: dict(groups) for kind, groups in lexicon.classes().items()}
    found["paths"].update(classes())
    return found


@functools.cache
def _rules() -> tuple[Rule, ...]:
    place = Place(_NAME)
    found = form.read_form(
        _text(), place, classes(), precedence=form.BUILT_IN, prefix="builtin"
    )
    return tuple(found)


def rules(sources: Sequence[Path], root: Path) -> list[Rule]:
    """Give the built-in rules; the files a policy was read from are identity files."""
    own = [_relative(path, root) for path in sources]
    return [_protect(rule, own) if rule.id == IDENTITY else rule for rule in _rules()]


def _protect(rule: Rule, own: list[str]) -> Rule:
    paths = tuple(dict.fromkeys((*own, *rule.where.paths)))
    return replace(rule, where=replace(rule.where, paths=paths))


def _relative(path: Path, root: Path) -> str:
    real = os.path.realpath(path)
    relative = os.path.relpath(real, root)
    return real if relative.startswith("..") else relative
