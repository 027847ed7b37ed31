"""The table of what happens to a file: every way of writing it, in every situation."""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from tests.e2e.agents import ways
from tests.e2e.conftest import AGENTS

TEXT = ways.TEXT
PREPARED = {"open_r_plus": "LINE", "open_r_plus_binary": "LINE", "os_truncate": "line"}
"""Ways that need a file to work on, and its first word; it is nobody's output."""

EXCLUSIVE = ("open_x", "os_open_excl", "link", "symlink")
"""Ways that fail with a plain FileExistsError where the file is there."""

APPENDS = tuple(name for name in ways.WAYS if name.startswith("append"))
WHOLE = tuple(n for n in ways.WAYS if n not in APPENDS)
OPAQUE = ("gzip_open", "zip_file", "symlink")
"""Ways whose content the agent itself has compared."""

every_way = pytest.mark.parametrize("name", ways.WAYS)
every_whole = pytest.mark.parametrize("name", WHOLE)


class Walk:
    """A workshop in which `ways.py` was run, and what each run told."""

    def __init__(self, workshop, outside, elsewhere):
        self.workshop = workshop
        self.outside = outside
        self.env = {"OUTSIDE": str(outside), "ELSEWHERE": str(elsewhere)}
        self.told = {}
        self.marks = {}
        (outside / "given").write_text(TEXT)
        shutil.copy(AGENTS / "ways.py", workshop / "agent.py")
        for name in ways.WAYS:
            (workshop / "out" / name).mkdir(parents=True)
        for name, first in PREPARED.items():
            self.file(name).write_text(f"{first} one\nline two\nline three\n")

    def file(self, name):
        return self.workshop / "out" / name / "file"

    def go(self, mode, end, *options):
        argv = (sys.executable, "agent.py", mode)
        result = self.workshop.run(
            "--run-id", "walk", *options, argv=argv, env={**self.env, "END": str(end)}
        )
        assert result.status == end, result.err
        self.told[mode] = json.loads(result.out)
        self.marks[mode] = {n: mark(self.file(n)) for n in ways.WAYS}
        return self


def mark(path):
    try:
        seen = path.lstat()
    except FileNotFoundError:
        return None
    return seen.st_ino, seen.st_mtime_ns, seen.st_size


@pytest.fixture(scope="module")
def elsewhere():
    """A folder on another file system, where the machine has one."""
    shm = Path("/dev/shm")
    base = shm if shm.is_dir() else None
    with tempfile.TemporaryDirectory(dir=base) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def restarted(shared, tmp_path_factory, elsewhere):
    """All ways walked by an attempt that failed at the end, and walked again."""
    walk = Walk(shared("restarted"), tmp_path_factory.mktemp("outside"), elsewhere)
    walk.go("first", 1)
    walk.outside_after_first = sorted(p.name for p in walk.outside.iterdir())
    return walk.go("again", 0)


@pytest.fixture(scope="module")
def repeated(shared, tmp_path_factory, elsewhere):
    """All ways walked twice in one attempt."""
    walk = Walk(shared("repeated"), tmp_path_factory.mktemp("outside"), elsewhere)
    return walk.go("twice", 0)


def content(walk, name):
    return walk.file(name).read_text()


def holds_the_text(walk, name):
    if name in OPAQUE:
        return mark(walk.file(name)) is not None
    return content(walk, name) == TEXT


@every_way
def test_the_first_time_it_is_done(restarted, name):
    assert restarted.told["first"][name] in ([["done", None]], [["done", True]])
    assert restarted.marks["first"][name] is not None


@every_way
def test_done_by_an_earlier_attempt_it_is_accepted_and_discarded(restarted, name):
    assert restarted.told["again"][name] in ([["done", None]], [["done", True]])
    assert restarted.marks["again"][name] == restarted.marks["first"][name]
    assert holds_the_text(restarted, name)
    skipped = restarted.workshop.touched("effect.skipped")
    assert f"out/{name}/file" in skipped


def test_a_restart_leaves_nothing_but_the_outputs(restarted):
    found = {str(p.relative_to(restarted.workshop / "out"))
             for p in (restarted.workshop / "out").rglob("*") if not p.is_dir()}  # fmt: skip
    assert found == {f"{name}/file" for name in ways.WAYS}
    assert restarted.workshop.leftovers() == []


def test_a_restart_sees_no_difference_in_content(restarted):
    assert restarted.workshop.events("content_differs", "drift") == []


def test_a_restart_is_no_violation(restarted):
    found = restarted.workshop.events()
    assert [e for e in found if e[0].startswith("violation")] == []


def test_the_source_of_a_skipped_rename_is_removed(restarted):
    assert not (restarted.outside / "source").exists()


@every_whole
def test_done_earlier_in_this_attempt_it_is_a_duplicate(repeated, name):
    first, second = repeated.told["twice"][name]
    assert first[0] == "done"
    expected = {"DuplicateWriteError"}
    if name in EXCLUSIVE:
        expected = {"FileExistsError", "DuplicateWriteError"}
    if name == "shutil_move":
        # it falls back to copying, which is refused as well
        expected |= {"Error"}
    assert second[0] in expected
    assert second[1]
    assert holds_the_text(repeated, name)


@pytest.mark.parametrize("name", APPENDS)
def test_each_append_of_an_attempt_is_an_effect_of_its_own(repeated, name):
    assert [t[0] for t in repeated.told["twice"][name]] == ["done", "done"]
    assert content(repeated, name) == TEXT * 2
