"""Owns polarity: what a statement does with what it speaks of, and what is left of it.

*never* with *without approval* is ask; *outside X* under never leaves X out; *don't ask*
allows and never loosens (`counter`); *never automatically* leaves it to the person.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from soulguard.soul import approval, lexicon
from soulguard.soul.denial import denial
from soulguard.soul.literals import Kind
from soulguard.soul.modality import Modality
from soulguard.soul.tokens import Item
from soulguard.soul.views import View, bare, first, names, say

_ANYTHING = frozenset(
    ("any", "anything", "anyone", "anybody", "anywhere", "nothing", "host", "hosts",
     "server", "domain", "file", "files", "command", "other")
)  # fmt: skip
_OWNERS = frozenset(
    ("owner", "user", "human", "humans", "admin", "administrator", "operator", "boss",
     "manager", "team", "people", "person", "maintainer", "maintainers", "humans")
)  # fmt: skip


_DOMAINS = frozenset(
    ("work", "job", "domain", "territory", "responsibility", "turf", "lane")
)
_NOBODYS = frozenset(
    ("that's", "it's", "what's", "let's", "here's", "today's", "agent's")
)


DOUBT = re.compile(
    r"\b(?:doubt|unsure|uncertain|not sure|unclear|possible|time|incident|incidents|pressure|need|needs|needed|ready|"
    r"want|necessary|ever|involves?|means?|requires?|before)\b"
)
"""Conditions that narrow nothing: ``when in doubt``, ``even under time pressure``."""
_RELATED = frozenset(("that", "which", "so"))


def view(found: tuple[Item, ...], above: Modality) -> View:
    """Take the modality off a statement; `above` is what it inherits."""
    words, condition = _leading_condition(_moved(list(found)))
    if meant := approval.of_condition(words, list(found)):
        words, condition = meant, ""
    if whose := _anothers(words):
        return View(bare(words[:whose]), Modality.DENY)
    denied = denial(words)
    seen = approval.asked(words, denied, above) or _plain(words, denied, above)
    seen.condition = condition
    _take_outside(seen)
    _take_purpose(seen)
    _take_condition(seen)
    return seen


def _anothers(words: Sequence[Item]) -> int:
    """Give the place of *is Dana's job*: what stands before is not for the agent.

    0 where it is nobody's, and where the sentence names nothing of ours.
    """
    for at in range(3, len(words)):
        owner = words[at - 1].text
        quoted = owner == "'s" and words[at - 2].literal is not None  # "`dev`'s work"
        theirs = quoted or (owner.endswith(("'s", "s'")) and owner not in _NOBODYS)
        being = at - 3 if quoted else at - 2
        if words[at].text in _DOMAINS and theirs and words[being].text in ("is", "are"):
            return being if names(words[:being]) else 0
    return 0


def _moved(words: list[Item]) -> list[Item]:
    """Put ``Unless I approve it,`` where ``unless`` stands in most sentences."""
    if words and words[0].text in ("unless", "without", "until"):
        stop = next((at for at, w in enumerate(words) if w.text == ","), 0)
        lead = words[:stop]
        if first(lead, "mod:ask") > 0 or first(lead, "mod:weak") > 0:
            return [*words[stop + 1 :], *lead]
    return words


def _leading_condition(words: list[Item]) -> tuple[list[Item], str]:
    """Take ``When in doubt,`` off the front."""
    if words and words[0].has("rel:when") and words[0].text not in ("once", "where"):
        for at, item in enumerate(words):
            if item.text == ",":
                return words[at + 1 :], say(words[:at])
    return words, ""


def _plain(words: list[Item], denied: int, above: Modality) -> View:
    """A statement that asks nobody: its own modality, else what stands above."""
    at = first(words, "mod:only")
    only = at >= 0 and not _loosely(words, at)
    alone = first(words, "mod:auto", max(denied, 0)) >= 0
    if at == 0 and (may := _reserved(words)) > 0:
        # "Only the owner may edit X": for the agent, never
        return View(bare(words[may + 1 :]), Modality.DENY)
    if denied >= 0 and alone:
        # "Never deploy automatically" leaves deploying to the person
        return View(bare(words), Modality.ASK, approval="not on its own")
    if denied >= 0:
        return _refused(words, denied, above, only=only)
    if only and _confined(words, at):
        return View(bare(words), Modality.NONE, exception=say(words[at:]))
    if only:
        return View(bare(words), Modality.ONLY, only=True)
    allowed = first(words, "mod:allow")
    if allowed >= 0:
        return _allowed(words, allowed)
    must = first(words, "mod:must")
    if must >= 0 and above in (Modality.NONE, Modality.MUST):
        return View(bare(words), Modality.MUST)
    return View(bare(words), above, inherited=above is not Modality.NONE)


def _refused(words: list[Item], denied: int, above: Modality, *, only: bool) -> View:
    core = bare(words)
    said_no = above is Modality.ALLOW and words[denied].text in ("not", "no", "none")
    if said_no or _not_every(words, denied):
        return View(core, Modality.NONE)
    seen = View(core, Modality.DENY, only=only)
    seen.exception = "not" if _twice(words, denied) else ""
    return seen


def _allowed(words: list[Item], allowed: int) -> View:
    adjective = words[allowed].text == "safe" and allowed > 0
    if words[allowed].text == "can" and _RELATED & {w.text for w in words[:allowed]}:
        return View(bare(words), Modality.NONE)  # "changes that can be rolled back"
    if _relative(words, allowed) or _lets_another(words, allowed):
        return View(bare(words), Modality.NONE)
    if _done_to(words, allowed) or adjective:
        return View(bare(words), Modality.NONE)  # "keep the infrastructure safe"
    return View(bare([w for w in words if not w.has("mod:allow")]), Modality.ALLOW)


def _relative(words: Sequence[Item], at: int) -> bool:
    """``An artifact you can read``: which one it is, and no permission."""
    if at < 3 or words[at - 1].text not in ("you", "i"):
        return False
    noun = words[at - 2]
    return not noun.mark and (noun.unknown or bool(noun.of("obj")))


def _lets_another(words: Sequence[Item], at: int) -> bool:
    """``Allow OpenCode to inspect it``: what somebody else may do."""
    then = [w.text for w in words[at + 1 : at + 3]]
    named = words[at].text == "allow" and words[at + 1 : at + 2]
    return bool(named) and words[at + 1].unknown and then[1:] == ["to"]


def _not_every(words: Sequence[Item], denied: int) -> bool:
    """``Don't respond to every message``: to some is fine."""
    pairs = itertools.pairwise(words[denied:])
    return any(
        a.text == "every" and (b.of("obj") or (b.unknown and not b.number))
        for a, b in pairs
    )


def _done_to(words: Sequence[Item], at: int) -> bool:
    """``You can be launched from a shell``: what is done to the agent, not by it."""
    subject = [w.text for w in words[:at]]
    return subject in (["you"], ["i"]) and [w.text for w in words[at + 1 : at + 2]] == [
        "be"
    ]


def _loosely(words: Sequence[Item], at: int) -> bool:
    """Whether *only* leaves nothing else out of what is done.

    ``Not only``, ``a test that only touches x``, ``only one agent edits these`` and
    ``cut it to a stub only, then write `a.xml```.
    """
    before = words[at - 1] if at else None
    then = words[at + 1].text if at + 1 < len(words) else ""
    if then == "one" or (before and before.text in ("not", "that", "which", "who")):
        return True
    return then == "," and before is not None and before.literal is None


def _confined(words: Sequence[Item], at: int) -> bool:
    """Whether it is what is named that is kept small (```exec` is restricted to tests``)."""
    passive = words[at].text in ("restricted to", "limited to", "confined to")
    named = any(w.literal for w in words[:at])
    return passive and named and not any(w.literal for w in words[at:])


def _reserved(words: list[Item]) -> int:
    """Give the place of *may* in ``only SOMEBODY may``; 0 where the agent is meant."""
    may = first(words, "mod:allow")
    verb = next((at for at, w in enumerate(words) if w.of("act")), 0)
    if may < 0 and verb > 1 and {w.text for w in words[1:verb]} & _OWNERS:
        return 0 if names(words[1:verb]) else verb - 1  # "Only the owner edits X"
    who = {w.text for w in words[1 : max(may, 1)]}
    passive = [w.text for w in words[may + 1 : may + 2]] == ["be"]
    if (
        may < 2
        or passive
        or names(words[1:may])
        or who & {"you", "i", "agent", "agents", "we"}
    ):
        return 0
    return may


def _twice(words: list[Item], denied: int) -> bool:
    """Whether a second *not* narrows the first (``processes you did not start``)."""
    pairs = itertools.pairwise(words[denied + 1 :])
    last = words[-1].text == "not" and denied < len(words) - 1
    return last or any(a.text == "not" and b.text != "even" for a, b in pairs)


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
    view.outside = bool(view.except_literals) or _here(view.except_objs)
    if _of_files(view.core) and not _of_files(rest) and view.except_literals:
        view.outside = False
    if not view.outside or (unknown and not view.except_literals):
        view.exception = say(view.core[at:])
        view.outside, view.except_literals = False, ()
    view.core = view.core[:at]
    if not any(
        i.of("act") for i in view.core
    ):  # "anything outside X must not be written"
        view.core += [i for i in rest if i.of("act") and not i.of("obj")]


def _of_files(words: Sequence[Item]) -> bool:
    """Whether a path is named: what is left out of a place is a place as well."""
    return any(w.literal and w.literal.kind is Kind.PATH for w in words)


def _here(objs: frozenset[str]) -> bool:
    """Whether *outside* is said of this folder: ``the website repo`` may be another."""
    return "workspace" in objs and objs <= {"workspace", "files", "code", "outputs"}


def _take_purpose(view: View) -> None:
    """Leave off ``to fix errors``: what for does not change what may not be done."""
    for at in range(2, len(view.core) - 1):
        then = view.core[at + 1]
        purpose = view.core[at].text == "to" and not (then.of("act") or then.of("obj"))
        purpose = purpose and then.text != "be"  # "never to be removed"
        wish = then.text in lexicon.imperatives()
        if purpose and wish and names(view.core[:at]):
            if view.core[at - 1].text in ("just", "merely", "simply"):
                view.exception = say(view.core[at:])  # for other reasons it may be
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
