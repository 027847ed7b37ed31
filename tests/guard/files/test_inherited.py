import os
import pickle

import pytest

from soulguard.guard.files.begin import begin
from soulguard.guard.files.inherited import is_mine, leaving
from soulguard.guard.files.stage import quietly_remove

WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def child(act):
    """Run something in a forked child and give its number and status."""
    pid = os.fork()
    if not pid:
        try:
            act()
        finally:
            leaving.exit(9)
    return pid, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.parametrize(
    ("end", "left"),
    [
        (lambda: leaving.exit(0), True),
        (lambda: leaving.exit(3), False),
        (lambda: os.kill(os.getpid(), 9), False),
    ],
)
def test_only_a_process_that_leaves_on_purpose_leaves_its_file(served, end, left):
    path = str(served / "a.txt")
    one = begin(path, path, "w", WRITE, 0o666)
    assert is_mine(one)

    def owner():
        one.owner = os.getpid()
        end()

    one.owner, _ = child(owner)
    assert is_mine(one) is left
    os.close(one.fd)
    one.settle()
    assert os.path.exists(path) is left
    quietly_remove(one.staged)


def test_what_a_living_process_opened_is_its_own(served):
    path = str(served / "a.txt")
    one = begin(path, path, "w", WRITE, 0o666)
    one.owner = os.getppid()
    assert child(lambda: leaving.exit(0))[1] == 0  # it leaves what is not its own
    assert not is_mine(one)
    os.close(one.fd)
    one.settle(discard=True)
    quietly_remove(one.staged)


def test_it_pickles_as_what_it_stands_for_does():
    assert pickle.loads(pickle.dumps(leaving.exit)) == leaving.exit
