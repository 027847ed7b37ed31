"""Owns "never overwrite existing files": what stands there is kept, whoever wrote it.

Decides about a path that no table of outputs speaks of: the run has not written it.
Appending is no overwriting and does not come here.
"""

from __future__ import annotations

import os
import time

from soulguard.model import (
    Action,
    Decision,
    EffectKind,
    EffectRecord,
    EffectState,
    EventType,
    OnDuplicate,
    Rule,
    Verdict,
)
from soulguard.supervisor import disk
from soulguard.supervisor.deed import Deed
from soulguard.supervisor.refusal import refuse
from soulguard.supervisor.session import Session

KEEP = "keep"
"""The value of a once-rule's ``existing`` under which existing files are kept."""

_WRITE, _APPEND = EffectKind.FILE_WRITE, EffectKind.FILE_APPEND
_UNWRITTEN = (EffectState.FAILED, EffectState.GONE)


class Keeping:
    """The files that stood there before a run wrote them."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def rule(self, deed: Deed, row: EffectRecord | None) -> Rule | None:
        """Give the rule that keeps what stands at the deed's path, None to overwrite.

        `row` is how this run wrote the path last: its own output is no existing file.
        """
        keeps = (
            r for r in deed.duties(Action.ONCE) if r.params.get("existing") == KEEP
        )
        rule = next(keeps, None)
        path = deed.effect.target
        mine = row is not None and row.state not in _UNWRITTEN
        if rule is None or mine or disk.mark(path) is None:
            return None
        made = self._appended(path) or self._arrived(path)
        return None if made else rule

    def refuse(self, deed: Deed, rule: Rule, shown: str) -> Decision | None:
        """Record the attempt to overwrite and decide about it; None lets it pass."""
        session, path = self._session, deed.effect.target
        fact = f"{shown} exists, {_changed(path)}, and this run did not make it"
        passes = session.observe or rule.on_duplicate is OnDuplicate.WARN
        session.record(
            EventType.DUPLICATE, path, fact, rule=rule,
            data={"observed": passes, "action": rule.on_duplicate.value},
        )  # fmt: skip
        if passes:
            return None
        if rule.on_duplicate is OnDuplicate.SKIP:
            return Decision(Verdict.SKIP, fact, rule.id, rule.source.span.short)
        base, suffix = os.path.splitext(shown)
        return refuse(
            "duplicate-write", tried=f"overwrite {shown}", fact=fact, rule=rule,
            instead=f"write a new path such as {base}-2{suffix}, or append to it",
        )  # fmt: skip

    # -- made by this run --------------------------------------------------------------

    def _appended(self, path: str) -> bool:
        """Whether the file began as an append of this run."""
        return any(r.intent.get("offset") == 0 for r in self._done(path, _APPEND))

    def _arrived(self, path: str) -> bool:
        """Whether this run wrote the file elsewhere and moved its folder here."""
        for move in self._done(None, EffectKind.FILE_RENAME):
            folder = str(move.intent.get("path", "")).rstrip("/") + "/"
            if path.startswith(folder):
                source = f"{move.intent['source']}/{path.removeprefix(folder)}"
                return bool(self._done(source, _WRITE)) or self._appended(source)
        return False

    def _done(self, path: str | None, kind: EffectKind) -> list[EffectRecord]:
        states = (EffectState.DONE.value, EffectState.GONE.value)
        return self._session.ledger.find_effects(
            self._session.run.run_id, kind=kind, slot=path, states=states
        )


def _changed(path: str) -> str:
    seen = disk.mark(path)
    at = time.localtime(seen[1] / 1e9 if seen else 0)
    return f"last changed {time.strftime('%Y-%m-%d %H:%M:%S', at)}"
