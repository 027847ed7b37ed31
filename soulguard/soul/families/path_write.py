"""Writing to places: deny, ask, or an allow-list.

Takes::

    Never touch `openclaw.json` unless explicitly asked.       ask
    You never write `approved/`.                               deny
    Do NOT edit application source code.                       deny, class source-code
    Never write outside `out/`.                                everything else denied
    Only write to `reports/` and `/tmp/`.                      everything else denied
    `data/` is read-only.                                      deny

Refuses what forbids certain *words* in a file (``never write TODOs in SOUL.md``): there the
place is not the point.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from soulguard.model import Action, Where
from soulguard.soul import barred, breadth
from soulguard.soul.drafts import OUTPUTS, Draft, World, quoted
from soulguard.soul.families import append_only, notify, write_once
from soulguard.soul.frames import Frame
from soulguard.soul.literals import Kind, glob
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.wording import wording

FAMILY = "path-write-deny"
ALLOW_LIST = "path-write-allow"

_WRITING = frozenset(("write", "overwrite", "create", "append", "move"))
_CLASSES = {
    "code": "source-code", "config": "config-files", "system-config": "system-config",
    "identity-files": "identity-files", "memory-files": "memory-files", "logs": "log-files",
}  # fmt: skip
_KINDS = {"csv": "csv-files", "excel": "excel-files", "json": "json-files"}
_LISTED = wording(
    r"\b(?:allowed|permitted|writable) (?:write |output )?(?:paths?|folders?|director(?:y|ies)|"
    r"locations?)\b(?!.*\binclude)|"
    r"\bkeep (?:all |every |your )*(?:file )?(?:writes?|edits?|changes|outputs?)\b.*\b(?:inside|within)\b|"
    r"\b(?:restrict|limit|confine)\w* (?:\w+ ){0,2}(?:writ\w+|outputs?|edits?|changes|files)\b.*\bto\b"
)
_ELSE = wording(
    r"\b(?:writes?|outputs?|files?)\b.*\b(?:go|goes|stay|stays|lands?)\b.*\b(?:nothing|nowhere) else\b"
)
_ABLE = re.compile(
    r"(?:\w+ ){1,4}(?:cannot|can't|can not) (?:change|override|alter) (?:this|that|these|them|it)\b"
)
"""``External prompts cannot change this``: what others are able to do."""
_ACCESS = wording(
    r"\b(?:file|files|write|filesystem|disk|folder) access (?:is|to|must)\b"
)
_STAYS = wording(r"\b(?:stay|remain|keep) (?:inside|within|in)\b")
_WORKS = re.compile(
    r"(?:you |i )?(?:must |should |may )?(?:only )?(?:work|operate|act)(?: only| exclusively)? (?:in|inside|within)\b"
)
_LEAVES = re.compile(
    r"(?:you |i )?(?:must |should |may )?(?:never|do not|don't|not|cannot) (?:ever )?(?:leave|exit)\b"
)
_TWICE = wording(r"\b(?:twice|two times|more than once|a second time|multiple times)\b")
_THIS = wording(
    r"\bthis (?:file|document|charter|constitution|rulebook)\b|\bthese (?:rules|instructions)\b"
)
_ROOT = wording(
    r"\b(?:root (?:directory|folder)|(?:project|repo|repository|workspace) root)\b"
)
_ANY = frozenset(("file", "files", "disk", "filesystem", "existing files"))
_REFUSED = (Action.DENY, "is refused")
_CONTENT = frozenset(("secrets",))


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the write rules of a sentence."""
    if append_only.takes(reading) or notify.takes(reading):
        return  # appending stays allowed, and so does what is told
    done: set[tuple[str, ...]] = set()
    for frame in reading.frames:
        if _purpose(frame, reading):
            continue
        if _TWICE.search(reading.low) or _keeps_folder(frame, reading):
            continue  # how often a file is written is the write-once family's business
        draft = _draft(frame, world, reading)
        if draft and draft.where.paths + draft.where.except_paths not in done:
            done.add(draft.where.paths + draft.where.except_paths)
            yield draft


def _is_content(frame: Frame) -> bool:
    """``Never write secrets to `a```; ``edits to `a` or secrets`` name one more place."""
    last = frame.literals[-1].text.lower() if frame.paths else ""
    listed = last and re.search(
        rf"{re.escape(last)}(?:,| ,| or| and) ", frame.text.lower()
    )
    return bool(frame.objs & _CONTENT) and not listed


def _draft(frame: Frame, world: World, reading: Reading) -> Draft | None:
    if _spares_asking(frame) or confines(frame, reading):
        return _allow_list(_inside(frame), world, frame)
    if frame.counter or _is_content(frame) or _ABLE.match(reading.low):
        return None
    if _barred(frame, reading):
        return _refusal(frame, frame.paths or _aside(frame), Action.DENY)
    if frame.modality not in (Modality.DENY, Modality.ASK):
        return None
    if frame.modality is Modality.DENY and (not _plainly(frame) or _of_these(frame)):
        return None
    paths = _places(frame, world, reading) if _writes(frame) else ()
    if reading.low.endswith(":") and not frame.paths:
        return None  # "Never write to memory:" and what, in the list below
    if not paths:
        return _everywhere(frame, world) if _anywhere(frame) else None
    action = Action.ASK if frame.modality is Modality.ASK else Action.DENY
    return _refusal(frame, paths, action)


def _purpose(frame: Frame, reading: Reading) -> bool:
    """``Never use `sed` to edit code``: what it is not to be used for, and no ban of it."""
    at = reading.frames.index(frame)
    before = reading.frames[at - 1] if at else frame
    ran = before.verb in ("use", "using", "run", "running") and before.literals
    one = at > 0 and before.text == frame.text
    return bool(ran) and one and f" to {frame.verb}" in frame.text


def _spares_asking(frame: Frame) -> bool:
    """``Only edit `a/` without asking``: elsewhere it is asked for."""
    bound = frame.counter and frame.only and not frame.condition
    return bound and bool(frame.paths and frame.acts & _WRITING)


def _keeps_folder(frame: Frame, reading: Reading) -> bool:
    """``Never overwrite anything in `out/` ``: new files may be written there."""
    folders = all(folder(path) != path or path.endswith("/") for path in frame.paths)
    return frame.acts == {"overwrite"} and folders and write_once.keeps(reading)


def _barred(frame: Frame, reading: Reading) -> bool:
    """Whether no verb forbids it, and a word for what its place is does."""
    if not (frame.paths or (_aside(frame) and not frame.aside_words)):
        return False
    if barred.read_only(reading.low) and not frame.acts - {"read"}:
        return frame.modality is not Modality.ONLY
    if _left_alone(frame, reading):
        return True
    if frame.modality not in (Modality.NONE, Modality.DENY):
        return False
    off = barred.off_limits(reading.low) and not frame.acts
    return off or barred.hands_off(reading.low)


def _left_alone(frame: Frame, reading: Reading) -> bool:
    """``Leave `a.md` alone``: no word forbids, and yet it is forbidden."""
    wished = frame.modality in (Modality.NONE, Modality.MUST, Modality.DENY)
    return (
        wished
        and not frame.outside
        and not frame.exception
        and bool(frame.paths or _aside(frame))
        and barred.alone(reading.low)
    )


def _plainly(frame: Frame) -> bool:
    if frame.paths and frame.verb.startswith("hand-edit"):
        return not (frame.exception or frame.condition)  # "Cargo.toml versions"
    spare = [
        w
        for w in frame.unknown
        if w not in _KINDS and w not in ("storage", "sub-repos")
    ]
    return not (spare or frame.exception or frame.condition or frame.numbers)


def _of_these(frame: Frame) -> bool:
    """``Never write those to `a.md```: other things may be written there.

    ``Never write application code via exec``: by other ways it may be.
    """
    pairs = itertools.pairwise(frame.words)
    these = any(a == frame.verb and b in ("those", "these", "them") for a, b in pairs)
    manner = not frame.paths and "via" in frame.words
    plain = frame.objs <= {"files", "workspace"} and not frame.paths
    manner = manner or (plain and "directly" in frame.words)
    return manner or (these and "to" in frame.words)


def _writes(frame: Frame) -> bool:
    if frame.acts & _WRITING:
        return True
    if "run" in frame.acts and frame.verb in ("use", "using") and _kinds(frame):
        return True
    # "Security setting changes" under an ask header: no verb, but a place
    return not (frame.acts or frame.unknown) and frame.modality is Modality.ASK


def confines(frame: Frame, reading: Reading) -> bool:
    """Whether it says where writing may happen and nowhere else."""
    if frame.counter or _is_content(frame) or _ABLE.match(reading.low):
        return False
    return _confines(frame, reading)


def _confines(frame: Frame, reading: Reading) -> bool:
    if _listed(frame, reading) or _all_but(frame, reading):
        return True
    if frame.modality is Modality.ONLY and _WORKS.match(reading.low):
        return bool(_inside(frame)) and not frame.unknown
    if frame.modality is Modality.ONLY and not frame.acts and not frame.unknown:
        output = bool(frame.paths) and "outputs" in frame.objs
        return output or _STAYS.search(reading.low)
    if frame.verb == "access" and _ACCESS.search(reading.low):
        return frame.modality is Modality.ONLY and bool(_inside(frame))
    if frame.acts == {"append"}:
        return False
    if frame.modality is Modality.DENY and _LEAVES.match(frame.text):
        return "workspace" in frame.objs and frame.firm
    if not frame.acts & (_WRITING | {"read"}):
        return False
    hard = frame.modality in (Modality.DENY, Modality.ASK)
    if hard and frame.outside and frame.paths:
        return False  # "never write to `db/` except `db/cache/`" speaks of `db/` alone
    if hard and frame.outside:
        return bool(frame.acts & _WRITING) or frame.verb == "access"
    # "inherited" placement under an "only" header is not exclusive: harness files differ
    named = frame.paths or "workspace" in frame.objs
    return bool(
        frame.modality is Modality.ONLY
        and named
        and frame.acts & _WRITING
        and not (frame.unknown or frame.condition)
    )


def _listed(frame: Frame, reading: Reading) -> bool:
    """``Writable folders: `a/` ``, ``files go to `a/`, nowhere else``."""
    said = _LISTED.search(frame.text) or _ELSE.search(reading.low)
    return bool(frame.paths) and bool(said)


def _all_but(frame: Frame, reading: Reading) -> bool:
    """``Write in `a/`, everything else is read-only``: what stands before is left out."""
    said = barred.before_rest(reading.low)
    named = [x.text.lower() for x in frame.literals if x.kind is Kind.PATH]
    written = not frame.acts or bool(frame.acts & _WRITING)
    free = frame.modality is not Modality.ASK and not frame.outside
    return bool(named) and written and free and all(name in said for name in named)


def _inside(frame: Frame) -> tuple[str, ...]:
    found = frame.except_paths if frame.outside else frame.paths
    objs = frame.except_objs if frame.outside else frame.objs
    return found or (("**",) if "workspace" in objs else ())


def _allow_list(inside: tuple[str, ...], world: World, frame: Frame) -> Draft | None:
    if not inside:
        return None
    if "memory-files" in frame.objs | frame.except_objs:
        inside = (*inside, *world.paths("memory-files"))
    scratch = world.paths("scratch")
    where = Where(paths=("/**",), except_paths=(*(folder(p) for p in inside), *scratch))
    params = {"allow_list": True, "scratch": list(scratch)}
    place = "this folder" if inside == ("**",) else quoted(inside)
    asks = frame.modality is not Modality.DENY and bool(frame.approval)
    action, done = (Action.ASK, "waits for a person") if asks else _REFUSED
    meaning = f"writing anywhere but {place} and scratch places {done}"
    return Draft(ALLOW_LIST, action, OUTPUTS, meaning, where, params=params)


def folder(path: str) -> str:
    """A name without an extension may be a folder: take it and all below it."""
    last = path.rstrip("/").rpartition("/")[2]
    named = "." in last[1:] or "*" in last  # ".ssh" may be a folder, ".env" a file
    return path if path.endswith("/") or named else path + "/**"


def _anywhere(frame: Frame) -> bool:
    """``Don't edit files without asking``: any file at all, not only a new version."""
    pairs = itertools.pairwise(frame.words)
    pointed = bool({"that", "those", "these", "else", "other"} & set(frame.words))
    pointed = (
        pointed or ("the", "file") in pairs
    )  # "add a line, don't rewrite the file"
    if (
        frame.unknown
        or "overwrite" in frame.acts
        or frame.outside
        or frame.numbers
        or pointed
    ):
        return False
    if frame.modality is Modality.DENY and breadth.narrowed(frame):
        return False
    return bool(_ANY & set(frame.words)) and bool(frame.acts & {"write", "create"})


def _everywhere(frame: Frame, world: World) -> Draft:
    asks = frame.modality is Modality.ASK
    says = "waits for a person" if asks else "is refused"
    action = Action.ASK if asks else Action.DENY
    params = {"approval": frame.approval} if frame.approval else {}
    meaning = f"writing any file here {says}"
    return Draft(FAMILY, action, OUTPUTS, meaning, world.outputs(), params=params)


def _refusal(frame: Frame, paths: tuple[str, ...], action: Action) -> Draft:
    says = "waits for a person" if action is Action.ASK else "is refused"
    params = {"approval": frame.approval} if frame.approval else {}
    left = frame.except_paths or (_aside(frame) if _spared(frame) else ())
    left = tuple(dict.fromkeys((*left, *_below(paths, left))))
    where = Where(paths=tuple(folder(p) for p in paths), except_paths=left)
    but = f" but {quoted(left)}" if left else ""
    meaning = f"writing {quoted(paths)}{but} {says}"
    return Draft(FAMILY, action, OUTPUTS, meaning, where, params=params)


def _below(paths: tuple[str, ...], left: tuple[str, ...]) -> Iterator[str]:
    """``Never edit `logs/` except `a.txt```: a bare name stands in the folder named."""
    for path in (p for p in paths if p.endswith("/")):
        yield from (path + name for name in left if "/" not in name)


def _spared(frame: Frame) -> bool:
    """``Rewrite memories (only your own `memory/`)``: what the parentheses leave."""
    return bool({"only", "except", "but"} & set(frame.aside_words[:1]))


def _places(frame: Frame, world: World, reading: Reading) -> tuple[str, ...]:
    if not frame.paths and (_THIS.search(frame.text) or _changes_alone(frame)):
        return (reading.clause.span.file,)
    if not frame.paths and frame.acts & {"create"} and _ROOT.search(frame.text):
        return ("*",)
    found = list(frame.paths)
    if frame.objs & {"identity-files", "config"}:
        found += [p for p in _aside(frame) if p not in found]
    for name, kind in _CLASSES.items():
        if name == "config" and "service" in frame.objs and not frame.paths:
            continue  # "Stripe settings" are kept by Stripe
        if name in frame.objs and not (
            frame.paths and name in ("logs", "config", "code")
        ):
            found += world.paths(kind)
    for word, kind in _KINDS.items():
        if word in frame.unknown:
            found += world.paths(kind)
    return tuple(dict.fromkeys(found))


def _changes_alone(frame: Frame) -> bool:
    """``Changes require approval``: of what is written here."""
    lone = len(frame.words) == 1 and not (frame.objs or frame.literals)
    asks = frame.modality is Modality.ASK and not frame.inherited
    return asks and lone and frame.verb in ("changes", "edits", "modifications")


def _aside(frame: Frame) -> tuple[str, ...]:
    return tuple(glob(x.text) for x in frame.aside_literals if x.kind is Kind.PATH)


def _kinds(frame: Frame) -> bool:
    return any(word in frame.unknown for word in _KINDS)
