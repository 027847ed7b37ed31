"""Owns which crash points are drilled: all of them, or fewer that are said out loud.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence

from soulguard.drill.results import Point
from soulguard.errors import UsageError


def choose(
    points: Sequence[Point], *, sample: int = 0, only: Sequence[int] = ()
) -> tuple[Point, ...]:
    """Give the points to drill: those numbered `only`, else `sample` of them, else all.

    A sample is spread evenly over the run, and takes every moment there is before it
    takes one twice.

    Raises:
        UsageError: there is no point of a number.
    """
    if only:
        known = {point.number: point for point in points}
        missing = [number for number in only if number not in known]
        if missing:
            raise UsageError(
                f"there is no crash point {missing[0]}",
                hint=f"they are numbered from 1 to {len(points)}",
            )
        return tuple(known[number] for number in dict.fromkeys(only))
    if not sample or sample >= len(points):
        return tuple(points)
    first = _of_each_moment(points)
    chosen = _spread(first, min(sample, len(first)))
    rest = [point for point in points if point not in chosen]
    chosen += _spread(rest, sample - len(chosen))
    return tuple(sorted(chosen, key=lambda point: point.number))


def _spread(points: Sequence[Point], count: int) -> list[Point]:
    return [points[at * len(points) // count] for at in range(count)]


def _of_each_moment(points: Sequence[Point]) -> list[Point]:
    """Give the middle one of each moment of each kind of effect, in order."""
    groups: dict[tuple[str, str], list[Point]] = {}
    for point in points:
        # files are like each other, calls of two services are not
        kind = point.effect.partition(" ")[0]
        what = point.effect if kind == "call" else kind
        groups.setdefault((point.moment, what), []).append(point)
    return [group[len(group) // 2] for group in groups.values()]
