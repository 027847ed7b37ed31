"""Files that stay as they were first written, while new ones may stand beside them.

Takes::

    `data/raw/` is immutable.
    Migrations under `db/` that are on main can't be edited; add a new one.
    Raw downloads stay in `desk/raw/` and must not be modified.
    Once a report is written to `reports/`, it is never changed.
    `editions/*.md` may be created but never rewritten.
    Land new files, never modify what's there.       the place is that of the sentence before

To forbid all writing there would be another rule. Refuses what names no place, and what
is about words in a file (``never change existing behaviour in `api.py```).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.drafts import OUTPUTS, Draft, World, quoted
from soulguard.soul.families import append_only
from soulguard.soul.families.path_write import folder
from soulguard.soul.frames import Frame
from soulguard.soul.literals import Kind, find, glob
from soulguard.soul.modality import Modality
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import wording

FAMILY, DELETE = "write-once", "delete-deny"

_CHANGES = frozenset(("write", "overwrite", "move"))
_DONE = (
    r"(?:written|saved|created|filed|published|signed|issued|released|finali[sz]ed|sealed|closed|"
    r"archived|delivered|committed|merged|landed|submitted|approved|stored|exported|placed|there)"
)
_MADE = r"(?:written|saved|created|filed|stored|exported|placed|landed|there|on disk)"
"""What happens to a file as it is made; whether it was signed nobody can tell."""
_FILES = r"(?:files?|ones?|documents?|reports?|outputs?|versions?|records?|exports?|artifacts?)"
_FIXED = wording(
    r"\b(?:is|are|be|stays?|remains?) (?:\w+ly )?(?:immutable|write-once)\b|"
    r"\A`[^`]+`\W+(?:immutable|write-once)\b"
)
_NOT = wording(r"\b(?:not|isn't|aren't|no longer) (?:\w+ )?(?:immutable|write-once)\b")
_ONCE = wording(
    rf"\b(?:once|after|as soon as) (?:(?:it|they|an?|the|that|any) )?(?:[\w-]+ ){{0,2}}"
    rf"(?:(?:is|are|was|were|has been|have been|gets?) )?(?:already )?{_MADE}\b|"
    rf"\b(?:already|previously) (?:{_DONE}|on main|exist\w*)\b|"
    rf"\bexisting {_FILES}\b|\b{_FILES} that (?:already )?exist\b|"
    r"\bwhat(?:'s| is) (?:already )?there\b|\bthat are already\b"
)
_NEW = wording(
    rf"\b(?:add|create|write|land|make|put|issue|start) (?:an? |only )?(?:new|fresh|another) (?:{_FILES}|`)|"
    r"\bmay (?:only )?be (?:created|added)\b|\bcreated? (?:freely|once)?,? ?but (?:never|not)\b|"
    r"\b(?:add|create|make) (?:an? )?(?:copy|new one)\b"
)
_STANDS = wording(
    r"\b(?:stays?|lives?|lands?|belongs?|goes?|(?:is|are) (?:kept|stored|saved|filed|put)) (?:in|under|at)\b"
)
_AFTER = wording(
    rf"\b(?:once|after|as soon as)\b.*\b{_MADE}\b.*\b{NEGATION} (?:be )?(?:changed?|edit(?:ed)?|"
    r"modif(?:y|ied)|overwritten|touch(?:ed)?|rewritten|alter(?:ed)?|replaced?)\b"
)
_CODE = re.compile(r"`[^`]*`")
_OF_KIND = re.compile(
    rf"\A(?:[\d.)]+ )?(?:an?|the|any|every|each|all)? ?(?:already )?{_DONE} (?P<noun>[a-z]{{3,}}?)s? "
)
"""``A filed invoice``: what was done to the things a place holds."""
_WHEN = re.compile(r"\b(?:unless|until|without|except|if|when)\b")
_FOLDER = re.compile(r"/\Z|\*")
_BESIDE = frozenset(("already", "exist", "exists", "existing", "stay", "stays"))


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the rules of a sentence that keeps what is there."""
    if append_only.takes(reading):
        return
    denied = [f for f in reading.frames if _denies(f)]
    paths = _places(reading)
    if not paths or not _keeps(reading, denied):
        return
    under = tuple(map(folder, paths))
    meaning = f"{quoted(paths)}: a file that exists is not overwritten"
    yield Draft(
        FAMILY, Action.ONCE, OUTPUTS, meaning, world.outputs(under),
        params={"existing": "keep"},
    )  # fmt: skip
    if any("delete" in frame.acts for frame in denied):
        meaning = f"deleting {quoted(paths)} is refused"
        kinds = (EffectKind.FILE_DELETE,)
        yield Draft(DELETE, Action.DENY, kinds, meaning, Where(paths=under))


def _denies(frame: Frame) -> bool:
    bound = frame.outside or frame.exception or frame.counter or frame.inherited
    return frame.modality is Modality.DENY and not bound


def _places(reading: Reading) -> tuple[str, ...]:
    """The paths it names; where it names none, those of the sentence before it."""
    own = [x.text for x in reading.paths]
    if not own and _AFTER.search(_CODE.sub(" ", reading.low)):
        own = [x.text for x in find(reading.plain) if x.kind is Kind.PATH]
    if not own:
        near = [x.text for x in reading.named if x.kind is Kind.PATH]
        kind = _OF_KIND.match(reading.low)
        if kind:
            near = [name for name in near if kind["noun"] in name.lower()]
        own = near if kind or _NEW.search(reading.low) else []
    return tuple(dict.fromkeys(map(glob, own)))


def _keeps(reading: Reading, denied: list[Frame]) -> bool:
    low = reading.low
    if any(f.modality in (Modality.ASK, Modality.ONLY) for f in reading.frames):
        return False
    if _FIXED.search(low) and not _NOT.search(low):
        return not any(f.acts - {"read"} for f in reading.frames)
    if _AFTER.search(_CODE.sub(" ", low)):
        return not _WHEN.search(low)
    changed = [f for f in denied if f.acts & _CHANGES]
    if not changed or _WHEN.search(low):
        return False
    folders = all(map(_FOLDER.search, _places(reading)))
    if folders and _STANDS.search(low) and len(reading.frames) > 1:
        return _plain(changed) and not changed[0].condition
    if _NEW.search(low) or _OF_KIND.match(low):
        return True
    return _ONCE.search(low) and _plain(changed)


def _plain(changed: list[Frame]) -> bool:
    """Whether what is not changed are files, and not what stands in them."""
    return not any(set(frame.unknown) - _BESIDE for frame in changed)
