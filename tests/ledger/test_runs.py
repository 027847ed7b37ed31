import pytest

from soulguard.errors import LeaseHeldError
from soulguard.ledger import open_ledger
from soulguard.model import Attempt
from tests.ledger.samples import OWNER, a_run, an_effect, an_event, start


@pytest.fixture
def other(path, ledger):
    opened = open_ledger(path)
    yield opened
    opened.close()


def test_attempts_count_from_one_and_record_their_end(started):
    started.end_attempt("run-1", 1, at=5.0, exit_status=-9, guarded=2, unguarded=1)
    started.claim("run-1", OWNER, 6.0)
    assert started.attempts("run-1") == [
        Attempt("run-1", 1, OWNER, 1.0, 5.0, -9, 2, 1),
        Attempt("run-1", 2, OWNER, 6.0),
    ]
    assert started.run("run-1").attempts == 2
    assert started.attempts("run-9") == []


def test_of_two_callers_who_saw_the_same_one_gets_the_attempt(started, other):
    started.commit(durable=False)
    assert started.attempts("run-1") == other.attempts("run-1")
    assert started.claim("run-1", OWNER, 2.0).number == 2
    started.commit(durable=False)
    with pytest.raises(LeaseHeldError, match="attempt 2 of run `run-1`"):
        other.claim("run-1", OWNER, 2.0)
    started.add_event(an_event(attempt=2))  # the loser holds no lock
    other.attempts("run-1")
    started.commit(durable=False)
    assert other.claim("run-1", OWNER, 3.0).number == 3


def test_who_has_not_looked_gets_no_attempt(started, other):
    with pytest.raises(LeaseHeldError):
        other.claim("run-1", OWNER, 2.0)


def test_a_run_is_added_once(started, other):
    with pytest.raises(LeaseHeldError, match="was started by another process"):
        other.add_run(a_run())


def test_an_attempt_that_lost_its_run_writes_nothing_more(started, other):
    number = started.add_effect(an_effect())
    started.commit(durable=False)
    other.attempts("run-1")
    other.claim("run-1", OWNER, 2.0)
    other.commit(durable=False)
    for write in (
        lambda: started.add_effect(an_effect("/b")),
        lambda: started.add_event(an_event()),
        lambda: started.update_effect(number, state="failed"),
    ):
        with pytest.raises(LeaseHeldError, match="lost it to attempt 2"):
            write()
        started.rollback()
    other.update_effect(number, state="in_doubt")
    other.add_effect(an_effect("/b", attempt=2))
    other.commit(durable=False)
    assert other.verify().intact


def test_who_claimed_nothing_is_fenced_by_what_is_named(started, other):
    number = started.add_effect(an_effect())
    started.claim("run-1", OWNER, 2.0)
    started.commit(durable=False)
    other.update_effect(number, state="failed")
    with pytest.raises(LeaseHeldError):
        other.update_effect(number, seen=1)


def test_runs_do_not_fence_each_other(started):
    start(started, "run-2")
    started.claim("run-2", OWNER, 2.0)
    started.add_event(an_event(run_id="run-1", attempt=1))
    started.commit(durable=False)
    assert started.last_event_id() == 1


def test_a_claim_that_was_rolled_back_was_never_made(started, other):
    started.claim("run-1", OWNER, 2.0)
    started.rollback()
    started.add_event(an_event())
    started.commit(durable=False)
    other.attempts("run-1")
    other.claim("run-1", OWNER, 2.0)
    other.commit(durable=False)
    with pytest.raises(LeaseHeldError):
        started.claim("run-1", OWNER, 3.0)
