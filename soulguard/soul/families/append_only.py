"""Append-only files: what is written stays, more may be added.

Takes::

    `events.jsonl` is append-only.
    For logs: append-only; do not rewrite history.
    Only append to `journal.md`, never edit earlier entries.

Refuses ``append-only`` without a file or a kind of file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action
from soulguard.soul import literals
from soulguard.soul.describing import describes
from soulguard.soul.drafts import OUTPUTS, Draft, World, quoted
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Stems, wording

FAMILY = "append-only"

_STEMS = Stems(
    ("append", "grow", "entr", "line", "row", "record", "histor", "content", "what ",
     "truncat", "stay", "add")
)  # fmt: skip
_ENTRY = (
    r"(?:(?:(?:log|ledger|journal|audit) )?(?:entry|entries|lines?|rows?|records?)|history|"
    r"content|what (?:is|was) \w+)"
)
_OLD = r"(?:existing|past|old(?:er)?|earlier|previous|prior|any|its)"
_CHANGE = (
    r"(?:rewrit\w+|edit\w*|chang\w+|modif\w+|alter\w*|delet\w+|remov\w+|reorder\w*|"
    r"truncat\w+|overwrit\w+|replac\w+|eras\w+|touch\w*)"
)
_ADD = r"(?:append\w*|add(?:s|ed|ing)?)"
_SAYS = wording(
    r"\bappend[- ](?:\w+ )?only\b|\bonly (?:ever )?(?:grows?|be (?:appended|added))\b|\bappends? only\b|"
    rf"\bonly (?:ever )?(?:append\w*|grows?)\b|\bappend[- ]mode\b|\bstays? written\b|"
    rf"\b{NEGATION}\b.*\b{_CHANGE} (?:to |of )?(?:{_OLD} |the )*{_ENTRY}\b|"
    rf"\b{NEGATION}\b.*\b{_CHANGE} (?:or|and) \w+ (?:{_OLD} |the )*{_ENTRY}\b|"
    rf"\b{_ENTRY}\b.*\b(?:{NEGATION}|never) (?:be )?(?:\w+ or )?{_CHANGE}\b|"
    rf"\b{_ENTRY}\b.*\b(?:is|are|stays?) immutable\b|"
    rf"\b{_OLD} {_ENTRY}\b.*\b(?:immutable|stays?|final|read-only)\b|"
    rf"\b{_ENTRY}\b.*\bonly {_ADD}\b|"
    rf"\b{_ADD}\b.*\b(?:{NEGATION}|not) (?:\w+ )?{_CHANGE}\b|\b{_ADD},? don't {_CHANGE}\b|"
    rf"\b{NEGATION} truncat\w+\b|\bgrows? only\b|\bonly (?:ever )?gets? longer\b|\bno {_ENTRY}\b.*\b(?:may|can|shall|must|is|are|will|gets?) (?:ever )?(?:be )?{_CHANGE}|\b(?:leave|keep) (?:the |all |any )*{_OLD} {_ENTRY}\b|"
    rf"\b{_OLD} {_ENTRY}\b.*\b(?:as they are|as is|untouched|unchanged|alone|intact)\b"
)
_ASKS = wording(
    r"\b(?:without|unless|until)\b.*\b(?:ask\w*|approv\w*|confirm\w*|permission|consent|"
    r"told|instruct\w*|review\w*)\b"
)
_UNABLE = re.compile(
    r"(?!you|i\b|the agent|agents?\b|nobody|nothing|no one|what|it\b|they\b|(?:the )?(?:logs?|entr|lines?|rows?|"
    r"records?|history|past|old|existing|earlier|previous))(?:[\w-]+ ){1,3}(?:can't|cannot) "
)
_LOGS = wording(r"\b(?:logs?|event log|journals?|audit trail)\b")
_MEMORY = wording(r"\bmemory files?\b")
_CODE = re.compile(r"\.(?:py|js|jsx|ts|tsx|go|rs|java|c|cpp|h|rb|php|html|css|sh)\Z")


def takes(reading: Reading) -> bool:
    """Whether a sentence lets files grow and nothing else."""
    if not _STEMS.within(reading.low):
        return False
    if _UNABLE.match(reading.low):
        return False  # "Compaction can't erase what is in the log"
    if not _SAYS.search(reading.said) or _ASKS.search(reading.low):
        return False
    if reading.low.startswith("remember"):
        return False
    named = literals.paths(reading.plain)
    if not named and describes(reading):
        return False
    return bool(named or _class_of(reading)) and not any(map(_CODE.search, named))


def _class_of(reading: Reading) -> str:
    """Give the class of files it is about where it names none itself."""
    if _LOGS.search(reading.low):
        return "log-files"
    return "memory-files" if _MEMORY.search(reading.low) else ""


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the append-only rule of a sentence."""
    if not takes(reading):
        return
    paths = literals.paths(reading.plain)
    if not paths:
        paths = world.paths(_class_of(reading))
    if paths:
        meaning = f"{quoted(paths)}: bytes that are there do not change"
        yield Draft(FAMILY, Action.APPEND_ONLY, OUTPUTS, meaning, world.outputs(paths))
