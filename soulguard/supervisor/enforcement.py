"""Where every rule is enforced: an effect about to happen in, a refusal or nothing out.

Every handler comes here, in this order: `refuse` says what is never allowed, whatever
the record says; `hold` what has to wait or is used up, just before it would happen;
`performed` that it happens now. In observe mode all is recorded and nothing refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from soulguard.model import Action, Decision, EventType, Rule, Verdict
from soulguard.policy.carried import Unmet
from soulguard.policy.requirements import Circumstances, unmet
from soulguard.supervisor import disk
from soulguard.supervisor.approvals import Approvals
from soulguard.supervisor.deed import Deed
from soulguard.supervisor.limits import (
    ASK,
    WAIT,
    Addition,
    Budget,
    Excess,
    Limits,
    patience,
)
from soulguard.supervisor.refusal import allowed, refuse
from soulguard.supervisor.session import Session

if TYPE_CHECKING:
    from soulguard.supervisor.secrets import Secrets


_SHOWN = 65536
"""Bytes of a refused effect up to which a person may look at it afterwards."""


_TOLD = 16_384
"""Characters of what is done kept with a notice; a longer one is whole in a blob."""


class Enforcement:
    """The rules of one attempt, applied. `environ` is the agent's environment."""

    def __init__(self, session: Session, environ: Mapping[str, str]) -> None:
        self.session = session
        self._environ = dict(environ)
        root = Path(session.run.root)
        self._limits = Limits(session)
        self._approvals = Approvals(session, root / ".soulguard")
        self._spending: dict[int, list[Budget]] = {}
        self._added: dict[int, list[Addition]] = {}

    @cached_property
    def secrets(self) -> Secrets:
        """The secrets of the run, gathered when a rule first asks about them."""
        from soulguard.supervisor.secrets import Secrets, known

        folders = dict.fromkeys((self.session.run.root, self.session.run.cwd))
        files = [Path(folder) / ".env" for folder in folders]
        return Secrets(known(self._environ, files))

    # -- before -----------------------------------------------------------------------

    def refuse(self, deed: Deed) -> Decision | None:
        """Give the refusal of what no person and no waiting makes possible."""
        judgement = deed.judgement
        if judgement.verdict is Verdict.DENY:
            rule = judgement.rule
            return self.deny(deed, rule, judgement.reason, allowed(rule))
        rule = deed.duty(Action.SECRET)
        if rule is None:
            return None
        if deed.content is None:
            fact = "it is too large to be searched for secrets"
        else:
            found = self.secrets.find(deed.content())
            found = found or self.secrets.astray(deed.beside(), deed.effect.host)
            fact = f"it contains {found}" if found else ""
        instead = "take it out, or name it instead of showing it"
        return self.deny(deed, rule, fact, instead) if fact else None

    def ahead(self, deed: Deed) -> Decision | None:
        """Give the refusal of what is used up already, before anything is prepared."""
        if not self.session.observe and (late := self._unmet(deed, asks=False)):
            return late
        worst = next(iter(self._limits.excesses(deed)), None)
        if worst is None or worst.then != "deny" or self.session.observe:
            return None
        return self._exceeded(deed, worst)

    def may_refuse(self, deed: Deed) -> bool:
        """Say whether what a deed turns out to be decides: nothing is prepared then."""
        asks = deed.judgement.verdict is Verdict.ASK
        minding = (Action.SECRET, Action.LIMIT, Action.REQUIRE)
        minds = asks or any(map(deed.duty, minding))
        return bool(minds) and not self.session.observe

    def hold(self, deed: Deed) -> Decision | None:
        """Give the refusal, or the word to wait, of what would happen now."""
        if lacking := self._unmet(deed):
            return lacking
        for excess in self._limits.excesses(deed):
            held = self._exceeded(deed, excess)
            if held is not None:
                return held
        rule = deed.judgement.rule
        if deed.judgement.verdict is Verdict.ASK and rule is not None:
            return self._ask(deed, rule, deed.judgement.reason)
        return None

    def deny(
        self, deed: Deed, rule: Rule | None, fact: str, instead: str = ""
    ) -> Decision | None:
        """Record that a rule refuses an effect and give the refusal.

        None in observe mode: then nothing is refused.
        """
        self._record(deed, rule, fact)
        if self.session.observe:
            return None
        return refuse(
            deed.error, tried=self.secrets.mask(deed.tried), fact=fact,
            instead=instead or deed.instead, rule=rule,
        )  # fmt: skip

    # -- after ------------------------------------------------------------------------

    def performed(
        self, deed: Deed, effect_id: int = 0, *, counts: bool = True,
        working: Callable[[], bool] | None = None,
    ) -> None:  # fmt: skip
        """Count what happens now, use the approval up, tell who wants to be told.

        `counts` is False for the part of an effect that another deed is counted for.
        `working` says whether the effect still is at work, None where nobody can tell.
        """
        added = self._limits.count(deed, working) if counts else []
        if added and working and effect_id:
            self._added[effect_id] = added
        spending = self._limits.spending(deed)
        if spending and effect_id:
            self._spending[effect_id] = spending
        asking = _asking(deed)
        if asking and not self.session.observe:
            for rule in asking:
                self._approvals.used(deed, rule, partial(self._text, deed))
        for rule in deed.duties(Action.NOTIFY):
            self._notify(deed, rule, effect_id)

    def is_limited(self, effect_id: int) -> bool:
        """Say whether a limit counts an allowed call that has not ended."""
        return effect_id in self._added

    def settled(self, effect_id: int, *, happened: bool) -> None:
        """Leave what was counted for a call, or take it back where nothing happened."""
        added = self._added.pop(effect_id)
        undo = partial(self._added.__setitem__, effect_id, added)
        self.session.otherwise(undo)
        if not happened:
            self._limits.uncount(added)

    def is_counted(self, effect_id: int) -> bool:
        """Say whether a budget waits for what an allowed call used."""
        return effect_id in self._spending

    def spent(self, effect_id: int, model: str, used: Mapping[str, float]) -> None:
        """Count what an allowed call used: ``tokens``, and ``usd`` where it is known."""
        budgets = self._spending.pop(effect_id, [])
        undo = partial(self._spending.__setitem__, effect_id, budgets)
        self.session.otherwise(undo)
        self._limits.spend(budgets, used)
        rule = next((r for r, _ in budgets if r.params.get("unit") == "usd"), None)
        if rule is not None and used.get("tokens") and not used.get("usd"):
            fact = f"what model `{model}` costs is not known: it is not in the budget"
            self.session.record(EventType.NOTICE, model, fact, rule=rule)
            self.session.say(f"notice: {fact} ({rule.source.span.short})")

    # -- inside -----------------------------------------------------------------------

    def _unmet(self, deed: Deed, *, asks: bool = True) -> Decision | None:
        """Give the refusal of what lacks something that a rule requires."""
        duties = deed.duties(Action.REQUIRE)
        rules = [r for r in duties if asks or r.params.get("unmet") != ASK]
        if not rules:
            return None
        given = Circumstances(
            at=self.session.clock(), effect=deed.effect,
            root=self.session.engine.policy.root, fields=deed.fields,
            versioned=disk.versioned, listed=disk.addresses,
        )  # fmt: skip
        for rule in rules:
            found = unmet(rule, given)
            if found and (held := self._lacking(deed, rule, found)):
                return held
        return None

    def _lacking(self, deed: Deed, rule: Rule, found: Unmet) -> Decision | None:
        if rule.params.get("unmet") == ASK:
            return self._ask(deed, rule, found.fact)
        return self.deny(deed, rule, found.fact, found.instead)

    def _notify(self, deed: Deed, rule: Rule, effect_id: int) -> None:
        """Tell who wants to be told, with all that is done."""
        fact = f"the agent is about to {self.secrets.mask(deed.tried)}"
        target = self.secrets.mask(deed.named)
        text = self._text(deed)
        data = {"text": text[:_TOLD]}
        if len(text) > _TOLD:
            data["whole"] = self.session.ledger.put_blob(text.encode())
        self.session.record(
            EventType.NOTICE, target, fact, rule=rule, effect_id=effect_id, data=data
        )
        self.session.say(f"notice: {fact} ({rule.source.span.short})")

    def _exceeded(self, deed: Deed, excess: Excess) -> Decision | None:
        if excess.then == WAIT and not self.session.observe:
            return Decision(
                Verdict.WAIT, excess.fact, excess.rule.id,
                excess.rule.source.span.short,
                data={"seconds": patience(excess.seconds)},
            )  # fmt: skip
        if excess.then == ASK:
            return self._ask(deed, excess.rule, excess.fact)
        return self.deny(deed, excess.rule, excess.fact, excess.instead)

    def _ask(self, deed: Deed, rule: Rule, fact: str) -> Decision | None:
        words = rule.params.get("approval")
        asked = f' ("{words}")' if words else ""
        fact = f"{fact} and needs a person's yes{asked}"
        if self.session.observe:
            return self.deny(deed, rule, fact)
        shown = partial(self._text, deed)
        decision = self._approvals.decide(deed, rule, fact, shown)
        if decision is not None and decision.verdict is Verdict.DENY:
            self._record(deed, rule, decision.reason)
        return decision

    def _text(self, deed: Deed) -> str:
        return self.secrets.mask(deed.shown())

    def _record(self, deed: Deed, rule: Rule | None, fact: str) -> None:
        data = {
            "observed": self.session.observe,
            "tried": self.secrets.mask(deed.tried),
            "action": deed.effect.kind.value,
        }
        if 0 < deed.size <= _SHOWN and deed.content is not None:
            # there is content to look at: what was refused is told with it
            text = self._text(deed).encode("utf-8", "surrogateescape")
            data["blocked"] = self.session.ledger.put_blob(text)
        target = self.secrets.mask(deed.named)
        self.session.record(EventType.DENIED, target, fact, rule=rule, data=data)


def _asking(deed: Deed) -> list[Rule]:
    """Give the rules under which a person may have been asked about an effect."""
    rule = deed.judgement.rule
    limits = deed.duties(Action.LIMIT)
    found = [r for r in limits if r.params.get("on_exceed") == ASK]
    found += [r for r in deed.duties(Action.REQUIRE) if r.params.get("unmet") == ASK]
    return [rule, *found] if rule and deed.judgement.verdict is Verdict.ASK else found
