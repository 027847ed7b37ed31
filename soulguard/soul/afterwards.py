"""Owns an approval that is said after a prohibition, as in *never push; ask me first*.

What is forbidden and then asked for waits for a person. ``Ask if unsure`` and ``ask me
instead`` take nothing back, and nobody means to be asked for a secret.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from soulguard.soul.modality import Modality
from soulguard.soul.tokens import Item, Statement, items, statements
from soulguard.soul.views import first, names, say

if TYPE_CHECKING:
    from soulguard.soul.frames import Frame

_ELSE = frozenset(("instead", "rather", "yourself", "myself", "why", "what", "how"))
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_MOST = 9
"""Words of such a remark: a longer one says something of its own."""


def asks(words: Sequence[Item]) -> bool:
    """Whether words ask a person and say nothing else: ``ask me first``.

    ``unless I say so`` does, and ``don't ask``, ``ask if unsure`` and a question do not.
    """
    if not words or len(words) > _MOST or names([w for w in words if not _who(w)]):
        return False
    if any(w.unknown or w.text in _ELSE or w.has("mod:deny") for w in words):
        return False
    if words[0].text in ("unless", "until", "without"):
        return first(words, "mod:ask") >= 0 or first(words, "mod:weak") >= 0
    open_ended = first(words, "rel:when") >= 0 or first(words, "rel:without") >= 0
    return first(words, "mod:ask") >= 0 and not open_ended


def in_parentheses(text: str) -> bool:
    """Whether something in parentheses asks a person: *Forbidden (unless I say so)*."""
    return any(asks(items(said)) for said in _PARENTHESES.findall(text))


def without_parentheses(text: str) -> str:
    """Give a text with parentheses that ask said in its own words."""
    return _PARENTHESES.sub(
        lambda m: "without approval" if asks(items(m[1])) else m[0], text
    )


def _who(word: Item) -> bool:
    return word.has("neutral") and word.of("obj") == {"people"}


def asked(found: Sequence[Frame], words: Sequence[Item]) -> list[Frame]:
    """Give what was forbidden as what is asked for, in the words that ask."""
    return [
        replace(frame, modality=Modality.ASK, approval=say(words))
        if frame.modality is Modality.DENY and "secrets" not in frame.objs
        else frame
        for frame in found
    ]


def closing(found: Sequence[Frame], words: Sequence[Item]) -> list[Frame]:
    """Give what was said until here as what is asked for, empty where words do not ask."""
    asking = asked(found, words) if found and asks(words) else []
    return asking if asking and asking[-1].modality is Modality.ASK else []


def asked_next(found: Sequence[Frame], after: str) -> tuple[Frame, ...]:
    """Give the frames of a sentence whose next one, without its markup, is `after`."""
    words = _remark(after)
    return tuple(asked(found, words) if words else found)


def is_remark(plain: str) -> bool:
    """Whether a sentence without its markup asks a person and says nothing else."""
    return bool(_remark(plain))


def parted(statement: Statement) -> tuple[Statement, Sequence[Item]]:
    """Part ``never send mail, ask me`` at its last comma; nothing is cut off elsewhere."""
    words = statement.items
    at = next((n for n in range(len(words) - 1, 0, -1) if words[n].text == ","), 0)
    head, tail = words[:at], words[at + 1 :]
    leads = bool(head) and not (head[0].has("rel:when") or head[0].has("rel:before"))
    if leads and first(head, "mod:deny") >= 0 and asks(tail):
        return replace(statement, items=head), tail
    return statement, ()


def _remark(plain: str) -> Sequence[Item]:
    said = list(statements(items(plain)))
    return said[0].items if len(said) == 1 and asks(said[0].items) else ()
