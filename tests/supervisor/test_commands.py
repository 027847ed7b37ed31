"""The broker's side of commands: run, answered from the record, in doubt, refused."""

import contextlib

import pytest

from soulguard.ledger import open_ledger
from soulguard.model import (
    Action,
    EffectKind,
    OnDuplicate,
    Policy,
    Rule,
    Source,
    Span,
    Verdict,
    Where,
)
from soulguard.policy.engine import Engine
from soulguard.supervisor.broker import Peer
from soulguard.supervisor.commands import Commands
from soulguard.supervisor.enforcement import Enforcement
from soulguard.supervisor.session import Session
from soulguard.supervisor.settling import resolve
from tests.ledger.samples import OWNER, a_run


def a_rule(action, *commands, on_duplicate=OnDuplicate.BLOCK, **params):
    return Rule(
        action.value, action.value, action, (EffectKind.COMMAND_RUN,),
        Source(Span("SOUL.md", 7), "Mind this."), Where(commands=commands),
        on_duplicate, params=params,
    )  # fmt: skip


class Run:
    """A run whose broker is asked as the doors would ask."""

    def __init__(self, folder, *rules, observe=False):
        self.ledger = open_ledger(folder / "ledger.db")
        self.engine = Engine(Policy("/r", 1, rules))
        self.observe, self.attempt = observe, 0
        self.ledger.add_run(a_run(root="/r"))
        self.ledger.commit(durable=False)
        self.restart()

    def restart(self):
        self.attempt += 1
        self.ledger.attempts("run-1")
        self.ledger.claim("run-1", OWNER, 1.0)
        self.ledger.commit(durable=False)
        self.session = Session(
            self.ledger.run("run-1"), self.attempt, self.ledger, self.engine,
            observe=self.observe, power=False, clock=lambda: 5.0,
        )  # fmt: skip
        self.part = Commands(self.session, Enforcement(self.session, KNOWN))
        self.peer = Peer()

    def begin(self, *argv, **more):
        message = {"argv": list(argv), "cwd": "/r", **more}
        answer = self.part.handlers()["command.begin"](self.peer, message, [])
        self.session.commit()
        return answer

    def end(self, answer, status=0, *blobs, **more):
        message = {"effect": answer.decision.effect_id, "status": status, **more}
        self.part.handlers()["command.end"](self.peer, message, list(blobs))
        self.session.commit()

    def types(self):
        return [e.type.value for e in self.ledger.events("run-1")]


KNOWN = {"ACME_KEY": "abcd1234"}
ONCE = a_rule(Action.ONCE, "ship")


@pytest.fixture
def run_with(tmp_path):
    with contextlib.ExitStack() as stack:

        def make(*rules, **options):
            made = Run(tmp_path, *rules, **options)
            stack.callback(made.ledger.close)
            return made

        yield make


def test_what_no_rule_speaks_of_passes_and_leaves_nothing(run_with):
    run = run_with(ONCE)
    assert run.begin("ls").decision.verdict is Verdict.ALLOW
    assert run.types() == []


def test_what_worked_once_is_answered_with_status_and_output(run_with):
    run = run_with(ONCE)
    first = run.begin("ship", "a")
    assert first.decision.data == {"record": True}
    run.end(first, 0, b"out", b"err")
    run.restart()
    again = run.begin("ship", "a")
    assert (again.decision.verdict, again.decision.data) == (
        Verdict.REPLAY,
        {"status": 0},
    )
    assert again.blobs == (b"out", b"err")
    assert run.begin("ship", "b").decision.verdict is Verdict.ALLOW


@pytest.mark.parametrize("status", [3, -9])
def test_what_failed_did_not_happen(run_with, status):
    run = run_with(ONCE)
    run.end(run.begin("ship"), status)
    assert run.begin("ship").decision.data == {"record": True}
    assert run.types().count("effect.failed") == 1


def test_an_equal_one_at_work_is_waited_for(run_with):
    run = run_with(ONCE)
    first = run.begin("ship")
    assert run.begin("ship").decision.verdict is Verdict.WAIT
    run.end(first)
    assert run.begin("ship").decision.data["error"] == "duplicate-call"


@pytest.mark.parametrize(("way", "verdict"), [
    (OnDuplicate.BLOCK, Verdict.DENY), (OnDuplicate.SKIP, Verdict.REPLAY), (OnDuplicate.WARN, Verdict.ALLOW),
])  # fmt: skip
def test_a_second_one_in_the_attempt_is_what_the_rule_says(run_with, way, verdict):
    run = run_with(a_rule(Action.ONCE, "ship", on_duplicate=way))
    run.end(run.begin("ship"), 0, b"out", b"")
    assert run.begin("ship").decision.verdict is verdict
    assert run.begin("ship", name="second").decision.verdict is Verdict.ALLOW


def test_one_whose_recorder_went_away_is_in_doubt_until_a_person_says(run_with):
    run = run_with(ONCE)
    effect = run.begin("ship").decision.effect_id
    run.part.gone(run.peer)
    run.session.commit()
    for _ in range(2):
        held = run.begin("ship").decision
        assert held.data["error"] == "in-doubt"
        assert f"soulguard resolve run-1 {effect} --happened" in held.message
        run.restart()
    resolve(run.ledger, "run-1", effect, happened=True, by="ada", now=9.0)
    assert run.begin("ship").decision.verdict is Verdict.REPLAY


def test_a_late_word_of_its_recorder_ends_the_doubt(run_with):
    run = run_with(ONCE)
    first = run.begin("ship")
    run.part.gone(run.peer)
    run.end(first, 0, b"", b"")
    run.restart()
    assert run.begin("ship").decision.verdict is Verdict.REPLAY


def test_output_too_large_to_keep_is_not_made_up(run_with):
    run = run_with(ONCE)
    run.end(run.begin("ship"), 0, large=True)
    run.restart()
    assert "too large to keep" in run.begin("ship").decision.message


def test_an_identical_line_elsewhere_is_another_command(run_with):
    run = run_with(ONCE)
    run.end(run.begin("ship"))
    run.restart()
    other = run.begin("ship", cwd="/elsewhere").decision
    assert other.verdict is Verdict.ALLOW


def test_secrets_of_a_command_line_are_neither_kept_nor_shown(run_with):
    run = run_with(a_rule(Action.RECORD), a_rule(Action.SECRET))
    refused = run.begin("curl", "-H", "key: abcd1234").decision
    assert "the value of `ACME_KEY`" in refused.message
    assert "abcd1234" not in refused.message
    said = [str(e.to_json()) for e in run.ledger.events("run-1")]
    assert said
    assert not any("abcd1234" in text for text in said)


def test_a_shell_line_is_judged_by_every_command_in_it(run_with):
    run = run_with(a_rule(Action.DENY, "git push --force*"))
    line = "cd /x && git push --force"
    refused = run.begin("/bin/sh", "-c", line, shell=line).decision
    assert refused.message.startswith(f"soulguard refused to run `{line}`")


def test_observing_runs_everything_and_says_what_would_be(run_with):
    run = run_with(ONCE, observe=True)
    run.end(run.begin("ship"))
    for _ in range(2):
        answer = run.begin("ship")
        assert answer.decision.verdict is Verdict.ALLOW
        run.end(answer)
        run.restart()
    assert "violation.duplicate" in run.types()
    assert "effect.passed" in run.types()
