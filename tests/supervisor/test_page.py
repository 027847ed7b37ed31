import mmap
import os
import sys
from pathlib import Path

from soulguard.supervisor.page import SIZE, Page


def number(path: Path) -> int:
    return int.from_bytes(path.read_bytes()[:8], sys.byteorder)


def test_the_page_shows_the_generation_it_was_made_and_turned_to(
    tmp_path: Path,
) -> None:
    page = Page(tmp_path, 7)
    assert number(page.path) == 7
    page.turn(2**40)
    assert number(page.path) == 2**40
    assert page.path.stat().st_size == SIZE
    assert page.path.stat().st_mode & 0o777 == 0o600
    page.close()


def test_a_page_that_is_mapped_outlives_one_of_the_same_name(tmp_path: Path) -> None:
    old = Page(tmp_path, 1)
    fd = os.open(old.path, os.O_RDONLY)
    with mmap.mmap(fd, SIZE, access=mmap.ACCESS_READ) as mapped:
        new = Page(tmp_path, 5)
        new.turn(6)
        # a truncated file would have killed this process here
        assert int.from_bytes(mapped[:8], sys.byteorder) == 1
        old.turn(2)
        assert int.from_bytes(mapped[:8], sys.byteorder) == 2
    os.close(fd)
    old.close()
    new.close()
