"""Owns verbs and their objects: the words of a statement, grouped by who does what.

``write, edit or delete files`` is three verbs with one object, ``API keys, tokens and
cookies must not leak`` three things with one verb. Modality is taken off before.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from soulguard.soul import literals
from soulguard.soul.literals import Kind, Literal
from soulguard.soul.tokens import Item

_PARTICIPLE = re.compile(r"(?:ed|sent|written|made|put|kept)\Z")
_PAST = re.compile(r"(?:ed|wrote|sent|ran|made|built)\Z")
_RELATIVES = frozenset(("that", "which", "who", "i", "you", "we"))
_ALWAYS = frozenset(("external", "sudo"))
"""Actions that a phrase names wherever it stands (``acting externally``, ``as root``)."""
_MANNER = frozenset(("sudo",))
"""What is said of a whole member of a list, after the words it is said of."""
_LOGGING = frozenset(("log", "share"))
"""What *log* may mean as a verb: then it is not the file."""
_BEING = frozenset(("be", "been", "is", "are", "get", "gets"))
_FILES = frozenset(("csv", "excel", "json", "exec"))
"""Words that are known where they stand beside a verb."""
_FILED = frozenset(("write", "overwrite", "delete"))
_FEW = 4
"""Words a member of a list has at most, to be passed over as unknown."""
_CHANGE_NOTHING = frozenset(("neutral", "thing"))
_BINDING = frozenset(
    ("that", "which", "who", "whose", "you", "they", "it", "with", "in", "on", "for", "from",
     "to", "by", "of", "than", "as", "where", "when", "if", "about", "into", "not", "at")
)  # fmt: skip
"""Words that tie what they stand with to what was said before."""
_JOINTS = frozenset((",", "and", "or", "nor", "&", "and/or", "plus"))


@dataclass(slots=True)
class Group:
    """A verb with its objects, or objects alone."""

    acts: frozenset[str] = frozenset()
    objs: frozenset[str] = frozenset()
    literals: list[Literal] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    things: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    verb: str = ""

    @property
    def bare(self) -> bool:
        """Whether it names no object."""
        return not (self.objs or self.literals)

    @property
    def stuck(self) -> bool:
        """Whether it began with a verb nobody knows: what follows is its object."""
        return bool(self.unknown) and not (self.acts or self.objs or self.literals)


def groups(core: Sequence[Item]) -> list[Group]:
    """Give the groups of a statement's words.

    `strange` are the members of a list that nobody knows, beside others that stand for
    themselves: ``never edit `a.md`, rulesets or `b.md```.
    """
    strange = _strangers(core)
    found = _grouped([item for item in core if item not in strange])
    for group in found:
        group.strange = [item.text for item in strange]
    return found


def _strangers(core: Sequence[Item]) -> list[Item]:
    """Give the words of a list's members that are unknown as a whole."""
    members = [
        list(run)
        for joint, run in itertools.groupby(core, lambda i: i.text in _JOINTS)
        if not joint
    ]
    if len(members) < 2 or not any(map(_told, members)):
        return []
    head = members[0]
    verb = next((at for at, i in enumerate(head) if i.of("act")), len(head))
    files = verb < len(head) and bool(head[verb].of("act") & _FILED)
    filed = files and any(_place(i) for m in members for i in m)
    found = [i for m in members[1:] if _strange(m, filed=filed) for i in m]
    known = (all(_named(i, files=files) for i in m) for m in members[1:])
    rest = head[verb + 1 :]
    if any(known) and rest and _strange(rest, filed=filed):
        found += rest
    return found


def _named(item: Item, *, files: bool) -> bool:
    """Whether a word of a list's member is a literal, or a class of files."""
    return bool(item.literal or _free(item) or (files and item.of("obj")))


def _free(item: Item) -> bool:
    """Whether it is a word that changes nothing, and has no other meaning."""
    return item.tags <= _CHANGE_NOTHING and bool(item.tags)


def _place(item: Item) -> bool:
    return item.literal is not None and item.literal.kind is Kind.PATH


def _told_but_classes(member: list[Item]) -> bool:
    """Whether it has a verb or a name of its own, and is no narrowed class of files."""
    said = {i.text for i in member} & _BINDING
    return bool(said) or any(i.of("act") or i.literal for i in member)


def _told(member: list[Item]) -> bool:
    return any(i.of("act") or i.of("obj") or i.literal for i in member)


def _strange(member: list[Item], *, filed: bool = False) -> bool:
    """Whether it is a few words of which one is unknown and none says how or whose.

    `filed`: beside places that are named a class that a word narrows is one as well.
    """
    short = len(member) <= _FEW and any(i.unknown for i in member)
    if any(literals.is_any_program(i.text) or i.text in _FILES for i in member):
        return False
    if filed and short and not _told_but_classes(member):
        return True
    free = all(i.unknown or _free(i) for i in member)
    return short and free and not {i.text for i in member} & _BINDING


def _grouped(core: Sequence[Item]) -> list[Group]:
    out: list[Group] = []
    fresh, before, acted = True, "", False
    done_at = _passive(core)
    purpose = False
    for at, item in enumerate(core):
        if item.text in _JOINTS:
            fresh, purpose = True, False
            acted = bool(out) and bool(out[-1].acts or out[-1].unknown)
            continue
        purpose = purpose or _purpose(item, before, out)
        if purpose:
            continue  # "Don't pay to run commands": what for is not forbidden
        if item.mark:
            continue
        starts = bool(item.of("act")) and (fresh or not out or before == "to")
        starts = starts or (acted and bool(item.of("act") & _MANNER))
        if starts and out and _is_noun(item, core[at + 1 :], out[-1]):
            starts = False
        if at < done_at and item.of("obj"):
            starts = False  # "Backups must not be deleted": what it is done to
        if out and _told_of(item, before, out[-1]):
            starts = False
        if not out or (starts and not _absorbs(out[-1])):
            out.append(Group())
        done = bool(_PARTICIPLE.search(item.text))
        taken = out[-1].acts or (out[-1].stuck and not done)
        related = bool(out) and before in _RELATIVES and _PAST.search(item.text)
        verb = starts or not (related or taken or (at < done_at and item.of("obj")))
        _add(out[-1], item, as_verb=verb)
        fresh, before = False, item.text
    _share_objects(out)
    _share_verb(out)
    _own_up(out)
    return [g for g in out if g.acts or g.objs or g.literals or g.unknown]


def _plural(item: Item, before: str) -> bool:
    """``Add no trailer to commits``: what somebody does stands without an -s there."""
    plural = item.text.endswith("s") and not item.text.endswith("ss")
    return plural and before in ("to", "of", "into", "between", "per")


def _told_of(item: Item, before: str, group: Group) -> bool:
    """Whether a verb is of what stands before it, and begins nothing.

    ``The session that wrote the code``, ``any token, including safe ones``, and ``push
    users to buy``: what they do is their own.
    """
    if item.text == "including" or _plural(item, before):
        return True
    if before in _RELATIVES and _PAST.search(item.text):
        return True
    return before == "to" and bool(group.acts) and "people" in group.objs


def _own_up(groups: list[Group]) -> None:
    """``delete tasks``: where a thing no guard sees is all that a verb is about."""
    for group in groups:
        if group.acts and group.bare and not group.acts & _ALWAYS:
            group.unknown += group.things


def _purpose(item: Item, before: str, out: list[Group]) -> bool:
    """Whether a verb after *to* says what something else is done for."""
    done = bool(out) and "pay" in out[-1].acts and not out[-1].bare
    return before == "to" and bool(item.of("act")) and done


def _passive(core: Sequence[Item]) -> int:
    """Give the place of what is done in the passive (``be deleted``), 0 for none."""
    for at in range(1, len(core)):
        verb = core[at].of("act") and _PARTICIPLE.search(core[at].text)
        if verb and core[at - 1].text in _BEING:
            return at
    return 0


def _share_verb(groups: list[Group]) -> None:
    """``keys, tokens and cookies must not leak``: the first things take the verb."""
    if (
        len(groups) > 1
        and not groups[0].acts
        and groups[-1].acts
        and not groups[0].literals
    ):
        for group in groups[:-1]:
            if not group.acts and not group.unknown:
                group.acts, group.verb = groups[-1].acts, groups[-1].verb


def _is_noun(item: Item, rest: Sequence[Item], group: Group) -> bool:
    """``put secrets in files or messages``: a word that may be a verb, and ends a list."""
    if not item.of("obj") or not group.acts or group.bare:
        return False
    follows = next((i for i in rest if not i.has("neutral") or i.text in _JOINTS), None)
    return follows is None or follows.mark or follows.text in _JOINTS


def _absorbs(group: Group) -> bool:
    """Whether nothing of weight was said yet, so that a verb still belongs here."""
    return not (group.acts or group.objs or group.literals)


def _add(group: Group, item: Item, *, as_verb: bool) -> None:
    group.words.append(item.text)
    acts, objs = item.of("act"), item.of("obj")
    line = item.text.startswith("git ") and not group.objs  # "run git push"
    if acts and (as_verb or line or acts & _ALWAYS):
        group.acts |= acts
        group.verb = group.verb or item.text
        group.objs |= objs if acts != _LOGGING else frozenset()
    else:
        group.objs |= objs
    if item.literal:
        group.literals.append(item.literal)
    elif item.number:
        group.numbers.append(item.text)
    elif item.unknown:
        group.unknown.append(item.text)
    elif item.has("thing"):
        group.things.append(item.text)


def _share_objects(groups: list[Group]) -> None:
    """``write, edit or delete files``: verbs without objects take the next ones."""
    for at in range(len(groups) - 2, -1, -1):
        here, after = groups[at], groups[at + 1]
        if here.acts & _ALWAYS:
            continue  # "external actions, purchases": each speaks for itself
        if here.bare and here.acts and after.acts and not here.unknown:
            here.objs, here.literals = after.objs, list(after.literals)
            here.unknown = list(after.unknown)
            here.words += [word for word in after.words if word != after.verb]
