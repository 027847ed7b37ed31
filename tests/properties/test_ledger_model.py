"""A ledger against plain dictionaries: whatever is asked in whatever order."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from soulguard.ledger import open_ledger
from soulguard.model import EffectState, EventType, RunStatus
from tests.ledger.samples import OWNER, a_run, an_effect, an_event

RUNS = ("run-1", "run-2")
RUN = st.sampled_from(RUNS)
STATE = st.sampled_from(EffectState)
DATA = st.dictionaries(
    st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=2
)
TEXT = st.text(st.characters(), max_size=4)


class Model:
    """What a ledger should know."""

    def __init__(self):
        self.runs, self.effects, self.events, self.blobs = {}, {}, [], {}

    def copy(self):
        twin = Model()
        twin.runs, twin.effects = dict(self.runs), dict(self.effects)
        twin.events, twin.blobs = list(self.events), dict(self.blobs)
        return twin


class Ledgers(RuleBasedStateMachine):
    @initialize()
    def prepare(self):
        self.folder = Path(tempfile.mkdtemp())
        self.ledger = open_ledger(self.folder / "ledger.db")
        self.kept, self.now = Model(), Model()
        self.unspoken = set()
        for run_id in RUNS:
            self.ledger.add_run(a_run(run_id))
            self.now.runs[run_id] = a_run(run_id)
        self.claim("run-1")
        self.commit(durable=False)

    def teardown(self):
        if hasattr(self, "ledger"):
            self.ledger.close()
            shutil.rmtree(self.folder)

    @rule(durable=st.booleans())
    def commit(self, durable):
        self.ledger.commit(durable=durable)
        self.now.events += [None] * len(self.unspoken)  # `effect.changed`
        self.unspoken.clear()
        self.kept = self.now.copy()

    @rule()
    def rollback(self):
        self.ledger.rollback()
        self.now = self.kept.copy()
        self.unspoken.clear()

    @rule()
    def reopen(self):
        self.ledger.close()
        self.ledger = open_ledger(self.folder / "ledger.db")
        self.now = self.kept.copy()
        self.unspoken.clear()

    @rule(run_id=RUN)
    def claim(self, run_id):
        self.ledger.attempts(run_id)
        number = self.ledger.claim(run_id, OWNER, 1.0).number
        run = self.now.runs[run_id]
        assert number == run.attempts + 1
        self.now.runs[run_id] = replace(run, attempts=number)

    @rule(run_id=RUN, status=st.sampled_from(RunStatus), at=st.floats(0, 1e10))
    def change_run(self, run_id, status, at):
        self.ledger.update_run(run_id, status=status, updated_at=at)
        run = self.now.runs[run_id]
        self.now.runs[run_id] = replace(run, status=status, updated_at=at)

    @rule(run_id=RUN, slot=TEXT, state=STATE, intent=DATA, spoken=st.booleans())
    def add_effect(self, run_id, slot, state, intent, spoken):
        attempt = self.now.runs[run_id].attempts
        effect = an_effect(
            slot, run_id=run_id, state=state, intent=intent, attempt=attempt
        )
        number = self.ledger.add_effect(effect)
        assert number not in self.now.effects
        self.now.effects[number] = replace(effect, id=number)
        self.unspoken.add(number)
        if spoken:
            self.speak(number)

    @precondition(lambda self: self.now.effects)
    @rule(data=st.data(), state=STATE, result=DATA, spoken=st.booleans())
    def change_effect(self, data, state, result, spoken):
        number = data.draw(st.sampled_from(sorted(self.now.effects)))
        before = self.now.effects[number]
        seen = self.now.runs[before.run_id].attempts
        changes = {"state": state, "result": result, "seen": seen}
        self.ledger.update_effect(number, **changes)
        self.now.effects[number] = replace(before, **changes)
        if (before.state, before.result) != (state, result):
            self.unspoken.add(number)
        if spoken:
            self.speak(number)

    def speak(self, number):
        effect = self.now.effects[number]
        self.add_event(effect.run_id, EventType.EFFECT_DONE, "", {}, number)
        self.unspoken.discard(number)

    @rule(run_id=RUN, type_=st.sampled_from(EventType), path=TEXT, data=DATA)
    def add_event(self, run_id, type_, path, data, effect_id=0):
        attempt = self.now.runs[run_id].attempts
        event = an_event(
            type_,
            run_id=run_id,
            target=path,
            data=data,
            attempt=attempt,
            effect_id=effect_id,
        )
        number = self.ledger.add_event(event)
        self.now.events.append(event)
        assert number == len(self.now.events)

    @rule(data=st.binary(max_size=20))
    def put_blob(self, data):
        self.now.blobs[self.ledger.put_blob(data)] = data

    @invariant()
    def the_ledger_knows_what_the_model_knows(self):
        if not hasattr(self, "ledger"):
            return
        for run_id, run in self.now.runs.items():
            assert self.ledger.run(run_id) == run
            found = self.ledger.find_effects(run_id)
            wanted = [e for e in self.now.effects.values() if e.run_id == run_id]
            assert found == sorted(wanted, key=lambda e: (e.ordinal, e.id))
        for ref, data in self.now.blobs.items():
            assert self.ledger.blob(ref) == data
        self.events_are_the_same()

    def events_are_the_same(self):
        events = list(self.ledger.events())
        assert len(events) == len(self.now.events)
        for found, wanted in zip(events, self.now.events, strict=True):
            if wanted is None:
                assert found.type is EventType.EFFECT_CHANGED
                continue
            data = dict(found.data)
            assert bool(wanted.effect_id) == (data.pop("effect", None) is not None)
            assert replace(found, id=0, hash="", data=data) == wanted
        if not self.unspoken:
            assert self.ledger.verify().intact


TestLedgers = Ledgers.TestCase
TestLedgers.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
