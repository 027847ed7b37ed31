import errno
import gc
import os
import sys

import pytest

from soulguard.guard.files.appends import Append
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


@pytest.mark.filterwarnings("ignore")  # the file is dropped, and so is the error
@pytest.mark.parametrize(("mode", "buffering"), [("w", -1), ("wb", -1), ("wb", 0)])
def test_an_error_that_a_dropped_file_cannot_raise_is_told(
    served, mode, buffering, capfd
):
    file = opens.open(served / "a", mode, buffering=buffering)
    file.write("x" if "b" not in mode else b"x")
    (served / "a").mkdir()
    del file
    told = "did not close the file" in capfd.readouterr().err
    assert told is (sys.version_info < (3, 13))  # which says it by itself
    file = opens.open(served / "b", mode, buffering=buffering)
    file.write("x" if "b" not in mode else b"x")
    (served / "b").mkdir()
    with pytest.raises(OSError, match="b"):
        file.close()
    assert capfd.readouterr().err == ""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(sys.version_info >= (3, 13), reason="Python says it by itself")
def test_so_is_that_of_an_append(served, monkeypatch, capfd):
    file = opens.open(served / "a", "a")
    file.write("x")

    def refused(stage, *, last=False):
        raise PermissionError("soulguard refused it")

    monkeypatch.setattr(Append, "push", refused)
    del file
    said = capfd.readouterr().err
    assert said.startswith("soulguard refused it (the agent does not see this")


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


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the file is dropped
@pytest.mark.parametrize(
    ("act", "skipped"),
    [
        (lambda path: opens.open(path, "w"), False),
        (lambda path: opens.open(path, "wb"), False),
        (lambda path: opens.open(path, "w").close(), True),
        (lambda path: opens.open(path, "w").write("x"), True),
    ],
)
def test_a_file_dropped_before_anything_was_written_is_written_by_a_restart(
    served, act, skipped
):
    act(served / "a.txt")
    assert (served / "a.txt").exists()
    served.again()
    opens.open(served / "a.txt", "w").write("by the restart")
    assert ((served / "a.txt").read_text() != "by the restart") is skipped
