import mmap
import os
import subprocess

import pytest

from soulguard.guard import originals
from soulguard.guard.files import sharing
from soulguard.guard.files.begin import begin
from soulguard.guard.files.opens import opens
from soulguard.guard.scope import scope

WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
UPDATE = os.O_RDWR


def stage(served, flags=WRITE):
    path = str(served / "a.txt")
    return begin(path, path, "w" if flags == WRITE else "r+", flags, 0o666)


def close(one):
    one.settle()
    os.close(one.fd)


def unsure(served):
    """Say what a restart would make of the file: written anew, or skipped."""
    sharing.look_again()
    served.done()
    served.again()
    one = stage(served)
    one.settle(discard=True)
    os.close(one.fd)
    return not one.sink


def child_of(one):
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=one.fd)
    sharing.given((one.fd,), child.pid)
    return lambda: child.communicate(b"by the child")


def copy_of(one):
    copy = opens.os_dup(one.fd)
    return lambda: (os.write(copy, b"by the child"), os.close(copy))


@pytest.mark.parametrize("other", [child_of, copy_of])
@pytest.mark.parametrize("ends", [True, False])
def test_a_file_is_unsure_while_somebody_else_writes_to_it(served, other, ends):
    one = stage(served)
    end = other(one)
    os.write(one.fd, b"begun ")
    close(one)
    assert (served / "a.txt").read_bytes() == b"begun "
    if not ends:
        assert unsure(served)
        end()
    else:
        end()
        assert not unsure(served)
        assert (served / "a.txt").read_bytes() == b"begun by the child"


def test_a_child_or_copy_that_ended_first_changes_nothing(served):
    one = stage(served)
    for other in (child_of, copy_of):
        other(one)()
    close(one)
    assert sharing.left == []
    assert served.done() == ["a.txt"]


def test_an_update_through_a_mapping_is_not_lost_when_the_file_is_closed(served):
    (served / "a.txt").write_bytes(b"old!")
    one = stage(served, UPDATE)
    mapping = mmap.mmap(one.fd, 4)
    sharing.mapped(one.fd)
    close(one)
    mapping[:3] = b"new"
    sharing.look_again()
    assert (len(sharing.left), served.done()) == (1, ["a.txt"])
    mapping.close()
    assert not unsure(served)
    assert (served / "a.txt").read_bytes() == b"new!"


def test_a_forked_child_tells_nothing_of_its_parent_s_files(served):
    one = stage(served)
    end = copy_of(one)
    close(one)
    end()
    one.owner = os.getppid()
    sharing.look_again()
    assert (sharing.left, served.done()) == ([], ["a.txt"])


@pytest.mark.parametrize("other", [child_of, copy_of])
def test_what_is_discarded_is_compared_only_when_it_is_whole(served, other):
    one = stage(served)
    os.write(one.fd, b"begun by the child")
    close(one)
    served.again()
    one = stage(served)
    assert one.sink
    end = other(one)
    os.write(one.fd, b"begun ")
    close(one)
    end()
    assert sharing.sinks == []
    assert served.events("content_differs") == []


def test_what_the_others_wrote_is_durable_before_it_is_told(served, monkeypatch):
    one = stage(served)
    end = copy_of(one)
    close(one)
    end()
    synced = []

    def fsync(fd):
        assert served.done() == ["a.txt"]
        synced.append(os.pread(fd, 99, 0))

    monkeypatch.setattr(originals, "os_fsync", fsync)
    monkeypatch.setattr(scope, "power", True)
    sharing.look_again()
    assert synced == [b"by the child"]
    assert served.done() == ["a.txt", "a.txt"]
