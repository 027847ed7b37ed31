from dataclasses import replace

import pytest

from soulguard.errors import UsageError
from soulguard.ledger import open_ledger
from soulguard.model import RunStatus
from soulguard.supervisor.choosing import Wanted, choose, display, supersede

WANTED = Wanted(("python", "a.py"), "/home/a", "/home/a", ("/home/a/SOUL.md",))
NAMED = replace(WANTED, name="daily")


@pytest.fixture
def ledger(tmp_path):
    opened = open_ledger(tmp_path / "ledger.db")
    yield opened
    opened.close()


def made(ledger, wanted, status):
    """Choose a run, put it on record and let it end."""
    run = choose(ledger, wanted, 1.0)
    if ledger.run(run.run_id) is None:
        ledger.add_run(run)
        supersede(ledger, run, 1.0)
    ledger.update_run(run.run_id, status=status)
    ledger.commit(durable=False)
    return run.run_id


RESUMABLE, COMPLETED = RunStatus.RESUMABLE, RunStatus.COMPLETED


def test_an_unnamed_launch_goes_on_with_what_did_not_complete(ledger):
    first = made(ledger, WANTED, RESUMABLE)
    assert choose(ledger, WANTED, 2.0).run_id == first
    ledger.update_run(first, status=COMPLETED)
    assert choose(ledger, WANTED, 2.0).run_id != first


@pytest.mark.parametrize(
    "change",
    [{"command": ("python", "b.py")}, {"cwd": "/home"}, {"sources": ()}, {"new": True}],
)
def test_another_command_folder_or_policy_is_another_run(ledger, change):
    first = made(ledger, WANTED, RESUMABLE)
    assert choose(ledger, replace(WANTED, **change), 2.0).run_id != first


def test_a_new_run_has_a_secret_of_its_own(ledger):
    one, two = (choose(ledger, WANTED, 1.0) for _ in range(2))
    assert len(one.secret) == 32
    assert one.secret != two.secret
    assert one.run_id != two.run_id


def test_a_named_run_is_found_whatever_its_command(ledger):
    made(ledger, NAMED, RESUMABLE)
    other = replace(NAMED, command=("other",))
    assert choose(ledger, other, 2.0).run_id == "daily"


def test_a_named_run_that_has_completed_stays_completed(ledger):
    made(ledger, NAMED, COMPLETED)
    assert choose(ledger, NAMED, 2.0).status is COMPLETED


def test_a_rerun_is_the_next_generation_and_supersedes_the_last(ledger):
    made(ledger, NAMED, COMPLETED)
    again = replace(NAMED, rerun=True)
    assert made(ledger, again, COMPLETED) == "daily~2"
    assert ledger.run("daily").status is RunStatus.SUPERSEDED
    assert made(ledger, again, RESUMABLE) == "daily~3"
    assert choose(ledger, again, 2.0).run_id == "daily~3", "it did not complete yet"
    assert choose(ledger, NAMED, 2.0).run_id == "daily~3"


def test_a_command_is_shown_as_it_would_be_typed():
    assert display(("python", "a b.py")) == "python 'a b.py'"


def test_a_run_of_another_agent_is_never_taken_for_this_one_s(ledger):
    made(ledger, NAMED, COMPLETED)
    for more in ({}, {"rerun": True}, {"new": True}):
        elsewhere = replace(NAMED, root="/home/b", **more)
        with pytest.raises(UsageError, match="belongs to the agent in `/home/a`"):
            choose(ledger, elsewhere, 2.0)
