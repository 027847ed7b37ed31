"""The outputs of a run as the ledger knows them: where does a path stand?

Answers questions of the file handlers and writes the rows they share. The words of
refusals for duplicate outputs live here too.
"""

from __future__ import annotations

import enum
import os
import sys
import time
from dataclasses import replace
from functools import partial

from soulguard.model import (
    Action,
    Decision,
    Effect,
    EffectKind,
    EffectRecord,
    EffectState,
    EventType,
    Judgement,
    OnDuplicate,
    Rule,
    Verdict,
)
from soulguard.supervisor import disk
from soulguard.supervisor.broker import Parked, Peer
from soulguard.supervisor.deed import Deed
from soulguard.supervisor.enforcement import Enforcement
from soulguard.supervisor.file_deeds import describe
from soulguard.supervisor.keeping import Keeping
from soulguard.supervisor.refusal import refuse
from soulguard.supervisor.session import Session


class Standing(enum.Enum):
    """Where an output path stands when somebody wants to write it."""

    NEW = "new"
    MISSING = "missing"
    INTACT = "intact"
    CHANGED = "changed"
    DUPLICATE = "duplicate"


class Outputs:
    """Lookups and rows of the files of one run."""

    def __init__(self, session: Session, enforcement: Enforcement) -> None:
        self.session = session
        self.enforcement = enforcement
        self.keeping = Keeping(session)
        self._locks: dict[str, Peer] = {}

    def lock(self, path: str, peer: Peer) -> None:
        """Take a path for one append at a time.

        Raises:
            Parked: another connection holds it.
        """
        if self._locks.setdefault(path, peer) is not peer:
            raise Parked(path)
        # a refusal for want of the record is followed by no word that it is done
        self.session.otherwise(partial(self.unlock, path))

    def unlock(self, path: str) -> None:
        """Give a path back; not held is no error."""
        self._locks.pop(path, None)

    def unlock_all(self, peer: Peer) -> None:
        """Give back whatever a connection that went away still held."""
        for path in [p for p, holder in self._locks.items() if holder is peer]:
            del self._locks[path]

    def show(self, path: str) -> str:
        """Give a path as a person reads it: relative to the policy's folder."""
        return path.removeprefix(self.session.engine.policy.root.rstrip("/") + "/")

    def last(self, kind: EffectKind, path: str) -> EffectRecord | None:
        """Give the row that says how a path stands for one kind of effect."""
        if self.session.page is not None and self.session.page.unknown(path):
            return None
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=kind, slot=path
        )
        return rows[-1] if rows else None

    def standing(self, path: str, row: EffectRecord | None) -> Standing:
        """Say where a path stands for the running attempt."""
        if row is None or row.state is EffectState.FAILED:
            return Standing.NEW
        if row.state is EffectState.GONE:
            return Standing.INTACT if self._superseded(path, row) else Standing.NEW
        if row.result.get("unsure"):
            return Standing.NEW
        if self.session.attempt in (row.attempt, row.seen):
            return Standing.DUPLICATE
        now = disk.mark(path)
        if now is None:
            return Standing.MISSING
        if now == tuple(row.intent.get("mark", ())):
            return Standing.INTACT
        same = disk.digest(path, 0, row.intent.get("size", 0)) == row.fingerprint
        return Standing.INTACT if same else Standing.CHANGED

    def write_row(
        self,
        kind: EffectKind,
        path: str,
        fingerprint: str,
        intent: dict[str, object],
        *,
        row: EffectRecord | None = None,
        ordinal: int = 0,
        rule: Rule | None = None,
        deed: Deed | None = None,
    ) -> EffectRecord:
        """Record an intent, in the path's own row where it has one, and give it.

        A `deed` counts as happening from here on.
        """
        session, now = self.session, self.session.moment()
        changes = {
            "state": EffectState.BEGUN,
            "fingerprint": fingerprint,
            "normalised": fingerprint,
            "ordinal": ordinal,
            "attempt": session.attempt,
            "seen": session.attempt,
            "generation": session.generation,
            "rule": rule.id if rule else "",
            "intent": intent,
            "result": {},
            "updated_at": now,
        }
        session.promise()
        if session.page is not None:
            session.page.know(path)
        if row is not None:
            session.ledger.update_effect(row.id, **changes)
            row = replace(row, **changes)  # type: ignore[arg-type]
        else:
            row = EffectRecord(
                run_id=session.run.run_id,
                kind=kind,
                slot=path,
                created_at=now,
                **changes,  # type: ignore[arg-type]
            )
            row = replace(row, id=session.ledger.add_effect(row))
        session.record(
            EventType.EFFECT_INTENT, path, "on record before it happens",
            rule=rule, effect_id=row.id, data={"kind": kind.value},
        )  # fmt: skip
        if deed is not None:
            self.enforcement.performed(deed, row.id)
        return row

    def walk_over(self, row: EffectRecord, reason: str, rule: Rule | None) -> None:
        """Mark a row as walked over by this attempt without performing it."""
        # INVARIANT: what was walked over is known before the next question
        self.session.ledger.update_effect(row.id, seen=self.session.attempt)
        skipped = partial(
            self.session.record, EventType.EFFECT_SKIPPED, row.slot, reason,
            rule=rule, effect_id=row.id, data={"kind": row.kind.value},
            pressing=False,
        )  # fmt: skip
        self.session.afterwards(skipped)

    def passes(self, row: EffectRecord, reason: str, rule: Rule | None) -> bool:
        """Let what an earlier attempt made happen again where nothing is refused, and
        take note of that.
        """
        if not self.session.observe:
            return False
        self.session.ledger.update_effect(row.id, seen=self.session.attempt)
        self.session.record(
            EventType.EFFECT_PASSED, row.slot, f"observed: {reason}", rule=rule,
            effect_id=row.id,
        )  # fmt: skip
        return True

    def gone(self, path: str, by: EffectRecord) -> None:
        """Note that an output was moved away or deleted by another effect of the run."""
        row = self.last(EffectKind.FILE_WRITE, path)
        if row is not None and row.state is EffectState.DONE:
            self.session.ledger.update_effect(
                row.id, state=EffectState.GONE, result={"by": by.id}
            )
        # what earlier attempts appended and this one has yet to come to went with it
        for ahead in self.session.ledger.find_effects(
            self.session.run.run_id, kind=EffectKind.FILE_APPEND, slot=path,
            states=(EffectState.DONE.value,), unseen_by=by.attempt,
        ):  # fmt: skip
            self.session.ledger.update_effect(ahead.id, state=EffectState.GONE)

    def gone_within(self, folder: str, by: EffectRecord) -> None:
        """Note that every output inside a folder was moved away with it."""
        for path in self.within(folder):
            self.gone(path, by)

    def within(self, folder: str) -> list[str]:
        """Give the paths inside a folder that the run wrote or appended to."""
        kinds = (EffectKind.FILE_WRITE, EffectKind.FILE_APPEND)
        run_id = self.session.run.run_id
        found = self.session.ledger.slots(run_id, kinds, sys.maxsize - 1, below=folder)
        return list(dict.fromkeys(found or ()))

    def _superseded(self, path: str, row: EffectRecord) -> bool:
        """Whether what took an output away lies ahead of this attempt, and the path was
        made again after it: writing it now would destroy what is skipped later.
        """
        by = self.session.ledger.effect(int(row.result.get("by", 0)))
        ahead = by is not None and by.seen < self.session.attempt
        return ahead and by is not None and self.remade(path, by)

    def appended_here(self, path: str, row: EffectRecord | None) -> bool:
        """Whether this attempt appended to the path: replacing it would destroy that."""
        page = self.session.page
        if row is not None or (page is not None and page.unknown(path)):
            return False
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=EffectKind.FILE_APPEND, slot=path,
            states=(EffectState.DONE.value, EffectState.BEGUN.value), limit=1,
        )  # fmt: skip
        return bool(rows) and self.session.attempt in (rows[0].attempt, rows[0].seen)

    def remade(self, path: str, since: EffectRecord) -> bool:
        """Whether what stands at a path was made by an earlier attempt after an effect
        that took the path away: what comes later in the walk is skipped as well.
        """
        made = (
            row
            for kind in (EffectKind.FILE_WRITE, EffectKind.FILE_APPEND)
            for row in self.session.ledger.find_effects(
                self.session.run.run_id, kind=kind, slot=path,
                states=(EffectState.DONE.value,),
            )
        )  # fmt: skip
        # an attempt that made the path without having come to `since` was on its way
        return any(
            row.attempt < self.session.attempt
            and row.attempt <= since.seen
            and row.updated_at > since.updated_at
            for row in made
        )

    def made_here(self, path: str) -> bool:
        """Whether this attempt wrote or appended to a path, or walked over that."""
        attempt, run = self.session.attempt, self.session.run.run_id
        return any(
            attempt in (row.attempt, row.seen)
            for kind in (EffectKind.FILE_WRITE, EffectKind.FILE_APPEND)
            for row in self.session.ledger.find_effects(run, kind=kind, slot=path)
        )

    def ahead_again(self, path: str) -> None:
        """Put a written path ahead of this attempt again: it was made more than once."""
        row = self.last(EffectKind.FILE_WRITE, path)
        if row is not None and row.state is EffectState.DONE:
            self.session.ledger.update_effect(row.id, seen=row.attempt)

    # -- judging --------------------------------------------------------------------

    def judge(
        self, kind: EffectKind, path: str, size: int = -1, to: str = ""
    ) -> Judgement:
        """Ask the policy about a file effect; `to` is where a file is moved."""
        details = {"to": to} if to else {}
        effect = Effect(kind=kind, target=path, size=size, details=details)
        return self.session.engine.judge(effect)

    def deed(
        self,
        kind: EffectKind,
        tried: str,
        path: str,
        *,
        source: str = "",
        start: int = 0,
        size: int = -1,
        total: int = -1,
        moved: str = "",
        digest: str = "",
        to: str = "",
    ) -> Deed:
        """Describe a file effect to the rules; `file_deeds.describe` says the rest."""
        return describe(
            kind, tried, path, self.judge(kind, path, size, to), shown=self.show(path),
            source=source, start=start, size=size, total=total, moved=moved,
            digest=digest,
        )  # fmt: skip

    def destroys(self, deed: Deed) -> Decision | None:
        """Give the refusal where bytes of an append-only file would change or go."""
        rule = deed.duty(Action.APPEND_ONLY)
        if rule is None or not disk.size(deed.effect.target):
            return None
        fact = "the file is append-only and has bytes in it"
        instead = "append to it, or write a new path"
        return self.enforcement.deny(deed, rule, fact, instead)

    def kept(
        self, deed: Deed, row: EffectRecord | None
    ) -> tuple[bool, Decision | None]:
        """Say whether a file not of this run would be overwritten that a rule keeps,
        and the decision about it: None lets it pass.
        """
        rule = self.keeping.rule(deed, row)
        if rule is None:
            return False, None
        shown = self.show(deed.effect.target)
        return True, self.keeping.refuse(deed, rule, shown)

    @staticmethod
    def moves_on(once: Rule | None, row: EffectRecord, digest: str = "") -> bool:
        """Whether a write over what an earlier attempt wrote is the path's next state:
        its rule lets it be rewritten, and other bytes come (a digest, empty: not known).

        INVARIANT: an agent that saves its state never reads an older one afterwards.
        """
        rewritten = once is not None and once.on_duplicate is OnDuplicate.WARN
        return rewritten and digest != row.fingerprint

    def duplicate(
        self, path: str, row: EffectRecord | None, once: Rule
    ) -> Decision | None:
        """Decide about a second write of one output by the rule; None lets it pass."""
        session, shown = self.session, self.show(path)
        when = time.strftime(
            "%H:%M:%S", time.localtime(row.updated_at if row else session.clock())
        )
        fact = (
            f"{shown} was already written at {when} in this attempt of run "
            f"{session.run.run_id}"
        )
        passes = session.observe or once.on_duplicate is OnDuplicate.WARN
        session.record(
            EventType.DUPLICATE, path, fact, rule=once,
            effect_id=row.id if row else 0,
            data={"observed": passes, "action": once.on_duplicate.value},
        )  # fmt: skip
        if passes:
            return None
        if once.on_duplicate is OnDuplicate.SKIP:
            return Decision(Verdict.SKIP, fact, once.id, once.source.span.short)
        base, suffix = os.path.splitext(shown)
        return refuse(
            "duplicate-write", tried=f"write {shown} a second time", fact=fact,
            instead=f"write a new path such as {base}-2{suffix}, or append to it, or "
            f"name the path in a rule with `on_duplicate: warn`",
            rule=once,
        )  # fmt: skip


def duty(judgement: Judgement, action: Action) -> Rule | None:
    """Give the most specific duty of one action, or None."""
    return next((r for r in judgement.duties if r.action is action), None)
