import json
import os

import pytest

from soulguard.soul import shipped, tables


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "a.yaml").write_text("x: 1\n")
    monkeypatch.setattr(shipped, "folder", lambda: tmp_path)
    return tmp_path


def test_what_came_of_a_file_is_read_once(folder) -> None:
    read = []
    for _ in range(2):
        assert tables.kept("a.yaml", "t", lambda t: read.append(t) or [t]) == ["x: 1\n"]
    assert read == ["x: 1\n"]


def test_an_edit_is_seen_at_once(folder) -> None:
    tables.kept("a.yaml", "t", str.upper)
    (folder / "a.yaml").write_text("x: 22\n")
    assert tables.kept("a.yaml", "t", str.upper) == "X: 22\n"


def test_two_things_of_one_file_are_kept_apart(folder) -> None:
    assert tables.kept("a.yaml", "t", str.upper) == "X: 1\n"
    assert tables.kept("a.yaml", "u", len) == 5


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"stamp": []}'])
def test_a_broken_copy_is_read_again(folder, broken) -> None:
    tables.kept("a.yaml", "t", str.upper)
    [copy] = (folder / "__pycache__").iterdir()
    copy.write_text(broken)
    assert tables.kept("a.yaml", "t", str.upper) == "X: 1\n"
    assert json.loads(copy.read_text())["found"] == ["X: 1\n"]


def test_a_folder_nobody_may_write_is_no_error(folder, monkeypatch) -> None:
    def refuse(*args, **more):
        raise PermissionError

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    assert tables.kept("a.yaml", "t", str.upper) == "X: 1\n"
