"""The ledger on one SQLite file: the statements, and what holds between them.

Nothing here decides anything, reads a clock or looks at a process. What an effect's
lasting fields are and how events are linked is defined in `chain`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from soulguard.errors import LedgerError
from soulguard.ledger import chain, counters, history, lookups, rows, verifying
from soulguard.ledger.blobs import Blobs
from soulguard.ledger.connection import Connection
from soulguard.ledger.failures import corrupt
from soulguard.ledger.protocol import ChainReport, Tally
from soulguard.ledger.runs import SqliteRuns
from soulguard.model import EffectKind, EffectRecord, Event, EventType, Noun

N = TypeVar("N", bound=Noun)

_ADD_EFFECT = (
    f"INSERT INTO effects (run, {rows.EFFECT_COLUMNS}) VALUES ({','.join('?' * 20)})"
)
_EFFECT = f"SELECT run, {rows.EFFECT_COLUMNS} FROM effects WHERE id = ?"
_LASTING = f"SELECT {rows.LASTING_COLUMNS} FROM effects WHERE id = ?"
_KINDS = "SELECT kind, count(*) FROM effects WHERE run = ? GROUP BY kind"
_SLOTS = "SELECT DISTINCT slot FROM effects WHERE run = ? AND kind = ?"
_UNSETTLED = (
    "SELECT kind, state, count(*) FROM effects WHERE run = ? AND state <> 'done'"
    " GROUP BY kind, state"
)
_ADD_EVENT = (
    f"INSERT INTO events (run, {rows.EVENT_COLUMNS}) VALUES ({','.join('?' * 13)})"
)
_LAST_EVENT = "SELECT id, hash FROM events ORDER BY id DESC LIMIT 1"

_LASTING_AT = {
    name.strip(): at for at, name in enumerate(rows.LASTING_COLUMNS.split(","))
}  # fmt: skip


_REMEMBERED = 10_000  # effects whose lasting fields are kept in memory, a few MB


class SqliteLedger(SqliteRuns):
    """A `Ledger` in one SQLite file (`ledger.protocol` says what each method means).

    Every write opens the transaction if none is open; nothing is kept before `commit`.
    After a failed write `commit` refuses until `rollback`. Use `open_ledger` to get one.
    """

    def __init__(self, db: Connection) -> None:
        super().__init__(db)
        self.url = f"sqlite://{db.path}"
        self.path = db.path
        self._blobs = Blobs(db)
        self._tail: tuple[int, bytes] | None = None
        self._lasting: dict[int, list[Any]] = {}  # effect id -> LASTING_COLUMNS
        self._unwitnessed: dict[int, None] = {}

    def _forget(self) -> None:
        super()._forget()
        self._tail = None
        self._lasting.clear()
        self._unwitnessed.clear()

    # -- transactions -----------------------------------------------------------------

    def commit(self, *, durable: bool) -> None:
        """Commit the open transaction, if any; with `durable` it survives power loss.

        INVARIANT: no effect keeps a changed outcome without an event in the same
        transaction; where the caller wrote none, an `effect.changed` is added.
        """
        for effect_id in tuple(self._unwitnessed):
            self._witness(effect_id)
        if durable:
            self._blobs.sync()
        super().commit(durable=durable)
        if len(self._lasting) > _REMEMBERED:
            self._lasting.clear()

    def close(self) -> None:
        """Roll back what is open and release the store."""
        self._db.close()

    # -- effects ----------------------------------------------------------------------

    def add_effect(self, effect: EffectRecord) -> int:
        """Add an effect and give its id.

        Raises:
            LeaseHeldError: a newer attempt of the run exists.
        """
        self.begin()
        run = self._must_know(effect.run_id)
        self._fence(run, effect.attempt)
        values = rows.effect_values(effect)
        effect_id = self._db.run(_ADD_EFFECT, (run, *values)).lastrowid or 0
        self._lasting[effect_id] = [
            run, *values[:3], values[4], values[5], values[14], values[16]
        ]  # fmt: skip
        self._unwitnessed[effect_id] = None
        return effect_id

    def update_effect(self, effect_id: int, **changes: Any) -> None:
        """Change fields of an effect; its id stays.

        Raises:
            LeaseHeldError: this object claimed an attempt of the run, or names one in
                `attempt` or `seen`, and a newer one exists.
        """
        self.begin()
        lasting = self._lasting_fields(effect_id)
        run = lasting[0]
        acting = self._acting(run) or changes.get("attempt") or changes.get("seen")
        if acting is not None:
            self._fence(run, acting)
        values = self._update("effects", effect_id, changes, rows.EFFECT_FIELDS)
        for name, value in zip(changes, values, strict=True):
            at = _LASTING_AT.get(name)
            if at is not None and lasting[at] != value:
                lasting[at] = value
                self._unwitnessed[effect_id] = None

    def effect(self, effect_id: int) -> EffectRecord | None:
        """Give one effect, or None."""
        row = self._db.row(_EFFECT, (effect_id,))
        return self._noun(rows.effect_from, *row) if row else None

    def find_effects(
        self,
        run_id: str,
        *,
        kind: EffectKind | None = None,
        slot: str | None = None,
        fingerprint: str | None = None,
        normalised: str | None = None,
        states: Sequence[str] = (),
        unseen_by: int | None = None,
        limit: int | None = None,
    ) -> list[EffectRecord]:
        """Give effects of a run in order of (ordinal, id), narrowed by what is given."""
        run = self._key(run_id)
        if run is None:
            return []
        found = lookups.find(
            self._db, run, kind=kind, slot=slot, fingerprint=fingerprint,
            normalised=normalised, states=states, unseen_by=unseen_by, limit=limit,
        )  # fmt: skip
        return [self._noun(rows.effect_from, run, *row) for row in found]

    def effects(
        self,
        run_id: str | None = None,
        *,
        after: int = 0,
        limit: int | None = None,
        newest_first: bool = False,
    ) -> Iterator[EffectRecord]:
        """Give effects with an id greater than `after`, in order of id."""
        run = None if run_id is None else self._key(run_id)
        if run_id is not None and run is None:
            return
        query = history.Query(run, newest_first=newest_first)
        for row in history.walk_effects(self._db, query, after=after, limit=limit):
            yield self._noun(rows.effect_from, *row)

    def slots(
        self, run_id: str, kinds: Sequence[EffectKind], limit: int, *, below: str = ""
    ) -> list[str] | None:
        """Give the slots of a run's effects of some kinds; None: more than `limit`.

        `below` keeps those that are paths inside a folder.
        """
        found: list[str] = []
        for kind in kinds:
            for sql, within in _within(below):
                left = limit - len(found) + 1
                values = (self._key(run_id), kind.value, *within, left)
                found += [rows.text(row[0]) for row in self._db.rows(sql, values)]
                if len(found) > limit:
                    return None
        return found

    def count_effects(self, run_id: str) -> dict[tuple[str, str], int]:
        """Count effects by (kind, state)."""
        run = self._key(run_id)
        counts = {
            (kind, state): number
            for kind, state, number in self._db.rows(_UNSETTLED, (run,))
        }
        # What is done is the rest: nobody has to look at a million rows for it.
        for kind, number in self._db.rows(_KINDS, (run,)):
            done = number - sum(n for (k, _), n in counts.items() if k == kind)
            if done:
                counts[kind, "done"] = done
        return counts

    # -- bodies -----------------------------------------------------------------------

    def put_blob(self, data: bytes) -> str:
        """Keep bytes and give their sha256 in hex; equal bytes are kept once."""
        self.begin()
        return self._blobs.put(data)

    def adopt_blob(self, source: Path, ref: str, size: int) -> None:
        """Take a whole file over as the bytes of a reference; it is gone from there."""
        self.begin()
        self._blobs.adopt(source, ref, size)

    def blob_file(self, ref: str) -> Path | None:
        """Give the file that holds the bytes of a reference; None where none does."""
        return self._blobs.file(ref)

    def blob(self, ref: str) -> bytes | None:
        """Give the bytes of a reference; None if unknown, or torn by a power loss."""
        return self._blobs.get(ref)

    # -- counters ---------------------------------------------------------------------

    def count(
        self, counter: str, amount: float, at: float, *, keep: float = 0.0
    ) -> float:
        """Add to a counter; the times of what was added are kept for `keep` seconds."""
        self.begin()
        return counters.add(self._db, counter, amount, at, keep)

    def uncount(self, counter: str, amount: float, at: float) -> None:
        """Take back what was added to a counter under a moment."""
        self.begin()
        counters.take(self._db, counter, amount, at)

    def tally(self, counter: str, since: float = 0.0) -> Tally:
        """Give what was added to a counter after a moment."""
        return counters.tally(self._db, counter, since)

    # -- events -----------------------------------------------------------------------

    def add_event(self, event: Event) -> int:
        """Append an event to the chain, give its id.

        An event about an effect is given the effect's digest as ``data["effect"]``:
        write it after the change it speaks of, in the same transaction.

        Raises:
            LeaseHeldError: a newer attempt of the run exists.
        """
        self.begin()
        run = self._must_know(event.run_id)
        self._fence(run, event.attempt)
        data_text = chain.document(self._witnessed(event))
        last, previous = self._tail or self._read_tail()
        fields = (
            event.attempt, float(event.at), event.type.value, event.target,
            event.reason, event.rule, event.source, event.generation, event.effect_id,
            data_text,
        )  # fmt: skip
        digest = chain.link(previous, chain.event_text(event.run_id, fields))
        self._db.run(_ADD_EVENT, (run, *fields, last + 1, digest))
        self._tail = (last + 1, digest)
        return last + 1

    def events(
        self,
        run_id: str | None = None,
        *,
        after: int = 0,
        limit: int | None = None,
        types: Sequence[str] = (),
        newest_first: bool = False,
    ) -> Iterator[Event]:
        """Give events with an id greater than `after`, in order of id."""
        run = None if run_id is None else self._key(run_id)
        if run_id is not None and run is None:
            return
        query = history.Query(run, tuple(types), newest_first)
        for row in history.walk(self._db, query, after=after, limit=limit):
            yield self._noun(rows.event_from, *row)

    def count_events(self, run_id: str) -> dict[str, int]:
        """Count the events of a run by type, but for intents and what was simply done."""
        run = self._key(run_id)
        return {} if run is None else history.counts(self._db, run)

    def last_event_id(self) -> int:
        """Give the id of the newest event, 0 if there is none."""
        return self._read_tail()[0]

    def version(self) -> int:
        """Give a number that differs once another writer has committed; cheap."""
        return self._db.version()

    def verify(self) -> ChainReport:
        """Walk the whole hash chain, the effects it speaks of, and the bodies."""
        return verifying.verify(self._db, self._blobs, self._name)

    # -- inside -----------------------------------------------------------------------

    def _noun(
        self, make: Callable[[str, tuple[Any, ...]], N], run: int, *row: Any
    ) -> N:
        try:
            return make(self._name(run), row)
        except (LookupError, TypeError, ValueError) as error:
            why = f"a row makes no sense ({type(error).__name__}: {error})"
            raise corrupt(self.path, why) from error

    def _read_tail(self) -> tuple[int, bytes]:
        row = self._db.row(_LAST_EVENT)
        return (row[0], row[1]) if row else (0, chain.GENESIS)

    def _lasting_fields(self, effect_id: int) -> list[Any]:
        lasting = self._lasting.get(effect_id)
        if lasting is None:
            row = self._db.row(_LASTING, (effect_id,))
            if row is None:
                raise LedgerError(f"ledger `{self.path}` knows no effect {effect_id}")
            lasting = self._lasting[effect_id] = list(row)
            lasting[2] = rows.text(lasting[2])
        return lasting

    def _witnessed(self, event: Event) -> Mapping[str, Any]:
        """Give an event's data with the digest of the effect it speaks of."""
        if not event.effect_id:
            return event.data
        self._unwitnessed.pop(event.effect_id, None)
        return {**event.data, chain.EFFECT: self._digest(event.effect_id)}

    def _digest(self, effect_id: int) -> str:
        run, *fields = self._lasting_fields(effect_id)
        return chain.effect_digest(self._name(run), fields)

    def _witness(self, effect_id: int) -> None:
        effect = self.effect(effect_id)
        if effect is None:
            return
        run = self._must_know(effect.run_id)
        attempt = max(effect.attempt, self._newest_attempt(run))
        self.add_event(Event(
            effect.run_id, attempt, effect.updated_at, EventType.EFFECT_CHANGED,
            target=effect.slot, rule=effect.rule, generation=effect.generation,
            effect_id=effect_id, data={"state": effect.state.value},
        ))  # fmt: skip


def _within(folder: str) -> list[tuple[str, tuple[Any, ...]]]:
    """Give the questions for all slots, or for those inside a folder: what is Unicode
    sorts apart from what is not.
    """
    if not folder:
        return [(f"{_SLOTS} LIMIT ?", ())]
    sql = f"{_SLOTS} AND slot > ? AND slot < ? LIMIT ?"
    # what sorts after the separator of paths follows everything inside
    first, last = f"{folder}/", f"{folder}0"
    as_bytes = [end.encode("utf-8", "surrogatepass") for end in (first, last)]
    return [(sql, (first, last)), (sql, (*as_bytes,))]
