"""Owns what a sentence says beyond the rules that were made of it: it is told, never lost.

A rule accounts for every verb, object and number of its sentence. Verbs whose effects no
rule watches, members of a list nobody knows and numbers no limit took are named in the
report as *not covered*. Nothing is compiled here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from soulguard.model import Action, EffectKind
from soulguard.soul import amounts, barred, literals, spoken, tokens
from soulguard.soul.drafts import OUTPUTS, Draft, World
from soulguard.soul.frames import Frame
from soulguard.soul.literals import Kind
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading

_HARD = (Modality.DENY, Modality.ASK)
_OUT = frozenset((EffectKind.HTTP_CALL, EffectKind.MAIL_SEND))
_RUN = frozenset((EffectKind.COMMAND_RUN,))
_FILES = frozenset(OUTPUTS)
_EFFECTS: dict[str, frozenset[EffectKind]] = {
    "delete": frozenset((EffectKind.FILE_DELETE,)) | _RUN,
    "write": _FILES | _RUN, "overwrite": _FILES | _RUN, "create": _FILES,
    "append": _FILES, "move": _FILES | _RUN, "trash": _FILES | _RUN,
    "read": frozenset((EffectKind.FILE_READ,)),
    "send": _OUT, "post": _OUT, "upload": _OUT, "submit": _OUT, "external": _OUT,
    "call": _OUT | _RUN, "pay": _OUT,
    **dict.fromkeys(
        ("deploy", "install", "reboot", "restart", "push", "sudo", "force-push", "commit",
         "rewrite-history", "delete-branch", "create-branch", "checkout", "merge"), _RUN,
    ),
}  # fmt: skip
"""By what effects a rule sees that something is done; other verbs are seen by none."""
_ANYWHERE = frozenset(
    (Action.SECRET, Action.STAMP, Action.KEY, Action.ONCE, Action.ATOMIC)
)
"""Actions whose rules watch all ways out, whatever the verb of the sentence."""
_SECTION = re.compile(r"\A\W*\d+(?:\.\d+)*[.)]?\s")
_COUNT = re.compile(
    rf"(?<![\w./-])(?P<n>[$\u20ac\u00a3]?\d[\d,]*(?:\.\d+)?|{amounts.WORDS})\s?"
    r"(?P<what>(?:[a-z]+ ){0,2}?(?:per|an?|in|each|every|/)\s?(?:an?|one|any|single)?\s?"
    r"(?:second|minute|hour|day|week|month)s?\b|"
    r"(?:ms|s|m|h|seconds?|secs?|minutes?|mins?|hours?|days?|weeks?|months?|%)(?!\w))"
)
"""A number with what makes it a limit: a rate, or a length of time."""


def left_over(
    reading: Reading, drafts: Sequence[Draft], world: World
) -> tuple[str, ...]:
    """Say what of a sentence no rule covers, in words for the report."""
    limits = all(d.action is Action.LIMIT for d in drafts)
    found = [*(_numbers(reading, drafts) if limits else ())]
    if not all(d.action in (Action.REQUIRE, Action.LIMIT) for d in drafts):
        told = [f for f in reading.frames if f.modality in _HARD]
        if barred.read_only(reading.low):
            told = []  # reading is what is left
        found += [" ".join(dict.fromkeys(w for f in told for w in f.strange))]
        found += _verbs(told, drafts, world)
    return tuple(f"`{words}` is not covered" for words in dict.fromkeys(found) if words)


def _verbs(told: list[Frame], drafts: Sequence[Draft], world: World) -> Iterator[str]:
    """Name what is done by effects that no rule watches."""
    if any(d.action in _ANYWHERE for d in drafts):
        return
    watched = frozenset(kind for draft in drafts for kind in draft.effects)
    lines = frozenset(line for d in drafts for line in d.where.commands)
    for frame in told:
        if frame.inherited and frame.verb.endswith("ed") and frame.objs:
            continue  # "on any pushed branch" says which
        seen = [_EFFECTS[act] for act in frame.acts if act in _EFFECTS]
        named = spoken.patterns(frame, world) if lines and "*" not in lines else ()
        spoke = bool(lines.intersection((*named, *frame.commands)))
        if seen and not spoke and not any(kinds & watched for kinds in seen):
            yield " ".join(frame.words)
        elif named and not (spoke or frame.literals or frame.aside):
            yield frame.verb
        yield from _programs(frame, lines)
        yield from _examples(frame, watched)


def _programs(frame: Frame, lines: frozenset[str]) -> Iterator[str]:
    """Programs that stand in the list beside those that are refused."""
    if not lines or "*" in lines:
        return
    started = {word for line in lines for word in line.split()}
    quoted = (x.text for x in frame.literals if x.kind is Kind.WORD and frame.commands)
    for word in (*(w for w in frame.unknown if literals.is_program(w)), *quoted):
        if word not in started:
            yield word


def _examples(frame: Frame, watched: frozenset[EffectKind]) -> Iterator[str]:
    """``External actions (sending, deleting)``: what the parentheses name is meant."""
    if "external" not in frame.acts:
        return
    for item in tokens.items(frame.aside):
        kinds = [_EFFECTS[act] for act in item.of("act") if act in _EFFECTS]
        if kinds and not any(kind & watched for kind in kinds):
            yield item.text


def _numbers(reading: Reading, drafts: Sequence[Draft]) -> Iterator[str]:
    """Name the rates and lengths of time of a sentence that no limit took."""
    low = _SECTION.sub("", reading.low.replace("`", ""))
    taken = {value for draft in drafts for value in _values(draft)}
    for found in _COUNT.finditer(low):
        number = amounts.whole(found["n"].strip("$\u20ac\u00a3"))
        if number is not None and number not in taken:
            yield found[0].strip()


def _values(draft: Draft) -> Iterator[float]:
    """Give the numbers a limit may have been said with, in whatever unit of time."""
    for name in ("max", "gap", "per", "at_once"):
        value = draft.params.get(name)
        if isinstance(value, int | float):
            yield value
            yield value + 1  # of two attempts one is a retry
            yield from (value / unit for unit in (0.001, 60, 3600, 86400, 604800))
