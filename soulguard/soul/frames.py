"""Owns frames: who may do what with what, as one statement of a sentence says it.

A frame is modality (`soulguard.soul.polarity`) x action and object
(`soulguard.soul.groups`) x exception. Which rule a frame makes is the families' business.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from soulguard.soul import (
    afterwards,
    context,
    groups,
    listing,
    occasions,
    polarity,
    views,
)
from soulguard.soul.literals import Kind, Literal, glob, host
from soulguard.soul.modality import Modality
from soulguard.soul.tokens import Item, Statement, items, statements


@dataclass(frozen=True, slots=True)
class Frame:
    """One thing a statement says.

    `acts` are the actions its verb may mean, `objs` the classes its nouns name,
    `unknown` the words nobody knows: a prohibition with such a word is not understood.
    `strange` are members of its list nobody knows, beside others that stand alone.
    `exception` is what follows *except*, *outside* or an unapproved *unless*; where it
    is a place, `outside` is true and the literals are in `except_literals`.
    """

    modality: Modality
    acts: frozenset[str] = frozenset()
    objs: frozenset[str] = frozenset()
    literals: tuple[Literal, ...] = ()
    unknown: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    strange: tuple[str, ...] = ()
    verb: str = ""
    text: str = ""
    inherited: bool = False
    counter: bool = False
    outside: bool = False
    except_objs: frozenset[str] = frozenset()
    except_literals: tuple[Literal, ...] = ()
    exception: str = ""
    condition: str = ""
    approval: str = ""
    aside_objs: frozenset[str] = frozenset()
    aside_literals: tuple[Literal, ...] = ()
    aside_words: tuple[str, ...] = ()
    aside: str = ""
    only: bool = False
    words: tuple[str, ...] = field(default=())

    @property
    def paths(self) -> tuple[str, ...]:
        """The globs of the paths it names."""
        return _globs(self.literals)

    @property
    def except_paths(self) -> tuple[str, ...]:
        """The globs of the paths it leaves out."""
        return _globs(self.except_literals)

    @property
    def commands(self) -> tuple[str, ...]:
        """The command lines it names."""
        found = (*self.literals, *self.aside_literals)
        return tuple(x.text for x in found if x.kind is Kind.COMMAND)

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts it names."""
        return tuple(host(x.text) for x in self.literals if x.kind is Kind.HOST)

    @property
    def firm(self) -> bool:
        """Whether a prohibition is understood to its last word."""
        open_ended = self.exception or self.condition or self.numbers
        return not (self.unknown or self.strange or open_ended)


_IT = re.compile(r" (?:it|them|these|those|there) ")
_ANY = frozenset(
    (
        "by",
        "hand",
        "by hand",
        "manually",
        "ever",
        "please",
        "access",
        "there",
        "anything",
        "nothing",
        "in",
        "any",
        "to",
        "but",
        "it",
    )
)
_THAT = re.compile(
    r" (?:that|those|these|the same) (?:files?|folders?|director(?:y|ies)|paths?|documents?) "
)
_OUTSIDE_IT = re.compile(r"outside (?:of )?(?:it|them|there|that (?:folder|directory))")
_SAYING = frozenset(
    ("claim", "claiming", "pretend", "pretending", "assume", "assuming", "promise",
     "promising", "imply", "implying", "recommend", "recommending", "suggest", "suggesting",
     "believe", "say", "saying", "guess", "guessing", "speculate", "imagine")
)  # fmt: skip
_LIKE = ("like", "e.g", "i.e", "such", "including", "for")
_FILED = frozenset(("write", "overwrite", "delete", "read"))
_DONE = re.compile(r"(?:ed|sent|written|made)\Z")
"""``(no email sent)``: what happens, and nothing that is asked for."""
_ALONE = frozenset(
    ("commit", "push", "force-push", "deploy", "install", "sudo", "rewrite-history")
)
"""Verbs that need no object."""


def _globs(found: Sequence[Literal]) -> tuple[str, ...]:
    named = (glob(x.text) for x in found if x.kind is Kind.PATH)
    return tuple(dict.fromkeys(named))


def frames(
    plain: str, above: Modality, before: tuple[Literal, ...] = (), given: str = ""
) -> tuple[Frame, ...]:
    """Give the frames of a plain sentence under an inherited modality.

    `before` are the paths that the sentence before it named: what *it* is here. `given`
    is the condition under which all of it is said, where something above is one.
    """
    found: list[Frame] = []
    carried = above
    waiting: list[Statement] = []
    named = before
    for statement in listing.listed(statements(items(plain))):
        if _questions(statement):
            continue
        if asked := afterwards.closing(found, statement.items):
            found = asked
            continue
        quoted = all(item.literal for item in statement.items)
        if not quoted and (statement.after == ":" or not _speaks(statement)):
            passed = context.lead(statement.text)
            closing = statement.after != ":" and not _speaks(statement)
            when = bool(waiting) and waiting[0].items[0].has("rel:when")
            if closing and when and passed is Modality.DENY:
                continue  # "If it destroys - refuse"
            if passed is not Modality.NONE and waiting and closing:
                # "Publishing anything - never"; a plan is made, and then waited for
                told = waiting[:1] if "wait" in statement.text else waiting
                found += _of_all(told, passed)
                waiting = []
                continue
            if passed is not Modality.NONE:
                carried = passed
                if not _asks_itself(statement):
                    continue
        made = _made(statement, carried, named, given)
        given = given or occasions.opening(statement)
        named = (
            tuple(p for f in made for p in f.literals if p.kind is Kind.PATH) or named
        )
        if made and all(f.modality is Modality.NONE for f in made):
            waiting.append(statement)
        found += made
    return tuple(found)


def _made(
    statement: Statement, above: Modality, named: tuple[Literal, ...], given: str
) -> list[Frame]:
    statement, remark = afterwards.parted(statement)
    found = [_meant(frame, named) for frame in _frames(statement, above)]
    if remark or afterwards.asks(statement.aside):
        found = afterwards.asked(found, remark or statement.aside)
    found += _said_aside(statement)
    return [_given(f, given) for f in found] if given else found


def _meant(frame: Frame, named: tuple[Literal, ...]) -> Frame:
    """``a.md` is generated; do not edit it``: *it* is what was named before."""
    if not named or frame.literals or not frame.acts & _FILED:
        return frame
    if _OUTSIDE_IT.fullmatch(frame.exception):
        return replace(frame, outside=True, except_literals=named, exception="")
    text = f" {' '.join(frame.words)} "
    any_of_it = not frame.objs or (frame.objs == {"files"} and "anything" in text)
    meant = bool(_THAT.search(text)) or (any_of_it and bool(_IT.search(text)))
    firm = frame.modality in (Modality.DENY, Modality.ASK) and not frame.inherited
    lone = firm and len(set(frame.words) - _ANY) == 1 and not frame.objs
    return replace(frame, literals=named, objs=frozenset()) if meant or lone else frame


def _given(frame: Frame, condition: str) -> Frame:
    """``When reviewing, read it and do not push``: then it is not to be pushed.

    *Never* is said of every time; a frame that has a condition of its own keeps it.
    """
    plainly = frame.modality is Modality.DENY and not frame.inherited
    if not plainly or frame.condition or not occasions.PLAINLY.search(frame.text):
        return frame
    return replace(frame, condition=condition)


def _questions(statement: Statement) -> bool:
    """``Before posting, ask: does this help?`` asks oneself, nobody else."""
    words = statement.items
    for at, word in enumerate(words):
        then = words[at + 1].text if at + 1 < len(words) else statement.after
        if word.text == "ask" and then in (
            ":",
            "yourself",
            "myself",
            "itself",
            "quotation",
        ):
            return True
    return False


def _of_all(waiting: list[Statement], modality: Modality) -> list[Frame]:
    made = (f for s in waiting for f in _frames(s, modality))
    return [replace(f, inherited=False) for f in made]


def _speaks(statement: Statement) -> bool:
    """Whether a statement names an action or an object of ours."""
    told = any(i.of("act") or i.of("obj") or i.literal for i in statement.items)
    return told or (bool(statement.items) and views.only_places(statement.aside))


def _asks_itself(statement: Statement) -> bool:
    return any(i.of("obj") or i.literal for i in statement.items)


def _frames(statement: Statement, above: Modality) -> Iterator[Frame]:
    view = polarity.view(_with_examples(statement), above)
    if _held(statement.aside) and view.modality in (Modality.NONE, Modality.ALLOW):
        view.modality, view.approval = Modality.ASK, views.say(statement.aside)
    aside_objs = frozenset(n for i in statement.aside for n in i.of("obj"))
    aside_literals = tuple(i.literal for i in statement.aside if i.literal)
    aside_words = tuple(i.text for i in statement.aside if not i.mark and not i.literal)
    found = [] if _only_said(view) else groups.groups(view.core)
    if view.modality is Modality.NONE and _asks_of_examples(statement):
        view.modality, view.approval = Modality.ASK, statement.text
    if view.modality is Modality.ASK and not any(map(_known, found)):
        # the effects may stand in parentheses before an "ask before proceeding"
        found = groups.groups(statement.aside) or found
    if view.modality is Modality.DENY:
        found = _of_places(found, statement)
    _exemplify(found, statement.aside)
    yield from _aside(statement)
    if view.counter and not found:
        yield Frame(Modality.ALLOW, counter=True, approval=view.approval)
    for group in found:
        yield Frame(
            modality=view.modality, acts=group.acts, objs=group.objs,
            literals=tuple(group.literals), unknown=tuple(group.unknown),
            numbers=tuple(group.numbers), strange=tuple(group.strange), verb=group.verb, text=statement.text,
            inherited=view.inherited, counter=view.counter, outside=view.outside,
            except_objs=view.except_objs, except_literals=view.except_literals,
            exception=view.exception, condition=view.condition, approval=view.approval,
            aside_objs=aside_objs, aside_literals=aside_literals,
            aside_words=aside_words, aside=views.say(statement.aside), only=view.only, words=tuple(group.words),
        )  # fmt: skip


def _with_examples(statement: Statement) -> tuple[Item, ...]:
    """``If it goes too far (payments, mail), ask``: the examples name what is asked for."""
    found, aside = statement.items, statement.aside
    asks = views.first(found, "mod:ask") > 0
    if not (asks and found[0].has("rel:when") and views.names(aside)):
        return found
    parts = (Item("or", item.tags) if item.text == "," else item for item in aside)
    return (found[0], *parts, *found[1:])


def _aside(statement: Statement) -> Iterator[Frame]:
    """```USER.md` (ask before editing)``: what may be done with what stands before."""
    places = tuple(
        i.literal for i in statement.items if i.literal and i.literal.kind is Kind.PATH
    )
    if not places or views.names([i for i in statement.aside if i.literal]):
        return
    parts = (tuple(run) for _, run in itertools.groupby(statement.aside, _parted))
    views_ = [polarity.view(part, Modality.NONE) for part in parts]
    for view, group in ((v, g) for v in views_ for g in groups.groups(v.core)):
        asked = view.modality in (Modality.DENY, Modality.ASK)
        filed = group.acts & _FILED - {"overwrite"}
        if asked and filed and group.bare and not group.unknown:
            yield Frame(
                view.modality, group.acts, literals=places, verb=group.verb,
                text=statement.text, words=tuple(group.words), approval=view.approval,
            )  # fmt: skip


def _said_aside(statement: Statement) -> Iterator[Frame]:
    """``Read-only (writes only to `out/`)``, ``be safe (never commit secrets)``.

    Parentheses with a verb, its object and a modality of their own are a statement.
    """
    words = statement.aside
    denies = bool(words) and words[0].has("mod:deny")
    if (
        not (denies or views.first(words, "mod:only") >= 0)
        or views.first(words, "mod:ask") >= 0
    ):
        return
    if any(i.of("act") and _DONE.search(i.text) for i in words) or _all_tools(words):
        return
    for frame in _frames(Statement(words), Modality.NONE):
        speaks = frame.modality in (Modality.DENY, Modality.ONLY) and frame.acts
        if speaks and _names_object(frame):
            yield frame


def _all_tools(words: Sequence[Item]) -> bool:
    """``(no `message`, `slack`)``: names of tools, and not of what they do."""
    told = [i for i in words[1:] if not (i.mark or i.has("neutral"))]
    return bool(told) and all(i.literal and i.literal.kind is Kind.WORD for i in told)


def _names_object(frame: Frame) -> bool:
    """Whether a statement says with what; ``(no commit, no push)`` needs not."""
    if frame.modality is Modality.ONLY:
        return bool(frame.paths)
    if frame.text.startswith("no ") and len(frame.words) == 1:
        return bool(frame.acts & _ALONE or "secrets" in frame.objs)  # "(no messages)"
    told = frame.objs or frame.literals or frame.except_literals
    return bool(told or frame.acts & _ALONE)


def _only_said(view: views.View) -> bool:
    """``Do not claim that mail was sent``: what is claimed is not done."""
    hard = (Modality.DENY, Modality.ASK)
    told = next((i.text for i in view.core if not i.has("neutral")), "")
    return view.modality in hard and not view.inherited and told in _SAYING


def _known(group: groups.Group) -> bool:
    return bool(group.acts or group.objs or group.literals)


def _exemplify(found: list[groups.Group], aside: tuple[Item, ...]) -> None:
    """``Never read specs (like `a.md`)``: of what nobody knows the examples are known.

    Parentheses that hold places and nothing else say which ones are meant.
    """
    paths = [i.literal for i in aside if i.literal and i.literal.kind is Kind.PATH]
    if not paths or not (aside[0].text in _LIKE or views.only_places(aside)):
        return
    for group in found:
        if group.acts & _FILED and not group.literals and group.unknown:
            group.literals, group.unknown = list(paths), []


def _of_places(found: list[groups.Group], statement: Statement) -> list[groups.Group]:
    """``Closed periods (`closed/`) are read-only``: what no verb is said of has a place."""
    if found or not views.only_places(statement.aside):
        return found
    named = [i.literal for i in statement.aside if i.literal]
    return [groups.Group(literals=named)]


def _asks_of_examples(statement: Statement) -> bool:
    """``Confirm before sensitive actions (sending mail)``: parentheses say for what."""
    asks = any(
        i.has("mod:ask") and i.text.endswith("before") for i in statement.items[:2]
    )
    return asks and views.names(statement.aside) and not views.names(statement.items)


def _parted(item: Item) -> bool:
    return item.mark and item.text in (",", ";", "\u2014", "\u2013", "-", "--")


def _held(aside: tuple[Item, ...]) -> bool:
    """``Drafting mail (hold for approval)``: the parentheses do the asking."""
    asks, denied = views.first(aside, "mod:ask"), views.first(aside, "mod:deny")
    needs = views.first(aside, "rel:require") >= 0 or (
        bool(aside) and aside[0].text in ("with", "after", "upon")
    )
    return asks >= 0 and denied < 0 and needs
