"""What became of the last edit of a run's rules. Reads only.

Who decides about a looser policy, and what holds until then, is `supervisor.generations`.
"""

from __future__ import annotations

from dataclasses import dataclass

from soulguard.ledger.protocol import Ledger
from soulguard.model import Event, EventType, Noun, Run, RunStatus

REJECTED, WAITING, REFUSED = "rejected", "waiting", "refused"


@dataclass(frozen=True, slots=True)
class Edit(Noun):
    """An edit of the rules that does not hold.

    `became` is ``rejected`` (it does not compile), ``waiting`` (it loosens, and
    `question` asks a person) or ``refused`` (a person said no). `reason` says why,
    `hint` what may help, `files` which files were read, `at` when, in Unix seconds.
    """

    became: str
    files: str
    reason: str
    at: float
    question: int = 0
    hint: str = ""


def unsettled(ledger: Ledger, run: Run) -> Edit | None:
    """Give the newest edit of a run that is not over, if its rules do not hold."""
    if run.status is RunStatus.COMPLETED:
        return None
    types = (EventType.POLICY_LOADED.value, EventType.POLICY_REJECTED.value)
    newest = ledger.events(run.run_id, types=types, limit=1, newest_first=True)
    event = next(newest, None)
    if event is None:
        return None
    if event.type is EventType.POLICY_REJECTED:
        hint = str(event.data.get("hint", ""))
        return Edit(REJECTED, event.target, event.reason, event.at, hint=hint)
    return _loosening(ledger, event) if event.data.get("pending") else None


def _loosening(ledger: Ledger, event: Event) -> Edit | None:
    question = int(event.data["pending"].get("approval", 0))
    answer = _answer(ledger, event.run_id, question)
    if answer == "approve":
        return None
    became = REFUSED if answer or not question else WAITING
    return Edit(became, event.target, "it loosens the rules", event.at, question)


def _answer(ledger: Ledger, run_id: str, question: int) -> str:
    types = (EventType.APPROVAL_SETTLED.value,)
    for event in ledger.events(run_id, after=question, types=types):
        if event.data.get("asked") == question:
            return str(event.data.get("answer", ""))
    return ""
