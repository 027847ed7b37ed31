"""The words of a refusal: read by a model and by a person, so it says all four things.

What was tried, the sentence with its place, the fact that decided, what is allowed
instead. Never a bare "permission denied".
"""

from __future__ import annotations

from typing import Any

from soulguard.model import Decision, Rule, Verdict
from soulguard.policy.places import left

_NAMED = 6
"""Names of a list that a refusal tells."""


def allowed(rule: Rule | None) -> str:
    """Say what a rule that leaves only a list of things lets be done, empty of others."""
    if rule is None or not rule.params.get("allow_list"):
        return ""
    names = left(rule)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    said = ", ".join(f"`{name}`" for name in names[:_NAMED])
    return f"keep to {said}{more}, which the rule allows"


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
