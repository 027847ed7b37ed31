"""The idempotency family: an output is written at most once per run.

Takes::

    Before creating any output, check if it already exists for this run_id.
    Never write twice to the same output path in a single run.
    Never overwrite existing files - create new versions.
    Every output path is written once per run.
    Do not create the same file twice.
    Never write twice to the same output path, except `state/`.
    `state/` may be updated as often as needed.

Refuses sentences that only praise the idea (``Be idempotent in spirit``) and those whose
"twice" or "again" is about anything but a file (``never ask twice``).

Two strengths: ``once per run`` (an output of *this* run is not written again) and, where
the sentence speaks of existing or previous files, ``params.existing = "keep"`` (whatever
stands there already is not overwritten, whoever wrote it). What is excepted, or may be
rewritten, is left out of "every output" and is still written whole; an exception that
names nothing makes no rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from soulguard.model import Action, Where
from soulguard.soul import literals
from soulguard.soul.describing import describes
from soulguard.soul.drafts import OUTPUTS, WRITES, Draft, World, quoted
from soulguard.soul.families import append_only
from soulguard.soul.follow import REWRITABLE, inline
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Stems, wording

FAMILY = "write-once"

_STEMS = Stems(
    ("twice", "times", "once", "again", "second", "repeat", "over", "never two", "duplicat",
     "double", "re-", "regenerat", "recreat", "exist", "already", "clobber", "idempot",
     "replac", "version", "revision", "new", "fresh", "next", "immutable", "final", "frozen",
     "sealed", "been", "stay", "remain", "kept", "left", "there", "one time", "single",
     "finished", "completed", "published", "two ", "or two", "per ", "rewrit", "update",
     "changed")
)  # fmt: skip
_WRITE = (
    r"(?:(?:re-?)?(?:writ(?:e|es|ing|ten)|creat(?:e|es|ing|ed)|generat(?:e|es|ing|ed))|overwrit(?:e|ing)|"
    r"produc(?:e|es|ing|ed)|sav(?:e|es|ing|ed)|emit(?:s|ting|ted)?|render(?:s|ing|ed)?|"
    r"issu(?:e|es|ing|ed)|fil(?:ed|ing)|export(?:s|ing|ed)?|publish(?:es|ing|ed)?|output(?:s|ting)?|stor(?:e|es|ing|ed))"
)
_OUTPUT = (
    r"(?:outputs?|files?|paths?|artifacts?|artefacts?|reports?|results?|deliverables?|"
    r"documents?|exports?|renders?|records?|invoices?|summar(?:y|ies)|destinations?|"
    r"targets?|locations?|snapshots?|videos?|images?|pdfs?|anything)"
)
_TWICE = (
    r"(?:twice|two times|more than once|more than one time|again|a second time|"
    r"multiple times|repeatedly|over and over|never two)"
)
_ONCE = r"(?:exactly once|at most once|only once|no more than once|once(?! (?!per|in|for|a|during|each)))"
_MADE = r"(?:created|written|produced|generated|saved|rendered|exported|made)"
_EXISTS = (
    rf"(?:exists?|existed|there already|(?:been |were |was )?(?:already )?{_MADE})"
)
_THERE = (
    rf"(?:already {_EXISTS}|(?:it|they|one|{_OUTPUT})(?: \w+)? (?:does not |doesn't |do not |don't )?"
    rf"(?:already )?{_EXISTS})"
)
_OVERWRITE = r"(?:overwrit(?:e|es|ing|ten)|clobber(?:s|ing|ed)?|(?:sav|writ|copy)(?:e|ing|es)? over|replac(?:e|es|ing)(?: an?| the)? existing)"
_EARLIER = rf"(?:existing|previous(?:ly)?|prior|earlier|old|past|already (?:{_EXISTS}|in|on|at|present))"

_RUN = (
    wording(rf"\b{NEGATION}\b.*\b{_WRITE}\b.*\b{_TWICE}\b"),
    wording(rf"\b{NEGATION}\b.*\bduplicates? (?:an? |any |the )?{_OUTPUT}\b"),
    wording(rf"\b(?:no|never create|avoid) duplicate {_OUTPUT}\b"),
    wording(rf"\b{_OUTPUT}\b.*\b{_WRITE}\b.*\b{_ONCE}\b"),
    wording(rf"\b{_WRITE}\b.*\b{_OUTPUT}\b.*\b{_ONCE}\b"),
    wording(rf"\b{_WRITE} (?:each|every)\b.*\b{_ONCE}\b"),
    wording(rf"\b{NEGATION}\b.*\b{_WRITE}\b (?:two|2|multiple) {_OUTPUT}\b.*\b(?:for|per) (?:the same|one|an?|each)\b"),
    wording(rf"\bonce (?:an? |the )?{_OUTPUT}\b.*\b{_MADE}\b.*\b(?:final|immutable|frozen)\b"),
    wording(rf"\b(?:one|single|1) (?:write|output|file) per (?:\w+ )?{_OUTPUT}\b"),
    wording(rf"\b{_OUTPUT}\b (?:is|are|must be|stay) (?:immutable|write-once|final)\b"),
    wording(rf"\bbefore\b.*\b{_WRITE}\b.*\b(?:check|verify|make sure|confirm|ensure|"
               rf"see|look)\b.*\b{_THERE}\b"),
    wording(rf"\b(?:check|verify|make sure|confirm|ensure|look)\b.*\b{_THERE}\b.*"
               rf"\b(?:before|prior to)\b.*\b{_WRITE}\b"),
    wording(rf"\bcheck for (?:an? |any )?(?:existing|previous|earlier) {_OUTPUT}\b.*\bbefore\b"),
    wording(r"\b(?:second|duplicate|repeated?) (?:writes?|outputs?|files?)\b.*\b(?:path|"
               r"file|output|error|refused|forbidden|run)\b"),
    wording(rf"\b{_WRITE}\b.*\b(?:fresh|unique|new) (?:paths?|files?|filenames?) only\b"),
    wording(rf"\b{NEGATION}\b.*\b{_WRITE}\b.*\b{_OUTPUT}\b.*\b(?:that|which|if|when)\b(?:(?!n't|\bnot\b).)*"
               rf"\b(?:already )?{_EXISTS}\b"),
    wording(rf"\b(?:if|when)\b.*\b{_OUTPUT}\b.*\balready {_EXISTS}\b.*\b(?:skip|stop|"
               rf"do not|don't|leave|keep|reuse|never|return)\b"),
    wording(rf"\bskip\b.*\b{_OUTPUT}\b.*\balready {_EXISTS}\b"),
)  # fmt: skip
_YET = wording(
    rf"\b(?:check|make sure|verify|ensure|confirm)\b.*\b{_OUTPUT}\b.*"
    rf"\b(?:not|n't) (?:been )?(?:already )?{_MADE}\b.*\bbefore\b.*\b{_WRITE}\b|"
    rf"\b(?:check|see|look|verify)\b.*\bexists? before {_WRITE}\b|"
    rf"\b{_EARLIER} {_OUTPUT}\b.*\b(?:(?:stays?|remains?)(?! (?:with|in(?! place)|at|on)\b)|(?:is|are) (?:kept|left))\b|"
    rf"\b(?:check|see|look|verify|make sure)\b.*\b{_OUTPUT}\b.*\b(?:not|n't) (?:already )?(?:there|present)\b.*\bbefore\b.*\b{_WRITE}\b|"
    rf"\bonce {_MADE}\b.*\b{NEGATION} (?:be )?(?:chang\w+|written|touched|modified)\b|"
    rf"\b{_MADE},? never (?:replaced|overwritten|rewritten|changed)\b|"
    rf"\bbefore\b.*\b{_WRITE}\b.*\b(?:not|n't) (?:already )?been (?:already )?{_MADE}\b|"
    rf"\b{_OUTPUT}\b.*\b(?:final|immutable|frozen|sealed)\b.*\b(?:once|after)\b.*\b{_WRITE}\b|"
    rf"\bonly {_WRITE}\b.*\bif\b.*\b(?:not|n't) (?:already )?exist\b|"
    rf"\b(?:one|single) {_OUTPUT} per\b.*\b(?:never|not) (?:two|more)\b"
)
_PRAISE = wording(
    r"\b(?:enforce|ensure|guarantee|maintain|preserve)s? idempoten(?:cy|ce)\b|"
    r"\b(?:writes?|outputs?|runs?|operations?|effects?|actions?|tasks?|jobs?) (?:must|should|"
    r"shall|have to) be idempotent\b|\bidempotent (?:writes|outputs|runs) only\b"
)
_KEEP = (
    wording(rf"\b{NEGATION}\b.*\b{_OVERWRITE}\b.*\b(?:{_OUTPUT}|{_EARLIER}|them|"
               r"anything|work|content)\b"),
    wording(rf"\b{NEGATION}\b.*\b(?!overwritten){_OVERWRITE}(?=[,.;:!]|\s*\Z| [-\u2014\u2013])"),
    wording(rf"(?:\b{_OUTPUT}\b|\x60).*\b{NEGATION} (?:be |get |ever )*overwritten(?=[,.;:!]|\s*\Z| [-\u2014\u2013])"),
    wording(rf"\b(?:instead of|rather than|not|without|over)\b \b{_OVERWRITE}\b"),
    wording(rf"\b(?:new|fresh|next) (?:version|revision|path|file)s?\b.*\b(?:instead "
               rf"of|rather than|never)\b.*\b{_WRITE}\b"),
    wording(r"\b(?:every|each|any)\b.*\b(?:goes|saved?|written|writes?)\b.*\bnew "
               r"(?:\w+ )?(?:path|file|version|folder)\b"),
    wording(rf"\b{NEGATION} (?:\w+ )?replac(?:e|ing)\b.*\b(?:last|previous|prior|earlier|old|yesterday's)\b.*\b{_OUTPUT}\b"),
    wording(rf"\b(?:finished|completed|published|delivered) {_OUTPUT}\b.*\b{NEGATION} (?:be )?(?:rewritten|overwritten|changed|replaced)\b"),
    wording(rf"\b{_EARLIER} {_OUTPUT}\b.*\b{NEGATION} (?:be )?(?:replaced|overwritten|clobbered)\b"),
    wording(r"\bversions?,? (?:not|instead of|over|rather than) overwrit"),
)  # fmt: skip
_THING = wording(rf"\b(?:{_OUTPUT}|writes?|write|written|overwrite)\b")
_WRITES = wording(
    rf"\b(?:{_WRITE}|writes?|recreat\w*|regenerat\w*|re-(?!read|check|verif|run|tr[iy])\w+)\b"
)
_NOT = wording(rf"\b{NEGATION}\b")
_DENIES = re.compile(rf"\b{NEGATION}\b")
_AGAIN = wording(
    rf"\b(?:{_TWICE}|second|double|duplicates?|repeat(?:ed|edly)?|recreat\w*|regenerat\w*|"
    r"re-(?:creat|generat|writ|produc)\w*)\b"
)
_JUST_ONCE = wording(
    r"\b(?:exactly|only|just|at most|no more than) (?:once|one time|a single time|1 time)\b|"
    r"\b(?:a|one) single time\b|\bonce only\b|\bjust the once\b|\bone time only\b"
)
_EACH = wording(r"\b(?:each|every|any|a given|all|no|per run|the same|an?)\b")
_IS_THERE = wording(
    r"\b(?:exists?|(?:it's|it is|they are|they're) there|already (?:in|on|there|present|written|created|produced|generated|exist)|"
    rf"(?:is|are) already|(?:has|have|was|were|been) already {_MADE}|{_MADE} already)\b"
)
_ABSENT = re.compile(r"\b(?:\w+n't|not|no longer)(?: yet)? (?:exists?|there|been)\b")
_CLAUSES = re.compile(r"[;:.\u2014\u2013]| - ")
_LEAVES = wording(
    r"\b(?:skip\w*|stop(?!-)|left alone|leave (?:it|them|alone)|untouched|reuse\w*|re-use\w*|keep (?:it|"
    r"them)|(?:instead of|rather than) (?:writ|creat|generat|produc)\w+)\b"
)
_ASKING = wording(
    r"\b(?:without|unless|until)\b.*\b(?:ask|approv|confirm|permission|"
    r"consent|explicit|instruct|told|review)"
)
_REWRITABLE = wording(
    r"\b(?:may|can|could|might|(?:is|are) (?:allowed|free|ok|okay|fine) to) be (?:"
    r"re-?written|overwritten|(?:changed|updated|replaced|saved|written)\b.*\b(?:again|as "
    r"(?:often|many)|any number|every|each|freely|repeatedly|more than once|(?:many|several|"
    r"multiple) times|in place|whenever))\b"
)
_OTHER = wording(
    r"\b(?:questions?|messages?|mails?|emails?|replies|tweets?|posts?|calls?|mistakes?|"
    r"errors?|tests?|code|tasks?|prs?|pull requests?|tickets?|issues?|todos?)\b"
)


_GROWS = wording(r"\bappend(?:ed|ing|s)?\b")


def _again(part: str) -> bool:
    denied = _DENIES.search(part)
    behind = denied and denied[0] in ("forbidden", "prohibited")
    said = part[0 if behind else denied.start() :] if denied else ""
    return bool(said and _WRITES.search(part) and _AGAIN.search(said))


def _adds_up(low: str) -> bool:
    """Whether the parts of the rule are there, in whatever order they stand.

    A file is written, and: not again, or just once, or not where it is there already.
    """
    if not _THING.search(low) or _OTHER.search(low):
        return False
    writes, denied = _WRITES.search(low), _NOT.search(low)
    again = any(map(_again, _CLAUSES.split(low)))
    once = writes and _JUST_ONCE.search(low) and _EACH.search(low)
    there = _IS_THERE.search(_ABSENT.sub(" ", low)) and (
        _LEAVES.search(low) or (denied and writes)
    )
    return bool(again or once or there)


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the write-once rule of a sentence."""
    low = reading.said
    if not _STEMS.within(low) or describes(reading):
        return
    if append_only.takes(reading):
        return  # what only grows is written again and again
    if _ASKING.search(low):
        return  # who may be asked is the approval families' business
    rule, _, rest = reading.plain.partition(";")
    free = _REWRITABLE.search(rest.lower()) and not _NOT.search(rest.lower())
    if not free and _REWRITABLE.search(low) and not _NOT.search(low):
        yield from _rewritten(literals.paths(reading.plain))
        return
    parted = (rule, literals.paths(rest)) if free else inline(reading.plain, world)
    if parted is None:
        return
    if not literals.paths(reading.plain) and _GROWS.search(low):
        return  # "append, never overwrite": to what is said elsewhere
    keep = keeps(reading)
    once = (
        _PRAISE.search(low)
        or _YET.search(low)
        or any(p.search(low) for p in _RUN)
        or _adds_up(low)
    )
    if not keep and not once:
        return
    words, left = parted
    found = literals.paths(words)
    if not found and _OTHER.search(low) and not wording(rf"\b{_OUTPUT}\b").search(low):
        return
    place = ", ".join(f"`{p}`" for p in found) or "every output under this folder"
    if left:
        place += f" but {quoted(left)}"
    meaning = (
        f"{place}: a file that exists is not overwritten"
        if keep
        else f"{place}: written at most once per run"
    )
    params = {"existing": "keep"} if keep else {}
    where = world.outputs(found)
    where = replace(where, except_paths=(*where.except_paths, *_under(left)))
    yield Draft(FAMILY, Action.ONCE, OUTPUTS, meaning, where, params=params)
    yield from _rewritten(left)


def keeps(reading: Reading) -> bool:
    """Whether it keeps what is there already from being overwritten."""
    return any(p.search(reading.said) for p in _KEEP)


def _rewritten(paths: Iterable[str]) -> Iterator[Draft]:
    under = _under(paths)
    if under:
        meaning = f"{quoted(paths)} may be written again in one run, whole each time"
        yield Draft(
            FAMILY, Action.ATOMIC, WRITES, meaning, Where(paths=under),
            params={REWRITABLE: True},
        )  # fmt: skip


def _under(paths: Iterable[str]) -> tuple[str, ...]:
    """A folder is itself and all below it."""
    return tuple(f"{p}**" if p.endswith("/") else p for p in paths)
