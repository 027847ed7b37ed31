"""Owns polarity: what a statement does with what it speaks of, and what is left of it.

*never* with *without approval* is ask; *outside X* under never leaves X out; *don't ask*
allows and never loosens (`counter`); *never automatically* leaves it to the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from soulguard.soul import lexicon
from soulguard.soul.literals import Literal
from soulguard.soul.modality import Modality
from soulguard.soul.tokens import Item

_REACH = 14
"""How many words may stand between `without` and `approval`."""
_GRANT = frozenset(("approves", "approve", "confirms", "authorizes", "authorises"))
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
    denied = first(words, "mod:deny")
    seen = _asked(words, denied, above) or _plain(words, denied, above)
    seen.condition = condition
    _take_outside(seen)
    _take_purpose(seen)
    _take_condition(seen)
    return seen


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
    asks = [at for at, item in enumerate(words) if item.has("mod:ask")]
    if not asks:
        return None
    for at, item in enumerate(words):
        if not item.has("rel:without"):
            continue
        near = [a for a in asks if at < a <= at + _REACH]
        if near:
            return _without(words, at, denied, above)
    if _waived(words, denied, asks):
        return View(_cut(words, denied), Modality.ALLOW, counter=True)
    return _requested(words, asks[0], denied)


def _without(words: list[Item], at: int, denied: int, above: Modality) -> View:
    approval = say(words[at:])
    core = _bare(words[:at])
    if -1 < denied < at:
        return View(core, Modality.ASK, approval=approval)
    if words[at].text in _ONLY_THEN:
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
    approval = say(words[ask : ask + 4])
    before = next(
        (b for b in range(max(ask - 3, 0), len(words)) if words[b].has("rel:before")),
        -1,
    )
    head, tail = words[:ask], words[ask + 1 :]
    needs = first(head, "rel:require")
    combined = words[ask].text in ("ask before", "confirm before")
    between = words[ask + 1 : before] if before > ask else []
    if any(w.of("act") for w in between) and "confirm" in words[ask].text:
        return View(_bare(between), Modality.ASK, approval=approval)
    if combined or (words[ask].text.startswith("get ") and names(tail)):
        return View(_bare(tail), Modality.ASK, approval=approval)
    if before > ask and names(words[before + 1 :]):
        return View(_bare(words[before + 1 :]), Modality.ASK, approval=approval)
    if needs > 0 and names(head[:needs]):
        return View(_bare(head[:needs]), Modality.ASK, approval=approval)
    if needs >= 0 and names(tail):
        return View(_bare(tail), Modality.ASK, approval=approval)
    if words[ask].text in _GRANT and names(tail):
        return View(_bare(tail), Modality.ASK, approval=approval)
    if "first" in words[ask].text or (before > -1 and before > ask):
        rest = _bare(head) if names(head) else _bare(tail)
        return View(rest, Modality.ASK, approval=approval)
    joint = [h.text for h in head[-3:]]
    if ("for" in joint or "on" in joint or needs >= 0) and names(head) and denied < 0:
        known = [w for w in _bare(head) if not w.unknown]
        return View(known, Modality.ASK, approval=approval)
    return None


def names(words: Sequence[Item]) -> bool:
    """Whether words name an action, an object or a literal of ours."""
    return any(i.of("act") or i.of("obj") or i.literal for i in words)


def _bare(words: Sequence[Item]) -> list[Item]:
    """Take off modal words, and a subject before them that names nothing of ours."""
    at = next((at for at, w in enumerate(words) if _modal(w)), 0)
    if any(w.of("act") or w.of("obj") or w.literal for w in words[:at]):
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
    only = first(words, "mod:only") >= 0
    alone = first(words, "mod:auto") >= 0
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


def _twice(words: list[Item], denied: int) -> bool:
    """Whether a second *not* narrows the first (``processes you did not start``)."""
    return any(w.text == "not" for w in words[denied + 1 :])


def _take_outside(view: View) -> None:
    at = first(view.core, "rel:outside")
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
