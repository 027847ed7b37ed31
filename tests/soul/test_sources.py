from pathlib import Path

import pytest

from soulguard.errors import SourceMissingError
from soulguard.soul.sources import discover_sources, lookalikes


def touch(folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).write_text("x")


def names(paths: list[Path], root: Path) -> list[str]:
    return [str(p.relative_to(root)) for p in paths]


def test_soul_md_brings_agents_md_and_policy_files_beside_it(tmp_path: Path) -> None:
    touch(
        tmp_path, "SOUL.md", "AGENTS.md", "soulguard.yaml", "a.soulguard.yml", "b.yaml"
    )
    assert names(discover_sources(tmp_path), tmp_path) == [
        "SOUL.md", "AGENTS.md", "a.soulguard.yml", "soulguard.yaml",
    ]  # fmt: skip


def test_a_folder_above_is_looked_at_up_to_the_repository(tmp_path: Path) -> None:
    touch(tmp_path, "SOUL.md")
    inner = tmp_path / "repo" / "src" / "deep"
    inner.mkdir(parents=True)
    assert names(discover_sources(inner), tmp_path) == ["SOUL.md"]
    touch(tmp_path / "repo", "SOUL.md")
    assert names(discover_sources(inner), tmp_path) == ["repo/SOUL.md"]
    (tmp_path / "repo" / "src" / ".git").mkdir()
    with pytest.raises(SourceMissingError, match=r"no SOUL\.md here or above") as error:
        discover_sources(inner)
    assert "soulguard init" in error.value.hint


def test_named_files_are_taken_instead(tmp_path: Path) -> None:
    touch(tmp_path, "SOUL.md", "AGENTS.md")
    touch(tmp_path / "other", "SOUL.md", "AGENTS.md")
    rules = tmp_path / "rules.md"
    found = discover_sources(tmp_path, [rules, tmp_path / "other", rules])
    assert names(found, tmp_path) == ["rules.md", "other/SOUL.md", "other/AGENTS.md"]


def test_files_that_look_like_rules_and_were_not_read_are_named(tmp_path: Path) -> None:
    touch(tmp_path, "SOUL.md", "SOUL.txt", "CLAUDE.md", "notes.md", "agents.MD")
    found = names(lookalikes([tmp_path / "SOUL.md"]), tmp_path)
    assert found == ["CLAUDE.md", "SOUL.txt", "agents.MD"]
