import os
import time
from pathlib import Path

from soulguard.supervisor import trash

NOW = time.mktime((2026, 1, 31, 12, 0, 0, 0, 0, -1))


def test_a_file_keeps_its_path_under_the_day(tmp_path):
    root = str(tmp_path)
    assert trash.place(f"{root}/notes/a.md", root, NOW) == (
        f"{root}/.trash/2026-01-31/notes/a.md"
    )
    assert trash.place("/etc/motd", root, NOW) == (
        f"{root}/.trash/2026-01-31/outside/etc/motd"
    )


def test_nothing_in_the_trash_is_overwritten(tmp_path):
    root = str(tmp_path)
    for number in ("", "-2", "-3"):
        place = Path(trash.place(f"{root}/a.md", root, NOW))
        assert place.name == f"a{number}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        os.symlink("nowhere", place)


def test_the_trash_and_the_temporary_folder_are_known(tmp_path):
    root = str(tmp_path)
    assert trash.inside(f"{root}/.trash/2026-01-31/a", root)
    assert not trash.inside(f"{root}/.trashed", root)
    assert not trash.temporary(f"{root}/a", root)
    assert trash.temporary(f"{os.path.realpath('/tmp')}/x/a", "/home/a")
