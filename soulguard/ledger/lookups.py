"""How effects are found: each question becomes probes of an index, never a scan.

A question with a `limit` about one place is asked once per attempt that was there
last: inside one value of `seen` the index gives the order asked for, so the first match
among a million costs what the first among ten costs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from soulguard.ledger.connection import Connection, Row
from soulguard.ledger.rows import EFFECT_COLUMNS
from soulguard.model import EffectKind, EffectState

_ALL_KINDS = tuple(kind.value for kind in EffectKind)
_ORDINAL, _SEEN, _ID = 4, 7, 8  # positions in EFFECT_COLUMNS


def find(
    db: Connection,
    run: int,
    *,
    kind: EffectKind | None,
    slot: str | None,
    fingerprint: str | None,
    normalised: str | None,
    states: Sequence[str],
    unseen_by: int | None,
    limit: int | None,
) -> list[Row]:
    """Give rows of `EFFECT_COLUMNS` in order of (ordinal, id)."""
    place: list[tuple[str, Any]] = [("run = ?", run)]
    if kind is not None:
        place.append(("kind = ?", kind.value))
    elif slot is not None:
        # Without this the slot, second in every index, could not be probed.
        place.append(_among("kind", _ALL_KINDS))
    if slot is not None:
        place.append(("slot = ?", slot))
    single = kind is not None and slot is not None and limit is not None
    rest = _rest(states, None if single else unseen_by)
    found: list[Row] = []
    halves = _halves(fingerprint, normalised)
    for half in halves:
        terms = place + half
        if single:
            found += _per_attempt(db, terms, rest, unseen_by, limit or 0)
        else:
            found += _select(db, terms + rest, limit)
    if len(halves) > 1 or single:
        found.sort(key=lambda row: (row[_ORDINAL], row[_ID]))
    return found if limit is None else found[:limit]


def _halves(
    fingerprint: str | None, normalised: str | None
) -> list[list[tuple[str, Any]]]:
    """Give the alternatives that together mean the asked digests.

    Rows without volatile values are not in the index over `normalised`; they are found
    by their fingerprint, which is the same digest.
    """
    if fingerprint is not None:
        exact: list[tuple[str, Any]] = [("fingerprint = ?", fingerprint)]
        return [exact + ([("normalised = ?", normalised)] if normalised else [])]
    if normalised is None:
        return [[]]
    return [
        [("fingerprint = ?", normalised), ("normalised = ?", normalised)],
        [("normalised = ? AND normalised <> fingerprint", normalised)],
    ]


def _rest(states: Sequence[str], unseen_by: int | None) -> list[tuple[str, Any]]:
    terms: list[tuple[str, Any]] = []
    if unseen_by is not None:
        terms.append(("seen < ?", unseen_by))
    if states:
        values = tuple(EffectState(state).value for state in states)
        sql, values = _among("state", values)
        # Said literally, so that SQLite may use the index of what is not done.
        done = "" if "done" in values else " AND state <> 'done'"
        terms.append((sql + done, values))
    return terms


def _per_attempt(
    db: Connection,
    terms: list[tuple[str, Any]],
    rest: list[tuple[str, Any]],
    unseen_by: int | None,
    limit: int,
) -> list[Row]:
    found: list[Row] = []
    after = 0  # attempts count from 1
    before = sys.maxsize if unseen_by is None else unseen_by
    while after + 1 < before:
        some = [*terms, ("seen > ?", after), ("seen < ?", before), *rest]
        rows = _select(db, some, limit, "seen, ordinal, id")
        if not rows:
            break
        after = rows[0][_SEEN]
        found += [row for row in rows if row[_SEEN] == after]
    return found


def _select(
    db: Connection, terms: list[tuple[str, Any]], limit: int | None,
    order: str = "ordinal, id",
) -> list[Row]:  # fmt: skip
    where, values = _where(terms)
    sql = f"SELECT {EFFECT_COLUMNS} FROM effects WHERE {where} ORDER BY {order}"
    if limit is None:
        return db.rows(sql, values)
    return db.rows(f"{sql} LIMIT ?", [*values, limit])


def _where(terms: list[tuple[str, Any]]) -> tuple[str, list[Any]]:
    values: list[Any] = []
    for _, value in terms:
        values.extend(value) if isinstance(value, tuple) else values.append(value)
    return " AND ".join(sql for sql, _ in terms), values


def _among(name: str, values: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return f"{name} IN ({','.join('?' * len(values))})", values
