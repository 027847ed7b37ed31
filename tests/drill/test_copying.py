import os

import pytest

from soulguard.drill import copying
from soulguard.drill.copying import take, tree
from soulguard.errors import DrillError


@pytest.fixture
def shop(tmp_path):
    shop = tmp_path / "shop"
    for name in (
        "agent.py", "out/a.txt", ".git/config", ".soulguard/ledger.db", ".venv/pyvenv.cfg",
        "mine/pyvenv.cfg", "pkg/__pycache__/x.pyc", "agent.log",
    ):  # fmt: skip
        (shop / name).parent.mkdir(parents=True, exist_ok=True)
        (shop / name).write_text("x")
    (shop / "link").symlink_to("out/a.txt")
    (shop / "agent.py").chmod(0o750)
    os.mkfifo(shop / "pipe")
    return shop


def test_history_records_caches_and_environments_are_left_out(shop, tmp_path):
    size = take(shop, tmp_path / "copy")
    found = {
        str(p.relative_to(tmp_path / "copy"))
        for p in (tmp_path / "copy").rglob("*")
        if not p.is_dir()
    }
    assert found == {"agent.py", "out/a.txt", "link", "agent.log"}
    assert size.files == 3
    assert size.left_out == (".git", ".soulguard", ".venv", "mine", "pkg/__pycache__")
    assert size.words == (
        "3 files, 0.0 MB, without .git, .soulguard, .venv, mine, pkg/__pycache__"
    )


def test_links_and_modes_are_kept(shop, tmp_path):
    take(shop, tmp_path / "copy")
    copying.again(tmp_path / "copy", tmp_path / "again")
    assert os.readlink(tmp_path / "again" / "link") == "out/a.txt"
    assert (tmp_path / "again" / "agent.py").stat().st_mode & 0o777 == 0o750


def test_a_workspace_that_is_too_large_is_refused_with_a_way_out(shop, tmp_path):
    with pytest.raises(DrillError, match="too large to copy") as refused:
        take(shop, tmp_path / "copy", most=1)
    assert "--max-size" in refused.value.hint
    assert str(shop) in str(refused.value)


def test_too_many_files_are_refused_as_well(shop, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "MOST_FILES", 1)
    with pytest.raises(DrillError):
        take(shop, tmp_path / "copy")


def test_the_tree_knows_content_mode_and_links_and_no_logs(shop):
    before = tree(shop)
    assert before.keys() == {
        "agent.py", "out/a.txt", "mine/pyvenv.cfg", "link", "pipe"
    }  # fmt: skip
    (shop / "agent.py").chmod(0o700)
    (shop / "out/a.txt").write_text("y")
    (shop / "link").unlink()
    (shop / "link").symlink_to("agent.py")
    after = tree(shop)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"agent.py", "out/a.txt", "link"}


def test_what_is_nobodys_output_is_what_the_rules_leave_out(tmp_path):
    pattern = copying.not_outputs(tmp_path)
    assert pattern.match(f"{tmp_path}/a/b.log")
    assert pattern.match(f"{tmp_path}/.git/config")
    assert not pattern.match(f"{tmp_path}/out/b.txt")
