"""Telling the owner when an identity file changes.

Takes::

    If you change this file, tell the user.
    Meaningful edits to this file should be reported.
    Notify me whenever SOUL.md is modified.
    This file is yours to evolve.                       family self-evolve

Such a sentence means the agent may change the file: the built-in protection then asks
instead of refusing. Refuses being told of anything but a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action
from soulguard.soul import literals
from soulguard.soul.drafts import OUTPUTS, Draft, World, quoted
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Stems, wording

FAMILY, EVOLVE = "notify-self-edit", "self-evolve"

_STEMS = Stems(
    ("tell", "told", "inform", "notif", "let ", "alert", "announc", "report", "mention",
     "flag", "silent", "quiet", "secret", "without", "say so")
)  # fmt: skip
_OWN = Stems(("yours to", "you may", "feel free", "you can"))
_CHANGE = r"(?:chang\w+|edit\w*|modif\w+|updat\w+|rewrit\w+|touch\w*|evolv\w+|alter\w*|writ\w+)"
_TELL = r"(?:tell|inform|notify|let \w+ know|alert|announc\w+|report(?:ed)?|told|informed|notified|mention(?:ed)?|flag(?:ged)?)"
_FILE = r"(?:this file|this document|this soul|your soul|soul\.md|agents\.md|identity\.md|memory\.md|identity files?|these files|\bit\b|\x60path\x60)"

_PATTERNS = (
    wording(rf"\b(?:if|when|whenever|after|any ?time|each time|every time)\b.*{_CHANGE}.*{_FILE}.*\b{_TELL}\b"),
    wording(rf"\b{_TELL}\b.*\b(?:if|when|whenever|after|before|any ?time|of|about)\b.*{_CHANGE}.*{_FILE}"),
    wording(rf"\b{_TELL}\b.*\b(?:if|when|whenever|any ?time)\b.*{_FILE}.*{_CHANGE}"),
    wording(rf"\b{_TELL}\b.*\b(?:any|every|each|all)\b.*{_CHANGE}.*\b(?:of|to)\b.*{_FILE}"),
    wording(rf"{_CHANGE}.*\bto\b.*{_FILE}.*\b(?:should|must|shall|are|get|need to)\b.*\b{_TELL}\b"),
)  # fmt: skip
_CHANGES = wording(
    rf"\b(?:never|not|n't|no)\b.*{_CHANGE}.*{_FILE}.*\b(?:silently|quietly|secretly|unannounced)\b|"
    rf"\b(?:never|not|n't|no)\b.*{_CHANGE}.*{_FILE}.*\bwithout (?:telling|informing|notifying|letting)\b|"
    rf"\b(?:never|not|n't|no)\b.*\b(?:silently|quietly|secretly)\b.*{_CHANGE}.*{_FILE}|"
    rf"\b(?:if|when|whenever|after|each time|every time)\b.*{_FILE} (?:is |gets |was )?{_CHANGE}.*\b{_TELL}\b|"
    rf"\b(?:if|when|whenever|after)\b.*{_CHANGE}.*{_FILE}.*\bsay so\b"
)
_EVOLVES = wording(
    r"\b(?:this file|this document|this soul|soul\.md)\b(?: \w+){0,3} (?:is|are) yours to "
    r"(?:evolve|edit|change|update|rewrite)|\b(?:you may|feel free to|you can) (?:evolve|edit|"
    r"update|change|rewrite) (?:this file|this document|soul\.md)"
)
_PATH = re.compile(r"(?<![\x60\w])([\w./-]+\.(?:md|json|ya?ml|toml|txt))\b(?!\x60)")
_CODE = re.compile(r"\x60([^\x60]+)\x60")
_SELF = wording(r"\b(?:this file|this document|this soul|your soul|soul\.md)")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the notice of a sentence."""
    low = _names(reading) if _OWN.within(reading.low) else ""
    if low and _EVOLVES.search(low):
        own = (_own(reading),)
        meaning = f"changing {quoted(own)} waits for a person"
        yield Draft(EVOLVE, Action.ASK, OUTPUTS, meaning, world.outputs(own))
        return
    if not takes(reading):
        return
    paths = literals.paths(reading.plain)
    if _SELF.search(reading.low) and not paths:
        paths = (_own(reading),)
    elif not paths and "identity" in reading.low:
        paths = world.paths("identity-files")
    if paths:
        meaning = f"a change of {quoted(paths)} is reported to the owner"
        yield Draft(FAMILY, Action.NOTIFY, OUTPUTS, meaning, world.outputs(paths))


def takes(reading: Reading) -> bool:
    """Whether a sentence asks to be told of changes of a file."""
    if not _STEMS.within(reading.low):
        return False
    low = _names(reading)
    return any(p.search(low) for p in (*_PATTERNS, _CHANGES))


def _names(reading: Reading) -> str:
    return _PATH.sub(_kind, _CODE.sub(_kind, reading.low))


def _kind(match: re.Match[str]) -> str:
    """Keep names of rule files, hide other code: its words are not the sentence's."""
    name = match[1]
    if wording(r"\.(?:md|json|ya?ml|toml|txt)\Z").search(name):
        return (
            name if name in ("soul.md", "agents.md", "identity.md") else "\x60path\x60"
        )
    return "\x60code\x60"


def _own(reading: Reading) -> str:
    return reading.clause.span.file
