"""Deletion: deny or ask before files are deleted.

Takes::

    Never delete files without explicit confirmation.
    Confirm before deleting.
    Deleting any files                                  (under "Ask first")
    Never delete `data/raw/`.

Refuses deletions of what is no file (``remove filler``, ``drop the thread``).
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import breadth
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.families import append_only, bulk, trash
from soulguard.soul.frames import Frame
from soulguard.soul.modality import Modality
from soulguard.soul.phrases import of_class
from soulguard.soul.reading import Reading

ASK = "ask-delete"
DENY = "delete-deny"

_FILES = frozenset(("files", "outputs", "memory-files", "logs", "code", "config",
                    "identity-files", "system-config", "workspace", "production"))  # fmt: skip
_KINDS = {
    "memory-files": "memory-files", "logs": "log-files", "config": "config-files",
    "identity-files": "identity-files",
}  # fmt: skip
_CLUSTER = frozenset(("infrastructure",))
_DATA = frozenset(("database", "production"))


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the deletion rule of a sentence."""
    if trash.takes(reading) or append_only.takes(reading):
        return  # moved, or kept by the rule that lets the file only grow
    for frame in reading.frames:
        if "delete" not in frame.acts or frame.counter:
            continue
        if frame.outside and not frame.paths:
            continue  # "outside X" is where, and the allow-list says it
        if _of_another(frame, reading) or bulk.many(frame, reading):
            continue
        if frame.modality is Modality.ASK and _sure(frame):
            yield from _drafts(frame, world, Action.ASK, ASK)
            return
        denied = frame.modality is Modality.DENY and frame.firm
        denied = denied and not breadth.by_means(frame)
        if denied and _sure(frame) and not breadth.narrowed(frame):
            yield from _drafts(frame, world, Action.DENY, DENY)
            return


def _of_another(frame: Frame, reading: Reading) -> bool:
    """Whether what is deleted is said elsewhere (``Dead code: mention, don't delete``).

    Code that is removed is words of a file: no file is deleted with it.
    """
    if frame.objs == {"code"} and frame.unknown and not frame.inherited:
        return True
    if {"else", "other"} & set(frame.words) and not frame.paths:
        return True  # "nothing else": beside what was said before
    lone = frame.modality is Modality.DENY and not (frame.objs or frame.literals)
    before = reading.frames[: reading.frames.index(frame)]
    # "Archive, never delete": whatever it is that is archived
    return lone and any(f.objs or f.literals or "move" in f.acts for f in before)


def _sure(frame: Frame) -> bool:
    if frame.modality is Modality.ASK and frame.inherited and "delet" in frame.verb:
        return not frame.objs & {"mail", "messages", "posts", "branches"}
    if frame.paths or frame.objs & (_FILES | _CLUSTER | _DATA):
        return True
    if frame.strange and not frame.inherited:
        return False  # "never remove or weaken safety checks"
    lone = not (frame.objs or frame.unknown or frame.literals)
    return lone and breadth.bare(frame)


def _class_of(frame: Frame) -> str:
    return "database" if "database" in frame.objs else "destructive"


def _of_class(frame: Frame, world: World) -> tuple[str, ...]:
    """``Deleting memories``: the files of that kind alone, where only kinds are named."""
    kinds = [name for name in _KINDS if name in frame.objs]
    if not kinds or frame.objs - set(kinds):
        return ()
    return tuple(path for name in kinds for path in world.paths(_KINDS[name]))


def _drafts(frame: Frame, world: World, action: Action, family: str) -> Iterator[Draft]:
    says = "waits for a person" if action is Action.ASK else "is refused"
    params = {"approval": frame.approval} if frame.approval else {}
    if frame.objs & (_CLUSTER | _DATA) or frame.verb.startswith("drop"):
        dropped = frame.verb.startswith("drop")
        names = "drop-data" if dropped else _class_of(frame)
        where = Where(commands=world.commands(names))
        meaning = f"starting {of_class(names, where.commands)} {says}"
        yield Draft(
            family, action, (EffectKind.COMMAND_RUN,), meaning, where, params=params
        )
        if frame.verb.startswith("drop") or "files" not in frame.objs:
            return
    paths = frame.paths or _of_class(frame, world)
    place = quoted(paths) if paths else "any file"
    if frame.except_paths:
        place += f" but {quoted(frame.except_paths)}"
    where = Where(paths=paths, except_paths=frame.except_paths)
    meaning = f"deleting {place} {says}"
    yield Draft(
        family, action, (EffectKind.FILE_DELETE,), meaning, where, params=params
    )
    if not paths:
        where = Where(commands=world.commands("remove"))
        meaning = f"starting `rm` and the like {says}"
        yield Draft(
            family, action, (EffectKind.COMMAND_RUN,), meaning, where, params=params
        )
