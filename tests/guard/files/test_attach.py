import errno
import gc
import os

import pytest

from soulguard.guard.files.opens import opens


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the file is dropped
def test_dropping_the_last_reference_publishes(served):
    opens.open(served / "a.txt", "w").write("whole")
    assert (served / "a.txt").read_text() == "whole"


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the file is dropped
def test_nothing_keeps_the_file_object_alive(served):
    gc.disable()
    try:
        file = opens.open(served / "a.txt", "w")
        fd = file.fileno()
        del file
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(fd)
    finally:
        gc.enable()


def test_closing_twice_publishes_once(served):
    file = opens.open(served / "a.txt", "wb")
    file.write(b"whole")
    file.close()
    file.close()
    assert file.closed
    assert served.done() == ["a.txt"]


def test_the_descriptor_is_closed_when_publishing_fails(served):
    file = opens.open(served / "a.txt", "x")
    fd = file.fileno()
    (served / "a.txt").write_text("somebody else's")
    with pytest.raises(FileExistsError):
        file.close()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)


def test_a_flush_that_fails_inside_close_publishes_nothing(served):
    (served / "a.txt").write_text("old")
    file = opens.open(served / "a.txt", "w")
    file.write("x")
    read_only = os.open(os.devnull, os.O_RDONLY)
    os.dup2(read_only, file.fileno())
    os.close(read_only)
    with pytest.raises(OSError) as failed:  # noqa: PT011 - its number is looked at
        file.close()
    assert failed.value.errno == errno.EBADF
    assert (served / "a.txt").read_text() == "old"


def test_a_detached_raw_file_still_publishes(served):
    text = opens.open(served / "a.txt", "w")
    text.write("whole")
    raw = text.detach().detach()
    raw.close()
    assert (served / "a.txt").read_text() == "whole"
