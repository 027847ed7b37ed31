"""A window on the history as long as the history: ids in memory, rows only when seen.

Knows no screen. The ledger it is given is only read.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from soulguard.ledger.wanted import VIOLATIONS, Wanted
from soulguard.ledger.watched import WatchedLedger
from soulguard.model import Event, EventType

_KEPT = 2048
"""Rows kept in memory, about 2 MB."""

_BATCH = 256
RECENT = 50_000
"""Events searched before all the others when a filter has to read rows."""

_VIOLATIONS = tuple(type_.value for type_ in VIOLATIONS)


class Feed:
    """The wanted events in order of id, as a sequence that grows.

    `ids` and `upto` are what was found so far (`find`), and how far was looked.
    Unfiltered nothing is kept, unless events were taken out: the ids have no gaps.
    """

    def __init__(
        self,
        ledger: WatchedLedger,
        wanted: Wanted,
        ids: array[int] | None = None,
        upto: int = 0,
    ) -> None:
        self.wanted = wanted
        self._ledger = ledger
        self._grown = ids if ids is not None else array("q")
        self._ids: Sequence[int] = self._grown
        self._whole = wanted.everything and not ledger.has_gaps()
        if self._whole:
            self._ids = range(1, upto + 1)
        elif wanted.everything:
            self._grown.extend(ledger.event_ids(wanted, upto=upto))
        self.upto = upto
        self._rows: dict[int, Event] = {}

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def ids(self) -> Sequence[int]:
        """The ids of all rows, ascending."""
        return self._ids

    def poll(self) -> bool:
        """Look for events that came since; say whether there are more rows now."""
        last = self._ledger.last_event_id()
        if last <= self.upto:
            return False
        before = len(self._ids)
        if self._whole:
            self._ids = range(1, last + 1)
        else:
            self._grown.extend(
                self._ledger.event_ids(self.wanted, after=self.upto, upto=last)
            )
        self.upto = last
        return len(self._ids) > before

    def row(self, index: int) -> Event | None:
        """Give one row, None if the ledger lost it."""
        found = self.rows(index, index + 1)
        return found[0] if found else None

    def rows(self, start: int, stop: int) -> list[Event]:
        """Give the rows from `start` to before `stop`; read at most once each."""
        wanted = self._ids[max(start, 0) : stop]
        missing = [i for i in wanted if i not in self._rows]
        if len(self._rows) + len(missing) > _KEPT:
            self._rows.clear()
            missing = list(wanted)
        for event in self._ledger.events_at(missing):
            self._rows[event.id] = event
        return [self._rows[i] for i in wanted if i in self._rows]

    def position(self, event_id: int) -> int:
        """Give the index of the row with an id, or of the one that follows it."""
        return bisect_left(self._ids, event_id)

    def violation(self, index: int, *, forward: bool) -> int | None:
        """Give the index of the next or previous violation from a row, or None."""
        near = self._ids[index] if 0 <= index < len(self._ids) else self.upto + 1
        while True:
            found = self._ledger.violation_ids(near, forward=forward, limit=_BATCH)
            for event_id in found:
                at = self.position(event_id)
                if at < len(self._ids) and self._ids[at] == event_id:
                    return at
            if len(found) < _BATCH:
                return None
            near = found[-1]


def find(ledger: WatchedLedger, wanted: Wanted) -> tuple[array[int], int]:
    """Find all wanted events at once, for `Feed`; slow where rows have to be read."""
    last = ledger.last_event_id()
    if wanted.everything:
        return array("q"), last
    return ledger.event_ids(wanted, upto=last), last


def find_recent(ledger: WatchedLedger, wanted: Wanted) -> tuple[array[int], int]:
    """Find the wanted ones among the newest events alone: quick, and what is looked at."""
    last = ledger.last_event_id()
    after = max(last - RECENT, 0)
    return ledger.event_ids(wanted, after=after, upto=last), last


class Tally:
    """How many events of which kind there are, kept up to date by what is new alone.

    `events` counts by run, `types` by run and type, `hits` by rule, `tokens` and `usd`
    are what replays saved by run; what is routine is not told apart before the first
    look.
    """

    def __init__(self, ledger: WatchedLedger) -> None:
        self._ledger = ledger
        self.upto = 0
        self.events: Counter[str] = Counter()
        self.types: Counter[tuple[str, str]] = Counter()
        self.hits: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        self.usd: dict[str, float] = {}

    def use(self, ledger: WatchedLedger) -> None:
        """Go on counting on another connection, that of another thread."""
        self._ledger = ledger

    def poll(self) -> bool:
        """Count what came since; say whether anything did."""
        last = self._ledger.last_event_id()
        if last <= self.upto:
            return False
        if self.upto:
            self._add(self._ledger.count_new(self.upto, last))
        else:
            self._add(self._ledger.count_all(last))
        for run_id, tokens, usd in self._ledger.saved(self.upto, last):
            self.tokens[run_id] += tokens
            self.usd[run_id] = self.usd.get(run_id, 0.0) + usd
        self.upto = last
        return True

    def _add(self, counts: list[tuple[str, str, str, int]]) -> None:
        for run_id, type_, rule, number in counts:
            self.events[run_id] += number
            if type_:
                self.types[run_id, type_] += number
            if rule and type_ not in ("effect.intent", "effect.done"):
                self.hits[rule] += number

    def replayed(self, run_id: str) -> int:
        """Give the number of calls of a run that were answered from the record."""
        return self.types[run_id, EventType.EFFECT_REPLAYED.value]

    def violations(self, run_id: str) -> int:
        """Give the number of violations of a run."""
        return sum(self.types[run_id, type_] for type_ in _VIOLATIONS)
