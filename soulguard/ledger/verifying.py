"""The walk that proves a ledger unchanged; it reads only, and in bounded memory.

Events are walked from the newest to the oldest: so the first event met about an effect
is the newest one that speaks of it, and one bit per effect remembers it was met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from soulguard.ledger import chain, history
from soulguard.ledger.blobs import Blobs
from soulguard.ledger.connection import Connection, Row
from soulguard.ledger.protocol import ChainReport
from soulguard.ledger.rows import LASTING_COLUMNS, mapping, text
from soulguard.model import EventType

# in the rows of `history.walk`
_ID, _HASH, _EFFECT_ID, _DATA, _TYPE = 11, 12, 9, 10, 3
_LASTING = f"SELECT {LASTING_COLUMNS} FROM effects WHERE id = ?"
_EFFECT_IDS = "SELECT id FROM effects WHERE id > ? ORDER BY id LIMIT 1000"
_GAP = "SELECT hash FROM gaps WHERE first = ? AND last = ?"
_GAPS = "SELECT 1 FROM sqlite_master WHERE name = 'gaps'"
_BLOB_IDS = "SELECT id, sha256 FROM blobs WHERE id > ? ORDER BY id LIMIT 1000"


def verify(db: Connection, blobs: Blobs, name: Callable[[int], str]) -> ChainReport:
    """Check the chain, the effects its events speak of, and the bodies.

    The report names the oldest event that does not follow its predecessor; where all
    do, the oldest one whose effect no longer fits it.
    """
    met = bytearray((_highest_effect(db) >> 3) + 1)
    newest: Row | None = None
    later: Row | None = None
    link, effect = (0, ""), (0, "")
    with db.snapshot():
        gaps = _Gaps(db)
        for row in history.walk(db, history.Query(newest_first=True)):
            newest = newest or row
            gaps.hear(row)
            link = _first(later, _link_reason(name, row, later, gaps), link)
            effect = _first(row, _effect_reason(db, name, row, met), effect)
            later = row
        link = _first(later, _link_reason(name, None, later, gaps), link)
        at, reason = link if link[1] else effect
        reason = reason or gaps.reason() or _unspoken(db, met) or _bodies(db, blobs)
    count, head = (newest[_ID], newest[_HASH].hex()) if newest else (0, "")
    return ChainReport(count, not reason, at, reason, head, gaps.missing)


@dataclass(slots=True)
class _Gaps:
    """Where the chain goes on after events that were taken out (`pruning`).

    INVARIANT: as many are missing as events say were removed: a gap that somebody made
    in another way is none of these.
    """

    db: Connection
    missing: int = 0
    said: int = 0

    def hear(self, row: Row) -> None:
        """Take note of an event that says how many were removed."""
        if row[_TYPE] == EventType.RUN_PRUNED.value:
            removed = mapping(row[_DATA]).get("events")
            self.said += removed if isinstance(removed, int) else 0

    def bridge(self, first: int, last: int) -> bytes | None:
        """Give the hash of the last of the events that are missing, None if not known."""
        if not self.db.row(_GAPS):  # a ledger of an older version
            return None
        found = self.db.row(_GAP, (first, last))
        if found is None:
            return None
        self.missing += last - first + 1
        return bytes(found[0])

    def reason(self) -> str:
        """Say why the gaps are not what the events say; empty where they are."""
        if self.missing == self.said:
            return ""
        return f"{self.missing} events are missing, {self.said} were taken out"


def _first(row: Row | None, reason: str, known: tuple[int, str]) -> tuple[int, str]:
    # The walk goes back in time: what is found later is older.
    return (row[_ID], reason) if row and reason else known


def _link_reason(
    name: Callable[[int], str], before: Row | None, row: Row | None, gaps: _Gaps
) -> str:
    """Say why an event does not follow the one before it; empty where it does."""
    if row is None:
        return ""
    expected = before[_ID] + 1 if before else 1
    previous = before[_HASH] if before else chain.GENESIS
    if row[_ID] != expected:
        previous = gaps.bridge(expected, row[_ID] - 1)
        if previous is None:
            return f"event {expected} is missing before event {row[_ID]}"
    try:
        fields = [text(v) if isinstance(v, bytes) else v for v in row[1:_ID]]
        full = chain.event_text(name(row[0]), fields)
        same = chain.link(previous, full) == row[_HASH]
    except (TypeError, ValueError):
        same = False
    return "" if same else f"event {row[_ID]} was changed after it was written"


def _effect_reason(
    db: Connection, name: Callable[[int], str], row: Row, met: bytearray
) -> str:
    """Say why an effect does not fit its newest event; empty where it does."""
    effect = row[_EFFECT_ID]
    if not isinstance(effect, int) or effect <= 0 or _bit(met, effect):
        return ""
    if effect >> 3 >= len(met):
        return f"effect {effect} is missing"
    met[effect >> 3] |= 1 << (effect & 7)
    found = db.row(_LASTING, (effect,))
    if found is None:
        return f"effect {effect} is missing"
    try:
        run, kind, slot, *rest = found
        digest = chain.effect_digest(name(run), [kind, text(slot), *rest])
        same = digest == mapping(row[_DATA]).get(chain.EFFECT)
    except (AttributeError, TypeError, ValueError):
        same = False
    return "" if same else f"effect {effect} was changed after event {row[_ID]}"


def _unspoken(db: Connection, met: bytearray) -> str:
    for effect, *_ in _ids(db, _EFFECT_IDS):
        if not _bit(met, effect):
            return f"effect {effect} was added without an event"
    return ""


def _bodies(db: Connection, blobs: Blobs) -> str:
    for _, digest in _ids(db, _BLOB_IDS):
        if not blobs.intact(digest.hex()):
            return f"body {digest.hex()} is missing or was changed"
    return ""


def _ids(db: Connection, sql: str) -> Iterator[Row]:
    after = 0
    while page := db.rows(sql, (after,)):
        yield from page
        after = page[-1][0]


def _highest_effect(db: Connection) -> int:
    row = db.row("SELECT max(id) FROM effects")
    return (row and row[0]) or 0


def _bit(met: bytearray, effect: int) -> bool:
    return effect >> 3 < len(met) and bool(met[effect >> 3] & (1 << (effect & 7)))
