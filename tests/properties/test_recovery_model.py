"""Broker, ledger and recovery under a crash at every step of every kind of effect.

An agent walks one program at every start: it writes, appends, moves, deletes, posts,
runs commands and makes effects it names itself. It may die anywhere in a step, alone or
with its supervisor: before it asks, before the intent is on record, before or in the
middle of the deed, before it tells, before what it told is on record. A supervisor that
died stays as a zombie that goes on speaking. What really happened is counted beside it.
"""

import contextlib
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from soulguard.errors import LeaseHeldError
from soulguard.model import Owner
from soulguard.supervisor import lease
from soulguard.supervisor.settling import resolve
from tests.supervisor.attempts import PLAIN, STRIPE
from tests.supervisor.office import Office, digest

RULES = """\
# The clerk

## Idempotency Rule
Before creating any output, check if it already exists for this run_id.
Never write twice to the same output path in a single run.

```soulguard
rules:
  - id: commands-once
    effect: command.run
    where: {command: deploy}
    once: run
```
"""
LOG = "log.jsonl"
MOMENTS = (
    "before asking", "before the record", "before the deed", "in the deed",
    "before telling", "before the record of the end",
)  # fmt: skip


class World:
    """What really happened: the files are real, the rest is counted."""

    def __init__(self, office):
        self.office = office
        self.acts = Counter()
        self.answers = {}

    def act(self, what, key="", *, honours=False):
        """Act, once per key where keys are honoured; give the answer."""
        if honours and (what, key) in self.answers:
            return self.answers[what, key]
        self.acts[what] += 1
        self.answers[what, key] = json.dumps({"n": sum(self.acts.values())}).encode()
        return self.answers[what, key]


class Step:
    """One effect of the program: how it is asked for, done and told.

    `unseen` says that it was allowed and that nobody knows its end.
    """

    doubtful = True

    def __init__(self, number, letter):
        self.number, self.letter = number, letter
        self.unseen = False
        self.answer = None

    def __repr__(self):
        return f"{type(self).__name__}({self.number}, {self.letter!r})"

    def half(self, world, decision):
        """What the world sees when death comes in the middle; nothing by default."""


class FileStep(Step):
    doubtful = False

    def end(self, decision):
        return "file.done", {"effect": decision.effect_id}, ()

    def text(self):
        return f"{self.letter} {self.number}\n" * 3


class Write(FileStep):
    def ask(self, office):
        opened = office.ask("file.open", path=str(office / self.name()), kind="w")
        if opened.verdict.value == "skip":
            return None
        self.staged = office.running.stage_dir / f".sg-{self.number}"
        self.staged.write_text(self.text())
        seen = self.staged.stat()
        return "file.publish", {
            "path": str(office / self.name()), "staged": str(self.staged),
            "digest": digest(self.text()), "size": seen.st_size, "kind": "w",
            "unsure": False, "redo": False, "mtime": seen.st_mtime_ns,
            "inode": seen.st_ino,
        }, ()  # fmt: skip

    def name(self):
        return f"write-{self.number}.txt"

    def act(self, world, decision):
        self.staged.rename(world.office / self.name())

    def leaves(self, files):
        files[self.name()] = self.text()


class Append(FileStep):
    def ask(self, office):
        office.ask("file.open", path=str(office / LOG), kind="a")
        source = office.running.stage_dir / "bytes"
        source.write_text(self.line())
        return "file.append", {
            "path": str(office / LOG), "digest": digest(self.line()),
            "size": len(self.line()), "bytes": str(source), "start": 0,
        }, ()  # fmt: skip

    def line(self):
        return json.dumps({"line": self.letter * 9}) + "\n"

    def act(self, world, decision):
        self._write(world, self.line())

    def half(self, world, decision):
        self._write(world, self.line()[:7])

    def _write(self, world, text):
        with open(world.office / LOG, "a") as file:
            file.write(text)

    def leaves(self, files):
        files[LOG] = files.get(LOG, "") + self.line()


class Move(FileStep):
    """Renames a file that was there from the start."""

    def ask(self, office):
        source, path = office / f"here-{self.number}", office / f"there-{self.number}"
        text = source.read_text() if source.exists() else None
        return "file.move", {
            "source": str(source), "path": str(path), "how": "rename", "folder": False,
            "digest": "" if text is None else digest(text),
            "size": -1 if text is None else len(text),
        }, ()  # fmt: skip

    def act(self, world, decision):
        source = world.office / f"here-{self.number}"
        if source.exists():
            source.rename(world.office / f"there-{self.number}")

    def leaves(self, files):
        files[f"there-{self.number}"] = files.pop(f"here-{self.number}")


class Delete(FileStep):
    """Deletes a file that was there from the start."""

    def ask(self, office):
        return "file.remove", {"path": str(office / f"old-{self.number}")}, ()

    def act(self, world, decision):
        (world.office / f"old-{self.number}").unlink(missing_ok=True)

    def leaves(self, files):
        files.pop(f"old-{self.number}")


class Post(Step):
    honours, url = False, PLAIN

    def what(self):
        return type(self).__name__, self.letter

    def ask(self, office):
        self.body = json.dumps({"v": self.letter}).encode()
        headers = [("Content-Type", "application/json")]
        return "call.begin", {
            "method": "POST", "url": self.url, "headers": headers
        }, [self.body]  # fmt: skip

    def act(self, world, decision):
        headers = dict(map(tuple, decision.data.get("headers", ())))
        key = headers.get("Idempotency-Key", "")
        self.got = world.act(self.what(), key, honours=self.honours)

    def half(self, world, decision):
        self.act(world, decision)  # the service has acted, no answer came

    def end(self, decision):
        return "call.end", {
            "effect": decision.effect_id, "status": 200, "reason": "OK",
            "version": "HTTP/1.1", "headers": [],
        }, [self.got]  # fmt: skip


class Charge(Post):
    honours, url, doubtful = True, STRIPE, False


class Command(Step):
    def what(self):
        return "command", str(self.number)

    def ask(self, office):
        argv = ["deploy", f"{self.letter}{self.number}"]
        return "command.begin", {"argv": argv, "cwd": "/"}, ()

    def act(self, world, decision):
        self.got = world.act(self.what())

    half = act

    def end(self, decision):
        message = {"effect": decision.effect_id, "status": 0}
        return "command.end", message, [self.got, b""]


class Named(Step):
    def what(self):
        return "named", str(self.number)

    def ask(self, office):
        message = {"name": "ship", "key": f"{self.letter}{self.number}"}
        return "effect.begin", message, ()

    act = Command.act
    half = act

    def end(self, decision):
        return "effect.end", {"effect": decision.effect_id}, [self.got]


KINDS = (Write, Append, Move, Delete, Post, Charge, Command, Named)


class Recovery(RuleBasedStateMachine):
    @initialize(
        program=st.lists(
            st.tuples(st.sampled_from(KINDS), st.sampled_from("ab")),
            min_size=1, max_size=7,
        )
    )  # fmt: skip
    def begin_run(self, program):
        self.folder = Path(tempfile.mkdtemp())
        self.born = 1
        patch = mock.patch.object(lease, "owner_of", self.owner)
        patch.start()
        self.unpatch = patch.stop
        self.program = [kind(n, letter) for n, (kind, letter) in enumerate(program)]
        self.files = {LOG: '{"line": "from before"}\n'}
        for n in range(len(program)):
            self.files[f"old-{n}"] = self.files[f"here-{n}"] = f"{n}"
        for name, text in self.files.items():
            (self.folder / name).write_text(text)
        self.office = Office(self.folder)
        self.office.soul.write_text(RULES)
        self.world = World(self.office)
        self.zombies = []
        self.at, self.stuck = 0, None
        self.office.begin()

    def owner(self, pid):
        """Describe an owner that looks dead as soon as anybody asks."""
        self.born += 1
        return Owner(pid, self.born, lease.boot_id(), lease.socket.gethostname())

    def teardown(self):
        if not hasattr(self, "office"):
            return
        for stack, _, _ in self.zombies:
            with contextlib.suppress(LeaseHeldError):
                stack.close()
        self.office.end()
        self.unpatch()
        shutil.rmtree(self.folder)

    # -- dying ------------------------------------------------------------------------

    def die(self, *, together):
        """End the attempt by a death and begin the next, which recovers."""
        office = self.office
        if together:
            office.ledger.rollback()
            self.zombies.append((office._stack, office.session, office.handlers))
            office._stack = contextlib.ExitStack()
            office.begin()
        else:
            office.session.commit()
            office.parts.left(office.peer)
            office.parts.ended()
            office.session.commit()
            office.end()
            office.begin()
        self.at, self.stuck = 0, None
        assert office.ledger.verify().intact

    # -- walking ----------------------------------------------------------------------

    def walking(self):
        return self.stuck is None and self.at < len(self.program)

    def say(self, op, message, blobs):
        office = self.office
        return office.handlers[op](office.peer, message, blobs)

    @precondition(walking)
    @rule(moment=st.none() | st.sampled_from(MOMENTS), together=st.booleans())
    def walk(self, moment, together):
        step = self.program[self.at]
        if moment == "before asking":
            return self.die(together=together)
        question = step.ask(self.office)
        if question is None:  # skipped when it was opened
            self.at += 1
            return None
        answer = self.say(*question)
        if moment == "before the record":
            # the supervisor alone knows what it was asked, and may yet commit it
            step.unseen = step.unseen or not together
            return self.die(together=together)
        self.office.session.commit()
        return self.go_on(step, answer, moment, together)

    def go_on(self, step, answer, moment, together):
        verdict = answer.decision.verdict.value
        if verdict in ("skip", "replay"):
            self.answered_from_the_record(step, answer)
        elif verdict == "deny":
            assert answer.decision.data["error"] == "in-doubt"
            assert step.doubtful, "a file, or what honours keys, is never in doubt"
            assert self.may_be_open(step), "in doubt, and its end is known"
            self.stuck = answer.decision.effect_id, step
        else:
            assert verdict == "allow"
            self.perform(step, answer.decision, moment, together)

    def may_be_open(self, step):
        """Whether nobody knows the end of this step or of an equal call."""
        same = [s for s in self.program if s is step or self.equal(s, step)]
        return any(s.unseen for s in same)

    def equal(self, one, other):
        """Whether two calls cannot be told apart, so that either may take a place."""
        return isinstance(one, Post) and (type(one), one.letter) == (
            type(other), getattr(other, "letter", ""),
        )  # fmt: skip

    def answered_from_the_record(self, step, answer):
        if answer.blobs and hasattr(step, "what"):
            given = answer.blobs[0]
            assert given in {b"{}", *self.answers_to(step)}, "an answer nobody gave"
        self.at += 1

    def answers_to(self, step):
        return [
            body
            for (what, _), body in self.world.answers.items()
            if what == step.what()
        ]

    def perform(self, step, decision, moment, together):
        if moment == "before the deed":
            step.unseen = True
            return self.die(together=together)
        if moment == "in the deed":
            step.unseen = True
            step.half(self.world, decision)
            return self.die(together=together)
        step.act(self.world, decision)
        if moment == "before telling":
            step.unseen = True
            return self.die(together=together)
        if decision.effect_id:
            self.say(*step.end(decision))
        if moment == "before the record of the end":
            step.unseen = step.unseen or together
            return self.die(together=together)
        self.office.session.commit()
        self.at += 1
        return None

    @precondition(lambda self: self.stuck is not None)
    @rule()
    def a_person_looks_and_settles(self):
        """The truth is told: whether the service acted for the step in doubt."""
        effect_id, step = self.stuck
        ledger = self.office.ledger
        done = [
            row for row in ledger.find_effects("run-1")
            if row.slot == ledger.effect(effect_id).slot
            and row.fingerprint == ledger.effect(effect_id).fingerprint
            and row.state.value == "done" and row.result.get("resolved") != "did-not"
        ]  # fmt: skip
        happened = self.world.acts[step.what()] > len(done)
        resolve(ledger, "run-1", effect_id, happened=happened, by="Ann", now=1e9)
        self.die(together=False)

    @precondition(lambda self: self.zombies)
    @rule(data=st.data())
    def a_zombie_speaks_and_is_fenced_off(self, data):
        _, session, handlers = data.draw(st.sampled_from(self.zombies))
        step = data.draw(
            st.sampled_from([Post(90, "z"), Named(91, "z"), Command(92, "z")])
        )
        op, message, blobs = step.ask(self.office)
        with pytest.raises(LeaseHeldError):
            handlers[op](self.office.peer, message, blobs)
        session.roll_back()
        zombies = {"ship z91", "deploy z92"}
        assert not zombies & {row.slot for row in self.office.rows()}

    @precondition(lambda self: self.at == len(self.program))
    @rule(together=st.booleans())
    def the_run_is_as_one_without_a_death(self, together):
        files, acts = dict(self.files), Counter()
        for step in self.program:
            if isinstance(step, FileStep):
                step.leaves(files)
            else:
                acts[step.what()] += 1
        assert self.tree() == files
        assert self.world.acts == acts
        # an agent that dies with its last word walks it all again
        self.die(together=together)

    # -- what always holds --------------------------------------------------------------

    def tree(self):
        return {
            path.name: path.read_text()
            for path in self.folder.iterdir()
            if path.is_file() and path.name != "SOUL.md"
        }

    @invariant()
    def nothing_happened_twice(self):
        if hasattr(self, "world"):
            wanted = Counter(s.what() for s in self.program if hasattr(s, "what"))
            assert not self.world.acts - wanted

    @invariant()
    def nothing_is_torn_or_written_twice(self):
        if not hasattr(self, "world"):
            return
        tree = self.tree()
        whole = dict(self.files)
        for step in self.program:
            if isinstance(step, FileStep):
                step.leaves(whole)
        lines = Counter(tree.get(LOG, "").splitlines(keepends=True))
        assert not lines - Counter(whole[LOG].splitlines(keepends=True))
        for name, text in tree.items():
            assert name == LOG or text in (whole.get(name), self.files.get(name))


TestRecovery = Recovery.TestCase
TestRecovery.settings = settings(max_examples=50, stateful_step_count=25, deadline=None)
