"""Owns what is wrong between rules: permissions that never come true, rules said twice.

A warning each, with both places. Nothing is dropped or changed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soulguard.model import Action, Rule
from soulguard.soul.compilation import Diagnostic, Severity

_STOPS = (Action.DENY, Action.ASK)


def conflicts(rules: Sequence[Rule]) -> Iterator[Diagnostic]:
    """Give the warnings about a set of rules, in the order of the rules."""
    seen: dict[tuple[object, ...], Rule] = {}
    for rule in rules:
        known = seen.setdefault(_sense(rule), rule)
        if known is not rule and _apart(known, rule):
            yield _warning(
                rule,
                f"says the same as {known.source.span.short}",
                "one of the two sentences can go",
            )
        if rule.action is Action.ALLOW:
            yield from _overruled(rule, rules)


def _apart(one: Rule, two: Rule) -> bool:
    """Whether two rules stand so far apart that saying it twice may be an accident."""
    a, b = one.source.span, two.source.span
    return a.file != b.file or abs(a.line - b.line) > 2


def _sense(rule: Rule) -> tuple[object, ...]:
    return (rule.action, rule.effects, rule.where, rule.on_duplicate, repr(rule.params))


def _overruled(rule: Rule, rules: Sequence[Rule]) -> Iterator[Diagnostic]:
    for other in rules:
        if other.action in _STOPS and _stands_over(other, rule):
            yield _warning(
                rule,
                f"permits what {other.source.span.short} {_verb(other)}",
                "the stricter sentence holds; name an exception there",
            )
            return


def _verb(rule: Rule) -> str:
    return "forbids" if rule.action is Action.DENY else "asks about"


def _stands_over(strict: Rule, mild: Rule) -> bool:
    """Whether all that `mild` permits is stopped by `strict`."""
    if set(mild.effects).isdisjoint(strict.effects) or not _outranks(strict, mild):
        return False
    s, m = strict.where, mild.where
    if s.hosts or s.methods or s.url_paths or m.hosts or s.except_commands:
        return False
    if m.commands:
        return bool(s.commands) and set(m.commands) <= set(s.commands)
    if not m.paths or s.commands:
        return False
    return all(
        _covered(path, s.paths) and not _covered(path, s.except_paths)
        for path in m.paths
    )


def _outranks(strict: Rule, mild: Rule) -> bool:
    return bool(strict.params.get("precedence", 0) >= mild.params.get("precedence", 0))


def _covered(path: str, globs: tuple[str, ...]) -> bool:
    for glob in globs:
        folder = glob.removesuffix("**").rstrip("/")
        below = glob.endswith(("/", "**")) and path.startswith(folder.lstrip("/"))
        if glob in (path, "/**", "**") or (below and folder):
            return True
    return False


def _warning(rule: Rule, message: str, hint: str) -> Diagnostic:
    return Diagnostic(Severity.WARNING, message, rule.source.span, hint, "conflict")
