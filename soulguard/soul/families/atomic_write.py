"""The atomic write family: a file appears whole or not at all.

Takes::

    Write to a temp file first, then rename it into place.
    All writes are atomic.
    Never leave half-written files behind.
    A reader must never see a partial report.

Refuses ``atomic commits`` (git) and ``atomic habits``: the thing made whole must be a
file, an output or a write.
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action
from soulguard.soul import literals
from soulguard.soul.describing import describes
from soulguard.soul.drafts import WRITES, Draft, World
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Stems, wording

FAMILY = "atomic-write"

_STEMS = Stems(
    ("atomic", "temp", "tmp", "staging", "scratch", "renam", "to place", "in place",
     "in-place", "partial", "half", "incomplete", "torn", "truncat", "corrupt", "unfinished",
     "whole", "complete", "entire", "full", "finished", "at all", "nothing", "or not",
     "crash", "interrupt", "kill", "abort", "fail", "os.re", "absent")
)  # fmt: skip
_FILE = (
    r"(?:outputs?|files?|artifacts?|reports?|results?|deliverables?|documents?|writes?|"
    r"exports?|json|csv|state|content|data)"
)
_WRITE = r"(?:writ(?:e|es|ing|ten)|sav(?:e|es|ing|ed)|creat(?:e|es|ing|ed)|publish\w*|stor\w+|updat\w+|persist\w*|replac\w+|swap\w*|renam\w+)"
_PARTIAL = r"(?:partial(?:ly)?|half[- ](?:written|finished|done|complete)|incomplete|torn|truncated|corrupt(?:ed)?|unfinished)"

_PATTERNS = (
    wording(rf"\b{_WRITE}\b(?: [\w'/-]+){{0,6}} atomic(?:ally)?\b"),
    wording(rf"\batomic(?:ally)?\b,? (?:{_WRITE}|{_FILE}|file)\b"),
    wording(rf"\b{_FILE}\b (?:is|are|must be|should be|shall be|have to be)\b.*\batomic\b"),
    wording(r"\b(?:temp(?:orary)?|tmp|staging|scratch)\b.*\b(?:file|path|name|copy)\b.*"
               r"\b(?:then|and|before|after)\b.*\b(?:renam|mov|replac|swap)\w*\b"),
    wording(rf"\b{_PARTIAL}\b {_FILE}\b.*\b(?:must|may|should|shall|can|are|is) ?(?:never|not)\b"),
    wording(rf"\b{_FILE}\b.*\b(?:complete|whole|full|finished) or (?:absent|missing|not there|nothing)\b"),
    wording(r"\b(?:temp(?:orary)?|tmp|write)[- ](?:file)?[- ]?(?:then|and|plus)[- ]renam\w*"),
    wording(r"\b(?:temp(?:orary)?|tmp)\b.*\b(?:then|and)\b.*\brenam\w*\b"),
    wording(rf"\b(?:{_WRITE}|{_FILE})\b.*\b(?:temp(?:orary)?|tmp)\b.*\b(?:then|and)\b.*\b(?:mv|swap\w*)\b"),
    wording(r"\brenam\w*\b.*\bfrom (?:an? )?(?:temp(?:orary)?|tmp)\b"),
    wording(rf"\b{NEGATION}\b.*\b{_PARTIAL}\b.*\b{_FILE}\b"),
    wording(rf"\b{NEGATION}\b.*\b{_FILE}\b.*\b{_PARTIAL}\b"),
    wording(rf"\b{_FILE}\b.*\b(?:whole|complete(?:ly)?|entire(?:ly)?) or not at all\b"),
    wording(rf"\ball[- ]or[- ]nothing\b.*\b{_FILE}\b|\b{_FILE}\b.*\ball[- ]or[- ]nothing"),
)  # fmt: skip
_CRASH = wording(
    rf"\b{_PARTIAL} (?:\w+ )?{_FILE}\b.*\b(?:unacceptable|not acceptable|forbidden|banned|not allowed)\b|"
    rf"\b{_FILE}\b.*\b(?:complete|whole|finished)\b.*\bor\b.*\bnot\b.*\bat all\b|"
    rf"\b{NEGATION} (?:half|partially)[- ]written\b|"
    rf"\b(?:whole|entire|full|complete) {_FILE}\b.*\bor (?:nothing|none|not at all)\b|"
    rf"\b{_FILE}\b.*\b(?:fully|completely|entirely|wholly)\b.*\bor not (?:there|at all|present)\b|"
    rf"\bmov\w+\b.*\binto place\b.*\b(?:complete|finished|done|ready|whole)\b|"
    rf"\b{_FILE}\b.*\b(?:in full|fully|as a whole|wholly) or not at all\b|"
    rf"\bonly (?:ever )?(?:see|read|find)\b.*\b(?:complete|whole|full|finished) {_FILE}\b|"
    rf"\bfail\w* {_WRITE}\b.*\bold (?:file|version|one|content)\b|\bos\.(?:replace|rename)\b|"
    rf"\b{_FILE}\b.*\batomically\b|\batomically\b.*\b{_FILE}\b|"
    rf"\b{_FILE}\b.*\b(?:by|via|with an?) (?:atomic )?rename\b|"
    rf"\b(?:crash|interrupt\w*|kill\w*|abort\w*)\b.*\b{NEGATION}\b.*"
    rf"\b(?:{_PARTIAL}|broken|damaged|corrupt\w*)\b|"
    r"\bcrash-?safe\b.*\b(?:temp|rename|write)|\bwrites?\b.*\bcrash-?safe\b|"
    r"\beither the (?:whole|full|entire|complete) (?:file|output|report|thing)\b.*\b(?:nothing|none)\b|"
    rf"\b{NEGATION}\b.*\bin[- ]place\b.*\b(?:copy|temp\w*|swap|rename)\b|"
    r"\brenam\w*\b.*\b(?:temp(?:orary)?|tmp)\b|\bnobody\b.*\b(?:truncated|partial|torn|incomplete)\b"
)
_NOT_FILES = wording(
    r"\batomic (?:notes?|facts?|ideas?)\b|\b(?:commits?|habits?|changes? per|transactions?|swaps?|bombs?)\b"
)


_THOUGHT = wording(r"\b(?:infer|conclude|trust|rely|judge|guess|assume)\w*\b")


def _adds_up(low: str) -> bool:
    """Whether a file must not be seen half written, in whatever order it is said."""
    return bool(
        wording(rf"\b{_PARTIAL}\b").search(low)
        and wording(rf"\b{NEGATION}\b").search(low)
        and wording(r"\b(?:files?|outputs?|writes?|reports?|artifacts?)\b").search(low)
    )


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the atomic-write rule of a sentence."""
    low = reading.said
    if not _STEMS.within(low) or describes(reading):
        return
    if not any(p.search(low) for p in (*_PATTERNS, _CRASH)) and not _adds_up(low):
        return
    if _THOUGHT.search(low):
        return  # "don't infer it from a truncated result"
    if _NOT_FILES.search(low) and not wording(r"\bfiles?\b|\boutputs?\b").search(low):
        return
    found = literals.paths(reading.plain)
    found = tuple(p for p in found if not wording(r"(?:\A|[./_-])te?mp\b").search(p))
    place = ", ".join(f"`{p}`" for p in found) or "every output under this folder"
    meaning = f"{place}: appears whole or not at all"
    yield Draft(FAMILY, Action.ATOMIC, WRITES, meaning, world.outputs(found))
