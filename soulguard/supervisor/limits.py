"""Limits: how many, how often, how long between, how much, and how large.

Counted is what was allowed to happen, over all processes of a run and over restarts; a
limit per time counts over all runs of the ledger. A limit with a `scope` has one count
for each recipient, host or target. What is answered from the record does not happen and
does not count; what a restart sends or makes again is counted already. INVARIANT: looked at and counted in one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from soulguard.ledger.protocol import Ledger, Tally
from soulguard.model import Action, EffectKind, Rule
from soulguard.policy.counted import BYTES, LENGTHS, PEOPLE, SUM, counted, each
from soulguard.policy.counted import unit as unit_of
from soulguard.soul import amounts
from soulguard.supervisor.at_work import Crowds, Working
from soulguard.supervisor.deed import Deed
from soulguard.supervisor.measures import measured, scope, sum_of, whom
from soulguard.supervisor.session import Session

WAIT, DENY, ASK = "wait", "deny", "ask"
_WITHOUT = "go on without it"
_PATIENCE = 30.0
"""Seconds after which a waiting door asks again at the latest."""

_POLL = 0.05
"""Seconds after which a door asks again while others are at work."""

_SPENT = ("tokens", "usd")
_FREE = frozenset(("GET", "HEAD", "OPTIONS"))
"""Methods of calls that use nothing up."""

_UNITS = {
    EffectKind.FILE_WRITE: "file writes",
    EffectKind.FILE_APPEND: "appends",
    EffectKind.FILE_RENAME: "renames",
    EffectKind.FILE_DELETE: "deletions",
    EffectKind.FILE_READ: "reads",
    EffectKind.HTTP_CALL: "calls",
    EffectKind.MAIL_SEND: "mails",
    EffectKind.COMMAND_RUN: "commands",
}


Budget = tuple[Rule, str]
"""A limit on what is used, and whose count it is."""

Addition = tuple[str, float, float]
"""What was counted: the counter, how much, and the moment it was counted under."""


@dataclass(frozen=True, slots=True)
class Excess:
    """One limit that an effect would go over.

    `then` is what the rule wants: wait, deny or ask. `seconds` is how long to wait, 0.0
    where waiting does not help, `instead` what the agent may do.
    """

    rule: Rule
    fact: str
    then: str
    seconds: float = 0.0
    instead: str = _WITHOUT


class Limits:
    """The limits of one attempt, on counters that outlive it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._crowds = Crowds(session.clock)

    def excesses(self, deed: Deed) -> list[Excess]:
        """Give the limits an effect would go over now: those that refuse it first, then
        those that ask, then those that make it wait, longest first.
        """
        rules = deed.duties(Action.LIMIT)
        if not rules:
            return []
        self._ledger.begin()
        found = [e for r in rules if (e := self._over(r, deed))]
        return sorted(found, key=_severity)

    def count(self, deed: Deed, working: Working | None = None) -> list[Addition]:
        """Count an effect that happens now, and as long as it is `working`.

        Gives what `uncount` takes back. Limits that count the same count it once.
        """
        added: dict[str, Addition] = {}
        joined: set[str] = set()
        for rule in deed.duties(Action.LIMIT):
            if not _speaks(rule, deed) or each(rule):
                continue
            for who in whom(rule, deed):
                self._count(rule, who, deed, added)
                busy = self._busy(rule, who)
                if working and "at_once" in rule.params and busy not in joined:
                    joined.add(busy)
                    self._crowds.join(busy, working)
        return list(added.values())

    def uncount(self, added: Iterable[Addition]) -> None:
        """Take back what was counted for an effect that did not happen after all."""
        for counter, amount, at in added:
            self._ledger.uncount(counter, amount, at)

    def spending(self, deed: Deed) -> list[Budget]:
        """Give the budgets whose use is known only when the call is answered."""
        rules = deed.duties(Action.LIMIT)
        return [(r, w) for r in rules if unit_of(r) in _SPENT for w in whom(r, deed)]

    def spend(self, budgets: Iterable[Budget], used: Mapping[str, float]) -> None:
        """Count what a call turned out to use: ``tokens``, and ``usd`` where known."""
        counters = {self._counter(r, w): r for r, w in budgets}
        for counter, rule in counters.items():
            amount = used.get(unit_of(rule), 0.0)
            if amount:
                self._add(counter, amount, _window(rule))

    # -- one limit --------------------------------------------------------------------

    def _over(self, rule: Rule, deed: Deed) -> Excess | None:
        if not _speaks(rule, deed):
            return None
        if unit_of(rule) == SUM and sum_of(deed) is None:
            return _unnamed(rule)
        if each(rule):
            return _too_large(rule, deed)
        for who in whom(rule, deed):
            found = self._crowd(rule, who, deed)
            found = found or self._gap(rule, who) or self._full(rule, who, deed)
            if found:
                return found
        return None

    def _crowd(self, rule: Rule, who: str, deed: Deed) -> Excess | None:
        """Say whether as many as may be are at work: a call waits, a command does not,
        for who starts it may be the one who has to end the others. Where none ends, a
        call waits no longer than a question: an answer that nobody reads is no end.
        """
        most = rule.params.get("at_once")
        if most is None:
            return None
        name = self._busy(rule, who)
        now = self._crowds.present(name)
        if now < most:
            return None
        unit = unit_of(rule) or _UNITS[deed.effect.kind]
        is_ = f"{_for(rule, who)} {'is' if now == 1 else 'are'}"
        working = f"{amounts.many(now, unit)}{is_} at work"
        fact = f"{working}, and at most {most:g} may be"
        command = deed.effect.kind is EffectKind.COMMAND_RUN
        then = _then(rule, DENY if command else WAIT)
        if then == WAIT and self._crowds.still(name) > self._session.patience:
            then = DENY
        instead = "wait until one of them has ended, and try again"
        return Excess(rule, fact, then, _POLL, instead)

    def _gap(self, rule: Rule, who: str) -> Excess | None:
        gap, now = float(rule.params.get("gap") or 0.0), self._session.clock()
        if not gap:
            return None
        last = self._ledger.tally(self._pace(rule, who), now - gap).last
        if not last:
            return None
        one = f"the last one{_for(rule, who)}"
        apart = f"the rule wants {amounts.lasting(gap)} between two"
        fact = f"{one} was {amounts.about(now - last)} ago, and {apart}"
        return Excess(rule, fact, _then(rule, WAIT), max(last + gap - now, 0.001))

    def _full(self, rule: Rule, who: str, deed: Deed) -> Excess | None:
        most = rule.params.get("max")
        if most is None:
            return None
        tally = self._tally(self._counter(rule, who), _window(rule))
        amount = self._amount(rule, who, deed)
        if unit_of(rule) in _SPENT:  # what it will cost is not known before
            full = tally.total >= most
        else:
            full = amount > 0 and tally.total + amount > most
        if not full:
            return None
        fact = _fact(rule, tally.total, deed, who)
        return self._excess(rule, fact, tally.first, possible=amount <= most)

    def _excess(self, rule: Rule, fact: str, first: float, *, possible: bool) -> Excess:
        window, then = _window(rule), _then(rule, DENY)
        if then == WAIT and not (window and possible):
            then = DENY  # no waiting makes room
        left = first + window - self._session.clock()
        return Excess(rule, fact, then, max(left, 0.001) if then == WAIT else 0.0)

    # -- counters ---------------------------------------------------------------------

    @property
    def _ledger(self) -> Ledger:
        return self._session.ledger

    def _count(
        self, rule: Rule, who: str, deed: Deed, added: dict[str, Addition]
    ) -> None:
        gap = float(rule.params.get("gap") or 0.0)
        if gap:
            self._add(self._pace(rule, who), 1.0, gap)
        counter = self._counter(rule, who)
        amount = self._amount(rule, who, deed)
        if "max" in rule.params and amount and counter not in added:
            at = self._add(counter, amount, _window(rule))
            added[counter] = counter, amount, at
        if unit_of(rule) == "files":
            self._add(self._file(rule, who, deed.place), 1.0, _window(rule))

    def _amount(self, rule: Rule, who: str, deed: Deed) -> float:
        unit = unit_of(rule)
        if self._is_counted(rule, deed):
            return 0.0
        if unit in BYTES:
            return float(max(deed.size, 0))
        if unit in _SPENT:
            return 0.0
        if unit == SUM:
            return sum_of(deed) or 0.0
        if unit == PEOPLE:
            return float(len(deed.who))
        if unit == "files":  # the same file again is no further file
            places = (deed.place, deed.moved) if deed.moved else (deed.place,)
            names = [self._file(rule, who, place) for place in places]
            known = [n for n in names if self._tally(n, _window(rule)).total]
            return 0.0 if known else 1.0
        return 1.0

    def _is_counted(self, rule: Rule, deed: Deed) -> bool:
        """Whether the limit counts this very effect already: it is no further one."""
        if not deed.counted or _per(rule) == "attempt" or unit_of(rule) == "retries":
            return False
        window = _window(rule)
        return not window or deed.counted > self._session.clock() - window

    def _counter(self, rule: Rule, who: str) -> str:
        """Name a counter: per time it is the policy folder's, else the run's."""
        session = self._session
        whose = session.engine.policy.root if _window(rule) else session.run.run_id
        if _per(rule) == "attempt":
            whose = f"{whose}\n{session.attempt}"
        return f"{whose}\n{counted(rule)}\n{who}"

    def _busy(self, rule: Rule, who: str) -> str:
        return f"{counted(rule)}\n{who}"

    def _pace(self, rule: Rule, who: str) -> str:
        return f"{self._session.engine.policy.root}\n{counted(rule)}\n{who}\npace"

    def _file(self, rule: Rule, who: str, place: str) -> str:
        return f"{self._counter(rule, who)}\n{place}"

    def _tally(self, counter: str, window: float) -> Tally:
        since = self._session.clock() - window if window else 0.0
        return self._ledger.tally(counter, since)

    def _add(self, counter: str, amount: float, keep: float) -> float:
        return self._ledger.count(counter, amount, self._session.clock(), keep=keep)


def _severity(excess: Excess) -> tuple[int, float]:
    return (DENY, ASK, WAIT).index(excess.then), -excess.seconds


def _speaks(rule: Rule, deed: Deed) -> bool:
    if unit_of(rule) in _SPENT:
        return deed.effect.method not in _FREE
    return unit_of(rule) != "retries" or bool(deed.again)


def _for(rule: Rule, who: str) -> str:
    return f" for `{who}`" if scope(rule) and who else ""


def _too_large(rule: Rule, deed: Deed) -> Excess | None:
    most, unit = rule.params.get("max"), unit_of(rule)
    if most is None:
        return None
    size = measured(unit, deed)
    if size is not None and size <= most:
        return None
    has = "is too large or packed" if size is None else f"has {_much(size, unit)}"
    fact = f"it {has}, and at most {_much(most, unit)} may be"
    instead = "make it shorter" if unit in LENGTHS else _WITHOUT
    then = ASK if _then(rule, DENY) == ASK else DENY
    return Excess(rule, fact, then, instead=instead)


def _unnamed(rule: Rule) -> Excess | None:
    """Ask about an order that says no sum; not all that goes to a bank moves money."""
    if rule.where.hosts and not rule.where.url_paths:
        return None
    return Excess(rule, "it names no sum that can be counted", ASK)


def _window(rule: Rule) -> float:
    """Give the seconds a limit looks back, 0.0 for one that holds for the run."""
    per: Any = rule.params.get("per", "run")
    return 0.0 if isinstance(per, str) else float(per)


def _per(rule: Rule) -> str:
    return str(rule.params.get("per", "run"))


def _then(rule: Rule, default: str) -> str:
    return str(rule.params.get("on_exceed", default))


def _fact(rule: Rule, total: float, deed: Deed, who: str) -> str:
    unit, most = unit_of(rule), rule.params["max"]
    when = f"{_for(rule, who)} {_when(rule)}"
    if unit == "retries":
        if not most:
            return "what failed may not be tried again"
        again = f"it was tried again {amounts.times(total)}{when}"
        return f"{again}, and at most {amounts.times(most)} is allowed"
    if unit in BYTES or unit in _SPENT or unit == SUM:
        used = f"{_much(total, unit)} are used up"
    else:
        made = amounts.many(total, unit or _UNITS[deed.effect.kind])
        used = f"there {'was' if total == 1 else 'were'} {made} already"
    return f"{used}{when}, and at most {_much(most, unit)} may be"


def _much(amount: float, unit: str) -> str:
    if unit == "usd":
        return amounts.dollars(amount)
    if unit in BYTES:
        return amounts.size(amount)
    named = unit in ("tokens", PEOPLE) or unit in LENGTHS
    return amounts.many(amount, unit) if named else amounts.figure(amount)


def _when(rule: Rule) -> str:
    window = _window(rule)
    if not window:
        return "in this attempt" if _per(rule) == "attempt" else "in this run"
    return f"in the last {amounts.lasting(window).removeprefix('1 ')}"


def patience(seconds: float) -> float:
    """Give the seconds after which a door that has to wait should ask again."""
    return min(seconds, _PATIENCE)
