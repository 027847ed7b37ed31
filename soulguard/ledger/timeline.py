"""How many events when: a span of time cut into equal parts, counted without scanning.

Ids grow with time, so their places at the cuts are the counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from soulguard.ledger.watched import WatchedLedger
from soulguard.model import Noun

PARTS = 60


@dataclass(frozen=True, slots=True)
class Timeline(Noun):
    """Counts per part of a span that ends at `end`; `seconds` is the length of a part."""

    end: float
    seconds: float
    events: tuple[int, ...]
    flagged: tuple[int, ...]

    @property
    def peak(self) -> float:
        """The most events per second in any part."""
        return max(self.events, default=0) / self.seconds


class Clockwork:
    """The cuts of a timeline that moves on: each is looked up once.

    `ids` and `flagged` are ascending ids of what is counted.
    """

    def __init__(self, ledger: WatchedLedger, parts: int = PARTS) -> None:
        self._ledger = ledger
        self._parts = parts
        self._at: dict[float, int] = {}

    def last(
        self, end: float, seconds: float, ids: Sequence[int], flagged: Sequence[int]
    ) -> Timeline:
        """Count the parts of `seconds` each that end at `end`."""
        edge = end - end % seconds if seconds >= 1 else end
        cuts = [edge - seconds * (self._parts - i) for i in range(self._parts + 1)]
        known = {cut: self._at[cut] for cut in cuts[:-1] if cut in self._at}
        for cut in cuts[:-1]:
            if cut not in known:
                known[cut] = self._ledger.first_since(cut)
        self._at = {cut: i for cut, i in known.items() if cut < end - 2}
        at = [*known.values(), self._ledger.first_since(cuts[-1])]
        return Timeline(edge, seconds, _between(ids, at), _between(flagged, at))

    def whole(self, ids: Sequence[int], flagged: Sequence[int]) -> Timeline | None:
        """Count the whole span from the first of `ids` to the last; None without any."""
        if not ids:
            return None
        start, end = self._ledger.moment(ids[0]), self._ledger.moment(ids[-1])
        seconds = max((end - start) / self._parts, 0.001)
        cuts = [start + seconds * i for i in range(self._parts)]
        at = [*map(self._ledger.first_since, cuts), ids[-1] + 1]
        return Timeline(end, seconds, _between(ids, at), _between(flagged, at))


def _between(ids: Sequence[int], at: Sequence[int]) -> tuple[int, ...]:
    places = [bisect_left(ids, i) for i in at]
    return tuple(b - a for a, b in pairwise(places))
