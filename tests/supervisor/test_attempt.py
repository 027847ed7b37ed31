import os

import pytest

from soulguard.errors import LeaseHeldError, LedgerError, SourceMissingError
from soulguard.model import RunStatus
from soulguard.supervisor.attempt import Options, attempt, opened, socket_folder
from tests.supervisor.office import SOUL


@pytest.fixture
def options(tmp_path):
    (tmp_path / "SOUL.md").write_text(SOUL)

    def make(**more):
        return Options(
            command=("test",), soul=(str(tmp_path / "SOUL.md"),), quiet=True,
            durability="crash", **more,
        )  # fmt: skip

    return make


def go(options, status):
    """Make one attempt; give its run, number and the folder it staged in."""
    with opened(options) as found, attempt(found) as running:
        assert running.stage_dir.is_dir()
        running.status = status
        return running.run.run_id, running.session.attempt, running.stage_dir


def test_attempts_are_numbered_until_one_completes(options):
    first, one, stage = go(options(), 1)
    assert not stage.exists()
    again, two, _ = go(options(), 0)
    assert (one, two, again) == (1, 2, first)
    fresh, one, _ = go(options(), 0)
    assert one == 1
    assert fresh != first


def test_an_attempt_that_ends_without_a_status_can_be_resumed(options):
    with pytest.raises(KeyError), opened(options()) as found, attempt(found):
        raise KeyError
    with opened(options()) as found:
        assert found.run.status is RunStatus.RESUMABLE
        [ended] = found.ledger.attempts(found.run.run_id)
        assert ended.exit_status is None
        assert ended.ended_at


def test_the_run_is_on_record_before_it_is_claimed(options):
    with opened(options(run_id="a")) as one, opened(options(run_id="a")) as two:
        assert one.run == two.run
        assert one.ledger.attempts("a") == []


def test_of_two_that_opened_one_run_the_second_is_refused(options):
    with opened(options()) as one, opened(options()) as two:
        assert one.run.run_id == two.run.run_id
        with attempt(one), pytest.raises(LeaseHeldError), attempt(two):
            pass


def test_a_run_that_completed_since_it_was_chosen_is_not_begun(options):
    with opened(options(run_id="a")) as late:
        go(options(run_id="a"), 0)
        with attempt(late) as running:
            assert running is None


def test_a_completed_name_is_told_and_rerun(options):
    go(options(run_id="a"), 0)
    with opened(options(run_id="a")) as found:
        assert found.completed
    assert go(options(run_id="a", rerun=True), 0)[0] == "a~2"


def test_the_ledger_may_be_elsewhere(options, tmp_path, monkeypatch):
    go(options(ledger=str(tmp_path / "one.db")), 0)
    monkeypatch.setenv("SOULGUARD_LEDGER", f"sqlite://{tmp_path}/two.db")
    go(options(), 0)
    assert (tmp_path / "one.db").exists()
    assert (tmp_path / "two.db").exists()
    assert not (tmp_path / ".soulguard/ledger.db").exists()


def test_a_folder_that_takes_no_files_of_ours_is_said(options, tmp_path):
    (tmp_path / ".soulguard").touch()
    elsewhere = options(ledger=str(tmp_path / "else.db"))
    with pytest.raises(LedgerError, match="cannot be made: file exists"):
        opened(elsewhere).__enter__()


def test_without_rules_nothing_is_opened(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceMissingError), opened(Options(command=("test",))):
        pass
    assert not (tmp_path / ".soulguard").exists()


def test_rules_that_are_no_file_are_refused_before_anything_is_made(tmp_path):
    os.mkfifo(tmp_path / "rules.md")
    piped = Options(command=("test",), soul=(str(tmp_path / "rules.md"),))
    with pytest.raises(SourceMissingError, match="is a pipe"), opened(piped):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["rules.md"]


def test_a_sign_of_life_moves_the_run_s_time(office):
    before = office.ledger.run("run-1").updated_at
    office.running.renew()
    assert office.ledger.run("run-1").updated_at >= before


def test_a_socket_s_folder_has_a_short_private_name():
    with socket_folder() as folder:
        assert len(folder) < 80
