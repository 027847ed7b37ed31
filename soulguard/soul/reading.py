"""Owns how a sentence is looked at: its words without markup, its frames, its context.

A sentence has a modality of its own (never, always, ask before) or takes that of the
heading or lead-in it stands under. What rule it makes is the families' business.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from soulguard.soul import columns, context, leadins, named, occasions, people, verdicts
from soulguard.soul.clauses import Clause
from soulguard.soul.frames import Frame, frames
from soulguard.soul.literals import Kind, Literal, find, kind_of
from soulguard.soul.modality import Modality
from soulguard.soul.polarity import DOUBT

_QUOTES = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "}
)
_MARKS = re.compile(r"\*\*|__|~~|(?<![\w*])\*(?=[^\s.])|(?<=\S)\*(?![\w*/.])")
_HALF = re.compile(r"(?<=[.!?])_+\Z|\A_+(?=[A-Z])")
_ITALIC = re.compile(r"(?<![\w/.])_(?=\S)([^_\n]{1,300})_(?![\w./])")
_LINK = re.compile(r"\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ASIDE = re.compile(r"\(([^()]+)\)\s*\Z")
_EDITS = re.compile(r"\b(?:edit|modify|change|touch|alter|rewrite|write)\b")
_PARENTHESES = re.compile(r"\(([^)]*)\)")
_OTHERS = re.compile(
    r"(?:the )?(?:users?|customers?|clients?|players?|visitors?|everyone|people)"
    r" (?:can|may|must|will|should|is|are|cannot|do|does|has|have|wants?|needs?|sees?|gets?|decides?|chooses?|expects?|receives?)\b|"
    r"it (?:never|always|only|does not|doesn't|will not|won't|cannot|can't) "
)
_PRODUCT = re.compile(
    r"(?:the|our|this) (?:app|application|product|site|website|platform|frontend|backend|"
    r"service|library|client library)\b|"
    r"(?:the|our|this|an?) (?:`[^`]+` ?)?(?:\w+ )?(?:framework|webhooks?|scheduler|gateway|firewall|dashboard|proxy|cli|command|module|hook|plugin|script|test|"
    r"tests|parser|loader|runner|wrapper|endpoint|function|class|component|build)(?: \w+)? (?:only |also |always |never )?"
    r"(?:\w+s|that \w+) "
)
_SPEECH = re.compile(r'"[^"\s]+\s[^"]*"')
"""Words of somebody else, quoted: no rule of this sentence."""
_STATE = re.compile(r"\W*(?:\u2705|\u2714)\W*(?!ALLOW|YES|OK)[A-Z]{3}[A-Z ]*\W*")
"""A cell that tells how far something is: ``\u2705 DONE``."""
_QUOTED = re.compile(r'"[^"]*\s[^"]*(?:"\W*)?')
"""A sentence that is all quotation, or part of a longer one."""
_DESCRIBED = re.compile(
    r"\b(?:GET|HEAD|POST|PUT|PATCH|DELETE)(?:\|[A-Z]+)* (?:`?\.*/\w|FROM\b)"
)
"""An endpoint with its path, or SQL: what an interface has, not what may be done."""
_CAPABLE = re.compile(
    r"(?:[Cc]an )?([Rr]ead|[Ww]rite|Run|Execute|Edit|Create)(?: access)?: (?=.*`|any |all |the |only )"
)
"""One bold verb a line and what it reaches: what people write who think of access."""
_PROGRAMS = re.compile(
    r"(?:[Rr]un|[Ee]xecute|[Ee]xec|[Ss]hell): ((?:[a-z][\w.-]*, )+[a-z][\w.-]*)(?=\W*\Z)"
)
"""``run: python, jq``: the programs that are handed over."""
_METHODS = re.compile(r"\b(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)s?\b")
_ASKED_HEAD = re.compile(r"HEADs? (?:requests?|calls?|only)\b|only (?:\w+ )?HEAD\b")
_HTTP = re.compile(
    r"(?i:https?|\b(?:requests?|calls?|methods?|endpoints?|apis?|verbs?)\b)|"
    r"\b(?:GET|POST|PUT|PATCH|DELETE)s? (?:only|to|from|against)\b|"
    r"\b(?:GET|HEAD|POST|PUT|PATCH|DELETE) (?:is|are) (?:not |never )?(?:allowed|forbidden|banned|permitted)\b|"
    r"\b[Nn]o (?:GET|POST|PUT|PATCH|DELETE)s\b|"
    r"\b(?:an?|to|any|every|each|yourself to) (?:GET|HEAD|POST|PUT|PATCH|DELETE)\b|"
    r"\b(?:[Oo]nly|[Bb]e)(?: use| send| make)? (?:GET|HEAD)\b|"
    r"\b(?:GET|POST|PUT|PATCH|DELETE),? (?:but|and) (?:never|not) (?:GET|POST|PUT|PATCH|DELETE)\b|"
    r"\b(?:GET|HEAD|POST|PUT|PATCH|DELETE)(?:, ?|/| or | and )(?:GET|HEAD|POST|PUT|PATCH|DELETE)\b"
)
_SHORT = (
    (re.compile(r"(?<!\S)[Ww]/o(?=\s)"), "without"),
    (re.compile(r"(?<!\S)[Ww]/(?=\s?[A-Za-z])\s?"), "with "),
    (re.compile(r"(?<!\S)[Bb]/c(?=\s)"), "because"),
)
"""What people write short."""
_BLANKS = re.compile(r"\s+")
_EMOJI_DENY = ("\u274c", "\U0001f6ab", "\u26d4", "\u2717", "\u2718")
_EMOJI_ALLOW = ("\u2705", "\u2713", "\u2714")

_PRAISED = re.compile(
    r"\W*(?:better|faster|smaller|easier|less|more|no|\w+s)\b[^`]* [-\u2013\u2014] ",
    re.IGNORECASE,
)
"""``\u2705 Better speed - files load faster``: what something is good for."""
_VERDICT = re.compile(
    r"(?:yes|no|ok|okay|allowed|never|free|freely|fine|safe|go)?\W*(?:\(.*\))?"
)
"""What may stand beside the mark of a cell that gives leave or refuses."""

MAX_LENGTH = 800
"""Letters of a sentence that is looked at; no rule is longer, and hostile text is."""

MAX_NOS = 8
"""Negations a sentence may have: with more, nobody can say what is forbidden."""
_NOS = re.compile(r"(?i:\b(?:never|not|no|cannot|avoid)\b|n't\b|n\u2019t\b)")

NEGATION = (
    r"(?:never|do not|don't|does not|doesn't|must not|mustn't|must never|cannot|can't|"
    r"can not|may not|may never|shall not|shall never|should not|shouldn't|"
    r"should never|will not|won't|will never|not allowed to|not permitted to|"
    r"forbidden|prohibited|avoid|refrain from|refuse to|nothing|nobody|no one|no)"
)


_NOT = re.compile(rf"\b{NEGATION}\b")


@dataclass(frozen=True, slots=True)
class Reading:
    """A clause with its words made comparable.

    `plain` has no markup, straight quotes and single blanks; code stays in backticks.
    `low` is `plain` in lower case. `above` is the modality that headings and lead-ins
    pass down, `methods` the HTTP methods it names, `frames` what the sentence says.
    `others`: it is about somebody else, `quoted`: it is what somebody would say. `whole`: its lead-in is part of its words.
    `named` are the paths of the sentence before it.
    """

    clause: Clause
    plain: str
    low: str
    above: Modality
    methods: tuple[str, ...] = ()
    frames: tuple[Frame, ...] = ()
    others: bool = False
    quoted: bool = False
    too_long: bool = False
    whole: bool = False
    named: tuple[Literal, ...] = ()

    @property
    def paths(self) -> tuple[Literal, ...]:
        """The paths it names."""
        named = (x for frame in self.frames for x in frame.literals)
        return tuple(x for x in named if x.kind is Kind.PATH)

    @property
    def leads(self) -> bool:
        """Whether it waits for the list below it, which says what it is about."""
        waits = self.clause.kind in ("para", "list") and self.low.endswith(":")
        return waits and bool(leadins.template(self.plain))

    @property
    def at_times(self) -> bool:
        """Whether it begins with a condition nobody can check, and then asks."""
        asked = [f for f in self.frames if f.modality is Modality.ASK]
        return bool(asked) and all(
            f.condition
            and self.low.startswith(f.condition[:12])
            and not DOUBT.search(f.condition)
            for f in asked
        )

    @property
    def said(self) -> str:
        """What it says in lower case, with the *never* of the heading it stands under."""
        if self.above is Modality.DENY and not _NOT.search(self.low):
            return f"never {self.low}"
        return self.low


@functools.lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Take the markup out of a text; code keeps its backticks."""
    text = _COMMENT.sub(" ", text.translate(_QUOTES))
    parts = text.split("`")
    for at in range(0, len(parts), 2):
        parts[at] = _LINK.sub(r"\1", _ITALIC.sub(r"\1", _MARKS.sub("", parts[at])))
        for short, long in _SHORT:
            parts[at] = short.sub(long, parts[at])
    return _HALF.sub("", _BLANKS.sub(" ", "`".join(parts)).strip())


def read(clause: Clause, before: Reading | None = None) -> Reading:
    """Look at a clause; `before` is the sentence of its block that stands before it."""
    if len(clause.text) > MAX_LENGTH or len(_NOS.findall(clause.text)) > MAX_NOS:
        return Reading(clause, "", "", Modality.NONE, too_long=True)
    words = plain(_words(clause))
    whole = _completed(clause, words)
    above = Modality.NONE if whole else _above(clause, words)
    told = above is Modality.DENY or clause.kind == "para"
    if told and above in (Modality.DENY, Modality.ASK) and clause.index:
        above = Modality.NONE  # a further sentence explains the first
    words = whole or words
    if clause.kind != "table":
        words = verdicts.spoken(words, _heading(clause))
    words = words.lstrip("".join(_EMOJI_DENY + _EMOJI_ALLOW) + " ")
    words = named.addressed(words, clause.headings)
    methods = _methods(words)
    said = people.spoken(_unspoken(words))
    if methods:
        said = _METHODS.sub("httpmethod", said)
    low = words.lower()
    if _QUOTED.fullmatch(words):
        return Reading(clause, words, low, Modality.NONE, quoted=True)
    if clause.kind == "table" and any(map(_STATE.fullmatch, clause.cells)):
        return Reading(clause, words, low, Modality.NONE, others=True)
    if _OTHERS.match(low) or _PRODUCT.match(
        low
    ):  # what somebody else may do is no rule for the agent
        return Reading(clause, words, low, Modality.NONE, others=True)
    places = before.paths if before else ()
    return Reading(
        clause,
        words,
        low,
        above,
        methods,
        _of_columns(clause) or frames(said, above, places, _given(clause, before)),
        whole=bool(whole),
        named=places,
    )


def _heading(clause: Clause) -> str:
    return next(iter((*clause.leads[::-1], *clause.headings[-1:])), "")


def _given(clause: Clause, before: Reading | None) -> str:
    """Give the condition under which a sentence stands, nothing for none."""
    told = occasions.before(before.low) if before else ""
    return told or occasions.above((*clause.leads[::-1], *clause.headings[-1:]))


def _of_columns(clause: Clause) -> tuple[Frame, ...]:
    """Give the frames of a row whose columns say what may be done."""
    told = columns.statements(clause)
    return tuple(
        frame
        for cell, modality in told
        for frame in frames(people.spoken(_unspoken(plain(cell))), modality)
    )


def _unspoken(words: str) -> str:
    """Take out what somebody else says; quotes within code are the code's."""
    parts = words.split("`")
    if len(parts) < 3:
        return _SPEECH.sub(" quotation ", words)
    parts[::2] = [_SPEECH.sub(" quotation ", part) for part in parts[::2]]
    return "`".join(parts)


def _completed(clause: Clause, words: str) -> str:
    """Give an item with the lead-in that waits for it; nothing where none does."""
    if clause.kind == "heading":
        # "Core identity (do not modify without approval)" speaks of the file it heads
        aside = _ASIDE.search(words)
        edits = aside and _EDITS.search(aside[1].lower())
        return leadins.complete(aside[1], "this file") if aside and edits else ""
    if clause.kind == "list" and not clause.index:
        items = tuple(map(plain, clause.items))
        for text in (*clause.leads[::-1], *clause.headings[-1:]):
            if found := leadins.complete(plain(text), words, items):
                return found
    hard = (Modality.DENY, Modality.ASK)
    if (found := _capable(words)) and _above(clause, words) not in hard:
        return found
    head, mark, rest = words.partition(": ")
    named = mark and clause.kind in ("list", "para") and "`" not in head
    return leadins.complete(head, rest) if named and find(rest) else ""


def _capable(words: str) -> str:
    """``Write: only to `out/```: a capability, and what it reaches."""
    if programs := _PROGRAMS.match(words):
        names = programs[1].split(",")
        if all(kind_of(name.strip()) is Kind.COMMAND for name in names):
            quoted = ", ".join(f"`{name.strip()}`" for name in names)
            return f"you may run {quoted}{words[programs.end(1) :]}"
    able = _CAPABLE.match(words)
    return f"you may {able[1].lower()} {words[able.end() :]}" if able else ""


def _methods(words: str) -> tuple[str, ...]:
    """Give the HTTP methods a sentence names, where it speaks of HTTP at all."""
    if _DESCRIBED.search(words):
        return ()  # "`GET /users` - list all (admins only)"
    found = tuple(dict.fromkeys(_METHODS.findall(words)))
    if found == ("HEAD",) and not _ASKED_HEAD.search(words):
        return ()  # the last commit
    return found if found and _HTTP.search(words) else ()


def _words(clause: Clause) -> str:
    """Give what a clause says; a table row says its cells, a key of YAML its words."""
    if clause.kind == "front-matter":
        return clause.text.strip().replace("_", " ")
    if clause.kind == "table" and len(clause.cells) > 1:
        label = _labelled(clause)
        first, *rest = [
            c for at, c in enumerate(clause.cells) if at != label or at == 0
        ]
        return f"{first}: {' ; '.join(rest)}" if rest else first
    return clause.text


def _above(clause: Clause, words: str) -> Modality:
    if words.startswith(_EMOJI_DENY):
        return Modality.DENY
    if words.startswith(_EMOJI_ALLOW):
        praised = clause.kind == "para" and _PRAISED.match(words)
        return Modality.NONE if praised else Modality.ALLOW
    if clause.kind == "table" and (cell := _label(clause)) is not Modality.NONE:
        return cell
    for text in (*clause.leads[::-1], *clause.headings[-1:]):
        found = context.header(plain(text))
        if found is not Modality.NONE:
            return found
    return Modality.NONE


def _labelled(clause: Clause) -> int:
    """Give the cell that says what may be done with the others, -1 for none."""
    for at, cell in enumerate(clause.cells):
        if _cell(cell) is not Modality.NONE:
            return at
    return -1


def _cell(cell: str) -> Modality:
    words = plain(cell).lower()
    bare = words.lstrip("".join(_EMOJI_DENY + _EMOJI_ALLOW) + "\ufe0f ")
    if not _VERDICT.fullmatch(bare) and words != bare:
        return context.header(bare)  # "\u2705 DONE" is a state
    if words.startswith(_EMOJI_DENY):
        return Modality.DENY
    if words.startswith(_EMOJI_ALLOW):
        return Modality.ALLOW
    if words.startswith("`"):
        return Modality.NONE  # "`permission denied`" is what a program says
    for text in (words, *_PARENTHESES.findall(words)):
        found = context.header(text)
        if found is not Modality.NONE:
            return found
    return Modality.NONE


def _label(clause: Clause) -> Modality:
    """Give what a cell says of its row (``T2 (Confirm)``, ``ask first``)."""
    at = _labelled(clause)
    return _cell(clause.cells[at]) if at >= 0 else Modality.NONE
