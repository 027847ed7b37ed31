"""Owns what the agent is called in its file: a sentence that names it speaks to it.

``Nova deletes nothing`` under ``# Nova`` and ``The agent does not write to x/`` say what
``you`` would say. A name counts where a heading above the sentence gives it, and a verb
of ours follows. What the sentence then means is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from soulguard.soul import lexicon, literals

_SUBJECT = re.compile(
    r"(?:(?P<agent>(?:[Tt]he|[Tt]his) (?:agent|assistant|bot))|(?P<name>[A-Z][\w-]+)) "
    r"(?P<verb>[a-z][a-z'-]*)(?P<not> not\b)?"
)
_MODAL = frozenset(
    ("may", "must", "can", "cannot", "can't", "shall", "should", "never", "only", "won't",
     "will", "always", "mustn't", "shouldn't")
)  # fmt: skip
_NOT = {"doesn't": "don't", "isn't": "aren't", "is": "are", "has": "have", "does": "do"}
_WORD = re.compile(r"[A-Z][\w-]+")


def addressed(plain: str, headings: Sequence[str]) -> str:
    """Say a sentence to the agent where its subject is what the agent is called."""
    found = _SUBJECT.match(plain)
    if not found or not (found["agent"] or _called(found["name"], headings)):
        return plain
    if found["agent"] and found["verb"] in _MODAL:
        return plain  # "the agent shall" is understood as it is
    verb = _spoken(found["verb"])
    if not verb or (found["verb"] in ("is", "has", "does") and not found["not"]):
        return plain
    return f"You {verb}{found['not'] or ''}{plain[found.end() :]}"


def _called(name: str, headings: Sequence[str]) -> bool:
    """Whether a heading above gives the name, and it is no word of another meaning."""
    if lexicon.tags_at([name.lower()], 0)[0] or literals.is_any_program(name.lower()):
        return False
    return any(name in _WORD.findall(text) for text in headings)


def _spoken(verb: str) -> str:
    """Give a verb as it is said to *you*; nothing for one nobody knows."""
    if verb in _MODAL:
        return verb
    if verb in _NOT:
        return _NOT[verb]
    for end, base in (("ies", "y"), ("es", ""), ("s", "")):
        if verb.endswith(end) and _acts(verb[: -len(end)] + base):
            return verb[: -len(end)] + base
    return ""


def _acts(word: str) -> bool:
    size, tags = lexicon.tags_at([word], 0)
    return bool(size) and any(tag.startswith("act:") for tag in tags)
