"""Reading: files the agent may not read, and the permission to read.

Takes::

    Do NOT load SOUL.md, USER.md, MEMORY.md.                    deny
    Never read credentials or private keys.                    deny, class secret-files
    Read any file in the repository                            (under "Always safe")

Refuses obligations (``Read X first``): a guard can forbid reading, not bring it about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import barred, literals
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.families.path_write import folder
from soulguard.soul.frames import Frame
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading

DENY = "path-read-deny"
ALLOW = "read-allow"
SCOPE = "read-scope"

_OTHERS = re.compile(
    r"(?:the |a |any |our )?(?:readers?|users?|customers?|clients?|audience|people|they|he|she)"
    r" (?:can|may|could)\b"
)
_WHOLE = frozenset(("full", "entirely", "entirety"))
_READ = (EffectKind.FILE_READ,)


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the read rule of a sentence."""
    if paths := _closed(reading):
        left = tuple(path for f in reading.frames for path in f.except_paths)
        but = f" but {quoted(left)}" if left else ""
        where = Where(paths=paths, except_paths=left)
        yield Draft(
            DENY, Action.DENY, _READ, f"reading {quoted(paths)}{but} is refused", where
        )
        return
    for frame in reading.frames:
        if not _reads(frame):
            continue
        if inside := _scope(frame):
            # what the agent itself is made of has to be readable
            own = (*world.paths("source-code"), *world.paths("not-outputs"))
            named = tuple(folder(path) for path in inside)
            where = Where(paths=("**",), except_paths=(*named, *own))
            meaning = f"reading anything here but {quoted(inside)} is refused"
            params = {"allow_list": True}
            yield Draft(SCOPE, Action.DENY, _READ, meaning, where, params=params)
            return
        if frame.outside or _only_reads(frame, reading):
            continue
        if frame.modality is Modality.ALLOW and _permits(frame):
            where = Where(paths=frame.paths)
            meaning = "reading is allowed; nothing is refused"
            yield Draft(ALLOW, Action.ALLOW, _READ, meaning, where)
            return
        if not frame.counter and frame.modality in (Modality.DENY, Modality.ASK):
            draft = _refusal(frame, world)
            if draft:
                yield draft
                return


def _closed(reading: Reading) -> tuple[str, ...]:
    """The places that are not even to be looked at, without those that are left out."""
    if not barred.closed(reading.low) or barred.before_rest(reading.low):
        return ()
    left = {path for frame in reading.frames for path in frame.except_paths}
    return tuple(p for p in literals.paths(reading.plain) if p not in left)


def _scope(frame: Frame) -> tuple[str, ...]:
    """Give the only places that may be read; nothing where it does not say so."""
    if frame.modality is Modality.ONLY and not frame.unknown:
        return frame.paths
    denied = frame.modality is Modality.DENY and frame.outside and not frame.paths
    told = denied and frame.verb != "access" and not (frame.unknown or frame.condition)
    return frame.except_paths if told else ()


def _only_reads(frame: Frame, reading: Reading) -> bool:
    """``Read-only access to `a/```: what is forbidden is the writing."""
    return frame.verb == "access" and barred.read_only(reading.low)


def _reads(frame: Frame) -> bool:
    secret = "secrets" in frame.objs and frame.verb in ("touch", "touching")
    return "read" in frame.acts or secret


def _permits(frame: Frame) -> bool:
    if frame.verb.endswith("ed") or frame.condition or _OTHERS.match(frame.text):
        return False
    if frame.paths or frame.objs & {"files", "workspace", "code"}:
        return True
    if frame.strange or {"it", "them"} & set(frame.words):
        return False  # "You can run them, inspect them"
    alone = len(frame.words) <= 3 and not frame.unknown and not frame.objs
    return alone and frame.verb not in ("access", "open")


def _refusal(frame: Frame, world: World) -> Draft | None:
    if frame.aside_words[:1] == ("only",):
        return None  # "`MEMORY.md` (only in the main session)": there it may be read
    if _WHOLE & set(frame.words):
        return None  # "never read `x.log` in full": a part of it may be read
    paths = tuple(folder(path) for path in frame.paths)
    if "secrets" in frame.objs:
        paths = (*paths, *world.paths("secret-files"))
    if not paths:
        return None
    if frame.modality is Modality.DENY and (frame.exception or frame.condition):
        return None
    if frame.modality is Modality.DENY and frame.unknown and not frame.paths:
        return None
    asks = frame.modality is Modality.ASK
    says = "waits for a person" if asks else "is refused"
    params = {"approval": frame.approval} if frame.approval else {}
    meaning = f"reading {quoted(paths)} {says}"
    action = Action.ASK if asks else Action.DENY
    return Draft(DENY, action, _READ, meaning, Where(paths=paths), params=params)
