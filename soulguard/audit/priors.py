"""Owns what in the code detects an earlier run by looking: is it there already?

Says what is there; whether that is enough is `answering`'s. Renames are `renames`'s,
deduplication keys `keys`'s.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from soulguard.audit.evaluating import Evaluator
from soulguard.audit.scopes import Block, called, written
from soulguard.audit.sighting import Sighting
from soulguard.audit.values import known

_WRAPS = frozenset(("Path", "str", "fspath", "PurePath"))
_CHECKS = 32
"""Checks on the way to a call that are looked at, the nearest first."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What detects an earlier run. `sure` says that it does so whatever dies when."""

    says: str
    sure: bool = False
    key: bool = False


def guard(seen: Sighting, evaluator: Evaluator) -> Prior | None:
    """Give the check that something is not there yet, which had to pass to come here."""
    if seen.does == "file.delete":
        return None
    checks = list(_absences(seen, evaluator))
    for test in checks:
        if seen.does.startswith("file.") and _same(test, seen, evaluator):
            return Prior(f"the check {_named(test)}", sure=True)
    if not checks or seen.does.startswith("file."):
        return None
    return Prior(
        f"the check {_named(checks[0])}, but a crash before that exists repeats it"
    )


def plain(node: ast.expr) -> str:
    """Write an expression without what only turns it into a path or a text."""
    while isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        if called(node) not in _WRAPS:
            break
        node = node.args[0]
    return written(node)


def short(node: ast.expr) -> str:
    """Write an expression in few words."""
    said = written(node)
    return said if len(said) <= 48 else said[:45] + "..."


def _named(test: ast.Call) -> str:
    return f"`{short(test)}` (line {test.lineno})"


def _absences(seen: Sighting, evaluator: Evaluator) -> Iterator[ast.Call]:
    """Give the checks that found nothing, on the way to the call, nearest first."""
    for test, truth in islice(_facts(seen), _CHECKS):
        for call in _denied(test, truth=truth):
            callees = evaluator.values(call.func, seen.site.scope, seen.site.block)
            if any(evaluator.table.is_guard(v.path) for v in callees):
                yield call


def _facts(seen: Sighting) -> Iterator[tuple[ast.expr, bool]]:
    block: Block | None = seen.site.block
    while block is not None:
        yield from block.facts
        for at, test in reversed(block.exits):
            if at <= seen.site.at:
                yield test, False
        block = block.parent


def _denied(test: ast.expr, *, truth: bool) -> Iterator[ast.Call]:
    """Give the calls in a test that must have said no for it to be as it was."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield from _denied(test.operand, truth=not truth)
    elif isinstance(test, ast.BoolOp):
        if isinstance(test.op, ast.And) == truth:
            for each in test.values:
                yield from _denied(each, truth=truth)
    elif isinstance(test, ast.Await):
        yield from _denied(test.value, truth=truth)
    elif isinstance(test, ast.Call) and not truth:
        yield test


def _same(test: ast.Call, seen: Sighting, evaluator: Evaluator) -> bool:
    """Whether a check asks about the very thing the call is done to."""
    subject = test.args[0] if test.args else None
    if subject is None and isinstance(test.func, ast.Attribute):
        subject = test.func.value
    if subject is None or seen.node is None:
        return False
    if plain(subject) == plain(seen.node):
        return True
    found = evaluator.values(subject, seen.site.scope, seen.site.block)
    return known(seen.target) and {v.text for v in found} == {seen.target}
