"""A session with rules of its own, and deeds to try them on."""

import contextlib
from dataclasses import replace

from soulguard.ledger import open_ledger
from soulguard.model import (
    Action,
    Effect,
    EffectKind,
    Judgement,
    Policy,
    Rule,
    Source,
    Span,
    Verdict,
)
from soulguard.policy.engine import Engine
from soulguard.supervisor.deed import Deed
from soulguard.supervisor.enforcement import Enforcement
from soulguard.supervisor.session import Session
from tests.ledger.samples import OWNER, a_run


def a_rule(action, *effects, name="rule", **params):
    kinds = effects or tuple(EffectKind)
    source = Source(Span("SOUL.md", 7), "Mind this.")
    return Rule(name, action.value, action, kinds, source, params=params)


def a_deed(*duties, kind=EffectKind.MAIL_SEND, target="bob@x.example", **more):
    decided = next((d for d in duties if d.action in (Action.DENY, Action.ASK)), None)
    verdict = Verdict(decided.action.value) if decided else Verdict.ALLOW
    rest = tuple(d for d in duties if d is not decided)
    judgement = Judgement(verdict, "it matches `it`", decided, rest)
    fields = {"tried": f"mail {target}", "place": target, "shown": lambda: "all of it"}
    return Deed(Effect(kind, target), judgement, **{**fields, **more})


class Attempts:
    """A run on a real ledger, restarted at will, with a clock of its own."""

    def __init__(self, folder, *, observe=False, patience=60.0, **environ):
        (folder / ".soulguard").mkdir(exist_ok=True)
        self.folder, self.observe, self.patience = folder, observe, patience
        self.environ = environ
        self.now, self.attempt, self.said = 1000.0, 0, []
        self.ledger = open_ledger(folder / ".soulguard" / "ledger.db")
        self.begin("run-1")

    def begin(self, run_id):
        """Start another run of the same folder."""
        root = str(self.folder)
        self.run = a_run(run_id, root=root, cwd=root)
        self.ledger.add_run(self.run)
        self.ledger.commit(durable=False)
        self.attempt = 0
        self.restart()

    def restart(self):
        self.attempt += 1
        self.ledger.attempts(self.run.run_id)
        self.ledger.claim(self.run.run_id, OWNER, self.now)
        self.ledger.commit(durable=False)
        self.session = Session(
            replace(self.run, attempts=self.attempt), self.attempt, self.ledger,
            Engine(Policy(str(self.folder), 1, ())), observe=self.observe, power=False,
            patience=self.patience, say=self.said.append, clock=lambda: self.now,
        )  # fmt: skip
        self.rules = Enforcement(self.session, self.environ)

    def do(self, deed):
        """Do as a handler does: give the refusal, or None once it happened."""
        decision = self.rules.refuse(deed) or self.rules.hold(deed)
        if decision is None:
            self.rules.performed(deed)
        self.session.commit()
        return decision

    def events(self, *types):
        return list(self.ledger.events(types=types))


@contextlib.contextmanager
def attempts(folder, **more):
    made = Attempts(folder, **more)
    with contextlib.closing(made.ledger):
        yield made
