import os

import pytest

from soulguard.guard.files.opens import opens
from soulguard.guard.files.views import views


@pytest.fixture
def written(served):
    """A file of five bytes that is still being written."""
    file = opens.open(served / "a.txt", "w")
    file.write("12345")
    file.flush()
    yield served / "a.txt"
    file.close()


def test_its_size_kind_and_access_are_those_of_the_staged_file(written):
    assert views.stat(written).st_size == 5
    assert views.lstat(written).st_size == 5
    assert views.access(written, os.R_OK | os.W_OK)
    assert not written.exists()


def test_changes_of_its_mode_owner_and_time_are_published_with_it(served, written):
    views.chmod(written, 0o604)
    views.chown(written, os.getuid(), os.getgid())
    views.utime(written, (5, 6))
    assert views.stat(written).st_mode & 0o777 == 0o604
    assert views.stat(written).st_mtime == 6


def test_a_listing_shows_it_and_no_staging_file(served, written):
    (served / ".sg-1-2-3").write_text("left over")
    names = views.listdir(served)
    assert "a.txt" in names
    assert ".sg-1-2-3" not in names


def test_a_scan_publishes_it_and_the_handle_goes_on(served, written):
    assert "a.txt" in {entry.name for entry in views.scandir(served)}
    assert written.read_text() == "12345"


def test_other_paths_are_looked_at_as_ever(served, written):
    (served / "b.txt").write_text("b")
    assert views.stat(served / "b.txt") == os.stat(served / "b.txt")
    assert views.lstat(served / "b.txt") == os.lstat(served / "b.txt")
    with pytest.raises(FileNotFoundError):
        views.stat(served / "c.txt")
    assert not views.access(served / "c.txt", os.F_OK)
    fd = os.open(served, os.O_RDONLY)
    assert views.stat("b.txt", dir_fd=fd).st_size == 1
    assert sorted(views.listdir(fd)) == sorted([*os.listdir(fd), "a.txt"])
    os.close(fd)
