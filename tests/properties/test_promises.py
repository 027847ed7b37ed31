"""The promises under every order of failures: never twice, never lost, never silent."""

import tempfile

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from tests.supervisor.attempts import PLAIN, STRIPE, Attempts, error, verdict

URLS = {"honours": STRIPE, "plain": PLAIN}


class World:
    """What really happened: acts per (host, body), and what was answered under a key."""

    def __init__(self):
        self.acts = {}
        self.answers = {}
        self.number = 0

    def act(self, place, key, now):
        """Perform a request; a host that honours keys performs each key once a day."""
        answer, at = self.answers.get((place, key), (b"", 0.0))
        if place[0] == "honours" and answer and now - at < 24 * 3600:
            return answer
        self.number += 1
        self.acts[place] = self.acts.get(place, 0) + 1
        self.answers[place, key] = b'{"n": %d}' % self.number, now
        return self.answers[place, key][0]


class Promises(RuleBasedStateMachine):
    """An agent that walks the same calls at every start, and a world that may fail."""

    @initialize(
        program=st.lists(
            st.tuples(st.sampled_from(["honours", "plain"]), st.sampled_from("ab")),
            min_size=1, max_size=6,
        )
    )  # fmt: skip
    def begin_run(self, program):
        self.program = program
        self.world = World()
        self.at = 0
        self.answered = {}
        self.answer = None
        self.stuck = False
        self.waited = False
        self.folder = tempfile.TemporaryDirectory()
        self.run = Attempts(self.folder.name)

    def teardown(self):
        if hasattr(self, "run"):
            self.run.close()
            self.folder.cleanup()

    @property
    def place(self):
        return self.program[self.at]

    def idle(self):
        return not self.stuck and self.answer is None and self.at < len(self.program)

    def sending(self):
        return self.answer is not None

    @precondition(idle)
    @rule()
    def ask(self):
        host, body = self.place
        text = b'{"v": "%s"}' % body.encode()
        answer = self.run.begin(URLS[host], text)
        if verdict(answer) == "allow":
            self.answer = answer
        elif verdict(answer) == "replay":
            # what was answered before is answered the same again
            assert answer.blobs[0] == self.answered.setdefault(self.at, answer.blobs[0])
            self.at += 1
        else:
            assert error(answer) == "in-doubt"
            assert host == "plain" or self.waited
            self.stuck = True

    def act(self):
        return self.world.act(self.place, self.key(), self.run.now)

    def key(self):
        headers = dict(map(tuple, self.answer.decision.data.get("headers", ())))
        return headers["Idempotency-Key"]

    @precondition(sending)
    @rule()
    def answered_whole(self):
        body = self.act()
        self.run.end(self.answer, body=body)
        assert self.answered.setdefault(self.at, body) == body
        self.at += 1
        self.answer = None

    @precondition(sending)
    @rule(acted=st.booleans(), how=st.sampled_from(["lost", "500"]))
    def answer_is_lost(self, acted, how):
        if acted:
            self.act()
        if how == "lost":
            self.run.fail(self.answer)
        else:
            self.run.end(self.answer, status=500)
        self.answer = None

    @precondition(sending)
    @rule(how=st.sampled_from(["refused", "429"]))
    def is_not_processed(self, how):
        if how == "refused":
            self.run.fail(self.answer, sent=False)
        else:
            self.run.end(self.answer, status=429)
        self.answer = None

    @precondition(sending)
    @rule(acted=st.booleans())
    def its_process_dies_but_not_the_run(self, acted):
        if acted:
            self.act()
        self.run.calls.gone(self.run.peer)
        self.run.session.commit()
        self.answer = None

    @precondition(lambda self: self.answer is None)
    @rule(hours=st.sampled_from([1, 30]))
    def time_passes(self, hours):
        self.run.now += hours * 3600
        self.waited = True

    @rule(acted=st.booleans())
    def crashes_and_starts_again(self, acted):
        if acted and self.answer is not None:
            self.act()
        self.run.restart()
        self.at, self.answer, self.stuck = 0, None, False

    @invariant()
    def nothing_happened_twice(self):
        if not hasattr(self, "world"):
            return
        for place in set(self.program):
            reached = max([self.at, *(i + 1 for i in self.answered)])
            wanted = sum(p == place for p in self.program[: reached + 1])
            assert self.world.acts.get(place, 0) <= wanted

    @invariant()
    def nothing_was_lost(self):
        if not hasattr(self, "world"):
            return
        for place in set(self.program):
            passed = sum(p == place for p in self.program[: self.at])
            assert self.world.acts.get(place, 0) >= passed

    @invariant()
    def what_went_out_again_is_on_record(self):
        if not hasattr(self, "world"):
            return
        events = self.run.events()
        started = events.count("effect.intent") + events.count("effect.resent")
        assert started >= sum(self.world.acts.values())


TestPromises = Promises.TestCase
TestPromises.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
