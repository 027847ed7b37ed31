"""Owns the view of a statement: its words with the modality taken off.

And what is asked of words on the way there: whether they name something of ours, which
of them are modal. What the modality is, polarity decides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from soulguard.soul.literals import Kind, Literal
from soulguard.soul.modality import Modality
from soulguard.soul.tokens import Item

_PARTICIPLE = re.compile(r"(?:ed|sent|written|made|put|kept|shared)\Z")


@dataclass(slots=True)
class View:
    """A statement with its modality taken off."""

    core: list[Item]
    modality: Modality
    inherited: bool = False
    counter: bool = False
    outside: bool = False
    only: bool = False
    exception: str = ""
    condition: str = ""
    approval: str = ""
    except_objs: frozenset[str] = frozenset()
    except_literals: tuple[Literal, ...] = ()


def first(words: Sequence[Item], tag: str, start: int = 0) -> int:
    """Give the place of the first word with a tag, -1 for none."""
    for at in range(start, len(words)):
        if words[at].has(tag):
            return at
    return -1


def names(words: Sequence[Item]) -> bool:
    """Whether words name an action, an object or a literal of ours."""
    return any(i.of("act") or i.of("obj") or i.literal for i in words)


def only_places(words: Sequence[Item]) -> bool:
    """Whether words are paths and what joins them, and nothing else."""
    told = [i.literal for i in words if i.text not in (",", "and", "or", "&")]
    return bool(told) and all(x and x.kind is Kind.PATH for x in told)


def bare(words: Sequence[Item]) -> list[Item]:
    """Take off modal words, and a subject before them that names nothing of ours.

    In the passive the subject is what it is about, and stays.
    """
    at = next((at for at, w in enumerate(words) if _modal(w)), 0)
    then = next((w for w in words[at:] if not _modal(w)), None)
    passive = then is not None and (
        then.text == "be" or bool(_PARTICIPLE.search(then.text))
    )
    if passive or names(words[:at]):
        at = 0
    return [w for w in words[at:] if not _modal(w)]


def _modal(item: Item) -> bool:
    return (
        item.has("mod:deny")
        or item.has("mod:must")
        or item.has("mod:only")
        or item.has("mod:auto")
    ) and not item.of("act")


def say(words: Sequence[Item]) -> str:
    """Give words as they were said."""
    return " ".join(i.literal.text if i.literal else i.text for i in words)
