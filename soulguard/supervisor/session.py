"""One attempt of one run: what every part of the broker shares.

Owns the run, the policy that holds now, the open ledger transaction and the counters.
Decides nothing about effects.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from soulguard.ledger.protocol import Ledger
from soulguard.model import Event, EventType, Rule, Run
from soulguard.policy.engine import Engine

if TYPE_CHECKING:
    from soulguard.supervisor.page import Page


class Session:
    """The state of the running attempt, owned by the supervisor's one broker thread.

    `observe` lets every effect pass and records what would have been refused.
    `power` says whether commits that a promise hangs on must survive power loss.
    `patience` is how many seconds a question waits for a person; `say` reaches one who
    looks on, if there is one. `page` is what the guarded processes see of this, None
    where they have to ask.
    """

    def __init__(
        self,
        run: Run,
        attempt: int,
        ledger: Ledger,
        engine: Engine,
        *,
        observe: bool = False,
        strict: bool = False,
        power: bool = True,
        patience: float = 300.0,
        say: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.run = run
        self.attempt = attempt
        self.ledger = ledger
        self.engine = engine
        self.observe = observe
        self.strict = strict
        self.power = power
        self.patience = patience
        self.say = say
        self.clock = clock
        self.counts: Counter[str] = Counter()  # values of `saved:usd` are no integers
        self.page: Page | None = None
        self._durable = False
        self.pressing = False
        self._undo: list[Callable[[], object]] = []
        self._after: list[Callable[[], object]] = []
        self._moment = run.updated_at

    def moment(self) -> float:
        """Give the time for what was made or unmade: always later than the one before.

        What came after what is told by it, also where a clock is set back.
        """
        self._moment = max(self.clock(), self._moment + 1e-6)
        return self._moment

    @property
    def generation(self) -> int:
        """The generation of the policy that decides now."""
        return self.engine.policy.generation

    def forget_counts(self) -> None:
        """Start counting afresh: what the self-test did is not the agent's."""
        self.counts.clear()

    def in_scope(self, path: str) -> bool:
        """Say whether the policy speaks of writing a real path."""
        pattern = re.compile(self.engine.scope().paths, re.DOTALL)
        return pattern.match(path) is not None

    def promise(self) -> None:
        """Open the transaction and ask for the batch to be synced before its replies.

        Called before a reply that lets something happen which must be on record first.
        """
        self.ledger.begin()
        self.pressing = True
        self._durable = self._durable or self.power

    def commit(self) -> None:
        """Commit the batch; replies may be sent afterwards and not before."""
        self.catch_up()
        durable, self._durable = self._durable, False
        self.pressing = False
        self.ledger.commit(durable=durable)
        self._undo.clear()

    def otherwise(self, undo: Callable[[], object]) -> None:
        """Say how to take back what was remembered beside the ledger in this batch.

        What memory says of an effect must never be ahead of the record: a retry whose
        question was refused would find nothing of the call it repeats.
        """
        self._undo.append(undo)

    def afterwards(self, act: Callable[[], object]) -> None:
        """Put something on record when the answer has left, before the next question.

        Only where the answer lets nothing happen, and nothing but the store may fail.
        """
        self._after.append(act)

    def catch_up(self) -> None:
        """Put on record what was left for afterwards."""
        while self._after:
            self._after.pop(0)()

    @property
    def remembered(self) -> int:
        """How much of this batch can be taken back by now, for `take_back`."""
        return len(self._undo)

    def take_back(self, since: int = 0) -> None:
        """Undo, newest first, what was remembered since a point of this batch."""
        self._after.clear()
        while len(self._undo) > since:
            self._undo.pop()()

    def roll_back(self) -> None:
        """Forget the batch: what is in the open transaction and beside it."""
        self.pressing = False
        self.ledger.rollback()
        self.take_back()

    def record(
        self,
        type_: EventType,
        target: str,
        reason: str,
        *,
        rule: Rule | None = None,
        effect_id: int = 0,
        data: Mapping[str, Any] | None = None,
        pressing: bool = True,
    ) -> int:
        """Append an event to the run's history, count it, and give its id.

        Counted are the type, the type with ``data["kind"]`` (``effect.done:file.write``)
        and what ``data["saved"]`` says a replay saved (``saved:tokens``). A violation
        that stopped nothing (``data["observed"]``) counts as ``observed``. An event that
        lets nothing happen need not be pressing: it is committed with the next that is.
        """
        violation = type_.value.startswith("violation.")
        passed = violation and (data or {}).get("observed")
        self.counts["observed" if passed else type_.value] += 1
        if data and "kind" in data:
            self.counts[f"{type_.value}:{data['kind']}"] += 1
        for what, amount in (data or {}).get("saved", {}).items():
            self.counts[f"saved:{what}"] += amount
        self.pressing = self.pressing or pressing
        return self.ledger.add_event(
            Event(
                run_id=self.run.run_id,
                attempt=self.attempt,
                at=self.clock(),
                type=type_,
                target=target,
                reason=reason,
                rule=rule.id if rule else "",
                source=rule.source.span.short if rule else "",
                generation=self.generation,
                effect_id=effect_id,
                data=data or {},
            )
        )
