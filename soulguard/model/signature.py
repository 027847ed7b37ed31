"""A signature: what a call in source code does to the world, and when it does nothing.

The facts are data (``policies/effects.yaml``); finding the calls is `soulguard.audit`'s.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from soulguard.model.noun import Noun


class Harm(str, enum.Enum):
    """What a second time does.

    AGAIN: it happens twice. NONE: nothing changes. FAILS: it is refused, loudly.
    UNKNOWN: the source does not say what is done.
    """

    AGAIN = "again"
    NONE = "none"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome(Noun):
    """What happens the second time, as a clause a person reads."""

    id: str
    says: str
    harm: Harm = Harm.AGAIN


@dataclass(frozen=True, slots=True)
class Argument(Noun):
    """An argument of a call: by position, -1 for by name only, and by its names."""

    position: int = -1
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Case(Noun):
    """What an argument makes of a call; the first case that holds decides.

    `test` is ``is`` (the literal), ``has`` (a regular expression over the text),
    ``absent``, ``given`` or ``unknown`` (given, and known only when it runs). `skip`
    drops the call, `twice` names another outcome, `prior` what detects an earlier run,
    `does` another effect.
    """

    argument: Argument
    test: str
    value: str = ""
    skip: bool = False
    twice: str = ""
    prior: str = ""
    does: str = ""


@dataclass(frozen=True, slots=True)
class Signature(Noun):
    """One entry of ``effects.yaml``; every field is explained there."""

    id: str
    calls: tuple[str, ...]
    does: str
    what: str
    twice: str
    target: Argument | None = None
    method: str = ""
    method_in: Argument | None = None
    url: str = ""
    key: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue(Noun):
    """All that is known about calls, as read from the files.

    `same` maps other names of a value to the one that signatures use. `texts` are calls
    that give a text, `statements` calls that build a statement, `holds` which argument a made object remembers, `named` calls whose
    argument is part of the name of what they give. `nowhere` are things and texts that
    are no place in the world. `guards` are calls that say whether
    something is there already; `hands_on` calls that call what they are given.
    """

    signatures: tuple[Signature, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    statements: Mapping[str, str] = field(default_factory=dict)
    holds: Mapping[str, Argument] = field(default_factory=dict)
    named: Mapping[str, Argument] = field(default_factory=dict)
    nowhere: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    hands_on: Mapping[str, int] = field(default_factory=dict)
