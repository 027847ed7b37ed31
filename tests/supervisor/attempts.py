"""A broker without sockets: one run's attempts, asked as a door would ask."""

from dataclasses import replace
from pathlib import Path

from soulguard.ledger import open_ledger
from soulguard.model import (
    Action,
    EffectKind,
    Owner,
    Policy,
    Rule,
    Run,
    RunStatus,
    Source,
    Span,
    Where,
)
from soulguard.policy.engine import Engine
from soulguard.supervisor.broker import Peer
from soulguard.supervisor.calls import Calls
from soulguard.supervisor.facts import Facts
from soulguard.supervisor.session import Session

POLICIES = Path(__file__).parents[2] / "policies"
OWNER = Owner(pid=1, started=2, boot="b", host="h")
FACTS = Facts(POLICIES)

STRIPE = "https://api.stripe.com/v1/charges"
PLAIN = "https://api.example.com/v1/notes"
MODEL = "https://api.openai.com/v1/chat/completions"
JSON = (("Content-Type", "application/json"),)


def rule(action, *, name="r", text="A rule.", where=None, **fields):
    return Rule(
        id=name,
        family="test",
        action=action,
        effects=(EffectKind.HTTP_CALL,),
        source=Source(Span("SOUL.md", 7), text),
        where=where or Where(),
        **fields,
    )


KEY = rule(Action.KEY, name="key")


class Attempts:
    """One run over as many attempts as `restart` is called; `now` is its clock."""

    def __init__(self, folder, *rules, observe=False, facts=FACTS):
        self.ledger = open_ledger(Path(folder) / "ledger.db")
        self.rules = (KEY, *rules)
        self.observe = observe
        self.facts = facts
        self.now = 1_700_000_000.0
        self.attempt = 0
        self.peer = Peer()
        self.run = Run(
            "run-1", "identity", ("python",), "/", "/", (), RunStatus.RUNNING,
            b"s" * 32, 1.0, 1.0,
        )  # fmt: skip
        self.ledger.add_run(self.run)
        self.ledger.commit(durable=False)
        self.restart()

    def restart(self):
        self.ledger.rollback()
        self.attempt += 1
        self.ledger.attempts("run-1")
        self.ledger.claim("run-1", OWNER, self.now)
        self.ledger.commit(durable=False)
        engine = Engine(Policy("/", 1, self.rules))
        self.session = Session(
            replace(self.run, attempts=self.attempt), self.attempt, self.ledger, engine,
            observe=self.observe, power=False, clock=lambda: self.now,
        )  # fmt: skip
        self.calls = Calls(self.session, self.facts)
        self.handlers = self.calls.handlers()

    def begin(self, url=PLAIN, body=b'{"a": 1}', headers=JSON, method="POST", **more):
        message = {"method": method, "url": url, "headers": [*headers], **more}
        answer = self.handlers["call.begin"](self.peer, message, [body] if body else [])
        self.session.commit()
        return answer

    def end(self, answer, status=200, body=b"{}", headers=(), *, wait=False, **more):
        message = {
            "effect": answer.decision.effect_id, "status": status, "reason": "R",
            "version": "HTTP/1.1", "headers": [*headers], **more,
        }  # fmt: skip
        if wait:
            message["wait"] = True
        told = self.handlers["call.end"](self.peer, message, [body] if body else [])
        self.session.commit()
        return told

    def fail(self, answer, *, sent=True):
        message = {"effect": answer.decision.effect_id, "error": "E", "sent": sent}
        self.handlers["call.end"](self.peer, message, [])
        self.session.commit()

    def effects(self):
        return self.ledger.find_effects("run-1")

    def events(self):
        return [e.type.value for e in self.ledger.events("run-1")]

    def close(self):
        self.ledger.close()


def verdict(answer):
    return answer.decision.verdict.value


def error(answer):
    return answer.decision.data.get("error")


def key_of(answer):
    headers = dict(map(tuple, answer.decision.data.get("headers", ())))
    return headers.get("Idempotency-Key", "")
