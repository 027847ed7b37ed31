import os

import pytest

from soulguard.errors import DuplicateWriteError
from soulguard.guard.files.moves import moves
from soulguard.guard.files.opens import opens


@pytest.fixture
def source(tmp_path_factory):
    """A file outside the scope."""
    path = tmp_path_factory.mktemp("outside") / "source.txt"
    path.write_text("moved")
    return path


@pytest.mark.parametrize("act", [moves.rename, moves.replace])
def test_a_rename_onto_a_guarded_path_is_the_write_of_it(served, source, act):
    act(source, served / "a.txt")
    assert (served / "a.txt").read_text() == "moved"
    assert served.done() == ["a.txt"]
    source.write_text("again")
    with pytest.raises(DuplicateWriteError):
        act(source, served / "a.txt")
    assert source.exists()


def test_a_rename_of_an_earlier_attempt_is_skipped_and_its_source_removed(
    served, source
):
    moves.rename(source, served / "a.txt")
    served.again()
    source.write_text("other content")
    moves.rename(source, served / "a.txt")
    assert (served / "a.txt").read_text() == "moved"
    assert not source.exists()
    assert ("content_differs", "a.txt") in served.events()


def test_links_are_writes_as_well(served, source):
    moves.link(source, served / "hard.txt")
    moves.symlink(source, served / "soft.txt")
    assert (served / "hard.txt").stat().st_ino == source.stat().st_ino
    assert os.readlink(served / "soft.txt") == str(source)
    assert served.done() == ["hard.txt", "soft.txt"]
    served.again()
    moves.link(source, served / "hard.txt")
    moves.symlink(source, served / "soft.txt")
    assert len(served.events("effect.skipped")) == 2


def test_a_deletion_of_an_earlier_attempt_is_a_no_op(served):
    (served / "old.txt").write_text("x")
    moves.unlink(served / "old.txt")
    assert not (served / "old.txt").exists()
    with pytest.raises(FileNotFoundError):
        moves.unlink(served / "old.txt")
    served.again()
    moves.remove(served / "old.txt")


def test_deleting_a_file_still_being_written_drops_it(served):
    file = opens.open(served / "a.txt", "w")
    file.write("x")
    moves.unlink(served / "a.txt")
    file.close()
    assert not (served / "a.txt").exists()
    assert served.done() == []


def test_moving_a_file_still_being_written_publishes_it_first(served):
    file = opens.open(served / "a.txt", "w")
    file.write("one ")
    moves.rename(served / "a.txt", served / "b.txt")
    file.write("two")
    file.close()
    assert (served / "b.txt").read_text() == "one two"


def test_truncating_is_a_write(served):
    (served / "a.txt").write_text("0123456789")
    moves.truncate(served / "a.txt", 4)
    assert (served / "a.txt").read_text() == "0123"
    assert served.done() == ["a.txt"]
    with pytest.raises(DuplicateWriteError):
        moves.truncate(served / "a.txt", 2)


def test_what_fails_is_recorded_as_failed(served):
    (served / "folder/below").mkdir(parents=True)
    (served / "a.txt").write_text("x")
    with pytest.raises(OSError):  # noqa: PT011 - which one is the system's to say
        moves.rename(served / "a.txt", served / "folder")
    assert (served / "a.txt").exists()
    assert served.done() == []


def test_a_folder_is_renamed(served):
    (served / "folder").mkdir()
    moves.rename(served / "folder", served / "renamed")
    assert (served / "renamed").is_dir()


def test_a_file_still_being_written_goes_along_with_its_folder(served):
    (served / "work").mkdir()
    file = opens.open(served / "work/a.txt", "w")
    file.write("begun")
    moves.rename(served / "work", served / "final")
    file.write(" and ended")
    file.close()
    assert (served / "final/a.txt").read_text() == "begun and ended"
    assert os.listdir(served / "final") == ["a.txt"]


def test_a_file_without_a_name_is_known_by_what_it_holds(served):
    folder = os.open(served, os.O_RDONLY)
    file = os.open(served, os.O_TMPFILE | os.O_WRONLY, 0o644)
    os.write(file, b"whole")
    source = f"/proc/self/fd/{file}"
    moves.link(source, "a.txt", dst_dir_fd=folder, follow_symlinks=True)
    os.close(file)
    os.close(folder)
    assert (served / "a.txt").read_text() == "whole"
    served.again()
    (served / "b.txt").write_text("whole")
    moves.rename(served / "b.txt", served / "a.txt")
    assert "content_differs" not in dict(served.events())
    assert "drift" not in dict(served.events())
