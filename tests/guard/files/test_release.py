import fcntl
import os
import subprocess

from soulguard.guard.files.opens import opens
from soulguard.guard.files.release import lock, release


def opened(served, name, mode):
    return opens.open(served / name, mode)


def test_a_child_given_an_append_writes_to_the_file_itself(served):
    with opened(served, "log.txt", "a") as file:
        file.write("parent\n")
        release([file.fileno()], "a child's stream")
        child = subprocess.Popen(["sh", "-c", "sleep 0.1; echo child"], stdout=file)
    child.wait()
    assert (served / "log.txt").read_text() == "parent\nchild\n"
    assert ("violation.unguarded", "log.txt") in served.events("violation.unguarded")


def test_a_duplicate_outlives_the_handle(served):
    file = opened(served, "log.txt", "a")
    copy = opens.os_dup(file.fileno())
    file.close()
    os.write(copy, b"later\n")
    os.close(copy)
    assert (served / "log.txt").read_text() == "later\n"


def test_descriptors_that_are_no_appends_are_left_alone(served):
    with opened(served, "log.txt", "a") as file:
        release([0, 1, 2], "a child's stream")
        file.write("recorded\n")
    assert served.done() == ["log.txt"]


def test_a_lock_on_an_update_is_one_on_the_file(served):
    (served / "count.txt").write_text("1")
    with opened(served, "count.txt", "r+") as file:
        lock(file)
        same = os.fstat(file.fileno()).st_ino == os.stat(served / "count.txt").st_ino
        assert same
        fcntl.flock(file, fcntl.LOCK_EX)
        number = int(file.read())
        file.seek(0)
        file.write(str(number + 1))
    assert (served / "count.txt").read_text() == "2"


def test_a_copy_that_has_changed_stays_a_copy(served):
    (served / "count.txt").write_text("1")
    with opened(served, "count.txt", "r+") as file:
        file.write("2")
        lock(file)
        assert (served / "count.txt").read_text() == "1"
    assert (served / "count.txt").read_text() == "2"
