"""A window of time: days of the week and hours of the day, by the clock on the wall.

It is written ``mon-fri 09:00-18:00``; days or hours may be missing. One whose end is not
after its start goes on into the next day, and belongs to the day it starts on. Moments
have no zone here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from soulguard.model.noun import Noun

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
DAY = 24 * 60
"""Minutes of a day."""

_GROUPS = {"weekdays": "mon-fri", "weekends": "sat-sun", "daily": "mon-sun"}
_WINDOW = re.compile(r"(?:([a-z][a-z,-]*)\s*)?(?:(\d\d?:\d\d)-(\d\d?:\d\d))?")


@dataclass(frozen=True, slots=True)
class Window(Noun):
    """Days of the week (Monday is 0) from `start` to `end`, minutes of the day."""

    days: frozenset[int]
    start: int = 0
    end: int = DAY

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it."""
        minute = moment.hour * 60 + moment.minute
        day = moment.weekday()
        if self.start < self.end:
            return day in self.days and self.start <= minute < self.end
        today = day in self.days and minute >= self.start
        return today or ((day - 1) % 7 in self.days and minute < self.end)


def parse(text: str) -> Window:
    """Read a window.

    Raises:
        ValueError: not of the form; the text says what is wrong.
    """
    low = " ".join(text.lower().replace("\u2013", "-").split())
    found = _WINDOW.fullmatch(re.sub(r"\s*([,-])\s*", r"\1", low))
    if not low or found is None:
        raise ValueError(f"`{text}` is not a time such as `mon-fri 09:00-18:00`")
    days = _days(found[1]) if found[1] else frozenset(range(7))
    if not found[2]:
        return Window(days)
    start, end = _minute(found[2]), _minute(found[3])
    if start in (end, DAY):
        raise ValueError(f"`{text}` is no time at all")
    return Window(days, start, end or DAY)


def write(window: Window) -> str:
    """Write a window as `parse` reads it."""
    days = sorted(window.days)
    said = ",".join(DAYS[d] for d in days)
    if len(days) > 1 and days == list(range(days[0], days[-1] + 1)):
        said = f"{DAYS[days[0]]}-{DAYS[days[-1]]}"
    hours = f"{_clock(window.start)}-{_clock(window.end)}"
    if (window.start, window.end) == (0, DAY):
        return said
    return hours if len(days) == 7 else f"{said} {hours}"


def _days(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = _GROUPS.get(part, part).partition("-")
        begin = _day(first)
        end = _day(last) if last else begin
        found.update((begin + n) % 7 for n in range((end - begin) % 7 + 1))
    return frozenset(found)


def _day(name: str) -> int:
    for number, full in enumerate(NAMES):
        whole = full.lower()
        if len(name) >= 3 and (whole.startswith(name) or name == f"{whole}s"):
            return number
    raise ValueError(f"`{name}` is not a day of the week")


def _minute(clock: str) -> int:
    hour, minute = map(int, clock.split(":"))
    if hour * 60 + minute > DAY or minute > 59:
        raise ValueError(f"`{clock}` is not a time of the day")
    return hour * 60 + minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
