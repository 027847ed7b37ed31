"""Events and effects page by page: short reads by id, no offset, no open cursor.

A reader that kept a statement open would stop the log from being moved into the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from soulguard.ledger.connection import Connection, Row
from soulguard.ledger.rows import EFFECT_COLUMNS, EVENT_COLUMNS
from soulguard.model import EventType

PAGE = 500
"""Rows per read."""

_ID, _EFFECT_ID = 11, 9  # positions of the id in a page's rows
# As the partial indexes say it: SQLite compares the terms.
_VIOLATION = "type >= 'violation.' AND type < 'violation/'"
_NOTABLE = "type <> 'effect.intent' AND type <> 'effect.done'"
_ROUTINE = {EventType.EFFECT_INTENT.value, EventType.EFFECT_DONE.value}


@dataclass(frozen=True, slots=True)
class Query:
    """Which rows are wanted, and in which direction; effects have no types here."""

    run: int | None = None
    types: tuple[str, ...] = ()
    newest_first: bool = False


def walk(
    db: Connection, query: Query, *, after: int = 0, limit: int | None = None
) -> Iterator[Row]:
    """Give rows of run and `EVENT_COLUMNS` with an id greater than `after`."""
    return _walk(_page, _ID, db, query, (after, _last(db, "events") + 1, limit))


def walk_effects(
    db: Connection, query: Query, *, after: int = 0, limit: int | None = None
) -> Iterator[Row]:
    """Give rows of run and `EFFECT_COLUMNS` with an id greater than `after`."""
    bounds = (after, _last(db, "effects") + 1, limit)
    return _walk(_effects_page, _EFFECT_ID, db, query, bounds)


def _walk(
    read: Callable[[Connection, Query, tuple[int, int], int], list[Row]],
    id_at: int,
    db: Connection,
    query: Query,
    bounds: tuple[int, int, int | None],
) -> Iterator[Row]:
    after, before, limit = bounds
    while before - after > 1 and (limit is None or limit > 0):
        size = PAGE if limit is None else min(limit, PAGE)
        page = read(db, query, (after, before), size)
        yield from page
        if len(page) < size:
            return
        if limit is not None:
            limit -= size
        if query.newest_first:
            before = page[-1][id_at]
        else:
            after = page[-1][id_at]


def counts(db: Connection, run: int) -> dict[str, int]:
    """Count a run's events by type, from the index alone: no intents, nothing done."""
    sql = (
        f"SELECT type, count(*) FROM events WHERE run = ? AND {_NOTABLE} GROUP BY type"
    )
    return dict(db.rows(sql, (run,)))


def _page(
    db: Connection, query: Query, between: tuple[int, int], size: int
) -> list[Row]:
    order = _order(query, size)
    where, values = "id > ? AND id < ?", list[Any](between)
    if query.run is not None:
        where, values = f"run = ? AND {where}", [query.run, *values]
    types = tuple(EventType(name).value for name in query.types)
    if not types:
        return db.rows(f"{_select(where)} {order}", values)
    if query.run is not None and _ROUTINE.isdisjoint(types):
        # One probe per type: each part is in order of id already.
        probe = _select(f"{_NOTABLE} AND type = ? AND {where}")
        part = f"SELECT * FROM ({probe} {order})"
        every = [value for name in types for value in (name, *values)]
        return db.rows(" UNION ALL ".join([part] * len(types)) + f" {order}", every)
    if all(name.startswith("violation.") for name in types):
        where = f"{_VIOLATION} AND {where}"
    among = f"type IN ({','.join('?' * len(types))})"
    return db.rows(f"{_select(f'{where} AND {among}')} {order}", [*values, *types])


def _effects_page(
    db: Connection, query: Query, between: tuple[int, int], size: int
) -> list[Row]:
    where, values = "id > ? AND id < ?", list[Any](between)
    if query.run is not None:
        # The plus keeps SQLite from sorting a whole run by id for each page.
        where, values = f"{where} AND +run = ?", [*values, query.run]
    sql = f"SELECT run, {EFFECT_COLUMNS} FROM effects WHERE {where}"
    return db.rows(f"{sql} {_order(query, size)}", values)


def _order(query: Query, size: int) -> str:
    return f"ORDER BY id {'DESC' if query.newest_first else 'ASC'} LIMIT {size}"


def _select(where: str) -> str:
    return f"SELECT run, {EVENT_COLUMNS} FROM events WHERE {where}"


def _last(db: Connection, table: str) -> int:
    row = db.row(f"SELECT max(id) FROM {table}")
    return (row and row[0]) or 0
