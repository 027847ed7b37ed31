import click
import pytest

from soulguard.cli.ledgers import (
    VARIABLE,
    complete_run,
    default_ledger,
    opened,
    writable,
)
from soulguard.errors import LedgerError, LedgerReadOnlyError, UsageError
from soulguard.ledger import open_ledger
from tests.cli.ledger_stories import FIRST, SECOND, tell
from tests.ledger.samples import a_run

RUN = click.Argument(["run"])


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Stand in a folder below SOUL.md, without a ledger yet."""
    (tmp_path / "SOUL.md").write_text("# Agent\n")
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path


@pytest.fixture
def told(home):
    path = home / ".soulguard" / "ledger.db"
    tell(path, str(home))
    return path


@pytest.fixture
def context():
    return click.Context(click.Command("probe", params=[]))


def ids(items):
    return [item.value for item in items]


def test_the_ledger_lies_beside_the_nearest_soul_md(home):
    assert default_ledger() == str(home / ".soulguard" / "ledger.db")


def test_a_ledger_that_is_there_is_read_without_its_soul_md(home, monkeypatch):
    inner = home / "inner"
    (inner / ".soulguard").mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert default_ledger() == str(home / ".soulguard" / "ledger.db")
    (inner / ".soulguard" / "ledger.db").touch()
    assert default_ledger() == str(inner / ".soulguard" / "ledger.db")


def test_a_ledger_that_cannot_be_looked_at_is_not_taken_for_none(home):
    (home / ".soulguard").symlink_to(".soulguard")
    with pytest.raises(LedgerError, match=r"ledger\.db"), opened(""):
        pass


def test_without_soul_md_it_says_where_to_go(home):
    (home / "SOUL.md").unlink()
    (home / ".git").mkdir()  # nobody looks above a repository
    with pytest.raises(UsageError, match="no ledger here") as error:
        default_ledger()
    assert "--ledger" in error.value.hint


def test_before_the_first_run_there_is_no_ledger_and_none_is_made(home):
    with opened("") as ledger:
        assert ledger is None
    assert not (home / ".soulguard").exists()


def test_a_ledger_that_is_named_must_be_there(home):
    with (
        pytest.raises(LedgerError, match="there is no ledger"),
        opened(str(home / "other.db")),
    ):
        pass


def test_reading_sees_the_runs_and_cannot_add_one(told):
    with opened("") as ledger:
        assert [run.run_id for run in ledger.runs()] == [SECOND, FIRST]
        with pytest.raises(LedgerReadOnlyError):
            ledger.add_run(a_run("new"))


def test_a_person_s_answer_can_be_written(told):
    with writable("") as ledger:
        ledger.add_run(a_run("new"))
        ledger.commit(durable=False)
    with opened(str(told)) as ledger:
        assert ledger.run("new") is not None


@pytest.mark.parametrize("name", ["", "other.db"])
def test_a_ledger_is_never_made_to_write_an_answer_into(home, name):
    with pytest.raises(LedgerError), writable(name and str(home / name)):
        pass
    assert [path.name for path in home.iterdir() if path.name.endswith(".db")] == []
    assert not (home / ".soulguard").exists()


def test_run_ids_complete_themselves(told, context):
    found = complete_run(context, RUN, "0190b")
    assert [(item.value, item.help) for item in found] == [(SECOND, "python agent.py")]


def test_completion_looks_into_the_ledger_that_is_named(told, context, tmp_path):
    other = tmp_path / "other.db"
    ledger = open_ledger(other)
    ledger.add_run(a_run("elsewhere"))
    ledger.commit(durable=False)
    ledger.close()
    context.params["url"] = str(other)
    assert ids(complete_run(context, RUN, "")) == ["elsewhere"]


def test_without_a_readable_ledger_nothing_is_completed(told, context):
    told.write_bytes(b"something else" * 100)
    assert complete_run(context, RUN, "") == []
