"""Owns what a rule requires of an effect beyond its place: when, whence, with what parts.

Pure: the circumstances are told by whoever asks. What follows from a requirement that is
not met is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from soulguard.model import Rule
from soulguard.policy import hours


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an effect comes with. `at` is Unix seconds."""

    at: float


@dataclass(frozen=True, slots=True)
class Unmet:
    """A requirement that is not met: the fact, and what would do instead."""

    fact: str
    instead: str


def unmet(rule: Rule, given: Circumstances) -> Unmet | None:
    """Give the first requirement of a rule that an effect does not meet."""
    return next(_unmet(rule, given), None)


def demands(rule: Rule) -> str:
    """Say what a rule requires, in words."""
    return "; ".join(_demands(rule))


def local(at: float, zone: str = "") -> datetime:
    """Give the time on the wall at Unix seconds: here, or in a zone."""
    if not zone:
        here = datetime.fromtimestamp(at, timezone.utc).astimezone()
        return here.replace(tzinfo=None)
    if zone == "UTC":
        return datetime.fromtimestamp(at, timezone.utc).replace(tzinfo=None)
    # only for rules that name a zone
    from zoneinfo import ZoneInfo

    return datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None)


def _unmet(rule: Rule, given: Circumstances) -> Iterator[Unmet]:
    for name, inside in (("hours", True), ("quiet", False)):
        windows = tuple(rule.params.get(name, ()))
        zone = str(rule.params.get("zone", ""))
        now = local(given.at, zone)
        if windows and hours.within(windows, now) != inside:
            yield _later(windows, now, zone, inside=inside)


def _later(
    windows: tuple[str, ...], now: datetime, zone: str, *, inside: bool
) -> Unmet:
    at = f"{hours.said(now)}{f' ({zone})' if zone else ''}"
    named = ", ".join(f"`{window}`" for window in windows)
    fact = f"it is {at}, and that is {'outside' if inside else 'in'} {named}"
    then = hours.turns(windows, now, inside=inside)
    if then is None:
        return Unmet(fact, "go on without it: no time is left")
    return Unmet(fact, f"wait until {hours.said(then, now)}, when it is allowed again")


def _demands(rule: Rule) -> Iterator[str]:
    zone = f" ({rule.params['zone']})" if rule.params.get("zone") else ""
    for name, word in (("hours", "only"), ("quiet", "not")):
        windows = rule.params.get(name, ())
        if windows:
            yield f"{word} {', '.join(windows)}{zone}"
