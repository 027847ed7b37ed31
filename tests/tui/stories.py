"""Ledgers in which everything a person can look at has happened, for the app's tests."""

from soulguard.ledger import open_ledger
from soulguard.model import EffectKind, EffectState, EventType, Grade, RunStatus, Span
from soulguard.soul.compilation import Diagnostic, Sentence, Severity
from tests.ledger.samples import OWNER, a_run, an_effect, an_event

FIRST, SECOND = "invoices-monday", "invoices-tuesday"
NOON = 1_767_182_400.0  # 2025-12-31 12:00:00 UTC
NOW = NOON + 60.0

SENTENCES = (
    Sentence(
        Span("SOUL.md", 4, 1), "Never write twice to the same output path in a run.",
        Grade.PROCESS, "rule", "write-once", ("write-once",), ("once",),
        "each output is written at most once per run",
    ),
    Sentence(
        Span("SOUL.md", 6, 1), "Never put API keys in any file.", Grade.PROCESS,
        "rule", "secret", ("secret",), ("no-keys",), "known secrets are refused",
    ),
    Sentence(
        Span("SOUL.md", 7, 1), "Ask before sending mail.", Grade.PROCESS, "rule",
        "approval", ("approval",), ("ask-mail",), "mail waits for a person",
    ),
    Sentence(
        Span("SOUL.md", 9, 1), "Be kind and careful.", Grade.ADVISORY,
        reason="it names no effect that could be refused",
    ),
    Sentence(
        Span("SOUL.md", 11, 1), "Block the mailman.", Grade.ERROR,
        reason="no effect named `mailman`", suggestion="Never send mail.",
    ),
)  # fmt: skip

BROKEN = Diagnostic(
    Severity.ERROR,
    "no effect named `mailman`",
    Span("SOUL.md", 11, 3),
    hint="did you mean `mail.send`?",
)

COMMITTED = b'[llm]\nmodel = "small"\ntimeout = 30\n'
BLOCKED = b'[llm]\nmodel = "small"\napi_key = "sk-test"\ntimeout = 30\n'


def policy_data(sentences=SENTENCES, **more):
    rules = [
        {"id": rule, "source": sentence.span.short}
        for sentence in sentences
        for rule in sentence.rules
    ]
    return {
        "sentences": [s.to_json() for s in sentences],
        "rules": rules,
        "digest": "3f2c" + "0" * 60,
        **more,
    }


class Story:
    """A ledger that is told step by step; times go on by a second each."""

    def __init__(self, path, root="/home/ada/agent"):
        self.ledger = open_ledger(path)
        self.root = root
        self.at = NOON
        self.run = ""
        self.generation = 1

    def close(self):
        self.ledger.close()

    def start(self, run, *, command=("python", "agent.py"), owner=OWNER):
        self.run = run
        if self.ledger.run(run) is None:
            self.ledger.add_run(a_run(
                run, root=self.root, cwd=self.root, command=command,
                sources=(f"{self.root}/SOUL.md",), created_at=self.at, updated_at=self.at,
            ))  # fmt: skip
        self.ledger.attempts(run)
        self.attempt = self.ledger.claim(run, owner, self.at).number
        self.ledger.update_run(run, status=RunStatus.RUNNING)
        self.event(EventType.RUN_STARTED, target=" ".join(command))

    def end(self, status=0):
        self.ledger.end_attempt(self.run, self.attempt, at=self.at, exit_status=status)
        done = RunStatus.RESUMABLE if status else RunStatus.COMPLETED
        self.ledger.update_run(self.run, status=done, exit_status=status)
        self.event(EventType.RUN_ENDED)

    def event(self, type_, target="", **changes):
        self.at += 1.0
        if target.startswith("out/"):
            target = f"{self.root}/{target}"
        event_id = self.ledger.add_event(an_event(
            type_, run_id=self.run, attempt=self.attempt, at=self.at, target=target,
            generation=self.generation, **changes,
        ))  # fmt: skip
        self.ledger.commit(durable=False)
        return event_id

    def effect(self, slot, kind=EffectKind.FILE_WRITE, state=EffectState.DONE, **more):
        return self.ledger.add_effect(an_effect(
            slot, run_id=self.run, kind=kind, state=state, attempt=self.attempt,
            seen=self.attempt, created_at=self.at, updated_at=self.at, **more,
        ))  # fmt: skip

    def duplicate(self):
        put = self.ledger.put_blob
        return self.event(
            EventType.DUPLICATE, "out/config.toml", rule="once", source="SOUL.md:4",
            reason="it was already written at 12:00:09 in this attempt",
            effect_id=self.effect(f"{self.root}/out/config.toml"),
            data={"committed": put(COMMITTED), "blocked": put(BLOCKED)},
        )  # fmt: skip

    def denied(self, target="out/notes.md"):
        return self.event(
            EventType.DENIED, target, rule="no-keys", source="SOUL.md:6",
            reason="it holds a known secret", data={"tried": "write"},
        )  # fmt: skip

    def doubt(self):
        body = b'{"customer": "c-17", "amount": 4200}'
        call = self.effect(
            "POST pay.example/v1/charges", EffectKind.HTTP_CALL, EffectState.IN_DOUBT,
            key="7d0e0b5e-0000-4000-8000-00000000c17a", protection="key sent, unknown",
            intent={"method": "POST", "url": "https://pay.example/v1/charges"},
            request=self.ledger.put_blob(body),
        )  # fmt: skip
        self.event(
            EventType.EFFECT_IN_DOUBT, "https://pay.example/v1/charges",
            reason="the connection was reset after it was sent", effect_id=call,
        )  # fmt: skip
        return call

    def ask(self, target="mail to ops@example.com", **data):
        return self.event(
            EventType.APPROVAL_ASKED, target, rule="ask-mail", source="SOUL.md:7",
            reason="mail waits for a person",
            data={"text": "Subject: Invoices\n\nAll sent.\nAda", **data},
        )  # fmt: skip


def tell(path):
    """Tell of a run that completed, and one that was killed once and has trouble."""
    story = Story(path)
    story.start(FIRST)
    story.event(EventType.POLICY_LOADED, data=policy_data())
    for name in ("a", "b", "c"):
        story.event(EventType.EFFECT_INTENT, f"out/{name}.md", rule="once")
        story.event(EventType.EFFECT_DONE, f"out/{name}.md")
    story.end()
    story.start(SECOND)
    story.event(EventType.POLICY_LOADED, data=policy_data())
    story.event(EventType.EFFECT_DONE, "out/a.md")
    story.denied()
    story.end(status=1)
    story.start(SECOND)
    for tokens in (800, 400):
        story.event(
            EventType.EFFECT_REPLAYED, "https://llm.example/v1/messages",
            reason="it happened before", data={"saved": {"tokens": tokens, "usd": 0.25}},
        )  # fmt: skip
    story.event(EventType.EFFECT_SKIPPED, "out/a.md", rule="once", source="SOUL.md:4")
    story.event(EventType.DRIFT, "out/b.md", reason="changed on disk: kept")
    story.doubt()
    story.duplicate()
    story.end(status=1)
    return story
