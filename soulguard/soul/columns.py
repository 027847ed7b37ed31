"""Owns tables whose columns say what may be done: ``Do | Don't``, ``Path | Read | Write``.

A column is headed by a modality, and its cells are what that is said of; or by a verb,
and its cells say yes or no of what the row begins with. What a statement means is
`soulguard.soul.frames`'s business; rows under other heads are read as one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.soul import context
from soulguard.soul.clauses import Clause
from soulguard.soul.modality import Modality

_HARD = (Modality.DENY, Modality.ASK)
_TOLD = (*_HARD, Modality.ALLOW)
_MARKS = re.compile(r"[*_]+|\s+")
_VERBS = re.compile(
    r"(?:read|write|edit|modify|delete|run|execute|create|push|deploy|send|commit|merge)"
    r"(?: access)?"
)
_YES = ("yes", "y", "x", "\u2713", "\u2714", "\u2714\ufe0f", "\u2705", "allowed", "ok")
_NO = ("no", "n", "\u2717", "\u2718", "\u274c", "never", "none", "forbidden", "denied")
_ASK = ("ask", "ask first", "with approval", "on approval", "approval", "confirm")
_EMPTY = ("", "-", "\u2014", "\u2013", "n/a", "/")


def statements(clause: Clause) -> list[tuple[str, Modality]]:
    """Give what the cells of a row say, each with its modality; nothing for other tables."""
    if (
        clause.kind != "table"
        or len(clause.head) != len(clause.cells)
        or not clause.head
    ):
        return []
    found = list(_headed(clause)) or list(_answered(clause))
    return found if any(modality in _HARD for _, modality in found) else []


def _headed(clause: Clause) -> Iterator[tuple[str, Modality]]:
    """Cells under heads such as *Never* and *Ask first*; a tick stands for its row."""
    heads = [_head(text) for text in clause.head]
    if not any(head in _HARD for head in heads):
        return
    for head, cell in zip(heads, clause.cells, strict=True):
        said = _low(cell)
        if head not in _TOLD or said in (*_EMPTY, *_NO):
            continue
        ticked = said in _YES and heads[0] is Modality.NONE
        yield (clause.cells[0] if ticked else cell), head


def _answered(clause: Clause) -> Iterator[tuple[str, Modality]]:
    """Cells that answer the verbs at the head of their columns."""
    about, *answers = clause.cells
    verbs = [_low(text) for text in clause.head[1:]]
    if not answers or not all(map(_VERBS.fullmatch, verbs)):
        return
    for verb, answer in zip(verbs, answers, strict=True):
        said = _low(answer)
        for words, modality in (
            (_NO, Modality.DENY),
            (_ASK, Modality.ASK),
            (_YES, Modality.ALLOW),
        ):
            if said in words:
                yield f"{verb.removesuffix(' access')} {about}", modality


def _head(text: str) -> Modality:
    return Modality.NONE if _low(text) in ("do", "dos") else context.header(_low(text))


def _low(text: str) -> str:
    return _MARKS.sub(" ", text.lower().replace("\u2019", "'")).strip(" :")
