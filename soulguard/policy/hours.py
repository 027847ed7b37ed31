"""Owns asking windows of time about a moment: is it inside, and when does that turn.

Pure: what time it is, is told. Moments have no zone here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from datetime import datetime, timedelta

from soulguard.model import window
from soulguard.model.window import DAY, NAMES

_AHEAD = 9
"""Days that are looked ahead: a week, and what crosses its ends."""


def within(windows: Iterable[str], moment: datetime) -> bool:
    """Whether a moment lies in one of the windows."""
    return any(_parsed(text).holds(moment) for text in windows)


def turns(windows: Iterable[str], moment: datetime, *, inside: bool) -> datetime | None:
    """Give the next moment that is inside (or outside) the windows, None for never."""
    known = [_parsed(text) for text in windows]
    today = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    edges = sorted({m for w in known for m in (w.start, w.end % DAY)} | {0})
    for day in range(_AHEAD):
        for edge in edges:
            at = today + timedelta(days=day, minutes=edge)
            if at > moment and any(w.holds(at) for w in known) == inside:
                return at
    return None


def said(moment: datetime, now: datetime | None = None) -> str:
    """Say a moment to a person, who may know that it is `now`."""
    clock = moment.strftime("%H:%M")
    if now and moment.date() == now.date():
        return clock
    return f"{NAMES[moment.weekday()]} {clock}"


_parsed = functools.lru_cache(maxsize=256)(window.parse)
