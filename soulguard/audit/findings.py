"""What an audit finds: nouns only, JSON both ways."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from soulguard.model import Noun


class Status(str, enum.Enum):
    """How a call stands when the program is run a second time.

    SAFE: a second time changes nothing or is refused. GUARDED: it would happen twice,
    and does not under `soulguard run`. DEBT: it happens twice. UNKNOWN: the source does
    not say enough.
    """

    DEBT = "debt"
    UNKNOWN = "unknown"
    GUARDED = "guarded"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Finding(Noun):
    """One effectful call with the four answers.

    `what` says what it does, `target` to what (``…`` where that is known only when it
    runs), `twice` what a second time does, `prior` what detects an earlier run, `key`
    what the service does with a deduplication key, `rule` the sentence that covers it,
    with `grade`. `ignored` is the reason the author gave for leaving it. Lines and
    columns count from 1.
    """

    file: str
    line: int
    column: int
    end_line: int
    call: str
    signature: str
    what: str
    does: str
    target: str
    status: Status
    twice: str
    prior: str
    key: str
    rule: str
    rule_at: str = ""
    grade: str = ""
    ignored: str = ""


@dataclass(frozen=True, slots=True)
class Trouble(Noun):
    """A file or comment that could not be audited, and why. Line 0: none in particular."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """Give place and message."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Audit(Noun):
    """All that was found in the files under the paths.

    `left_out` counts files that were not looked at because they are tests; `soul` are
    the rule files that were asked.
    """

    findings: tuple[Finding, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    files: int = 0
    left_out: int = 0
    soul: tuple[str, ...] = field(default=())

    def of(self, status: Status) -> tuple[Finding, ...]:
        """Give the findings of a status, without those the author left out."""
        return tuple(f for f in self.findings if f.status is status and not f.ignored)

    @property
    def ignored(self) -> tuple[Finding, ...]:
        """What the author left out, with the reasons."""
        return tuple(f for f in self.findings if f.ignored)

    @property
    def debt(self) -> int:
        """How many calls happen twice."""
        return len(self.of(Status.DEBT))
