"""The nouns every other package speaks: frozen values, nothing that acts.

Standard library only. No module here may read a file, a clock or a socket.
"""

from __future__ import annotations

from soulguard.model.decision import Decision, Judgement, Verdict
from soulguard.model.effect import Effect, EffectKind, EffectRecord, EffectState
from soulguard.model.event import Event, EventType
from soulguard.model.noun import Noun
from soulguard.model.policy import Policy, Scope
from soulguard.model.rule import Action, Grade, OnDuplicate, Rule, Where
from soulguard.model.run import Attempt, Owner, Run, RunStatus
from soulguard.model.span import Source, Span

__all__ = [
    "Action",
    "Attempt",
    "Decision",
    "Effect",
    "EffectKind",
    "EffectRecord",
    "EffectState",
    "Event",
    "EventType",
    "Grade",
    "Judgement",
    "Noun",
    "OnDuplicate",
    "Owner",
    "Policy",
    "Rule",
    "Run",
    "RunStatus",
    "Scope",
    "Source",
    "Span",
    "Verdict",
    "Where",
]
