"""Owns the question whether one policy lets anything through that another one stops.

Pure, and it only ever errs on the side of "looser": what cannot be seen to be as strict
is not. Who decides about a looser policy, and what holds until then, is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from soulguard.model import Action, EffectKind, OnDuplicate, Policy, Rule, Where
from soulguard.policy import globs
from soulguard.policy.counted import counted, each

_PERMITS = (Action.ALLOW, Action.RESEND)
_VERDICTS = (Action.ALLOW, Action.ASK, Action.DENY)
"""Actions that decide outright, the stricter ones later."""

_DUPLICATES = (OnDuplicate.WARN, OnDuplicate.SKIP, OnDuplicate.BLOCK)
"""Answers to a duplicate, the stricter ones later."""

Meaning = tuple[Action, tuple[EffectKind, ...], Where, OnDuplicate, str]


def loosened(old: Policy, new: Policy) -> tuple[Rule, ...]:
    """Give the rules through which `new` may let pass what `old` stops; none: it cannot.

    Rules of `old` that are gone or weaker, and rules of `new` that permit something or
    stand in front of a stricter one. Ids, places and words of a rule do not matter.
    Both policies start from the same root.
    """
    before, now = _Rules(old), _Rules(new)
    return (
        *before.lost_in(now),
        *now.gained_over(before),
        *_reordered(before, now),
    )


def strength(rule: Rule) -> tuple[int, bool]:
    """Rank the answer of a write-once rule to a duplicate; greater is stricter."""
    keeps = rule.params.get("existing") == "keep"
    return _DUPLICATES.index(rule.on_duplicate), keeps


class _Rules:
    """The rules of one policy with what makes two of them equal."""

    def __init__(self, policy: Policy) -> None:
        self.root = policy.root
        self.rules = policy.rules
        self.known = {meaning(rule) for rule in policy.rules}

    def once(self) -> list[Rule]:
        """Give the write-once rules in their order."""
        return [rule for rule in self.rules if rule.action is Action.ONCE]

    def lost_in(self, other: _Rules) -> Iterator[Rule]:
        """Give the rules that neither stand in the other nor are covered by one there."""
        for rule in self.rules:
            if rule.action in _PERMITS or meaning(rule) in other.known:
                continue
            if not any(_covers(r, rule, self.root, other.rules) for r in other.rules):
                yield rule

    def gained_over(self, other: _Rules) -> Iterator[Rule]:
        """Give the rules that the other has not and that may loosen what it has."""
        for rule in self.rules:
            if meaning(rule) not in other.known and _loosens(rule, other):
                yield rule


def meaning(rule: Rule) -> Meaning:
    """Give all that a rule says, without its name, its place and its words."""
    params = repr(sorted(rule.params.items()))
    return rule.action, rule.effects, rule.where, rule.on_duplicate, params


def _reordered(before: _Rules, now: _Rules) -> tuple[Rule, ...]:
    """Give the write-once rules of which another one may be the first to answer now."""
    if len({strength(r) for r in before.once()}) < 2:
        return ()
    earlier, later = (
        list(dict.fromkeys(m for m in map(meaning, one.once()) if m in other.known))
        for one, other in ((before, now), (now, before))
    )
    return () if earlier == later else tuple(before.once())


# -- one rule against another -----------------------------------------------------------


def _covers(new: Rule, old: Rule, root: str, among: Sequence[Rule]) -> bool:
    """Whether `new`, among the rules of its policy, stops all that `old` does."""
    if not (_acts_as(new, old) and set(old.effects) <= set(new.effects)):
        return False
    if not _wider(new.where, old.where, root) or _precedence(new) < _precedence(old):
        return False
    if new.action is not Action.ONCE:
        return _as_strict(new, old)
    # of several write-once rules the most specific one answers, and a wider one is less
    # specific: only where no weaker one could step in front is it as good
    return all(_as_strict(r, old) for r in among if _meet(r, old))


def _acts_as(new: Rule, old: Rule) -> bool:
    return new.action is old.action or (
        old.action is Action.ASK and new.action is Action.DENY
    )


def _loosens(rule: Rule, old: _Rules) -> bool:
    """Whether a rule that is new may let through what the old rules stop."""
    if rule.action in _VERDICTS:
        # precedence decides before strictness does
        stricter = _VERDICTS[_VERDICTS.index(rule.action) + 1 :]
        return any(
            r.action in stricter
            and _precedence(r) < _precedence(rule)
            and not set(r.effects).isdisjoint(rule.effects)
            for r in old.rules
        )
    if rule.action is Action.RESEND:
        return True
    return any(_meet(r, rule) and _weaker(rule, r) for r in old.rules)


def _meet(one: Rule, other: Rule) -> bool:
    return one.action is other.action and not set(one.effects).isdisjoint(other.effects)


def _precedence(rule: Rule) -> int:
    return int(rule.params.get("precedence", 0))


# -- how strict -------------------------------------------------------------------------


def _as_strict(new: Rule, old: Rule) -> bool:
    """Whether `new` asks for at least as much as `old` where both speak."""
    if new.action is Action.ONCE:
        return all(n >= o for n, o in zip(strength(new), strength(old), strict=True))
    mine, other = _said(new), _said(old)
    if new.action is not Action.LIMIT:
        return new.action is not old.action or mine == other
    # one that counts something else begins at nothing, however little it allows
    known = each(new) or counted(new) == counted(old)
    return (
        known
        and _same_count(mine, other)
        and all(
            mine.get(name) is not None and _tighter(name, mine[name], other[name])
            for name in ("max", "gap", "at_once")
            if name in other
        )
    )


def _weaker(new: Rule, old: Rule) -> bool:
    """Whether `new` could be heard in place of `old` and asks for less."""
    if new.action is Action.ONCE:
        return not _as_strict(new, old)
    if new.action is not Action.LIMIT:
        return False
    mine, other = _said(new), _said(old)
    return _same_count(mine, other) and any(
        name in mine and name in other and not _tighter(name, mine[name], other[name])
        for name in ("max", "gap", "at_once")
    )


def _said(rule: Rule) -> dict[str, object]:
    return {k: v for k, v in rule.params.items() if k != "precedence"}


def _same_count(mine: dict[str, object], other: dict[str, object]) -> bool:
    """Whether two limits count the same thing over the same time."""
    rest = ({**p, "max": None, "gap": None, "at_once": None} for p in (mine, other))
    return next(rest) == next(rest)


def _tighter(name: str, mine: object, other: object) -> bool:
    if not isinstance(mine, (int, float)) or not isinstance(other, (int, float)):
        return mine == other
    return mine >= other if name == "gap" else mine <= other


# -- how wide ---------------------------------------------------------------------------


def _wider(new: Where, old: Where, root: str) -> bool:
    """Whether `new` speaks of everything that `old` speaks of."""
    return (
        _holds(_paths(new.paths, root), _paths(old.paths, root))
        and _inside(_paths(new.except_paths, root), _paths(old.except_paths, root))
        and _holds(_hosts(new.hosts), _hosts(old.hosts))
        and set(_hosts(new.except_hosts)) <= set(_hosts(old.except_hosts))
        and _holds(new.methods, old.methods)
        and _holds(new.url_paths, old.url_paths)
        and _holds(new.commands, old.commands)
        and set(new.except_commands) <= set(old.except_commands)
    )


def _paths(paths: tuple[str, ...], root: str) -> tuple[str, ...]:
    return tuple(globs.absolute(path, root) for path in paths)


def _hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(host.lower() for host in hosts)


def _holds(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    """Whether a field narrows no more than another; an empty one does not narrow."""
    return not wide or (bool(narrow) and _inside(narrow, wide))


def _inside(narrow: tuple[str, ...], wide: tuple[str, ...]) -> bool:
    return all(n in wide or any(_below(n, w) for w in wide) for n in narrow)


def _below(glob: str, folder: str) -> bool:
    """Whether an absolute glob speaks only of paths that ``folder/**`` speaks of."""
    base = folder.removesuffix("/**")
    if base == folder or not folder.startswith("/") or not globs.is_literal(base):
        return False
    return glob == base or glob.startswith(base + "/")
