import os

import pytest

from soulguard.errors import GuardUnavailable
from soulguard.guard.files import pending
from soulguard.guard.files.begin import begin
from soulguard.guard.files.stage import quietly_remove
from soulguard.guard.files.staging import PREFIX
from soulguard.guard.scope import scope

WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def stage(served, name="a.txt", kind="w", flags=WRITE, mode=0o666):
    path = str(served / name)
    return begin(path, path, kind, flags, mode)


def finish(one, data=b"whole", **how):
    os.write(one.fd, data)
    try:
        one.settle(**how)
    finally:
        os.close(one.fd)


def test_settling_publishes_once(served):
    one = stage(served)
    finish(one)
    one.settle()
    assert (served / "a.txt").read_bytes() == b"whole"
    assert served.done() == ["a.txt"]


def test_discarding_leaves_nothing_and_no_record(served):
    one = stage(served)
    finish(one, discard=True)
    assert os.listdir(scope.stage_dir) == ["generation"] or not any(
        name.startswith(PREFIX) for name in os.listdir(scope.stage_dir)
    )
    assert not (served / "a.txt").exists()
    assert served.events("effect.intent") == []


def test_a_write_that_failed_is_not_published(served):
    one = stage(served)
    one.broken = True
    finish(one)
    assert not (served / "a.txt").exists()


def test_a_file_published_early_is_amended_when_it_is_closed(served):
    one = stage(served)
    os.write(one.fd, b"early")
    one.materialise()
    assert (served / "a.txt").read_bytes() == b"early"
    finish(one, b" and late")
    assert (served / "a.txt").read_bytes() == b"early and late"
    assert served.done() == ["a.txt", "a.txt"]


def test_two_handles_publish_when_the_last_one_settles(served):
    one = stage(served)
    first = one.fd
    two = stage(served, kind="a", flags=os.O_WRONLY | os.O_APPEND)
    assert two is one
    os.close(first)
    one.settle()
    assert not (served / "a.txt").exists()
    finish(one)
    assert (served / "a.txt").exists()


def test_an_update_starts_from_a_copy(served):
    (served / "a.txt").write_text("old content")
    one = stage(served, kind="r+", flags=os.O_RDWR)
    finish(one, b"NEW")
    assert (served / "a.txt").read_text() == "NEW content"


def test_an_exclusive_creation_does_not_replace_a_file_made_meanwhile(served):
    one = stage(served, kind="x", flags=WRITE | os.O_EXCL)
    (served / "a.txt").write_text("somebody else's")
    with pytest.raises(FileExistsError):
        finish(one)
    assert (served / "a.txt").read_text() == "somebody else's"
    assert served.events("effect.failed") == [("effect.failed", "a.txt")]


def test_hard_links_are_written_in_place(served):
    (served / "a.txt").write_text("old content")
    os.link(served / "a.txt", served / "b.txt")
    finish(stage(served))
    assert (served / "b.txt").read_text() == "whole"
    assert (served / "a.txt").stat().st_nlink == 2


def test_without_a_broker_nothing_is_published(served):
    one = stage(served)
    served.kill()
    with pytest.raises(GuardUnavailable):
        finish(one)
    assert not (served / "a.txt").exists()
    # the sign for recovery that it was never put in place
    assert os.path.exists(one.staged)
    served.revive()


def test_a_process_that_inherited_a_file_does_not_publish_it(served):
    one = stage(served)
    one.owner = os.getppid()
    finish(one)
    assert not (served / "a.txt").exists()
    quietly_remove(one.staged)


def test_the_system_s_objection_comes_under_the_agent_s_name(served):
    for name, error in (("no/a.txt", FileNotFoundError), (".", IsADirectoryError)):
        with pytest.raises(error) as objection:
            stage(served, name)
        assert objection.value.filename == str(served / name)
    assert pending.by_path == {}


def test_mode_and_umask_are_those_of_a_plain_open(served):
    before = os.umask(0o027)
    try:
        finish(stage(served, mode=0o666))
    finally:
        os.umask(before)
    assert (served / "a.txt").stat().st_mode & 0o777 == 0o640
