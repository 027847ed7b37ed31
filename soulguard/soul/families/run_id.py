"""The run id family: outputs carry the id of the run that made them.

Takes::

    Every output includes the run_id.
    Tag each file with the run id.
    Stamp all reports with this run's id.

Refuses sentences that only mention the run id (``check if it exists for this run_id``),
and ids of anything but the run.
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action
from soulguard.soul import literals
from soulguard.soul.drafts import WRITES, Draft, World
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Stems, wording

FAMILY = "run-id"

_STEMS = Stems(("run",))
_ID = r"(?:`?run[_ -]?id`?|(?:id|identifier) of (?:the|this|each) run|(?:the |this |its |your |my |own |current )*run'?s (?:own )?(?:id|identifier)|run identifier)"
_CARRY = r"(?:includ\w*|contain\w*|carr(?:y|ies|ying)|tag\w*|stamp\w*|label\w*|mark\w*|embed\w*|record\w*|add\w*|put\w*|append\w*|attach\w*|bear\w*|prefix\w*|suffix\w*|has|have|writ\w+|not\w*|stat\w+|referenc\w*|shows?|needs?|share|print\w*|name[sd]?)"
_THING = r"(?:outputs?|files?|artifacts?|reports?|results?|deliverables?|documents?|records?|exports?|entr(?:y|ies)|everything|json|csv|rows?|logs?|filenames?|everything you write)"

_PATTERNS = (
    wording(rf"\b{_THING}\b.*\b{_CARRY}\b.*{_ID}"),
    wording(rf"\b{_CARRY}\b.*\b{_THING}\b.*\bwith\b.*{_ID}"),
    wording(
        rf"\b{_CARRY}\b.*{_ID}.*\b(?:in|into|to|on|at the (?:top|head|start|end|bottom) of)\b.*\b{_THING}\b"
    ),
)
_NAMED = wording(
    rf"\b(?:name[sd]?|call|title|key|version|suffix|prefix)\b.*\b(?:with|after|by)\b.*{_ID}|"
    rf"{_ID}.*\b(?:inside|in|into|on|to)\b.*\b(?:each|every|all|the)\b|"
    rf"\b(?:without|lack\w*|miss\w*) (?:an? |the |its )?{_ID}.*\b(?:invalid|refused|rejected|incomplete|not allowed)\b|"
    rf"\b(?:each|every|all)\b.*\bwith (?:the |its |an? )?{_ID}|"
    rf"\b(?:each|every|all) {_THING}:.*{_ID}"
)
_PART = wording(rf"{_ID} (?:is |must be )?(?:a )?part of\b.*\b{_THING}\b")
_NOT = wording(rf"\b{NEGATION}\b|\bcheck\b|\bexists?\b")
_LOOSE = wording(rf"\b{NEGATION}\b.*\b(?:without|lacking|missing)\b")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the stamping rule of a sentence."""
    low = reading.low
    if not _STEMS.within(low):
        return
    if _NOT.search(low) and not _LOOSE.search(low):
        return
    without = _LOOSE.search(low) and wording(
        rf"\b(?:without|lacking|missing)\b.*{_ID}"
    ).search(low)
    named = _NAMED.search(low) and wording(rf"\b{_THING}\b").search(low)
    if not (without or named or any(p.search(low) for p in (*_PATTERNS, _PART))):
        return
    found = literals.paths(reading.plain)
    place = ", ".join(f"`{p}`" for p in found) or "every output under this folder"
    meaning = f"{place}: a file written as a whole carries the run id"
    yield Draft(FAMILY, Action.STAMP, WRITES, meaning, world.outputs(found))
