"""A ledger for people who look on: ids, windows and counts by the cheapest index.

Reads only, every read short. No page is ever skipped over by counting rows.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from soulguard.ledger import rows
from soulguard.ledger.opening import open_ledger
from soulguard.ledger.sqlite import SqliteLedger
from soulguard.ledger.wanted import Wanted
from soulguard.model import Event

# As the partial index says it: SQLite compares the terms.
_NOTABLE = "e.type <> 'effect.intent' AND e.type <> 'effect.done'"
_VIOLATION = "type >= 'violation.' AND type < 'violation/'"
_ROUTINE = {"effect.intent", "effect.done"}
_BATCH = 400
_EVENTS = f"SELECT run, {rows.EVENT_COLUMNS} FROM events WHERE id"
_TEXT = "e.target || ' ' || e.reason || ' ' || e.type || ' ' || e.rule"


def watch_ledger(url_or_path: str | os.PathLike[str]) -> WatchedLedger:
    """Open a ledger to look on; nothing is written, wherever it lies.

    Raises:
        LedgerError: there is none, or it cannot be read.
    """
    return WatchedLedger(open_ledger(url_or_path, read_only=True)._db)


class WatchedLedger(SqliteLedger):
    """A read-only ledger with the questions a live view asks."""

    # -- rows ---------------------------------------------------------------------------

    def event_ids(
        self, wanted: Wanted, *, after: int = 0, upto: int | None = None
    ) -> array[int]:
        """Give the ids of the wanted events with ``after < id <= upto``, in order."""
        last = self.last_event_id() if upto is None else upto
        if self._by_index(wanted, after):
            sql, values = self._indexed(wanted)
        else:
            sql, values = "FROM events e WHERE 1", []
            if wanted.only:
                sql += f" AND e.type IN ({_marks(wanted.only)})"
                values += wanted.only
            if wanted.run:
                sql += " AND +e.run = ?"
                values.append(self._key(wanted.run))
        text, more = self._text(wanted)
        # one by one into the array: a list of rows would be fifty times as large
        found = self._db.run(
            f"SELECT e.id {sql}{text} AND e.id > ? AND e.id <= ? ORDER BY e.id",
            [*values, *more, after, last],
        )
        return array("q", (row[0] for row in found))

    def _by_index(self, wanted: Wanted, after: int) -> bool:
        if wanted.only and not _ROUTINE.isdisjoint(wanted.only):
            return False
        return after == 0 and bool(wanted.only or wanted.run)

    def _indexed(self, wanted: Wanted) -> tuple[str, list[Any]]:
        # CROSS JOIN: SQLite keeps the order, so each run is one probe of its index
        sql, values = "FROM runs r CROSS JOIN events e ON e.run = r.id WHERE 1", []
        if wanted.run:
            sql += " AND r.run_id = ?"
            values.append(wanted.run)
        if wanted.only:
            sql += f" AND {_NOTABLE} AND e.type IN ({_marks(wanted.only)})"
            values += wanted.only
        return sql, values

    def _text(self, wanted: Wanted) -> tuple[str, list[Any]]:
        sql, values = "", list[Any]()
        for field, parts in (
            (_TEXT, wanted.words),
            ("e.type", wanted.types),
            ("e.rule || ' ' || e.source", wanted.rules),
        ):
            for part in parts:
                sql += f" AND {field} LIKE ? ESCAPE '\\'"
                values.append(_part(part))
        for part in wanted.without:
            sql += f" AND {_TEXT} NOT LIKE ? ESCAPE '\\'"
            values.append(_part(part))
        for part in wanted.runs:
            like = "SELECT id FROM runs WHERE run_id LIKE ? ESCAPE '\\'"
            sql += f" AND +e.run IN ({like})"
            values.append(_part(part))
        if wanted.rule_ids:
            sql += f" AND e.rule IN ({_marks(wanted.rule_ids)})"
            values += wanted.rule_ids
        return sql, values

    def events_at(self, ids: Sequence[int]) -> list[Event]:
        """Give the events of these ids, in order of id; unknown ones are left out."""
        found: list[Event] = []
        for start in range(0, len(ids), _BATCH):
            part = list(ids[start : start + _BATCH])
            sql = f"{_EVENTS} IN ({_marks(part)}) ORDER BY id"
            found += self._events(self._db.rows(sql, part))
        return found

    def violation_ids(self, near: int, *, forward: bool, limit: int) -> list[int]:
        """Give the ids of the violations after, or before, an event, nearest first."""
        where, order = ("id > ?", "ASC") if forward else ("id < ?", "DESC")
        sql = (
            f"SELECT id FROM events WHERE {_VIOLATION} AND {where}"
            f" ORDER BY id {order} LIMIT ?"
        )
        return [row[0] for row in self._db.rows(sql, (near, limit))]

    def _events(self, found: Iterable[tuple[Any, ...]]) -> list[Event]:
        return [rows.event_from(self._name(row[0]), row[1:]) for row in found]

    def newest(self, type_: str, run_id: str = "") -> Event | None:
        """Give the newest event of a type that is not routine, or None."""
        which, values = ("AND r.run_id = ?", [run_id]) if run_id else ("", [])
        sql = (
            "SELECT max(e.id) FROM runs r CROSS JOIN events e ON e.run = r.id"
            f" WHERE {_NOTABLE} AND e.type = ? {which}"
        )
        row = self._db.row(sql, [type_, *values])
        found = self.events_at([row[0]]) if row and row[0] else []
        return found[0] if found else None

    def has_gaps(self) -> bool:
        """Whether events were taken out, so that ids are no count."""
        there = "SELECT 1 FROM sqlite_master WHERE name = 'gaps'"
        return bool(self._db.row(there) and self._db.row("SELECT 1 FROM gaps"))

    # -- time ---------------------------------------------------------------------------

    def moment(self, event_id: int) -> float:
        """Give when an event, or the next one that is left, was written.

        In Unix seconds, 0.0 if there is none.
        """
        sql = "SELECT at FROM events WHERE id >= ? ORDER BY id LIMIT 1"
        row = self._db.row(sql, (event_id,))
        return float(row[0]) if row else 0.0

    def first_since(self, moment: float) -> int:
        """Give the id of the first event not older than a moment, last id + 1 if none.

        Events are taken to be in order of time: a clock that was set back only blurs
        the answer.
        """
        low, high = 1, self.last_event_id() + 1
        while low < high:
            middle = (low + high) // 2
            if self.moment(middle) < moment:
                low = middle + 1
            else:
                high = middle
        return low

    # -- counts -------------------------------------------------------------------------

    def count_all(self, upto: int) -> list[tuple[str, str, str, int]]:
        """Count all events up to an id, from the indexes, as `count_new` does.

        What is routine is counted by run alone, under the type "".
        """
        runs = self._db.rows("SELECT run, count(*) FROM events GROUP BY run")
        notable = (
            "SELECT e.run, e.type, e.rule, count(*) FROM runs r CROSS JOIN events e"
            f" ON e.run = r.id WHERE {_NOTABLE} AND e.id <= ? GROUP BY 1, 2, 3"
        )
        found = self._db.rows(notable, (upto,))
        named: dict[int, int] = {}
        for run, _, _, number in found:
            named[run] = named.get(run, 0) + number
        rest = [(run, "", "", number - named.get(run, 0)) for run, number in runs]
        return self._counts([*found, *rest])

    def count_new(self, after: int, upto: int) -> list[tuple[str, str, str, int]]:
        """Count events with ``after < id <= upto`` by run, type and rule."""
        sql = (
            "SELECT run, type, rule, count(*) FROM events WHERE id > ? AND id <= ?"
            " GROUP BY 1, 2, 3"
        )
        return self._counts(self._db.rows(sql, (after, upto)))

    def saved(self, after: int, upto: int) -> list[tuple[str, int, float]]:
        """Add up the tokens and dollars that replays saved, by run."""
        where = f"e.id <= ? AND e.type = 'effect.replayed' AND {_NOTABLE}"
        source = "events e"
        if after:
            where = f"e.id > {int(after)} AND {where}"
        else:
            source = "runs r CROSS JOIN events e ON e.run = r.id"
        sql = (
            "SELECT e.run, sum(json_extract(e.data, '$.saved.tokens')),"
            " sum(json_extract(e.data, '$.saved.usd'))"
            f" FROM {source} WHERE {where} GROUP BY e.run"
        )
        return [
            (self._name(run), int(tokens or 0), float(usd or 0))
            for run, tokens, usd in self._db.rows(sql, (upto,))
        ]

    def _counts(
        self, found: Iterable[tuple[Any, ...]]
    ) -> list[tuple[str, str, str, int]]:
        return [
            (self._name(run), type_, rows.text(rule), number)
            for run, type_, rule, number in found
        ]


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))


def _part(text: str) -> str:
    for special in "\\%_":
        text = text.replace(special, f"\\{special}")
    return f"%{text}%"
