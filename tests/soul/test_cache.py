from pathlib import Path

import pytest

from soulguard.errors import EmptyPolicyError
from soulguard.soul import cache
from soulguard.soul.compiler import compile_sources

RULE = "Never write twice to the same output path in a single run.\n"


def test_an_unchanged_file_is_answered_from_what_was_kept(tmp_path: Path) -> None:
    file, folder = tmp_path / "SOUL.md", tmp_path / "kept"
    folder.mkdir()
    file.write_text(RULE)
    first = cache.compile_cached([file], folder)
    kept = (folder / cache.NAME).read_bytes()
    again = cache.compile_cached([file], folder, generation=4)
    assert first == compile_sources([file])
    assert again == compile_sources([file], generation=4)
    assert (folder / cache.NAME).read_bytes() == kept


def test_an_edit_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text(RULE)
    first = cache.compile_cached([file], tmp_path)
    file.write_text(RULE + "\nAll file writes must be atomic.\n")
    assert cache.compile_cached([file], tmp_path).own == first.own + 1


def test_a_damaged_cache_is_compiled_anew(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text(RULE)
    first = cache.compile_cached([file], tmp_path)
    (tmp_path / cache.NAME).write_text('{"key": 1')
    assert cache.compile_cached([file], tmp_path) == first


def test_mistakes_are_never_kept(tmp_path: Path) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text("hello\n")
    with pytest.raises(EmptyPolicyError):
        cache.compile_cached([file], tmp_path)
    assert not (tmp_path / cache.NAME).exists()
