from dataclasses import replace

import pytest

from soulguard.model import Action, EffectKind, Policy, Where
from soulguard.policy.engine import Engine
from soulguard.supervisor.broker import Peer
from soulguard.supervisor.commands import Commands
from soulguard.supervisor.doubts import unsettled
from soulguard.supervisor.enforcement import Enforcement
from soulguard.supervisor.explicit import Explicit
from tests.supervisor.attempts import MODEL, PLAIN, STRIPE, Attempts, rule


@pytest.fixture
def run_with(tmp_path):
    made = []

    def make(*rules, **options):
        made.append(Attempts(tmp_path, *rules, **options))
        return made[-1]

    yield make
    for run in made:
        run.close()


def slots(run):
    return [row.slot for row in unsettled(run.session)]


def test_a_call_that_may_have_happened_keeps_its_run_open(run_with):
    run = run_with()
    run.fail(run.begin())
    run.fail(run.begin(STRIPE, b"amount=1"))  # a new run has no right to its key
    run.end(run.begin(PLAIN + "/2"), 500)
    run.end(run.begin(PLAIN + "/3"))
    run.end(run.begin(PLAIN + "/4"), 400)
    assert slots(run) == [
        "POST api.example.com/v1/notes", "POST api.stripe.com/v1/charges",
        "POST api.example.com/v1/notes/2",
    ]  # fmt: skip


def test_what_is_harmless_to_repeat_needs_no_run(run_with):
    harmless = rule(Action.RESEND, where=Where(hosts=("stats.example.com",)))
    run = run_with(harmless)
    run.fail(run.begin(MODEL))
    run.fail(run.begin(method="PUT"))
    run.fail(run.begin("https://stats.example.com/hit"))
    assert slots(run) == []


def test_a_put_that_is_done_once_does(run_with):
    run = run_with(rule(Action.ONCE, where=Where(hosts=("api.example.com",))))
    run.fail(run.begin(method="PUT"))
    assert len(slots(run)) == 1


def test_a_done_call_counts_while_another_one_is_held_in_its_place(run_with):
    run = run_with(rule(Action.ONCE, where=Where(hosts=("api.example.com",))))
    run.end(run.begin(body=b'{"id": 1, "text": "a"}'))
    run.restart()
    run.begin(body=b'{"id": 1, "text": "b"}')
    assert len(slots(run)) == 1
    run.restart()
    assert slots(run) == []


def test_nothing_waits_where_nothing_is_refused(run_with):
    run = run_with(observe=True)
    run.fail(run.begin())
    assert slots(run) == []


@pytest.mark.parametrize("action", [Action.ONCE, Action.LIMIT])
def test_of_commands_only_those_done_once_are_waited_for(run_with, action):
    more = {} if action is Action.ONCE else {"params": {"unit": "retries", "max": 3}}
    deploys = rule(action, where=Where(commands=("deploy",)), **more)
    run = run_with()
    run.session.engine = Engine(Policy("/", 1, (_of_commands(deploys),)))
    commands, peer = Commands(run.session, Enforcement(run.session, {})), Peer()
    commands.begin(peer, {"argv": ["deploy"]}, ())
    commands.ended()
    run.session.commit()
    assert bool(slots(run)) is (action is Action.ONCE)


def _of_commands(found):
    return replace(found, effects=(EffectKind.COMMAND_RUN,))


def test_an_explicit_effect_whose_end_nobody_saw_is_waited_for(run_with):
    run = run_with()
    explicit = Explicit(run.session)
    explicit.begin(Peer(), {"name": "ship", "key": "a"}, ())
    explicit.ended()
    run.session.commit()
    assert slots(run) == ["ship a"]
