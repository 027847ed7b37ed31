"""An event: one line of the run's history, linked into the ledger's hash chain."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from soulguard.model.noun import Noun


class EventType(str, enum.Enum):
    """What happened. Types that stopped, or in observe mode would have stopped, the
    agent are violations: see `VIOLATIONS`.
    """

    RUN_STARTED = "run.started"
    RUN_ENDED = "run.ended"
    RUN_RECOVERED = "run.recovered"
    RUN_PRUNED = "run.pruned"
    PROCESS_GUARDED = "process.guarded"
    PROCESS_UNGUARDED = "process.unguarded"
    EFFECT_INTENT = "effect.intent"
    EFFECT_DONE = "effect.done"
    EFFECT_FAILED = "effect.failed"
    EFFECT_SKIPPED = "effect.skipped"
    EFFECT_REPLAYED = "effect.replayed"
    EFFECT_RESENT = "effect.resent"
    EFFECT_IN_DOUBT = "effect.in_doubt"
    EFFECT_RESOLVED = "effect.resolved"
    EFFECT_DISCARDED = "effect.discarded"
    EFFECT_PASSED = "effect.passed"
    EFFECT_CHANGED = "effect.changed"
    DUPLICATE = "violation.duplicate"
    DENIED = "violation.denied"
    UNGUARDED = "violation.unguarded"
    HELD = "violation.held"
    OUTPUT_REMOVED = "violation.output_removed"
    DRIFT = "drift"
    DIVERGENCE = "divergence"
    CONTENT_DIFFERS = "content_differs"
    POLICY_LOADED = "policy.loaded"
    POLICY_REJECTED = "policy.rejected"
    APPROVAL_ASKED = "approval.asked"
    APPROVAL_SETTLED = "approval.settled"
    APPROVAL_USED = "approval.used"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Event(Noun):
    """One line of history. `at` is Unix seconds.

    `generation` is the policy generation that decided, `rule` and `source` the rule and
    its place where one decided. `hash` is the sha256 in hex over the previous event's
    hash and this event's canonical JSON without `hash` and `id`.
    """

    run_id: str
    attempt: int
    at: float
    type: EventType
    target: str = ""
    reason: str = ""
    rule: str = ""
    source: str = ""
    generation: int = 0
    effect_id: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0
    hash: str = ""

    @property
    def violation(self) -> bool:
        """Whether the event stopped, or in observe mode would have stopped, the agent."""
        return self.type.value.startswith("violation.")
