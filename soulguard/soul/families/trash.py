"""Trash instead of deletion.

Takes::

    `trash` > `rm`
    Trash over delete.
    Prefer moves to deletes, trash to permanent removal.
    Move files to the trash instead of deleting them.

Programs that delete for good (``rm``) are refused with it. Refuses sentences where nothing is preferred (``empty the trash``).
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Stems, wording

FAMILY = "delete-deny"

_PAST = ("rm", "unlink", "shred")

_STEMS = Stems(("trash", "recycle", "recoverable", "soft-delete"))
_TRASH = r"(?:`[^`\s]{0,60}trash/?`|`?\.?trash(?:/?`|\b)(?: (?:can|it|them))?|recycle bin|`?gio trash`?|recoverable (?:deletion|delete))"
_DELETE = (
    r"(?:`?rm(?: -rf?)?`?|delet\w+|permanent(?:ly)? \w+|permanent|removal|remov\w+|"
    r"unlink\w*|eras\w+|hard[- ]delet\w+|get rid of|thr[eo]w\w*(?: [\w']+){0,4} away)"
)
_PATTERNS = (
    wording(rf"\b(?:move|send|put)\w* (?:all |any )?(?:deleted|removed|old) .*\bto (?:the )?{_TRASH}"),
    wording(rf"{_DELETE}.*\b(?:move|send|put)\w* .*\bto (?:the )?{_TRASH}"),
    wording(rf"{_TRASH}\s*(?:>|over|beats|instead of|in place of|rather than|not|before|to)\s*"
               rf"(?:\w+ ){{0,2}}{_DELETE}"),
    wording(rf"\b(?:prefer|use|move|send)\w*\b.*{_TRASH}.*\b(?:over|instead|rather|to|"
               rf"than|not)\b.*{_DELETE}"),
    wording(rf"\b(?:instead of|rather than|never|don't|do not|not|nothing)\b.*{_DELETE}.*"
               rf"\b(?:use|move|prefer|send|put)\w*\b.*{_TRASH}"),
    wording(rf"\b(?:use|move|send|put)\w*\b.*{_TRASH}.*\b(?:never|not|instead of)\b.*"
               rf"{_DELETE}"),
    wording(rf"{_DELETE}\w*(?: \w+)? (?:=|goes|go|means|is|are|belongs?)\b.*{_TRASH}"),
)  # fmt: skip


_SOFT = (
    wording(rf"\b(?:when|if|to|before|for)\b.*\b{_DELETE}.*\b(?:use|put|move|send)\w*\b.*{_TRASH}"),
    wording(rf"\b(?:use|put|move|send)\w*\b.*{_TRASH}.*\bfor (?:\w+ )?{_DELETE}"),
    wording(rf"\b(?:trash|trashed|soft-delete)\b.*\b(?:not|don't|do not|never|instead of|rather than) (?:be )?{_DELETE}"),
    wording(rf"\bgo(?:es)? to\b.*{_TRASH}.*\bnot\b.*{_DELETE}"),
    wording(rf"\breplace\b.*{_DELETE}.*\bwith\b.*{_TRASH}"),
    wording(rf"\bnever\b.*{_DELETE}.*\balways\b.*{_TRASH}"),
    wording(rf"\b(?:nothing|never|not)\b.*{_DELETE}.*\bgo(?:es)? to\b.*{_TRASH}"),
    wording(rf"\b(?:never|don't|do not|no)\b.*{_DELETE}.*\bwhere\b.*{_TRASH}"),
)  # fmt: skip


def takes(reading: Reading) -> bool:
    """Whether a sentence prefers the trash to deletion."""
    if not _STEMS.within(reading.low):
        return False
    return any(p.search(reading.said) for p in (*_PATTERNS, *_SOFT))


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the trash rules of a sentence."""
    if not takes(reading):
        return
    meaning = "a deleted file is moved to the trash"
    yield Draft(FAMILY, Action.TRASH, (EffectKind.FILE_DELETE,), meaning)
    # a program deletes past the trash, and nobody can move what it removes
    meaning = f"starting {quoted(_PAST)} is refused"
    where = Where(commands=("|".join(_PAST),))
    yield Draft(FAMILY, Action.DENY, (EffectKind.COMMAND_RUN,), meaning, where)
