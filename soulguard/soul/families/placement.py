"""Placement: where something is to be put. A permission, no allow-list.

Takes::

    Save reports to `workspace/ops/`.
    Keep resume context in `agent/MEMORY.md`.
    `/opt/workflows` is yours to edit.
    Log all activity in `MEMORY.md`.                           family logging

What a sentence places is allowed there; nothing else is refused because of it. Being
exclusive needs a word that says so (``only``, ``never outside``): see path_write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, Where
from soulguard.soul import literals
from soulguard.soul.drafts import WRITES, Draft, World, quoted
from soulguard.soul.families import path_write
from soulguard.soul.frames import Frame
from soulguard.soul.literals import Kind
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.wording import wording

FAMILY = "path-write-allow"
LOGGING = "logging"

_PUTTING = frozenset(("create", "write", "append"))
_SPEAKS = frozenset((Modality.NONE, Modality.ALLOW, Modality.MUST, Modality.ONLY))
_BASE = (
    "save", "write", "put", "store", "promote", "move", "archive", "file", "capture", "distill", "collect", "sync", "copy", "record", "keep", "place", "output", "create", "append", "update",
    "dump", "export", "save to", "write to", "append to", "write out", "add to", "edit",
    "generate", "produce",
)  # fmt: skip
_GOES = re.compile(
    r"(?:go(?:es)?|lands?|lives?|belongs?|saved|written|stored|kept|placed|put)\b"
)
_SKIPPED = (
    "also",
    "always",
    "then",
    "just",
    "all",
    "every",
    "the",
    "each",
    "your",
    "i",
    "we",
    "you",
    "my",
    "new",
)
_VIA = wording(
    r"\b(?:happens?|arrives?|enters?|comes? in|pass(?:es)?|flows?|travels?|go(?:es)?|runs?|"
    r"handed|exchanged|delivered)\b.*\b(?:via|through|in|into|to)\b"
)
_SENT = re.compile(
    r"\A(?:(?!that |which )[\w-]+ ){1,4}(?:go|goes|lands?|belongs?|ends? up) (?:in|into|to|under) (?:`|[\w./~-]+/[\w./-]+\.\w)"
)
_COLUMN = wording(
    r"\b(?:where|locations?|paths?|folders?|director(?:y|ies)|destinations?|saved? (?:to|in)|"
    r"goes (?:to|in)|stored (?:in|at)|place)\b"
)
_ACTORS = re.compile(
    r"\W*(?:agents?|names?|bots?|workers?|roles?|components?|packages?|modules?|services?|"
    r"projects?|documents?|docs?|skills?|tools?|scripts?|features?|issues?|bugs?)\b"
)
"""First columns of tables that describe what there is, and place nothing."""
_WRONG = wording(r"\b(?:wrong|not|never|forbidden|incorrect|old|avoid|bad)\b")
_ASKS = wording(r"\b(?:ask|approval|confirm|permission|read-only|never|not)\b")
_KEPT = wording(r"\b(?:read[- ]only|do not|don't|never|reference only|generated)\b")
_SIZED = wording(
    r"\b(?:under|below|at most|max\w*|over|limit\w*|smaller than|no more than) (?:\d+ ?[-\u2013] ?)?\d+\s?[kmg]?i?b(?:ytes?)?\b"
)
_PLACE = re.compile(r"\A[~/.*]|/\Z|\.[a-zA-Z]{1,5}\Z|\*")
"""What only a path looks like; ``vendor/model-1.5`` may be another name."""
_LABEL = re.compile(
    r"(?:\w+ ){0,2}(?:outputs?|results?|reports?|notes?|drafts?|summar(?:y|ies)|exports?|"
    r"deliverables?|artifacts?|handoffs?|memory|memories|long-term|short-term|journals?|logs?|plans?|specs?|"
    r"save(?:d)?(?: \w+)? (?:to|in|as)|write(?: \w+)? to|stored? in|output to)(?: (?:director(?:y|ies)|folders?|paths?|files?|dir))?\s?"
    r"(?::|->|\u2192)\s?`"
)
_KINDS = (
    r"(?:outputs?|results?|reports?|notes?|drafts?|summar(?:y|ies)|exports?|screenshots?|downloads?|"
    r"artifacts?|logs?|plans?|backups?|images?|scratch|temp|tmp|temporary|stuff|files?|deliverables?)"
)
_ARROW = re.compile(
    rf"(?i:(?:[\w-]+ ){{0,2}}{_KINDS}(?: stuff| files?| things)?)\s?(?:->|=>|\u2192)\s?`(?P<path>[^`]+)`"
)
_LANDS = re.compile(
    rf"(?i:(?:\w+ ){{0,2}}{_KINDS} (?:go|goes|lands?|belongs?|(?:is|are) (?:saved|stored|written|put)) "
    r"(?:in|into|to|under)) `(?P<path>[\w-]+)`(?=\W*\Z|[.,;])"
)
_NOUNS = frozenset(
    ("change", "changes", "edits", "updates", "modifications", "modification", "patch")
)
"""``Any change to `a.json` must be checked``: what is done, and no wish for it."""
_RECORDS = wording(
    r"\b(?:state changes?|decisions?|lessons?|learnings?|summar(?:y|ies)|events?|(?:every|each) "
    r"\w+ (?:update|change|write))\b"
)
_HARD = (Modality.DENY, Modality.ASK, Modality.ONLY)
_OUTPUTS = wording(
    r"\b(?:what|files) (?:i|you|the agent) (?:output|write|produce|create)|\boutputs?\s*\Z|"
    r"\b(?:output|generated|produced) (?:files|artifacts)\b|\b(?:deliverables|artifacts)\s*\Z"
)
_PREPOSITIONS = (
    " to ",
    " in ",
    " into ",
    " inside ",
    " under ",
    " at ",
    " goes ",
    " lands ",
    " yours ",
    " as ",
)


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the placement of a sentence."""
    if paths := _in_column(reading):
        meaning = f"writing {quoted(paths)} is allowed; nothing is refused"
        yield Draft(FAMILY, Action.ALLOW, WRITES, meaning, Where(paths=paths))
        return
    if paths := _pointed(reading):
        meaning = f"writing {quoted(paths)} is allowed; nothing is refused"
        yield Draft(FAMILY, Action.ALLOW, WRITES, meaning, Where(paths=paths))
        return
    if any(path_write.confines(frame, reading) for frame in reading.frames):
        return  # an allow-list says it already
    if _SIZED.search(reading.low):
        return  # "Keep `a.md` under 8 KB" says how large, not where
    for frame in reading.frames:
        family = _family(frame, reading)
        if family:
            paths = _place(frame)
            where = Where(paths=paths)
            meaning = f"writing {quoted(paths)} is allowed; nothing is refused"
            yield Draft(family, Action.ALLOW, WRITES, meaning, where)
            return


def _pointed(reading: Reading) -> tuple[str, ...]:
    """``Scratch stuff -> `/tmp/x` ``, ``output goes in `out` ``: a kind of file, a place."""
    if any(frame.modality in _HARD for frame in reading.frames):
        return ()
    arrow, lands = _ARROW.match(reading.plain), _LANDS.match(reading.plain)
    if arrow and literals.kind_of(arrow["path"]) is Kind.PATH:
        return (literals.glob(arrow["path"]),)
    return (f"{lands['path']}/",) if lands else ()


def _in_column(reading: Reading) -> tuple[str, ...]:
    """The places in a table's column that says where things go."""
    clause = reading.clause
    if clause.kind != "table" or not clause.head or clause.cells == clause.head:
        return ()
    if reading.above is Modality.DENY or any(map(_refuses, reading.frames)):
        return ()
    if _ACTORS.match(clause.head[0].lower()):
        return ()  # where somebody works, where a part of the product is
    found: tuple[str, ...] = ()
    for head, cell in zip(clause.head, clause.cells, strict=False):
        name = head.lower()
        if _COLUMN.search(name) and not _WRONG.search(name):
            found += literals.paths(cell)
    return found


def _refuses(frame: Frame) -> bool:
    """Whether a row of a table asks or forbids: then it is no mere placement."""
    hard = (Modality.DENY, Modality.ASK)
    return frame.modality in hard or bool(_ASKS.search(frame.aside))


def _place(frame: Frame) -> tuple[str, ...]:
    """The paths it names; under an allow header the workspace is a place as well."""
    if frame.paths:
        return frame.paths
    allowed = frame.modality is Modality.ALLOW and frame.inherited
    changes = frame.acts & {"write", "create", "delete"}
    named = "workspace" in frame.objs and "right" not in frame.unknown
    here = named or "any project file" in frame.words
    if named and "outputs" in frame.objs and _GOES.match(frame.verb):
        return ("**",)  # "All output goes inside the project directory"
    return ("**",) if allowed and changes and here else ()


def _family(frame: Frame, reading: Reading) -> str:
    if not _speaks(frame) or not _place(frame) or _tells(frame, reading):
        return ""
    if "log" in frame.acts:
        lead = frame.words[:1] == (frame.verb,) or frame.modality is Modality.MUST
        told = not frame.verb.startswith(("document", "audit"))
        return LOGGING if lead and told else ""
    if not frame.acts and frame.inherited and frame.modality is Modality.ALLOW:
        return FAMILY if all(map(_PLACE.search, frame.paths)) else ""
    if frame is reading.frames[0] and _put_out(reading):
        return FAMILY
    if _labelled(frame, reading) or _passes_through(frame, reading):
        return FAMILY
    folder = any(path.endswith("/") for path in frame.paths)
    if frame.verb == "use" and " for " in reading.low and folder:
        return FAMILY
    if not frame.acts & _PUTTING:
        return ""
    if frame.modality is Modality.ALLOW or "yours to" in reading.low:
        return FAMILY
    if _RECORDS.search(reading.low) and frame.acts & {"write", "append"}:
        return LOGGING
    return FAMILY if _edits(frame, reading) or _puts(frame, reading) else ""


def _put_out(reading: Reading) -> bool:
    """An item that begins with its file, under a heading of what is put out."""
    above = (*reading.clause.leads[-1:], *reading.clause.headings[-1:])
    listed = reading.clause.kind == "list" and reading.plain.startswith("`")
    free = not any(f.modality in _HARD for f in reading.frames)
    return listed and free and any(_OUTPUTS.search(text.lower()) for text in above)


def _tells(frame: Frame, reading: Reading) -> bool:
    """``This creates the tables of `a.yml```: it says what happens.

    And what is not to be changed is not placed (``Plan: `a.md` (do not modify)``).
    """
    if _KEPT.search(frame.aside):
        return True
    return reading.low.startswith("this ") and frame.verb.endswith("s")


def _edits(frame: Frame, reading: Reading) -> bool:
    """``When a rule changes -> edit `rules.md```: a verb and its file, no more."""
    named = [x.text.lower() for x in frame.literals[:1]]
    first = list(frame.words[:2]) == [frame.verb, *named]
    return first and frame.verb in _BASE and frame is not reading.frames[0]


def _puts(frame: Frame, reading: Reading) -> bool:
    """Whether it says what goes where."""
    said = f" {reading.low} "
    wished = frame.modality in (Modality.MUST, Modality.ONLY)
    wished = wished and frame.verb not in _NOUNS
    return any(p in said for p in _PREPOSITIONS) and (wished or _told(frame))


def _speaks(frame: Frame) -> bool:
    if frame.modality not in _SPEAKS or frame.counter:
        return False
    return not (frame.condition and frame.modality is Modality.NONE)


def _labelled(frame: Frame, reading: Reading) -> bool:
    """``Reports: `out/` `` or ``Notes go in `notes/```: a kind of output and its place."""
    free = frame.modality in (Modality.NONE, Modality.ALLOW, Modality.MUST)
    if free and _SENT.search(reading.low):
        return True  # "Daily notes go in `notes/`"
    lone = len(frame.words) == len(frame.literals) == len(frame.paths)
    return free and lone and bool(_LABEL.match(reading.low))


def _passes_through(frame: Frame, reading: Reading) -> bool:
    """``Work arrives through `inbox/```: a folder is where something goes."""
    folder = any(path.endswith("/") for path in frame.paths)
    narrowed = frame.modality is Modality.ONLY
    return folder and not narrowed and _VIA.search(reading.low)


def _told(frame: Frame) -> bool:
    """Whether it tells the agent to, or says where a kind of thing goes."""
    words = [w for w in frame.words if w not in _SKIPPED]
    if not words:
        return False
    return words[0] in _BASE or any(map(_GOES.match, (frame.verb, *words[1:4])))
