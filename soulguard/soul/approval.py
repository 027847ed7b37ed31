"""Owns the grammar of approval: who is asked, for what, and when asking is waived.

*Ask before X*, *X requires approval*, *never X without approval* and *if it means X, ask
first* are one thing said from four sides. Other modalities are polarity's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from soulguard.soul.modality import Modality
from soulguard.soul.tokens import Item
from soulguard.soul.views import View, bare, first, names, say

_REACH = 14
"""How many words may stand between `without` and `approval`."""
_GRANT = frozenset(("approves", "confirms", "authorizes", "authorises"))
_VERBS = (
    "ask",
    "by me",
    "through me",
    "past me",
    "with me",
    "ping me",
    "show me",
    "run it by",
    "clear it with",
    "consult",
    "let me approve",
    "let me review",
    "let me see",
    "let me read",
    "confirm",
    "always confirm",
    "check with",
    "check in with",
    "double-check",
    "get ",
)
_DOING = re.compile(r"(?:ing|ions?|als?|ments?|es|rs)\Z")
_REVIEWS = frozenset(
    ("review", "human input", "oversight", "acknowledgement", "agreement")
)
_HALTS = frozenset(("stop", "pause", "wait", "halt", "hold", "anyway"))
_FILLERS = frozenset(
    ("involves", "involve", "requires", "require", "means", "calls", "need", "needs", "have",
     "has", "would", "must", "should", "can", "may", "want", "wants", "request", "about",
     "asked", "ever", "task", "action")
)  # fmt: skip
_ASKED = frozenset(
    ("with", "me", "user", "owner", "human", "us", "operator", "admin", "by", "first")
)
"""Words that say whom one confirms with, or that one asks."""
_SURE = frozenset(("no", "that", "whether", "if", "which", "what", "there"))
_ONLY_THEN = frozenset(
    ("only after", "only with", "only when", "only upon", "only on", "pending", "subject to",
     "until", "not before")
)  # fmt: skip


_KEEPS = frozenset(("hold", "park", "queue", "postpone", "delay"))
"""``Hold every release until I say so``: what is held back until somebody agrees."""


FOR_APPROVAL = re.compile(
    r"\bfor (?:\w+ )?(?:approval|review|sign-?off|confirmation)\b"
)
"""Where something is sent that a person decides on: it is no place that is closed."""


def of_condition(rest: list[Item], every: list[Item]) -> list[Item]:
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


def asked(words: list[Item], denied: int, above: Modality) -> View | None:
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
    return words[at].text in _REVIEWS and any(w.has("rel:require") for w in near)


def _lacks(words: list[Item], at: int, denied: int) -> bool:
    """Whether *without* stands here, or what means it: ``not before I approve``."""
    item = words[at]
    if item.has("rel:without"):
        return True
    asks = first(words[at : at + 4], "mod:ask") > 0
    if item.text == "if":
        asks = first(words[at : at + 7], "mod:ask") > 0
    if item.has("rel:before") and at > 1:
        return asks and -1 < denied < at
    only = first(words[max(at - 6, 0) : at], "mod:only") >= 0
    if item.text in ("when", "if"):
        return only and (asks or first(words[at : at + 4], "mod:weak") > 0)
    return only and asks and item.text in ("after", "with", "once")


def _without(words: list[Item], at: int, denied: int, above: Modality) -> View:
    approval = say(words[at:])
    core = bare(words[1 if words[0].text in _KEEPS else 0 : at])
    if -1 < denied < at:
        return View(core, Modality.ASK, approval=approval)
    if words[at].text in (*_ONLY_THEN, "after", "with", "once", "when", "if"):
        return View(core, Modality.ASK, approval=approval)
    if above in (Modality.DENY, Modality.ASK):
        return View(core, Modality.ASK, inherited=True, approval=approval)
    if above is Modality.NONE and not core:
        return View(core, Modality.NONE)
    only = first(words[:at], "mod:only") >= 0
    return View(core, Modality.ALLOW, counter=True, only=only, approval=approval)


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
    verb = "confirm" in words[ask].text and "confirmation" not in words[ask].text
    if verb and _self_check(tail):
        return None
    if not head and tail and tail[0].has("rel:before") and _acts(tail):
        return View(bare(tail[1:]), Modality.ASK, approval=say(words[:4]))
    core = _asked_first(words, ask)
    if core is None and not (head and head[0].text in ("is", "are")):
        # "- is blocked and requires approval": of what, stands before
        core = _approved(words, ask, denied)
    grants = words[ask].text in _GRANT or (
        words[ask].text == "approve" and [h.text for h in head] == ["i"]
    )
    if core is None and grants and names(tail) and len(head) <= 3:
        core = tail
    if core is None and _mine(words, ask):
        core = words[1 : ask - 1]  # "Only send emails I have approved"
    if core is None and words[ask].text.startswith("wait for") and names(head):
        core = head if denied < 0 and not tail else None
    if core is None:
        return None
    return View(bare(core), Modality.ASK, approval=say(words[ask : ask + 4]))


def _mine(words: list[Item], ask: int) -> bool:
    """``Only send emails I have approved``."""
    last = ask == len(words) - 1 and words[ask].text in ("approved", "confirmed")
    return last and words[0].has("mod:only") and names(words[1:ask])


def _asked_first(words: list[Item], ask: int) -> list[Item] | None:
    """What an asking verb is for: ``ask before X``, ``confirm X first``, ``X: ask``."""
    text = words[ask].text
    head, tail = words[:ask], words[ask + 1 :]
    if text.endswith("human first"):
        return head  # "Refunds go to a human first"
    if not text.startswith(_VERBS):
        return None
    if head and head[0].has("rel:before") and names(head[1:]):
        return head[1:]  # "Before deleting files, ask."
    if text.endswith("me first"):
        return head[1:] if head and head[0].text == "run" else head
    before = first(words, "rel:before", ask)
    between = words[ask + 1 : before] if before > ask else []
    if "confirm" in text and before < 0 and _is_doing(tail):
        return tail
    if "confirm" in text and _is_done(between) and not _that(tail):
        return between
    if before > ask and names(words[before + 1 :]):
        return words[before + 1 :]
    if text.endswith("before") or text.startswith("get "):
        return tail if names(tail) else None
    if "first" in text or before > -1:
        return head if names(head) else None if _that(tail) else tail
    return None


def _self_check(tail: Sequence[Item]) -> bool:
    """``Confirm every hard requirement``, ``confirm the path before rm``: nobody is asked.

    Somebody is where a person is named, and where what is confirmed is what is done.
    """
    stop = first(tail, "rel:before")
    told = [w for w in (tail if stop < 0 else tail[:stop]) if not w.mark]
    asked = {w.text for w in told[:2]} & _ASKED or _is_done(told)
    return not asked and any(w.unknown or w.of("obj") for w in told)


def _is_done(words: Sequence[Item]) -> bool:
    """Whether words name something that is done: ``destructive actions``, ``sends``."""
    return any(w.of("act") or "destructive" in w.of("obj") for w in words)


def _that(words: Sequence[Item]) -> bool:
    """``Confirm no errors before``, ``confirm that``: what is made sure of, asking nobody."""
    return bool(words) and words[0].text in _SURE


def _is_doing(words: Sequence[Item]) -> bool:
    """Whether words begin with what is done: ``deletions``, ``sending mail``."""
    told = [w for w in words if not w.has("neutral")][:2]
    return any(w.of("act") and _DOING.search(w.text) for w in told)


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
    got = gets if gets > 0 and head[gets].text == "gets" else -1
    if (stop := max(needs, got)) > 0 and names(head[:stop]):
        return head[:stop]  # "Anything that leaves gets approval first"
    passive = ask > 1 and words[ask - 1].text in ("be", "is", "are", "are to be")
    if passive and denied < 0 and first(head, "mod:must") >= 0 and names(head):
        return head[: ask - 1]  # "Charges must be approved"
    if max(needs, gets) >= 0 and for_x and names(tail):
        return tail
    before = first(words, "rel:before", ask)
    purpose = [h.text for h in head[-3:]]
    if before > ask and ("for" in purpose or max(needs, gets) >= 0) and names(tail):
        return words[before + 1 :]
    held = "for" in purpose or "on" in purpose or needs >= 0
    if "review" in words[ask].text:
        held = needs >= 0  # "make a pull request for human review" asks nobody
    if held and names(head) and denied < 0 and len(tail) <= 2:
        return [w for w in head if not w.unknown]
    return None


def _acts(words: Sequence[Item]) -> bool:
    return any(w.of("act") for w in words)


def _cut(words: list[Item], at: int) -> list[Item]:
    return words[:at] + words[at + 1 :] if at >= 0 else words
