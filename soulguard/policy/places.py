"""Owns where a rule holds, given where its policy lies. Pure.

A rule that leaves only some places leaves the scratch places of the system too
(``params["scratch"]``). The folder of the policy is none, wherever it lies: a project
checked out under ``/tmp`` is as well guarded as one in a home.
"""

from __future__ import annotations

from dataclasses import replace

from soulguard.model import Rule, Where
from soulguard.policy import globs


def wheres(rule: Rule, root: str) -> tuple[Where, ...]:
    """Give the places a rule speaks of under a policy with this root."""
    where = rule.where
    holding = [p for p in rule.params.get("scratch", ()) if _holds(p, root)]
    if not holding:
        return (where,)
    kept = tuple(p for p in where.except_paths if p not in holding)
    return where, replace(where, paths=(f"{root.rstrip('/')}/**",), except_paths=kept)


def left(rule: Rule) -> tuple[str, ...]:
    """Give what a rule leaves out by name, each once, without scratch places."""
    where, scratch = rule.where, rule.params.get("scratch", ())
    named = (*where.except_paths, *where.except_hosts, *where.except_commands)
    return tuple(dict.fromkeys(name for name in named if name not in scratch))


def _holds(scratch: str, root: str) -> bool:
    pattern = globs.compile_any((globs.absolute(scratch, root),))
    return pattern is not None and pattern.match(root) is not None
