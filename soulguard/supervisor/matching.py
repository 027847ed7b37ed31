"""Owns finding the recorded effect that a call is: the same one, or none.

In this order: the open or failed one of this attempt (the call is its retry); the next
one of an earlier attempt that this attempt has not walked over, by its exact bytes,
then by its normalised form. Nothing is answered here.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from soulguard.effects import canonical, difference
from soulguard.model import EffectRecord, EffectState
from soulguard.model.call import Call
from soulguard.supervisor.asked import Asked
from soulguard.supervisor.session import Session

_ORDINALS_KEPT = 16_384
_LIVE = (EffectState.DONE, EffectState.BEGUN, EffectState.IN_DOUBT)
"""States of what happened or may have."""


@dataclass(frozen=True, slots=True)
class Match:
    """The effect that a call is, and how it was recognised: retry, exact, normalised."""

    record: EffectRecord
    how: str


@dataclass(frozen=True, slots=True)
class Divergence:
    """An earlier effect in whose place another request stands now.

    `same_subject` says that both are about the same thing, as far as can be told.
    """

    record: EffectRecord
    difference: list[str]
    same_subject: bool


class Matching:
    """What the attempt has walked over, and which calls wait for their retry."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._open: dict[str, list[EffectRecord]] = {}
        self._ordinals: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._evicted = False
        self._borrowed: dict[str, int] = {}
        self._reported: dict[int, str] = {}

    def find(self, asked: Asked) -> Match | None:
        """Give the recorded effect that this call is, and take it."""
        return self._retry(asked) or self._earlier(asked)

    def open(self, record: EffectRecord) -> None:
        """Keep an effect of this attempt that ended open or failed: a retry may come."""
        self._open.setdefault(record.slot, []).append(record)

    def close(self, record: EffectRecord) -> None:
        """Forget that an effect waits for its retry: its outcome came after all."""
        waiting = [r for r in self._open.pop(record.slot, ()) if r.id != record.id]
        if waiting:
            self._open[record.slot] = waiting

    def ordinal(self, asked: Asked) -> int:
        """Give the number of the next effect equal to this one, from 0."""
        place = (asked.slot, asked.prints.normalised)
        known = self._ordinals.pop(place, None)
        if known is None:
            known = self._count(asked)
        self._ordinals[place] = known + 1
        if len(self._ordinals) > _ORDINALS_KEPT:
            self._ordinals.popitem(last=False)
            self._evicted = True
        return known

    def equal(self, asked: Asked, *states: EffectState) -> list[EffectRecord]:
        """Give the run's effects equal to this call in any of these states."""
        return self._session.ledger.find_effects(
            self._session.run.run_id, kind=asked.kind, slot=asked.slot,
            normalised=asked.prints.normalised, states=[s.value for s in states],
        )  # fmt: skip

    def unmatched(self, asked: Asked) -> Divergence | None:
        """Give an earlier effect at the same place that nothing has walked over, with
        the difference; each is given once, and again to a call that is repeated.
        """
        if self._session.attempt == 1:
            return None
        rows = self._session.ledger.find_effects(
            self._session.run.run_id, kind=asked.kind, slot=asked.slot,
            unseen_by=self._session.attempt, limit=len(self._reported) + 1,
        )  # fmt: skip
        for row in rows:
            known = self._reported.get(row.id, asked.prints.normalised)
            if known == asked.prints.normalised and "resolved" not in row.result:
                self._reported[row.id] = known
                return self._difference(row, asked)
        return None

    def borrowed(self, asked: Asked) -> int:
        """Give the effect with exactly these bytes that another call was taken for.

        A call that differed only in what looked volatile was answered from it; now the
        real one comes. 0 when there is none.
        """
        return self._borrowed.get(asked.prints.exact, 0)

    # -- the ways a call is recognised -------------------------------------------------

    def _retry(self, asked: Asked) -> Match | None:
        waiting = self._open.get(asked.slot, [])
        for digest in ("fingerprint", "normalised"):
            wanted = asked.prints.exact if digest == "fingerprint" else (
                asked.prints.normalised
            )  # fmt: skip
            for record in waiting:
                if getattr(record, digest) == wanted:
                    self._take(record)
                    # a person may have settled it in the meantime
                    fresh = self._session.ledger.effect(record.id)
                    return Match(fresh or record, "retry")
        return None

    def _take(self, record: EffectRecord) -> None:
        """Close an open effect; it is open again if this batch cannot be recorded."""

        def undo() -> None:
            self.close(record)
            self.open(record)

        self.close(record)
        self._session.otherwise(undo)

    def _earlier(self, asked: Asked) -> Match | None:
        if self._session.attempt == 1:
            return None
        prints = asked.prints
        record = self._next(asked, fingerprint=prints.exact)
        if record is not None:
            return Match(record, "exact")
        record = self._next(asked, normalised=prints.normalised)
        if record is None:
            return None
        if record.fingerprint != prints.exact:
            self._borrowed[record.fingerprint] = record.id
        return Match(record, "normalised")

    def _next(self, asked: Asked, **digest: str) -> EffectRecord | None:
        """Give the next effect that the call may be.

        INVARIANT: what was rejected is tried again only where no equal call after it
        may have happened: the first one may work today, with a fresh token.
        """
        record = self._unseen(asked, **digest)
        if record is None or record.state is not EffectState.FAILED:
            return record
        return self._unseen(asked, *_LIVE, **digest) or record

    def _unseen(
        self, asked: Asked, *states: EffectState, **digest: str
    ) -> EffectRecord | None:
        rows = self._session.ledger.find_effects(
            self._session.run.run_id, kind=asked.kind, slot=asked.slot,
            unseen_by=self._session.attempt, limit=1,
            states=[s.value for s in states], **digest,
        )  # fmt: skip
        return rows[0] if rows else None

    def _count(self, asked: Asked) -> int:
        if self._session.attempt == 1 and not self._evicted:
            return 0
        rows = self.equal(asked)
        return rows[-1].ordinal + 1 if rows else 0

    def _difference(self, row: EffectRecord, asked: Asked) -> Divergence:
        readable = row.request and row.intent.get("size", 0) <= canonical.TOO_LARGE
        body = self._session.ledger.blob(row.request) if readable else None
        parsed = None
        if body is not None and asked.value is not None:
            kind = str(row.intent.get("type", ""))
            parsed = canonical.parse(Call("", "", (("content-type", kind),), body))
        if parsed is None:
            return Divergence(row, ["body: other bytes"], same_subject=True)
        return Divergence(
            row, difference.difference(parsed, asked.value),
            same_subject=difference.same_subject(parsed, asked.value),
        )  # fmt: skip
