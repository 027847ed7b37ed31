"""The compiled set of rules, and the part of it the guard may know."""

from __future__ import annotations

from dataclasses import dataclass

from soulguard.model.noun import Noun
from soulguard.model.rule import Rule


@dataclass(frozen=True, slots=True)
class Policy(Noun):
    """What holds for a run: the rules under one generation number.

    `root` is the absolute real folder that relative globs start from (SOUL.md's own).
    `sources` are the files read, as absolute paths. `digest` is the sha256 of the rules
    in canonical form: equal rules have equal digests whatever the files look like.
    """

    root: str
    generation: int
    rules: tuple[Rule, ...]
    sources: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Scope(Noun):
    """The guard's prefilter: what must be asked about. Everything else passes untouched.

    `paths` is one regular expression matched (``re.match``) against an absolute real
    path that is about to be written, renamed, deleted; `reads` the same for reading
    (empty: reads are never asked about). `minded` is the same for the paths of which a
    rule says more than that they are written once and whole (empty: any). `calls` says whether unsafe HTTP calls and
    mail are asked about, `gets` whether safe calls (GET, HEAD, OPTIONS) are, `commands`
    whether command starts are, `lines` the same for the files and hosts that their lines
    name; `variables` are those of their environment to be told.
    """

    generation: int
    paths: str
    reads: str = ""
    minded: str = ""
    calls: bool = True
    commands: bool = False
    gets: bool = False
    variables: tuple[str, ...] = ()
    lines: bool = False
