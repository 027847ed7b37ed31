"""Owns what a prohibition or a question says is started: its lines, its English, its flags.

Command lines that are named, branches that are pushed to, queries that a client of a
database is given, flags in parentheses, and classes that English stands for: all as the
patterns of one rule, and in words. What follows from it is the families' business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from soulguard.soul import lexicon, spoken
from soulguard.soul.drafts import World, quoted
from soulguard.soul.frames import Frame
from soulguard.soul.lines import named
from soulguard.soul.literals import Kind, glob
from soulguard.soul.modality import Modality
from soulguard.soul.phrases import of_class

_EXAMPLES = frozenset(("e.g", "i.e", "etc", "like", "such", "as", "and", "or", "flag"))
_SQL = re.compile(
    r"(?:(?:DROP|TRUNCATE|ALTER|GRANT|REVOKE)|(?:DELETE|INSERT)(?= [FI]))"
    r"(?: (?:TABLE|DATABASE|SCHEMA|INDEX|VIEW|FROM|INTO|USER|ROLE))?(?: \.\.\.)?"
)
_CLIENTS = "psql|mysql|mariadb|sqlite3|duckdb|clickhouse-client|sqlcmd|bq"
_PUSHING = frozenset(("push", "share", "commit", "merge", "force-push"))
_TO = frozenset(("to", "onto", "into", "on"))
_BRANCH = re.compile(
    r"(?:main|master|trunk|develop|development|dev|staging|stable|production|prod|gh-pages|next|"
    r"(?:release|releases|hotfix|stable|prod|env|deploy|support)/[\w.*<>{}-]*\*?|release-[\w.*<>-]+)\Z"
)
"""Names that branches have which somebody keeps from the agent."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What is started: `lines` are patterns, none where nobody can name them.

    `said` names it in a report; `database`: it is the data of one.
    """

    lines: tuple[str, ...] = ()
    said: str = ""
    database: bool = False


def meant(frame: Frame, world: World, *, alone: bool) -> Meant:
    """Give what a frame says is started; `alone`: it is all that its sentence says."""
    lines = () if _explained(frame) else (*named(frame), *_flags_aside(frame))
    if branches := () if lines else _to_branches(frame):
        names = (line.split()[2].partition("|")[0] for line in branches)
        return Meant(branches, f"`git push` to {quoted(names)}")
    if queried := _queries(frame):
        words = quoted(x.text for x in frame.literals)
        found = (*lines, *queried)
        return Meant(found, f"a database client with {words}", database=True)
    spoke = _spoken(frame, lines, world)
    every = tuple(dict.fromkeys((*lines, *spoke)))
    every = every or (_stranger(frame) if alone else ())
    data = "database" in frame.objs and "restart" not in frame.acts
    data = data or "migrate" in frame.acts
    words = said(lines, spoke, frame) or quoted(every)
    return Meant(every, words, database=data and not lines)


def said(lines: tuple[str, ...], spoke: tuple[str, ...], frame: Frame) -> str:
    """Name what is started: its own words, and the class instead of its members."""
    parts = [quoted(lines)] if lines else []
    if spoke:
        name = spoken.class_of(frame)
        told = of_class(name, spoke)
        if told not in "".join(parts):
            parts.append(told)
    return " or ".join(parts)


def _explained(frame: Frame) -> bool:
    """``Never execute commands (no `exec`, no `process`)``: all commands are meant."""
    lone = not (frame.literals or frame.unknown)
    return lone and frame.aside.startswith("no ") and "commands" in frame.objs


def _flags_aside(frame: Frame) -> tuple[str, ...]:
    """``Never bypass checks (--no-verify, etc.)``: what is forbidden is done with it."""
    words = {w for w in frame.aside_words if w not in _EXAMPLES}
    flags = [x.text.split()[0] for x in frame.aside_literals if x.kind is Kind.FLAG]
    plain = frame.modality is Modality.DENY and not (words or frame.literals)
    return tuple(f"* {flag}" for flag in flags if plain and flag.startswith("--"))


def _spoken(frame: Frame, lines: tuple[str, ...], world: World) -> tuple[str, ...]:
    """What its words mean beside the command lines it names.

    Lines are examples of a class (``destructive commands: `rm -rf```), or stand beside a
    verb in a list (``deploy, ssh, exec``); where they are all it speaks of, they are all.
    """
    listed = (frame.inherited or frame.aside) and not (frame.commands or frame.literals)
    also = "destructive" in frame.objs or listed or spoken.own_name(frame)
    if not lines or (also and spoken.class_of(frame) != "shells"):
        return spoken.patterns(frame, world)
    return ()


def _queries(frame: Frame) -> tuple[str, ...]:
    """``Never run `DROP TABLE```: the clients of databases that are given such a line."""
    words = [x.text for x in frame.literals if _SQL.fullmatch(x.text)]
    if len(words) < len(frame.literals):
        return ()
    return tuple(f"{_CLIENTS} *{_any_case(word)}*" for word in words)


def _any_case(words: str) -> str:
    return "".join(
        f"[{c}{c.lower()}]" if c.isalpha() else "*" for c in words.partition(" ...")[0]
    )


def _to_branches(frame: Frame) -> tuple[str, ...]:
    """```push to `main` or `release/*```: the pushes to the branches that are named."""
    told = [x.text for x in frame.literals]
    if {"main", "master"} >= set(told):
        return ()  # which of them it is called does not matter
    lone = frame.acts <= _PUSHING and not frame.unknown and bool(told)
    if not lone or "push" not in frame.acts or not all(map(_BRANCH.match, told)):
        return ()
    if not (_TO & set(frame.words) or "branch" in frame.text):
        return ()
    return tuple(
        f"git push {name}|*:{name}|+{name}|refs/heads/{name}|*:refs/heads/{name}"
        for name in map(glob, told)
    )


def _stranger(frame: Frame) -> tuple[str, ...]:
    """``Never broadcast without confirmation``: a verb we do not know is still a word
    or a flag of the command line it names.
    """
    asked = frame.modality is Modality.ASK and frame.approval.startswith("without")
    lone = frame.unknown if asked else ()
    if len(lone) != 1 or frame.acts or frame.objs or frame.literals or frame.inherited:
        return ()
    word = lone[0]
    if (
        word in lexicon.imperatives()
        or len(frame.words) > 1
        or not word.isalpha()
        or word.endswith("s")
    ):
        return ()
    return (f"* {word}|--{word}",)
