"""A file in the trash is what it was, wherever the trash lies."""

import errno
import os

import pytest

from soulguard.guard import originals
from soulguard.guard.files.trash import take_folder_away, to_trash


def test_a_file_is_moved_whole_into_folders_made_for_it(tmp_path):
    path, kept = tmp_path / "a", tmp_path / ".trash/day/a"
    path.write_text("text")
    inode = path.stat().st_ino
    to_trash(str(path), str(kept))
    assert not path.exists()
    assert (kept.read_text(), kept.stat().st_ino) == ("text", inode)
    assert kept.parent.stat().st_mode & 0o077 == 0


@pytest.fixture
def far_away(monkeypatch):
    """Let every rename cross a border between two file systems."""

    def rename(source, target):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), source)

    monkeypatch.setattr(originals, "os_rename", rename)


def test_over_a_border_between_file_systems_it_is_copied(tmp_path, far_away):
    path, kept = tmp_path / "a", tmp_path / "far/a"
    path.write_bytes(b"x" * (3 << 20))
    os.utime(path, (1, 2))
    to_trash(str(path), str(kept))
    assert not path.exists()
    assert kept.stat().st_size == 3 << 20
    assert kept.stat().st_mtime == 2


def test_a_link_goes_itself_and_not_its_target(tmp_path, far_away):
    path = tmp_path / "link"
    path.symlink_to("a")
    (tmp_path / "a").write_text("stays")
    to_trash(str(path), str(tmp_path / "far/link"))
    assert os.readlink(tmp_path / "far/link") == "a"
    assert (tmp_path / "a").read_text() == "stays"


def test_what_is_gone_or_a_folder_fails_as_deleting_it_would(tmp_path):
    with pytest.raises(FileNotFoundError):
        to_trash(str(tmp_path / "none"), str(tmp_path / "t/none"))
    with pytest.raises(IsADirectoryError):
        to_trash(str(tmp_path), str(tmp_path / "t/none"))


def test_a_folder_goes_with_what_was_made_in_it_and_stays_for_anything_else(tmp_path):
    for name in ("work/sub/a.txt", "work/empty", "kept/a.txt", "kept/theirs.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "work/empty").unlink()
    (tmp_path / "work/empty").mkdir()
    made = [str(tmp_path / name) for name in ("work/sub/a.txt", "kept/a.txt", "gone")]
    for name in ("work", "kept"):
        take_folder_away(str(tmp_path / name), made, scratch=False)
    assert [p.name for p in tmp_path.rglob("*")] == ["kept", "theirs.txt"]


def test_a_temporary_folder_goes_as_a_whole(served, tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    (folder / "a.txt").write_text("x")
    take_folder_away(str(folder), [], scratch=True)
    assert not folder.exists()
    take_folder_away(str(folder), [], scratch=True)
