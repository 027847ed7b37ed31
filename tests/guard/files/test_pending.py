import os

import pytest

from soulguard.guard.files import pending


class Staged:
    def __init__(self, path):
        self.path = str(path)


@pytest.fixture
def staged(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    one = Staged(tmp_path / "a.txt")
    pending.add(one)
    yield one
    pending.forget(one)
    assert pending.names == {}


def test_a_file_being_written_is_found_by_any_of_its_names(staged, tmp_path):
    assert pending.find(staged.path) is staged
    assert pending.find(os.fsencode(staged.path)) is staged
    assert pending.find(tmp_path / "." / "a.txt") is staged
    fd = os.open(tmp_path, os.O_RDONLY)
    assert pending.find("a.txt", fd) is staged
    os.close(fd)


def test_other_files_are_not_found(staged, tmp_path):
    (tmp_path / "below").mkdir()
    assert pending.find(tmp_path / "b.txt") is None
    assert pending.find(tmp_path / "below" / "a.txt") is None
    assert pending.find(3) is None


def test_equal_base_names_are_counted(staged, tmp_path):
    other = Staged(tmp_path / "below" / "a.txt")
    pending.add(other)
    pending.forget(other)
    pending.forget(other)
    assert pending.find(staged.path) is staged
