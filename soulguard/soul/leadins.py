"""Owns lead-ins that need their items: ``Never edit:`` and the list below it, as one.

A lead-in that has a verb and no object (``Do not touch the following files:``), or that
is nothing but a label (``Protected files:``, ``Allowed hosts:``), is completed with what
stands under it, and the whole is read as the sentence it is. Headings that say nothing
but *never* or *ask first* are context's; what a sentence means is decided elsewhere.
"""

from __future__ import annotations

import functools
import re

from soulguard.soul import afterwards, lexicon
from soulguard.soul.frames import Frame, frames
from soulguard.soul.modality import Modality

_LONGEST = 120
"""Letters a lead-in has at most."""
_PLACE = "{}"
_FILLERS = re.compile(
    r"\b(?:any of |each of |all of )?(?:the |these |those |any )*"
    r"(?:following|below|listed|specific)?\s*\b(?:files?|paths?|folders?|director(?:y|ies)|"
    r"locations?|commands?|programs?|hosts?|domains?|sites?|endpoints?|things|items|ones)?"
    r"(?: (?:listed )?below| listed here)?\s*\Z|"
    r"\b(?:the following|these|those)\b"
)
_HEAD = re.compile(
    r"\A(?:the )?(?:files?|paths?|folders?|directories|commands?|hosts?|domains?|things)"
    r" (?:that )?(?=(?:you|i|we|the agent)\b)"
)
_HELD = re.compile(r"\s+(?=(?:without|unless|until|w/o)\b)")
_EDGE = re.compile(r"[\s:*_`\u2014\u2013-]+\Z")
_SPEAKING = frozenset((Modality.DENY, Modality.ASK, Modality.ONLY, Modality.ALLOW))
_LISTED = 500
"""Letters of the items that are said in one sentence."""


@functools.lru_cache(maxsize=2048)
def template(lead: str) -> str:
    """Give the sentence a lead-in begins, with ``{}`` where its item goes; else nothing.

    `lead` is plain text, with or without the colon at its end.
    """
    low = _EDGE.sub("", afterwards.without_parentheses(lead.lower()))
    if not low or len(low) > _LONGEST or "`" in low:
        return ""
    return _label(low) or _open(low)


def complete(lead: str, item: str, items: tuple[str, ...] = ()) -> str:
    """Say a lead-in and its item as one sentence; nothing where they are no such.

    What leaves only its list (``You may only write to:``) is said of all `items`. An
    item that speaks for itself is left to itself.
    """
    said = template(lead)
    if not said or _speaks(item):
        return ""
    if items and re.search(r"\bonly\b", said):
        item = " and ".join(map(_bare, items))
    if len(item) > _LISTED:
        return ""
    return said.replace(_PLACE, _bare(item), 1)


def _bare(item: str) -> str:
    return item.strip().rstrip(".;,")


def _speaks(item: str) -> bool:
    """Whether an item forbids, asks or allows something itself."""
    found = frames(item, Modality.NONE)
    return any(f.modality in _SPEAKING or f.modality is Modality.MUST for f in found)


def _label(low: str) -> str:
    """``Protected files``, ``Allowed hosts``: an adjective and the noun it is about."""
    for said in (re.sub(r"[()]", " ", low), re.sub(r"\([^)]*\)?", " ", low)):
        if found := lexicon.labels().get(" ".join(said.split())):
            return found
    return ""


def _open(low: str) -> str:
    """``Never edit the following files``: a verb that waits for its object."""
    said = _HEAD.sub("", low)
    parts = _HELD.split(said, maxsplit=1)
    start = _FILLERS.sub("", parts[0]).strip()
    held = f" {parts[1]}" if len(parts) > 1 else ""
    if not start or not _waits(frames(start + held, Modality.NONE)):
        return ""
    return f"{start} {_PLACE}{held}"


def _waits(found: tuple[Frame, ...]) -> bool:
    """Whether a statement forbids, asks or allows something it does not name yet."""
    spoken = [f for f in found if f.modality is not Modality.NONE or f.acts or f.objs]
    if len(spoken) != 1:
        return False
    frame = spoken[0]
    open_ended = not (frame.objs or frame.literals or frame.unknown or frame.numbers)
    free = frame.counter and not frame.only  # "only edit these without asking"
    unbound = not (free or frame.outside or frame.condition or frame.exception)
    return open_ended and unbound and bool(frame.acts) and frame.modality in _SPEAKING
