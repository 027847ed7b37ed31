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
    rf"(?<![\w/-])(?:(?:on|during|over|at|from|between) )?(?:the |an? )?(?P<days>{_DAY}(?:{_TO}{_DAY}|"
    rf"(?:,|,? and|,? or) (?:on )?{_DAY})*)(?: (?P<part>{_PART}))?(?!['\w/])"
)
_LONG = re.compile(
    rf"(?<![\w/-])(?:between |from )?(?P<first>{_DAY_NAME})(?: at|,)? (?P<start>{_CLOCK})"
    rf"{_TO}(?P<last>{_DAY_NAME})(?: at|,)? (?P<end>{_CLOCK})(?![\w%]|:\d)"
)
"""From an hour of one day to an hour of another one."""
_SAID = (
    (re.compile(r"\b(\d{1,2})(:\d{2})? (?:o'clock )?in the morning\b", re.IGNORECASE), "am"),
    (re.compile(r"\b(\d{1,2})(:\d{2})? (?:o'clock )?(?:in the (?:afternoon|evening)|at night)\b", re.IGNORECASE), "pm"),
)  # fmt: skip
_H = re.compile(r"\b(\d{1,2})h(\d{2})\b")
_OCLOCK = re.compile(r"\b(\d{1,2}) (?:o'clock|uhr|hrs)\b", re.IGNORECASE)
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
_LEFT_OUT = re.compile(
    rf"[\s,;(]*(?:(?:but )?(?:except|excluding|excl\.|not|never|without)(?: on)? (?:the )?(?P<but>{_DAY}(?:(?:,|,? and|,? or) (?:on )?{_DAY})*)|"
    rf"(?P<days>{_DAY}(?:(?:,|,? and) {_DAY})*) (?:excluded|excepted|off))\)?"
)
_OUT = re.compile(r"\s?(?:excluded|excepted|off)\b")
_BUT = re.compile(r"\b(?:except|excluding|excl\.)(?: on)?(?: the)? \Z")
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

_CITIES = {
    "paris": "Europe/Paris", "berlin": "Europe/Berlin", "london": "Europe/London",
    "madrid": "Europe/Madrid", "rome": "Europe/Rome", "amsterdam": "Europe/Amsterdam",
    "vienna": "Europe/Vienna", "zurich": "Europe/Zurich", "warsaw": "Europe/Warsaw",
    "lisbon": "Europe/Lisbon", "stockholm": "Europe/Stockholm", "dublin": "Europe/Dublin",
    "new york": "America/New_York", "chicago": "America/Chicago", "denver": "America/Denver",
    "toronto": "America/Toronto", "los angeles": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles", "tokyo": "Asia/Tokyo", "singapore": "Asia/Singapore",
    "sydney": "Australia/Sydney", "eastern": "America/New_York", "central": "America/Chicago",
    "pacific": "America/Los_Angeles", "german": "Europe/Berlin", "uk": "Europe/London",
    "central european": "Europe/Berlin",
}  # fmt: skip
"""Places whose time is told by their name: ``Paris time``."""
_ZONE = re.compile(
    rf",?\s?(?:in )?\(?(local(?: time)?|(?:{'|'.join(_CITIES)})(?= time)|{'|'.join(_ZONES)}|{_STRANGE}|"
    r"[a-z]+/[a-z_]+)\b(?: time)?\)?"
)
_CLOCKED = re.compile(r"(\d{1,2})(?::(\d{2}))?\s?([ap])?|(noon|midday|midnight)")


@dataclass(frozen=True, slots=True)
class Time:
    """Windows as rules write them, their zone, and the part of the text they are from."""

    windows: tuple[str, ...]
    zone: str
    start: int
    end: int


def even(text: str) -> str:
    """Write the hours of a text as they are read here: ``7 in the evening`` is ``7pm``."""
    for pattern, half in _SAID:
        text = pattern.sub(rf"\1\2{half}", text)
    return _OCLOCK.sub(r"\1:00", _H.sub(r"\1:\2", text))


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
    if long := _long(low, at):
        return long
    timed = [m for m in _HOURS.finditer(low, at) if not _PAST.search(low[: m.start()])]
    days = next(filter(_sure, _DAYS.finditer(low, at)), None)
    hours = next(filter(_spans, timed), None)
    if hours is None and days:
        near = (m for m in timed if _together(m, days, low))
        hours = next((m for m in near if _spans(m, daily=True)), None)
    if hours and days and not _together(hours, days, low):
        hours, days = (hours, None) if hours.start() < days.start() else (None, days)
    found = [match for match in (hours, days) if match]
    zone = _zoned(low, hours, max((m.end() for m in found), default=0))
    name = _zone(zone[1]) if zone else ""
    if not found or name is None:
        return None
    start, end = min(m.start() for m in found), max(m.end() for m in found)
    if _DATED.search(low[:start]):
        return None
    spans = _spans(hours, daily=days is not None) if hours else _parts(days)
    windows = tuple(_windows(_days(days["days"]) if days else [], spans))
    return Time(windows, name, start, max(end, zone.end() if zone else 0))


def _zoned(low: str, hours: re.Match[str] | None, end: int) -> re.Match[str] | None:
    """Give the zone that is said behind the hours, or behind all of it."""
    if hours is None:
        return None
    return _ZONE.match(low, hours.end()) or _ZONE.match(low, end)


def _long(low: str, at: int) -> Time | None:
    """``From Friday 16:00 until Monday 08:00``: the rest of one day, days, hours of one."""
    found = _LONG.search(low, at)
    if found is None:
        return None
    start, end = _minute(found["start"]), _minute(found["end"])
    zone = _ZONE.match(low, found.end())
    name = _zone(zone[1]) if zone else ""
    if start is None or end is None or name is None:
        return None
    first, last = (window.DAYS.index(_short(found[n])) for n in ("first", "last"))
    whole = [window.DAYS[(first + n) % 7] for n in range(1, (last - first) % 7 or 7)]
    windows = [written(f"{window.DAYS[first]} {_clock(start)}-24:00")]
    windows += [written(",".join(whole))] if whole else []
    windows += [written(f"{window.DAYS[last]} 00:00-{_clock(end)}")] if end else []
    return Time(
        tuple(windows), name, found.start(), zone.end() if zone else found.end()
    )


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
    if _OUT.match(low, match.end()) or _BUT.search(low[: match.start()]):
        return False
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
    if text in _CITIES:
        return there(_CITIES[text])
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
        return _span(hours["start"], hours["end"], daily=daily)
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


def _span(first: str, last: str, *, daily: bool = False) -> list[tuple[int, int]]:
    """Give the minutes of a range; of two bare numbers nobody can say what they are,
    but beside days of the week (``Mon-Fri 9-17``) or in two digits (``22-06``).
    """
    start, end = _minute(first), _minute(last)
    if start is None or end is None:
        return []
    if first.isdigit() and last.isdigit():
        digits = len(first) == len(last) == 2 and "0" in (first[0], last[0])
        if not (daily or digits):
            return []
        if daily and start < _NOON and end <= start and len(last) == 1:
            end += _NOON  # "9 to 5"
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


def without(time: Time, low: str) -> Time | None:
    """Give a time of hours without the days that are left out behind it; None for none.

    ``from 8:00 to 19:00, Sundays excluded`` is that from Monday to Saturday.
    """
    found = _LEFT_OUT.match(low, time.end)
    if found is None or any(not w[:1].isdigit() for w in time.windows):
        return None
    out = {
        d
        for text in _days(found["days"] or found["but"])
        for d in window.parse(text).days
    }
    days = [window.DAYS[n] for n in range(7) if n not in out]
    windows = tuple(written(f"{','.join(days)} {hours}") for hours in time.windows)
    return Time(windows, time.zone, time.start, found.end()) if days else None


def _short(name: str) -> str:
    return next(s for s, long in _NAMES.items() if re.fullmatch(long, name))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
