import os
import time

import pytest

from soulguard.ledger import open_ledger
from soulguard.ledger.pruning import pruning_ledger
from soulguard.model import EffectKind, EffectState, EventType, RunStatus
from soulguard.supervisor import lease
from soulguard.supervisor.retention import plan, prune
from tests.ledger.samples import OWNER, a_run, an_effect, an_event


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "ledger.db"
    open_ledger(path).close()
    opened = pruning_ledger(path, read_only=False)
    yield opened
    opened.close()


def add(ledger, run_id, status=RunStatus.COMPLETED, owner=OWNER, **effect):
    ledger.add_run(a_run(run_id, status=status))
    ledger.claim(run_id, owner, time.time())
    number = ledger.add_effect(an_effect(run_id=run_id, **effect))
    ledger.add_event(an_event(run_id=run_id, effect_id=number))
    ledger.commit(durable=False)
    if status is not RunStatus.RUNNING:
        ledger.end_attempt(run_id, 1, at=2.0, exit_status=0)
        ledger.commit(durable=False)


def test_what_can_be_resumed_or_is_in_doubt_stays(ledger):
    add(ledger, "done")
    add(ledger, "open", RunStatus.RESUMABLE)
    add(ledger, "doubt", kind=EffectKind.MAIL_SEND, state=EffectState.IN_DOUBT)
    now = time.time()
    found = plan(ledger, now, now)
    assert (found.runs, found.in_doubt) == (("done",), ("doubt",))
    assert found.weight.effects == 1
    # whoever asks for more gets no more
    assert prune(ledger, ("done", "open", "doubt"), "ada", now)
    kept = {run.run_id: len(list(ledger.effects(run.run_id))) for run in ledger.runs()}
    assert kept == {"done": 0, "open": 1, "doubt": 1}
    assert plan(ledger, now, now).runs == ()
    assert ledger.verify().intact


def test_a_live_run_is_left_alone_and_the_file_as_large_as_it_is(ledger):
    here = lease.owner_of(os.getpid())
    add(ledger, "live", RunStatus.RUNNING, here)
    add(ledger, "left", RunStatus.RUNNING, here)
    ledger.update_run("left", status=RunStatus.SUPERSEDED)  # by `--new`, while it runs
    add(ledger, "done")
    now = time.time()
    assert plan(ledger, now, now).runs == ("done",)
    for number in range(200):
        ledger.put_blob(b"%09d" % number * 500)
    ledger.commit(durable=False)  # as if it had been cut off before the bodies went
    size, orphans = ledger.size(), plan(ledger, 0.0, now).weight
    assert (orphans.events, orphans.bodies) == (0, 200)
    assert not prune(ledger, ("done",), "ada", now)
    assert plan(ledger, 0.0, now).weight.bodies == 0
    for run_id in ("live", "left"):
        ledger.end_attempt(run_id, 1, at=now, exit_status=0)
        ledger.update_run(run_id, status=RunStatus.COMPLETED)
    ledger.commit(durable=False)
    # with nobody at work, the room that was made then is given back
    assert prune(ledger, (), "ada", now)
    assert ledger.size() < size / 2
    assert [e.type for e in ledger.events("done")] == [EventType.RUN_PRUNED]
