from contextlib import closing

import pytest

from soulguard.drill.ground import Audience, Options, outside, prepare, workspace_of
from soulguard.errors import UsageError
from soulguard.ledger import open_ledger
from soulguard.ledger.pruning import pruning_ledger
from soulguard.model import RunStatus
from tests.drill.stage import SOUL
from tests.ledger.samples import start


def test_a_program_from_an_environment_that_is_not_copied_is_named_by_its_place(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    inside = (".venv/bin/python", "agent.py")
    assert outside(inside, tmp_path) == (f"{tmp_path}/.venv/bin/python", "agent.py")
    assert outside(("./agent.sh",), tmp_path) == ("./agent.sh",)
    assert outside(("python", "a"), tmp_path) == ("python", "a")


def test_the_workspace_holds_the_rules_and_the_agents_folder(tmp_path, monkeypatch):
    inner = tmp_path / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    assert workspace_of(Options(("x",)), inner) == inner
    assert workspace_of(Options(("x",), workspace=".."), inner) == tmp_path
    with pytest.raises(UsageError, match="this folder is not below the workspace"):
        workspace_of(Options(("x",)), inner / "deeper")


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """Prepare a drill in a folder; gives the setting and what was said."""
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / ".git").mkdir()
    (shop / "SOUL.md").write_text(SOUL)
    (shop / "agent.py").touch()
    monkeypatch.chdir(shop)
    words = []

    def prepare_(**options):
        audience = Audience(say=words.append)
        found = prepare(Options(("python", "agent.py"), **options), tmp_path, audience)
        return (*found, words)

    return prepare_


def test_the_workspace_is_copied_and_said(prepared, tmp_path):
    setting, answers, words = prepared()
    assert setting.guarded
    assert (setting.real, setting.below, setting.rules) == (tmp_path / "shop", ".", ".")
    assert (tmp_path / "pristine" / "agent.py").exists()
    assert words[0] == f"copied {tmp_path}/shop: 2 files, 0.0 MB, without .git"
    assert answers == "nothing is recorded: calls of the agent are not answered"


def test_the_rules_may_be_left_out_or_hold_nothing(prepared, tmp_path):
    assert not prepared(bare=True)[0].guarded


@pytest.mark.parametrize("named", ["SOUL.md", "{shop}/SOUL.md"])
def test_a_rule_file_of_the_workspace_is_the_copied_one(prepared, tmp_path, named):
    name = named.format(shop=tmp_path / "shop")
    assert prepared(soul=(name,))[0].soul == ("SOUL.md",)


def test_a_rule_file_elsewhere_needs_a_workspace_that_holds_both(prepared, tmp_path):
    other = tmp_path / "other" / "SOUL.md"
    other.parent.mkdir()
    other.write_text(SOUL)
    with pytest.raises(UsageError, match="this folder is not below the workspace"):
        prepared(soul=(str(other),))


def test_a_run_that_nobody_knows_is_refused(prepared, tmp_path):
    open_ledger(tmp_path / "shop" / ".soulguard" / "ledger.db").close()
    with pytest.raises(UsageError, match="no run named `r9`"):
        prepared(from_run="r9")
    assert "no run of this command has completed" in prepared_answers(tmp_path)


def prepared_answers(tmp_path, name="again"):
    found = prepare(
        Options(("python", "agent.py")), tmp_path / name, Audience()
    )  # fmt: skip
    return found[1]


def test_a_run_that_was_pruned_answers_nothing(prepared, tmp_path):
    path = tmp_path / "shop" / ".soulguard" / "ledger.db"
    with closing(open_ledger(path)) as ledger:
        start(ledger, "old", command=("python", "agent.py"))
        ledger.update_run("old", status=RunStatus.COMPLETED)
        ledger.commit(durable=False)
    assert "as in run old" in prepared_answers(tmp_path)
    with closing(pruning_ledger(path, read_only=False)) as pruner:
        pruner.prune("old", "ada", 1.0)
        pruner.commit(durable=False)
    assert "no run of this command has completed" in prepared_answers(tmp_path, "later")
    with pytest.raises(UsageError, match="no longer on record"):
        prepared(from_run="old")
