"""Owns answering for several policies at once: whatever one of them stops is stopped.

This is what holds while a person has not agreed to a looser policy: the old rules and
the new ones together. Pure, as the engine it stands in for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from soulguard.model import (
    Action,
    Effect,
    Judgement,
    Rule,
    Scope,
    Verdict,
)
from soulguard.policy.engine import Engine
from soulguard.policy.looser import Meaning, meaning, strength
from soulguard.policy.sight import BLIND, Sight

STRICTNESS = (Verdict.ALLOW, Verdict.ASK, Verdict.DENY)
"""Verdicts from the loosest to the strictest."""


class Stricter(Engine):
    """Several engines as one; their policies start from the same root.

    INVARIANT: for no effect is the answer looser than that of any of the engines.
    """

    def __init__(self, engines: Sequence[Engine], generation: int) -> None:
        self._engines = tuple(engines)
        self._meanings = {id(r): meaning(r) for e in engines for r in e.policy.rules}
        rules = self._together([e.policy.rules for e in engines])
        newest = engines[-1].policy
        self.policy = replace(newest, generation=generation, rules=rules)
        self._scope = _joined([e.scope() for e in engines], generation)

    def judge(self, effect: Effect, sight: Sight = BLIND) -> Judgement:
        """Say the strictest that any of the policies says, with the duties of all."""
        found = [engine.judge(effect, sight) for engine in self._engines]
        decided = max(found, key=lambda j: STRICTNESS.index(j.verdict))
        return replace(decided, duties=self._duties(found))

    def _duties(self, found: Sequence[Judgement]) -> tuple[Rule, ...]:
        """Give what binds under any of the policies; a permission must stand in all."""
        duties = self._together([j.duties for j in found])
        if not all(_has(j, Action.RESEND) for j in found):
            duties = tuple(r for r in duties if r.action is not Action.RESEND)
        once = _once(found)
        if once is None:
            return duties
        return (once, *(r for r in duties if r is not once))

    def _together(self, groups: Sequence[Sequence[Rule]]) -> tuple[Rule, ...]:
        """Give the rules of all groups in their order, what is said twice only once."""
        found: dict[Meaning, Rule] = {}
        for group in groups:
            for rule in group:
                found.setdefault(self._meanings[id(rule)], rule)
        return tuple(found.values())


def _has(judgement: Judgement, action: Action) -> bool:
    return any(r.action is action for r in judgement.duties)


def _once(found: Sequence[Judgement]) -> Rule | None:
    """Give the write-once rule to be heard first, None where it is already.

    Of one policy the most specific answers; among policies the strictest of these, and
    what another of them keeps is kept.
    """
    firsts = [r for r in map(_first_once, found) if r is not None]
    if len({strength(r) for r in firsts}) < 2:
        return None
    strictest = max(firsts, key=strength)
    if any(r.params.get("existing") == "keep" for r in firsts):
        params = {**strictest.params, "existing": "keep"}
        strictest = replace(strictest, params=params)
    return strictest


def _first_once(judgement: Judgement) -> Rule | None:
    return next((r for r in judgement.duties if r.action is Action.ONCE), None)


def _joined(scopes: Sequence[Scope], generation: int) -> Scope:
    """Give the prefilter that asks about whatever one of the scopes asks about."""
    return Scope(
        generation=generation,
        paths=_alternation([s.paths for s in scopes]),
        reads=_alternation([s.reads for s in scopes if s.reads]),
        minded=_alternation([s.minded for s in scopes]),
        calls=any(s.calls for s in scopes),
        commands=any(s.commands for s in scopes),
        gets=any(s.gets for s in scopes),
        variables=tuple(dict.fromkeys(n for s in scopes for n in s.variables)),
        lines=any(s.lines for s in scopes),
    )


def _alternation(patterns: Sequence[str]) -> str:
    unique = list(dict.fromkeys(p.removeprefix("(?s)") for p in patterns))
    return f"(?s)(?:{'|'.join(unique)})" if unique else ""
