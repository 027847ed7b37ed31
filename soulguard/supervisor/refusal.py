"""The words of a refusal: read by a model and by a person, so it says all four things.

What was tried, the sentence with its place, the fact that decided, what is allowed
instead. Never a bare "permission denied".
"""

from __future__ import annotations

import re
from typing import Any

from soulguard.model import Decision, EffectKind, Rule, Verdict
from soulguard.policy.places import left

_NAMED = 6
"""Names of a list that a refusal tells."""
_ALL = re.compile(r"matches `(?:\*|/?\*\*)`")
"""A fact that says nothing: the pattern of a rule that is about everything."""
_KINDS = {
    EffectKind.HTTP_CALL: "call",
    EffectKind.MAIL_SEND: "mail",
    EffectKind.COMMAND_RUN: "command",
}
_OWNER = "or ask the person who owns the rule"


def allowed(rule: Rule | None) -> str:
    """Say what a rule that leaves only a list of things lets be done, empty of others."""
    if rule is None or not rule.params.get("allow_list"):
        return ""
    names = left(rule)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    said = ", ".join(f"`{name}`" for name in names[:_NAMED])
    return f"keep to {said}{more}, which the rule allows"


def otherwise(kind: EffectKind) -> str:
    """Say what may be done instead of an effect that a rule refuses altogether."""
    named = _KINDS.get(kind)
    return (
        f"go on without this {named}, {_OWNER}"
        if named
        else f"work on another path, {_OWNER}"
    )


def plainly(fact: str, rule: Rule | None) -> str:
    """Say a fact that decided for a reader who does not know the patterns of rules."""
    if rule is None or not rule.effects:
        return fact
    every = _KINDS.get(rule.effects[0], "file")
    such = "every such" if rule.where.methods or rule.where.except_hosts else "every"
    return _ALL.sub(f"is meant by a rule about {such} {every}", fact)


def refuse(
    slug: str,
    *,
    tried: str,
    fact: str,
    instead: str,
    rule: Rule | None = None,
    effect_id: int = 0,
    verdict: Verdict = Verdict.DENY,
    **data: Any,
) -> Decision:
    """Build the refusing decision.

    `slug` names the exception class the agent gets (see soulguard.errors), `tried` the
    attempted effect in words, `fact` what decided, `instead` what is allowed.
    """
    fact = plainly(fact, rule)
    parts = [f"soulguard refused to {tried}: {fact}."]
    if rule is not None:
        said = rule.source.text.rstrip(".")
        parts.append(f'{rule.source.span.short} says: "{said}".')
    parts.append(f"Instead: {instead}.")
    return Decision(
        verdict=verdict,
        reason=fact,
        rule=rule.id if rule else "",
        source=rule.source.span.short if rule else "",
        message=" ".join(parts),
        effect_id=effect_id,
        data={"error": slug, **data},
    )
