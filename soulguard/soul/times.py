"""Owns times of the week as people write them: hours, days, and both together.

``between 9am and 6pm``, ``after 22:00``, ``on Friday afternoons``, ``Mon-Fri``: what they
mean as windows, and where in a text they stand. *After* an hour of the evening ends with
the night, at six; *before* an hour begins at midnight. What is done then is not looked
at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from soulguard.model import window

_NIGHT_ENDS, _NOON, _DAY_ENDS = 6 * 60, 12 * 60, 24 * 60
_NAMES = {
    "mon": r"mon(?:day)?s?", "tue": r"tue(?:s|sday)?s?", "wed": r"wed(?:nesday)?s?",
    "thu": r"thu(?:r|rs|rsday)?s?", "fri": r"fri(?:day)?s?", "sat": r"sat(?:urday)?s?",
    "sun": r"sun(?:day)?s?",
}  # fmt: skip
_DAY_NAME = rf"(?:{'|'.join(_NAMES.values())})"
_PART = r"(?:mornings?|afternoons?|evenings?|nights?)"
_PARTS = {
    "m": (360, _NOON),
    "a": (_NOON, _DAY_ENDS),
    "e": (1080, _DAY_ENDS),
    "n": (1320, 360),
}
_CLOCK = (
    r"(?:\d{1,2}(?::\d{2})?\s?(?:am\b|pm\b|a\.m\.?|p\.m\.?)|\d{1,2}:\d{2}|\d{1,2}h\b|noon|"
    r"midday|midnight)"
)
_TO = r"\s?(?:-|\u2013|\u2014|to|and|until|till|through)\s?"
_AFTER = r"(?:after|past|later than)"
_BEFORE = r"(?:before|earlier than|prior to)"
_HOURS = re.compile(
    rf"(?<![\w.:$/-])(?:(?:between |from )?(?P<start>{_CLOCK}|\d{{1,2}}){_TO}(?P<end>{_CLOCK}|\d{{1,2}})|"
    rf"{_AFTER} (?P<late>{_CLOCK})(?: (?:or|and) {_BEFORE} (?P<early>{_CLOCK}))?|"
    rf"{_BEFORE} (?P<before>{_CLOCK})(?: (?:or|and) {_AFTER} (?P<after>{_CLOCK}))?)(?![\w%]|:\d)"
)
_DAY = rf"(?:{_DAY_NAME}|weekends?|week-ends?|weekdays?|workdays|business days|working days)"
_DAYS = re.compile(
    rf"(?<![\w/-])(?:(?:on|during|over|at|from|between) )?(?:the )?(?P<days>{_DAY}(?:{_TO}{_DAY}|"
    rf"(?:,|,? and|,? or) (?:on )?{_DAY})*)(?: (?P<part>{_PART}))?(?!['\w/])"
)
_JOINT = re.compile(r"(?:,|,? or|,? and) ")
_DATED = re.compile(r"\d ?\Z")
"""What stands before the hour of one day, that comes once."""
_NOT_THEN = re.compile(
    r"\b(?:by|until|till|since|before|after|for|of|next|last|this|past|coming|every|each)(?: the)? \Z"
)
_PAST = re.compile(r"(?<!be )\b(?:made|received|created|written|dated|older|newer) \Z")
"""Words after which a time says of what, and not when."""
_ON = ("on ", "during ", "over ", "at ")
_ALONE = re.compile(
    r"\s*(?:\Z|[.,;:!)(|\u2014-]|only\b|and\b|or\b|deploy|release|push|post)"
)
_AMONG = re.compile(r"[\s,;(]*(?:on |and |\w{0,5} ?- ?)?")
_ZONES = {
    "utc": "UTC", "gmt": "UTC", "et": "America/New_York", "est": "America/New_York",
    "edt": "America/New_York", "ct": "America/Chicago", "cst": "America/Chicago",
    "cdt": "America/Chicago", "mt": "America/Denver", "mst": "America/Denver",
    "mdt": "America/Denver", "pt": "America/Los_Angeles", "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles", "cet": "Europe/Berlin", "cest": "Europe/Berlin",
    "bst": "Europe/London", "jst": "Asia/Tokyo", "aest": "Australia/Sydney",
}  # fmt: skip
_STRANGE = (
    "ist|sgt|hkt|aedt|nzst|nzdt|hst|akst|msk|wib|brt|art|eet|eest|wet|sast|pht|kst"
)
"""Zones of which the name alone does not say which one, or that are not looked up."""

_ZONE = re.compile(
    rf"\s?\(?(local(?: time)?|{'|'.join(_ZONES)}|{_STRANGE}|[a-z]+/[a-z_]+)\b(?: time)?\)?"
)
_CLOCKED = re.compile(r"(\d{1,2})(?::(\d{2}))?\s?([ap])?|(noon|midday|midnight)")


@dataclass(frozen=True, slots=True)
class Time:
    """Windows as rules write them, their zone, and the part of the text they are from."""

    windows: tuple[str, ...]
    zone: str
    start: int
    end: int


def find(low: str) -> Time | None:
    """Give the first time of the week in a text in lower case; None for none.

    ``on Friday afternoons or weekends`` is one time of two windows.
    """
    found = _one(low, 0)
    while found and (joint := _JOINT.match(low, found.end)):
        more = _one(low, joint.end())
        if more is None or more.start != joint.end() or more.zone:
            break
        windows = (*found.windows, *more.windows)
        found = Time(windows, found.zone, found.start, more.end)
    return found


def _one(low: str, at: int) -> Time | None:
    timed = (m for m in _HOURS.finditer(low, at) if not _PAST.search(low[: m.start()]))
    hours = next(filter(_spans, timed), None)
    days = next(filter(_sure, _DAYS.finditer(low, at)), None)
    if hours and days and not _together(hours, days, low):
        hours, days = (hours, None) if hours.start() < days.start() else (None, days)
    found = [match for match in (hours, days) if match]
    zone = _ZONE.match(low, hours.end()) if hours else None
    name = _zone(zone[1]) if zone else ""
    if not found or name is None:
        return None
    start, end = min(m.start() for m in found), max(m.end() for m in found)
    if _DATED.search(low[:start]):
        return None
    spans = _spans(hours, daily=days is not None) if hours else _parts(days)
    windows = tuple(_windows(_days(days["days"]) if days else [], spans))
    return Time(windows, name, start, max(end, zone.end() if zone else 0))


def _together(hours: re.Match[str], days: re.Match[str], low: str) -> bool:
    first, second = sorted((hours, days), key=re.Match.start)
    between = low[first.end() : second.start()]
    if first is hours:
        between = _ZONE.sub("", between, count=1)
    return bool(_AMONG.fullmatch(between))


def _sure(match: re.Match[str]) -> bool:
    """Whether days say when: *the Friday report* and *by Friday* do not."""
    days, low = match["days"], match.string
    ranged = len(_days(days)) > 1 or "-" in "".join(_days(days))
    if _NOT_THEN.search(low[: match.start()]) or (
        match[0].startswith(("from ", "between ")) and not ranged
    ):
        return False
    if ranged or days.endswith("s") or match[0].startswith(_ON):
        return True
    return bool(_ALONE.match(low[match.end() :])) and len(days) > 3


def _zone(text: str) -> str | None:
    """Give the name of a zone, empty for local time, None for one nobody knows."""
    if text.startswith("local"):
        return ""
    if "/" in text:
        return there("".join(w.title() for w in re.split(r"([/_])", text)))
    return there(_ZONES.get(text))


def written(text: str) -> str:
    """Give a window as rules write it, empty where a text is none."""
    try:
        return window.write(window.parse(text))
    except ValueError:
        return ""


def there(name: str | None) -> str | None:
    """Give a zone back if this system knows it."""
    if name is None or name == "UTC":
        return name
    # only for sentences that name a zone
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, or no zones at all
        return None
    return name


def _windows(days: list[str], spans: list[tuple[int, int]]) -> Iterator[str]:
    said = ",".join(days)
    for start, end in spans or [(0, _DAY_ENDS)]:
        yield written(f"{said} {_clock(start)}-{_clock(end)}")


def _spans(hours: re.Match[str], *, daily: bool = False) -> list[tuple[int, int]]:
    """Give the span of a day that is said, in minutes; none where it is no time."""
    if hours["start"]:
        return _span(hours["start"], hours["end"])
    late = _minute(hours["late"] or hours["after"] or "")
    early = _minute(hours["early"] or hours["before"] or "")
    if late is None:
        return [] if early is None else [(0, early)]
    if early is not None:
        return [(0, early), (late, _DAY_ENDS)] if daily else [(late, early)]
    ends = _NIGHT_ENDS if late >= _NOON and not daily else _DAY_ENDS
    return [(late, ends)]


def _parts(days: re.Match[str] | None) -> list[tuple[int, int]]:
    part = days["part"] if days else None
    return [_PARTS[part[0]]] if part else []


def _span(first: str, last: str) -> list[tuple[int, int]]:
    """Give the minutes of a range; of two bare numbers nobody can say what they are."""
    start, end = _minute(first), _minute(last)
    if (first.isdigit() and last.isdigit()) or start is None or end is None:
        return []
    if first.isdigit() and "p" in last and start < _NOON and start + _NOON < end:
        start += _NOON  # "2-5pm"
    return [(start, end or _DAY_ENDS)] if start != end else []


def _minute(text: str) -> int | None:
    """Give the minute of the day of a clock time, None where it is none."""
    found = _CLOCKED.match(text)
    if not found:
        return None
    if found[4]:
        return 0 if found[4] == "midnight" else _NOON
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    return hour * 60 + minute if hour <= 24 and minute < 60 else None


def _days(text: str) -> list[str]:
    found: list[str] = []
    for part in re.split(r",|\band\b|\bor\b", text):
        word = part.strip().removeprefix("on ")
        if word.startswith(("weekend", "week-end")):
            found.append("sat-sun")
        elif word.startswith(("week", "work", "business")):
            found.append("mon-fri")
        elif names := re.findall(rf"\b{_DAY_NAME}\b", word):
            found.append("-".join(_short(name) for name in names[:2]))
    return found


def _short(name: str) -> str:
    return next(s for s, long in _NAMES.items() if re.fullmatch(long, name))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
