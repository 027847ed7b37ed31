"""Owns which effects in doubt keep a run from being complete. Reads only.

An agent may catch the error of a call that may have happened and end with status 0. What
a restart would hold, or re-send under a key that belongs to this run, still needs the
run: in a new one it would be made again. What is harmless to repeat does not.
"""

from __future__ import annotations

from dataclasses import replace

from soulguard.ledger.waiting import doubts
from soulguard.model import Action, EffectKind, EffectRecord, EffectState, RunStatus
from soulguard.supervisor.session import Session


def unsettled(session: Session) -> list[EffectRecord]:
    """Give the effects that have to be settled before the run can be complete."""
    if session.observe:  # nothing is held, so nothing waits
        return []
    run = session.ledger.run(session.run.run_id)
    if run is None:
        return []
    left = replace(run, status=RunStatus.RESUMABLE)
    found = (session.ledger.effect(w.effect_id) for w in doubts(session.ledger, left))
    return [row for row in found if row is not None and _binds(session, row)]


def _binds(session: Session, row: EffectRecord) -> bool:
    if row.state is EffectState.DONE:  # another request was held in its place
        return session.counts["violation.held"] > 0
    if row.kind is EffectKind.COMMAND_RUN:
        return _is_once(session, row.rule)
    return not row.intent.get("harmless")


def _is_once(session: Session, name: str) -> bool:
    """Whether a rule does a command once: others are watched and may be started again."""
    rules = session.engine.policy.rules
    return any(rule.id == name and rule.action is Action.ONCE for rule in rules)
