"""The audit log: what the agent does is on record.

Takes::

    Every action must be logged.
    Log all outbound actions in `sent_emails.log`.
    Always keep an audit trail of external calls.

The record is the guard's own (``soulguard log``), complete and in order; the agent's own
log file stays the agent's business. Refuses what only the agent knows (decisions,
lessons, moods).
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action, EffectKind
from soulguard.soul.drafts import OUTPUTS, Draft, World
from soulguard.soul.phrases import CALL
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Stems, wording

FAMILY = "logging"

_STEMS = Stems(("log", "record", "audit", "document", "trac"))
_LOG = r"(?:log|logs|logged|record|recorded|audit|audited|document(?:ed)?|trace[ds]?|track(?:ed)?)"
_WHAT = r"(?:actions?|activity|activities|operations?|effects?|calls?|commands?|changes?|file changes?|writes|requests?|everything (?:you|i) do|side effects|sends?|emails?|transactions?|tool calls)"
_ALL = r"(?:all|every|each|any|everything)"
_PATTERNS = (
    wording(rf"\b{_ALL}\b(?: [\w-]+)?(?: [\w-]+)? {_WHAT}\b.*\b(?:must|shall|should|is|are|gets?|has to|have to|need to)\b.*\b{_LOG}\b"),
    wording(rf"\b{_ALL}\b(?: [\w-]+)?(?: [\w-]+)? {_WHAT}\b.*\baudit (?:log|trail|record|entry)\b"),
    wording(rf"\b{_LOG} (?:{_ALL}|your|my)\b(?: [\w-]+)?(?: [\w-]+)? ?{_WHAT}\b"),
    wording(rf"\beverything (?:you|i|the agent) (?:do|does)\b.*\b{_LOG}\b"),
    wording(rf"\bkeep an? (?:full |complete )?(?:record|log|audit trail|audit log) of {_ALL}\b(?: [\w-]+)? ?{_WHAT}\b"),
    wording(rf"\balways {_LOG}\b(?: [\w-]+)? {_WHAT}\b"),
    wording(rf"\baudit (?:log|trail|record)s?\b.*\b(?:of|for)\b.*\b{_WHAT}\b"),
)  # fmt: skip
_MAIL = wording(
    r"\b(?:outbound|outgoing|external|emails?|mails?|sends?|sent|calls?|requests?)\b"
)
_COMMANDS = wording(r"\bcommands?\b")


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the record rule of a sentence."""
    low = reading.low
    if not _STEMS.within(low):
        return
    if wording(rf"\b{NEGATION}\b").search(low):
        return
    if any(p.search(low) for p in _PATTERNS):
        kinds, what = _kinds(low)
        yield Draft(FAMILY, Action.RECORD, kinds, f"{what} is on record")


def _kinds(low: str) -> tuple[tuple[EffectKind, ...], str]:
    outside = (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND)
    if _COMMANDS.search(low):
        return (EffectKind.COMMAND_RUN,), "every command"
    if _MAIL.search(low):
        return outside, f"every {CALL} and every mail"
    return (*OUTPUTS, *outside, EffectKind.COMMAND_RUN), "every effect"
