"""Owns the guard's prefilter: one regular expression per direction for a policy.

It matches exactly the paths the rules might speak of. Rules that only allow are left
out, they stop nothing. Whatever is added here is paid at every `open` of the agent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from soulguard.model import Action, EffectKind, Policy, Rule, Scope
from soulguard.policy import globs
from soulguard.policy.places import wheres

_WRITES = frozenset(
    (
        EffectKind.FILE_WRITE,
        EffectKind.FILE_APPEND,
        EffectKind.FILE_RENAME,
        EffectKind.FILE_DELETE,
    )
)
_READS = frozenset((EffectKind.FILE_READ,))
_CALLS = frozenset((EffectKind.HTTP_CALL, EffectKind.MAIL_SEND))
_COMMANDS = frozenset((EffectKind.COMMAND_RUN,))
_ON_GETS = frozenset(
    (
        Action.DENY, Action.ASK, Action.LIMIT, Action.SECRET, Action.NOTIFY,
        Action.RECORD, Action.REQUIRE,
    )
)  # fmt: skip
"""Actions that speak of calls which change nothing, too."""

_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_SPENT = frozenset(("tokens", "usd", "retries"))
"""Limits on what such calls never use."""

NOTHING = r"(?!)"
"""Matches no path: the scope of a policy that speaks of no file writes."""


def scope(policy: Policy) -> Scope:
    """Give what must be asked about under a policy."""
    rules = [r for r in policy.rules if r.action is not Action.ALLOW]
    return Scope(
        generation=policy.generation,
        paths=_paths(policy, _about(rules, _WRITES)) or NOTHING,
        reads=_paths(policy, _about(rules, _READS)),
        minded=_paths(policy, _about(filter(_minds, rules), _WRITES)) or NOTHING,
        calls=bool(_about(rules, _CALLS)),
        commands=bool(_about(rules, _COMMANDS)),
        gets=any(map(_speaks_of_gets, _about(rules, _CALLS))),
        variables=_variables(rules),
        lines=any(map(_speaks_of_lines, rules)),
    )


def is_timely(rule: Rule) -> bool:
    """Whether a rule asks for nothing but a time: that of any effect is known."""
    timely = not rule.params.keys().isdisjoint(("hours", "quiet"))
    return rule.action is Action.REQUIRE and timely and "fields" not in rule.params


def _speaks_of_lines(rule: Rule) -> bool:
    """Whether a command line may say that it does what a rule stops."""
    stops = rule.action in (Action.DENY, Action.ASK) or is_timely(rule)
    return stops and not (_WRITES | _READS | _CALLS).isdisjoint(rule.effects)


def _variables(rules: Iterable[Rule]) -> tuple[str, ...]:
    named = (n for rule in rules for n in rule.params.get("variables", ()))
    return tuple(dict.fromkeys(named))


def _about(rules: Iterable[Rule], kinds: frozenset[EffectKind]) -> list[Rule]:
    return [r for r in rules if not kinds.isdisjoint(r.effects)]


def _minds(rule: Rule) -> bool:
    """Whether a rule may say no to a file that this run has not written yet."""
    if rule.action is Action.ONCE:
        return "existing" in rule.params
    return rule.action is not Action.ATOMIC


def _speaks_of_gets(rule: Rule) -> bool:
    where = rule.where
    if rule.action not in _ON_GETS or EffectKind.HTTP_CALL not in rule.effects:
        return False
    if where.paths or where.commands or rule.params.get("unit") in _SPENT:
        return False
    methods = {m.upper() for m in where.methods}
    return not methods or not methods.isdisjoint(_SAFE)


def _paths(policy: Policy, rules: list[Rule]) -> str:
    """Give one expression over absolute paths; rules that share their exceptions share
    one lookahead, and globs inside a group share their literal starts.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for rule in rules:
        if _elsewhere(rule):
            continue
        for where in wheres(rule, policy.root):
            excepts = tuple(_absolute(policy, where.except_paths))
            paths = _absolute(policy, where.paths) or ["/**"]
            groups.setdefault(excepts, []).extend(paths)
    parts = [_group(tuple(paths), excepts) for excepts, paths in groups.items()]
    return rf"(?s)(?:{'|'.join(parts)})" if parts else ""


def _elsewhere(rule: Rule) -> bool:
    """Whether the rule narrows by something a file effect does not have."""
    where = rule.where
    return bool(where.hosts or where.methods or where.url_paths or where.commands)


def _absolute(policy: Policy, paths: tuple[str, ...]) -> list[str]:
    return [globs.absolute(p, policy.root) for p in paths]


def _group(paths: tuple[str, ...], excepts: tuple[str, ...]) -> str:
    every = frozenset(paths)
    wanted = _trie([p for p in dict.fromkeys(paths) if not _covered(p, every)])
    if not excepts:
        return wanted
    return rf"(?!(?:{globs.alternatives(excepts)})\Z){wanted}"


def _covered(path: str, paths: frozenset[str]) -> bool:
    """Whether a broader ``folder/**`` of the group speaks of all that `path` does."""
    at = path.rfind("/", 0, len(path))
    if path.endswith("/**"):
        at = path.rfind("/", 0, at)
    while at > 0:
        if path[:at] + "/**" in paths and path[:at] + "/**" != path:
            return True
        at = path.rfind("/", 0, at)
    return False


def _trie(paths: list[str]) -> str:
    """Give the alternation of globs as a tree over their literal parts."""
    tree: dict[str, object] = {}
    for path in paths:
        head, rest = globs.split(path)
        node = tree
        for part in head if head != [""] else []:
            node = node.setdefault(part, {})  # type: ignore[assignment]
        node.setdefault("\0" + "/".join(rest), None)
    return _branch(tree)


def _branch(tree: dict[str, object]) -> str:
    options = []
    for part, below in tree.items():
        if not part.startswith("\0"):
            options.append("/" + re.escape(part) + _branch(below))  # type: ignore[arg-type]
        elif part == "\0":
            options.append(r"\Z")
        elif part == "\0**":
            options.append(r"(?:/|\Z)")
        else:
            options.append("/" + globs.to_regex(part[1:]) + r"\Z")
    return options[0] if len(options) == 1 else f"(?:{'|'.join(options)})"
