from pathlib import Path

import pytest

from soulguard.errors import SourceMissingError
from soulguard.soul.sources import (
    discover_sources,
    is_rule_name,
    lookalikes,
    rediscover,
)


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


def test_files_that_appear_beside_soul_md_join_a_run_that_goes_on(
    tmp_path: Path,
) -> None:
    touch(tmp_path, "SOUL.md")
    known = discover_sources(tmp_path)
    touch(tmp_path, "AGENTS.md")
    assert names(rediscover(tmp_path, (), known), tmp_path) == ["SOUL.md", "AGENTS.md"]
    assert rediscover(tmp_path, (tmp_path / "SOUL.md",), known) == known


def test_files_that_vanish_are_missed_and_no_folder_above_steps_in(
    tmp_path: Path,
) -> None:
    touch(tmp_path, "SOUL.md")
    touch(tmp_path / "in", "SOUL.md", "AGENTS.md")
    known = discover_sources(tmp_path / "in")
    for path in known:
        path.unlink()
    assert rediscover(tmp_path / "in", (), known) == known


def test_only_the_names_that_are_read_are_names_of_rule_files() -> None:
    for name in ("SOUL.md", "AGENTS.md", "soulguard.yml", "a.soulguard.yaml"):
        assert is_rule_name(name)
    for name in ("soul.md", "CLAUDE.md", "b.yaml", ".soulguard"):
        assert not is_rule_name(name)
