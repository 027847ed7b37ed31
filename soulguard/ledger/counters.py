"""Counters that grow: how much was added since a moment, whatever the number of rows.

Each row carries the running total, so a window is the difference of two rows, found by
index probes. What is counted, and under which name, is the caller's.
"""

from __future__ import annotations

from soulguard.ledger.connection import Connection
from soulguard.ledger.protocol import Tally

_STEP = 1e-6
"""Two additions never carry one time: later ones are moved this many seconds on."""

_NEWEST = (
    "SELECT at, amount, total FROM counters WHERE counter = ? ORDER BY at DESC LIMIT 1"
)
_AFTER = (
    "SELECT at, amount, total FROM counters WHERE counter = ? AND at > ?"
    " ORDER BY at LIMIT 1"
)
_ADD = "INSERT INTO counters (counter, at, amount, total) VALUES (?, ?, ?, ?)"
_LESS = "UPDATE counters SET amount = amount - ? WHERE counter = ? AND at = ?"
_LOWER = "UPDATE counters SET total = total - ? WHERE counter = ? AND at >= ?"
_PRUNE = "DELETE FROM counters WHERE counter = ? AND at < ?"


def add(db: Connection, counter: str, amount: float, at: float, keep: float) -> float:
    """Add to a counter and give the moment it stands under; rows older than `keep`
    seconds before are forgotten.
    """
    newest = db.row(_NEWEST, (counter,))
    total = 0.0
    if newest is not None:
        # a clock that was set back must not put a row before the newest
        at, total = max(at, newest[0] + _STEP), newest[2]
    db.run(_ADD, (counter, at, amount, total + amount))
    db.run(_PRUNE, (counter, at - keep))
    return at


def take(db: Connection, counter: str, amount: float, at: float) -> None:
    """Take back what was added under a moment, wherever its row is by now."""
    db.run(_LESS, (amount, counter, at))
    db.run(_LOWER, (amount, counter, at))


def tally(db: Connection, counter: str, since: float) -> Tally:
    """Give what was added after a moment, and when that began and ended."""
    newest = db.row(_NEWEST, (counter,))
    first = db.row(_AFTER, (counter, since))
    if newest is None or first is None:
        return Tally()
    before = first[2] - first[1] if since > 0 else 0.0
    return Tally(newest[2] - before, first[0], newest[0])
