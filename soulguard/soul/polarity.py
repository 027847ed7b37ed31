"""Owns polarity: what a statement does with what it speaks of, and what is left of it.

*never* with *without approval* is ask; *outside X* under never leaves X out; *don't ask*
allows and never loosens (`counter`); *never automatically* leaves it to the person.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from soulguard.soul import lexicon
from soulguard.soul.literals import Literal
from soulguard.soul.modality import Modality
from soulguard.soul.tokens import Item

_REACH = 14
"""How many words may stand between `without` and `approval`."""
_GRANT = frozenset(("approves", "confirms", "authorizes", "authorises"))
_VERBS = (
    "ask",
    "by me",
    "through me",
    "past me",
    "ping me",
    "show me",
    "run it by",
    "clear it with",
    "consult",
    "let me approve",
    "let me review",
    "confirm",
    "always confirm",
    "check with",
    "double-check",
    "get ",
)
_PARTICIPLE = re.compile(r"(?:ed|sent|written|made|put|kept|shared)\Z")
_LOOSE = (
    "deny",
    "denied",
    "block",
    "blocked",
    "banned",
    "stop",
    "zero",
    "nothing",
    "none",
)
_PLAIN = ("do not", "don't", "cannot", "can't", "can not", "won't", "will not")
_ANYTHING = frozenset(
    ("any", "anything", "anyone", "anybody", "anywhere", "nothing", "host", "hosts",
     "server", "domain", "file", "files", "command", "other")
)  # fmt: skip
_DOING = re.compile(r"(?:ing|ions?|als?|ments?|es|rs)\Z")
_HALTS = frozenset(("stop", "pause", "wait", "halt", "hold", "anyway"))
_FILLERS = frozenset(
    ("involves", "involve", "requires", "require", "means", "calls", "need", "needs", "have",
     "has", "would", "must", "should", "can", "may", "want", "wants", "request", "about",
     "asked", "ever", "task", "action")
)  # fmt: skip
_OWNERS = frozenset(
    ("owner", "user", "human", "humans", "admin", "administrator", "operator", "boss",
     "manager", "team", "people", "person", "maintainer", "maintainers", "humans")
)  # fmt: skip
_ONLY_THEN = frozenset(
    ("only after", "only with", "only when", "only upon", "only on", "pending", "subject to",
     "until", "not before")
)  # fmt: skip


@dataclass(slots=True)
class View:
    """A statement with its modality taken off."""

    core: list[Item]
    modality: Modality
    inherited: bool = False
    counter: bool = False
    outside: bool = False
    only: bool = False
    exception: str = ""
    condition: str = ""
    approval: str = ""
    except_objs: frozenset[str] = frozenset()
    except_literals: tuple[Literal, ...] = ()


def view(found: tuple[Item, ...], above: Modality) -> View:
    """Take the modality off a statement; `above` is what it inherits."""
    words, condition = _leading_condition(list(found))
    words = _asked_of_condition(words, list(found)) or words
    denied = _denial(words)
    seen = _asked(words, denied, above) or _plain(words, denied, above)
    seen.condition = condition
    _take_outside(seen)
    _take_purpose(seen)
    _take_condition(seen)
    return seen


def _asked_of_condition(rest: list[Item], every: list[Item]) -> list[Item]:
    """``If X means sending mail, ask first``: what is asked for is what the condition names."""
    before = every[1 : len(every) - len(rest) - 1] if len(rest) < len(every) else []
    asks = first(rest, "mod:ask")
    if asks < 0 or not names(before) or first(before, "mod:deny") >= 0:
        return []
    objects = any(w.of("obj") or w.literal for w in rest)
    strange = any(w.unknown and w.text not in _HALTS for w in rest)
    acting = any(w.of("act") and w.text not in _HALTS for w in rest[asks + 1 :])
    ahead = rest[asks].text.endswith("before") or first(rest, "rel:before") >= 0
    if objects or strange or (acting and not ahead):
        return []
    told = [w for w in before if not w.has("rel:when") and w.text not in _FILLERS]
    return [Item("ask before", frozenset(("mod:ask",))), *told, *rest[asks + 1 :]]


def _denial(words: Sequence[Item]) -> int:
    """Give the place of the word that denies, -1 for none.

    *Deny* and *block* are verbs and nouns as well: they deny where they stand alone.
    """
    for at, item in enumerate(words):
        if not item.has("mod:deny"):
            continue
        alone = at in (0, len(words) - 1) or words[at - 1].text in ("be", "is", "are")
        if item.text in _LOOSE and not alone:
            continue
        if item.text == "stop" and first(words[at : at + 4], "mod:ask") > 0:
            continue  # "Stop and ask"
        if item.text in _PLAIN and any(w.unknown for w in words[:at]):
            continue  # "Netlify builds do not read it" says how things are
        return at
    return -1


def first(words: Sequence[Item], tag: str, start: int = 0) -> int:
    """Give the place of the first word with a tag, -1 for none."""
    for at in range(start, len(words)):
        if words[at].has(tag):
            return at
    return -1


def _leading_condition(words: list[Item]) -> tuple[list[Item], str]:
    """Take ``When in doubt,`` off the front."""
    if words and words[0].has("rel:when") and words[0].text not in ("once", "where"):
        for at, item in enumerate(words):
            if item.text == ",":
                return words[at + 1 :], say(words[:at])
    return words, ""


def _asked(words: list[Item], denied: int, above: Modality) -> View | None:
    """Find an approval and what it is for; None where the sentence asks nobody."""
    asks = [at for at in range(len(words)) if _is_asking(words, at)]
    for at in range(len(words)):
        if not _lacks(words, at, denied):
            continue
        near = [
            a
            for a in range(at + 1, min(at + _REACH + 1, len(words)))
            if words[a].has("mod:ask") or words[a].has("mod:weak")
        ]
        if near:
            return _without(words, at, denied, above)
    if not asks:
        return None
    if _waived(words, denied, asks):
        return View(_cut(words, denied), Modality.ALLOW, counter=True)
    return _requested(words, asks[0], denied)


def _is_asking(words: list[Item], at: int) -> bool:
    """``approval`` always asks, ``review`` where something needs one."""
    if words[at].has("mod:ask"):
        return True
    near = words[max(at - 3, 0) : at]
    return words[at].has("mod:weak") and any(w.has("rel:require") for w in near)


def _lacks(words: list[Item], at: int, denied: int) -> bool:
    """Whether *without* stands here, or what means it: ``not before I approve``."""
    item = words[at]
    if item.has("rel:without"):
        return True
    asks = first(words[at : at + 4], "mod:ask") > 0
    if item.has("rel:before") and at > 1:
        return asks and -1 < denied < at
    then = item.text in ("after", "with", "once")
    return then and asks and first(words[max(at - 6, 0) : at], "mod:only") >= 0


def _without(words: list[Item], at: int, denied: int, above: Modality) -> View:
    approval = say(words[at:])
    core = _bare(words[:at])
    if -1 < denied < at:
        return View(core, Modality.ASK, approval=approval)
    if words[at].text in (*_ONLY_THEN, "after", "with", "once"):
        return View(core, Modality.ASK, approval=approval)
    if above in (Modality.DENY, Modality.ASK):
        return View(core, Modality.ASK, inherited=True, approval=approval)
    if above is Modality.NONE and not core:
        return View(core, Modality.NONE)
    return View(core, Modality.ALLOW, counter=True, approval=approval)


def _waived(words: list[Item], denied: int, asks: list[int]) -> bool:
    """Whether the asking itself is denied: ``don't ask``, ``no approval needed``."""
    if denied < 0:
        return False
    for ask in asks:
        between = words[denied + 1 : ask]
        if 0 <= ask - denied - 1 <= 3 and all(
            b.has("rel:require") or b.has("neutral") or b.has("mod:must")
            for b in between
        ):
            return True
    return False


def _requested(words: list[Item], ask: int, denied: int) -> View | None:
    """``Ask before X``, ``X requires approval``, ``get approval for X``."""
    head, tail = words[:ask], words[ask + 1 :]
    core = _asked_first(words, ask) or _approved(words, ask, denied)
    if core is None and words[ask].text in _GRANT and names(tail) and len(head) <= 3:
        core = tail
    if core is None:
        return None
    return View(_bare(core), Modality.ASK, approval=say(words[ask : ask + 4]))


def _asked_first(words: list[Item], ask: int) -> list[Item] | None:
    """What an asking verb is for: ``ask before X``, ``confirm X first``, ``X: ask``."""
    text = words[ask].text
    if not text.startswith(_VERBS):
        return None
    head, tail = words[:ask], words[ask + 1 :]
    if head and head[0].has("rel:before") and names(head[1:]):
        return head[1:]  # "Before deleting files, ask."
    if text.endswith("me first"):
        return head
    before = first(words, "rel:before", ask)
    between = words[ask + 1 : before] if before > ask else []
    if "confirm" in text and before < 0 and _is_doing(tail):
        return tail
    if text.startswith("confirm") and any(w.of("act") for w in between):
        return between
    if before > ask and names(words[before + 1 :]):
        return words[before + 1 :]
    if text.endswith("before") or text.startswith("get "):
        return tail if names(tail) else None
    if "first" in text or before > -1:
        return head if names(head) else tail
    return None


def _is_doing(words: Sequence[Item]) -> bool:
    """Whether words begin with what is done: ``deletions``, ``sending mail``."""
    then = next((w for w in words if not w.has("neutral")), None)
    return then is not None and bool(then.of("act")) and bool(_DOING.search(then.text))


def _approved(words: list[Item], ask: int, denied: int) -> list[Item] | None:
    """What a noun of approval is for: ``X requires approval``, ``approval for X``."""
    head, tail = words[:ask], words[ask + 1 :]
    needs = next(
        (a for a in range(max(ask - 4, 0), ask) if words[a].has("rel:require")), -1
    )
    gets = next(
        (a for a in range(max(ask - 4, 0), ask) if words[a].has("rel:obtain")), -1
    )
    if head and head[0].has("rel:before") and (gets >= 0 or needs >= 0):
        stop = min(p for p in (gets, needs) if p >= 0)
        if names(head[1:stop]):
            return head[1:stop]  # "Before deploying, get approval"
    for_x = bool(tail) and (tail[0].text in ("for", "to") or tail[0].has("rel:before"))
    waits = needs >= 0 or words[ask].text.startswith(("wait for", "get "))
    if waits and tail and tail[0].has("rel:before") and _acts(tail):
        return tail
    if needs > 0 and names(head[:needs]):
        return head[:needs]
    passive = ask > 1 and words[ask - 1].text in ("be", "is", "are")
    if passive and denied < 0 and first(head, "mod:must") >= 0 and names(head):
        return head[: ask - 1]  # "Charges must be approved"
    if max(needs, gets) >= 0 and for_x and names(tail):
        return tail
    before = first(words, "rel:before", ask)
    purpose = [h.text for h in head[-3:]]
    if before > ask and ("for" in purpose or max(needs, gets) >= 0) and names(tail):
        return words[before + 1 :]
    held = "for" in purpose or "on" in purpose or needs >= 0
    if held and names(head) and denied < 0 and len(tail) <= 2:
        return [w for w in head if not w.unknown]
    return None


def _acts(words: Sequence[Item]) -> bool:
    return any(w.of("act") for w in words)


def names(words: Sequence[Item]) -> bool:
    """Whether words name an action, an object or a literal of ours."""
    return any(i.of("act") or i.of("obj") or i.literal for i in words)


def _bare(words: Sequence[Item]) -> list[Item]:
    """Take off modal words, and a subject before them that names nothing of ours.

    In the passive the subject is what it is about, and stays.
    """
    at = next((at for at, w in enumerate(words) if _modal(w)), 0)
    then = next((w for w in words[at:] if not _modal(w)), None)
    passive = then is not None and (
        then.text == "be" or bool(_PARTICIPLE.search(then.text))
    )
    if passive or any(w.of("act") or w.of("obj") or w.literal for w in words[:at]):
        at = 0
    return [w for w in words[at:] if not _modal(w)]


def _modal(item: Item) -> bool:
    return (
        item.has("mod:deny")
        or item.has("mod:must")
        or item.has("mod:only")
        or item.has("mod:auto")
    ) and not item.of("act")


def _cut(words: list[Item], at: int) -> list[Item]:
    return words[:at] + words[at + 1 :] if at >= 0 else words


def _plain(words: list[Item], denied: int, above: Modality) -> View:
    """A statement that asks nobody: its own modality, else what stands above."""
    at = first(words, "mod:only")
    only = at >= 0 and (at == 0 or words[at - 1].text != "not")
    alone = first(words, "mod:auto") >= 0
    if at == 0 and (may := _reserved(words)) > 0:
        # "Only the owner may edit X": for the agent, never
        return View(_bare(words[may + 1 :]), Modality.DENY)
    if denied >= 0 and alone:
        # "Never deploy automatically" leaves deploying to the person
        return View(_bare(words), Modality.ASK, approval="not on its own")
    if denied >= 0:
        core = _bare(words)
        if above is Modality.ALLOW and words[denied].text in ("not", "no", "none"):
            return View(core, Modality.NONE)
        seen = View(core, Modality.DENY, only=only)
        seen.exception = "not" if _twice(words, denied) else ""
        return seen
    if only:
        return View(_bare(words), Modality.ONLY, only=True)
    allowed = first(words, "mod:allow")
    if allowed >= 0:
        core = [w for w in words if not w.has("mod:allow")]
        return View(_bare(core), Modality.ALLOW)
    must = first(words, "mod:must")
    if must >= 0 and above in (Modality.NONE, Modality.MUST):
        return View(_bare(words), Modality.MUST)
    return View(_bare(words), above, inherited=above is not Modality.NONE)


def _reserved(words: list[Item]) -> int:
    """Give the place of *may* in ``only SOMEBODY may``; 0 where the agent is meant."""
    may = first(words, "mod:allow")
    verb = next((at for at, w in enumerate(words) if w.of("act")), 0)
    if may < 0 and verb > 1 and {w.text for w in words[1:verb]} & _OWNERS:
        return 0 if names(words[1:verb]) else verb - 1  # "Only the owner edits X"
    who = {w.text for w in words[1 : max(may, 1)]}
    if may < 2 or names(words[1:may]) or who & {"you", "i", "agent", "agents", "we"}:
        return 0
    return may


def _twice(words: list[Item], denied: int) -> bool:
    """Whether a second *not* narrows the first (``processes you did not start``)."""
    return any(w.text == "not" for w in words[denied + 1 :])


def _but(core: Sequence[Item]) -> int:
    """Give the place of *but* in ``no host but X``, -1 where it is another *but*."""
    for at, item in enumerate(core[1:-1], 1):
        near = core[max(at - 3, 0) : at]
        open_ended = any(w.text in _ANYTHING for w in near) or at == 1
        if item.text == "but" and core[at + 1].literal and open_ended:
            return at
    return -1


def _take_outside(view: View) -> None:
    at = first(view.core, "rel:outside")
    if at < 0 and view.modality is Modality.DENY:
        at = _but(view.core)
    if at < 0:
        return
    rest = view.core[at + 1 :]
    view.except_literals = tuple(i.literal for i in rest if i.literal)
    view.except_objs = frozenset(n for i in rest for n in i.of("obj"))
    unknown = [i.text for i in rest if i.unknown]
    view.outside = bool(view.except_literals) or "workspace" in view.except_objs
    if not view.outside or (unknown and not view.except_literals):
        view.exception = say(view.core[at:])
        view.outside = False
    view.core = view.core[:at]
    if not any(
        i.of("act") for i in view.core
    ):  # "anything outside X must not be written"
        view.core += [i for i in rest if i.of("act") and not i.of("obj")]


def _take_purpose(view: View) -> None:
    """Leave off ``to fix errors``: what for does not change what may not be done."""
    for at in range(2, len(view.core) - 1):
        then = view.core[at + 1]
        purpose = view.core[at].text == "to" and not (then.of("act") or then.of("obj"))
        wish = then.text in lexicon.imperatives()
        if purpose and wish and names(view.core[:at]):
            view.core = view.core[:at]
            return


def _take_condition(view: View) -> None:
    for tag, slot in (("rel:without", "exception"), ("rel:when", "condition")):
        at = first(view.core, tag, 1)
        if at > 0 and not view.core[at].of("act"):
            said = say(view.core[at:])
            if slot == "exception":
                view.exception = view.exception or said
                view.except_literals = tuple(
                    i.literal for i in view.core[at:] if i.literal
                )
            else:
                view.condition = view.condition or said
            view.core = view.core[:at]


def say(words: Sequence[Item]) -> str:
    """Give words as they were said."""
    return " ".join(i.literal.text if i.literal else i.text for i in words)
