"""The nouns of a drill: where the agent is killed, what one walk did, what came of all.

Frozen values, JSON both ways. Nothing is run or judged here.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from soulguard.model import Noun


class Category(str, enum.Enum):
    """What a crash at a point comes to.

    SAFE: the restart left what an uninterrupted run leaves. UNSAFE: something happened
    twice, is torn, lost or different. HELD: an effect that may have happened waits for
    a person, as it must. NOT_REACHED: the agent did not come by there again, so nothing
    is proven.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"
    HELD = "held"
    NOT_REACHED = "not reached"


@dataclass(frozen=True, slots=True)
class Point(Noun):
    """A boundary at which the agent can die: a moment of an effect, the nth such one.

    Points are told apart by what they are, not by a running number, so that threads in
    another order meet the same points. `at` is ``file:line`` of the agent's own code,
    empty where it is not known. `number` is the place in the uninterrupted walk, from 1.
    """

    moment: str
    effect: str
    nth: int
    at: str = ""
    number: int = 0

    @property
    def words(self) -> str:
        """The point as a person reads it."""
        again = f" ({_nth(self.nth)} time)" if self.nth > 1 else ""
        return f"{self.effect}{again}, killed {self.moment}"


def _nth(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return str(number) + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


@dataclass(frozen=True, slots=True)
class Request(Noun):
    """A call or mail as it reached the service of a drill.

    `identity` is equal for equal requests. `key` is the idempotency key it carried.
    `recognised`: the service drops it as a repeat by its key. `harmless`: a repeat
    changes nothing. `match` says how the recording was found to answer it: exact,
    normalised, place, or none.
    """

    identity: str
    name: str
    attempt: int
    key: str = ""
    recognised: bool = False
    harmless: bool = False
    match: str = "exact"
    at: str = ""


@dataclass(frozen=True, slots=True)
class Difference(Noun):
    """How a file differs from the one an uninterrupted run leaves.

    `kind` is missing, extra, twice (lines are repeated), order (the same lines), torn
    (the end is cut off) or content. `same_shape`: as many lines, so that only values in them may be others.
    """

    path: str
    kind: str
    words: str
    same_shape: bool = False


@dataclass(frozen=True, slots=True)
class Held(Noun):
    """An effect that waits for a person, and what the drill knows of it."""

    effect: str
    effect_id: int
    happened: bool | None = None


@dataclass(frozen=True, slots=True)
class Walk(Noun):
    """What one run did in its copy of the workspace, over all its attempts.

    `statuses` are the exit statuses, one per attempt. `performed` counts the effects by
    name, `places` says where in the agent's code they are made. `differs` are the differences from the walk it is compared with. `torn` is a file that a reader saw half when the agent was dead.
    `notes` are refusals by the drill itself: (kind, what, at).
    """

    reached: bool
    statuses: tuple[int, ...]
    seconds: float
    points: tuple[Point, ...] = ()
    requests: tuple[Request, ...] = ()
    performed: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    differs: tuple[Difference, ...] = ()
    torn: str = ""
    held: tuple[Held, ...] = ()
    notes: tuple[tuple[str, str, str], ...] = ()
    said: str = ""
    hung: bool = False
    trouble: str = ""

    @property
    def completed(self) -> bool:
        """Whether the last attempt ended well."""
        return bool(self.statuses) and self.statuses[-1] == 0


@dataclass(frozen=True, slots=True)
class Finding(Noun):
    """One thing that is wrong or worth knowing: what, of which effect, where."""

    what: str
    effect: str
    at: str = ""
    wrong: bool = True

    @property
    def words(self) -> str:
        """The finding as a person reads it."""
        place = f"{self.at}: " if self.at else ""
        return f"{place}{self.effect}: {self.what}" if self.effect else self.what


@dataclass(frozen=True, slots=True)
class Verdict(Noun):
    """What a crash at one point came to, and why."""

    point: Point
    category: Category
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Report(Noun):
    """What came of a whole drill.

    `points` is how many crash points there are, `verdicts` has those that were drilled.
    `noise` are files that differ between two runs that nobody interrupted: path to how.
    `notes` say what was left out or is different from the real world.
    """

    command: tuple[str, ...]
    guarded: bool
    points: int
    verdicts: tuple[Verdict, ...]
    answers: str
    noise: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    repeated: int = 0
    seconds: float = 0.0

    def count(self, category: Category) -> int:
        """Count the drilled points of a category."""
        return sum(v.category is category for v in self.verdicts)

    def holds(self, *, strict: bool = False) -> bool:
        """Whether every drilled point is safe, or held for a person unless `strict`."""
        allowed = {Category.SAFE} if strict else {Category.SAFE, Category.HELD}
        return all(v.category in allowed for v in self.verdicts)
