"""Owns what is wrong between rules: permissions that never come true, rules said twice.

A warning each, with both places. Nothing is dropped or changed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soulguard.model import Action, Rule
from soulguard.soul.compilation import Diagnostic, Severity

_STOPS = (Action.DENY, Action.ASK)
_LOOKED_AT = 32
"""Stricter rules a permission is held against: a file may have thousands of both."""


def conflicts(rules: Sequence[Rule]) -> Iterator[Diagnostic]:
    """Give the warnings about a set of rules, in the order of the rules."""
    seen: dict[tuple[object, ...], Rule] = {}
    stops = _stops(rules)
    for rule in rules:
        known = seen.setdefault(_sense(rule), rule)
        if known is not rule and _apart(known, rule):
            yield _warning(
                rule,
                f"says the same as {known.source.span.short}",
                "one of the two sentences can go",
            )
        if rule.action is Action.ALLOW:
            yield from _overruled(rule, stops)


def _apart(one: Rule, two: Rule) -> bool:
    """Whether two rules stand so far apart that saying it twice may be an accident."""
    a, b = one.source.span, two.source.span
    return a.file != b.file or abs(a.line - b.line) > 2


def _sense(rule: Rule) -> tuple[object, ...]:
    return (rule.action, rule.effects, rule.where, rule.on_duplicate, repr(rule.params))


def _stops(rules: Sequence[Rule]) -> dict[str, list[tuple[int, Rule]]]:
    """Give the rules that stop something by the commands and folders they name."""
    found: dict[str, list[tuple[int, Rule]]] = {}
    for place, rule in enumerate(rules):
        if rule.action in _STOPS:
            for name in {*rule.where.commands, *map(_folder, rule.where.paths)}:
                found.setdefault(name, []).append((place, rule))
    return found


def _overruled(
    rule: Rule, stops: dict[str, list[tuple[int, Rule]]]
) -> Iterator[Diagnostic]:
    where = rule.where
    first = (*where.commands[:1], *(n for p in where.paths[:1] for n in _above(p)))
    near = {place: r for name in first for place, r in stops.get(name, ())[:_LOOKED_AT]}
    for place in sorted(near):
        other = near[place]
        if _stands_over(other, rule):
            yield _warning(
                rule,
                f"permits what {other.source.span.short} {_verb(other)}",
                "the stricter sentence holds; name an exception there",
            )
            return


def _folder(glob: str) -> str:
    return glob.removesuffix("**").rstrip("/")


def _above(path: str) -> Iterator[str]:
    """Give a path, the folders it lies in, and the root."""
    yield from ("", _folder(path))
    for at, letter in enumerate(path):
        if letter == "/" and at:
            yield path[:at]


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
        folder = _folder(glob)
        below = glob.endswith(("/", "**")) and path.startswith(folder + "/")
        if glob in (path, "/**", "**") or (below and folder):
            return True
    return False


def _warning(rule: Rule, message: str, hint: str) -> Diagnostic:
    return Diagnostic(Severity.WARNING, message, rule.source.span, hint, "conflict")
