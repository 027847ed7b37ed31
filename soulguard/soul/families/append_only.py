"""Append-only files: what is written stays, more may be added.

Takes::

    `events.jsonl` is append-only.
    For logs: append-only; do not rewrite history.
    Only append to `journal.md`, never edit earlier entries.

Refuses ``append-only`` without a file or a kind of file.
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action
from soulguard.soul import literals
from soulguard.soul.drafts import OUTPUTS, Draft, World, quoted
from soulguard.soul.reading import Reading
from soulguard.soul.wording import wording

FAMILY = "append-only"

_SAYS = wording(
    r"\bappend[- ]only\b|\b(?:must|may|can) only (?:ever )?grow\b|\bonly (?:ever )?append\b|\bappend,? (?:never|do not|don't) "
    r"(?:overwrite|edit|rewrite|replace|delete)|\bappends? only\b|"
    r"\b(?:never|do not|don't) (?:rewrite|edit|change|modify|alter|delete|remove) (?:existing|"
    r"old|earlier|previous|past) (?:lines?|entries|rows?|records?|history|content)\b"
)
_LOGS = wording(r"\b(?:logs?|event log|journals?|history|audit trail)\b")


def takes(reading: Reading) -> bool:
    """Whether a sentence lets files grow and nothing else."""
    return bool(_SAYS.search(reading.low))


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the append-only rule of a sentence."""
    if not takes(reading):
        return
    paths = literals.paths(reading.plain)
    if not paths and _LOGS.search(reading.low):
        paths = world.paths("log-files")
    if paths:
        meaning = f"{quoted(paths)}: bytes that are there do not change"
        yield Draft(FAMILY, Action.APPEND_ONLY, OUTPUTS, meaning, world.outputs(paths))
