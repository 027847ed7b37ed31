import os
import subprocess
import sys

from soulguard.supervisor import tree
from soulguard.supervisor.tree import Tree


def test_children_of_children_are_below():
    code = (
        "import subprocess, sys; p = subprocess.Popen(['cat'], stdin=subprocess.PIPE);"
        "print(p.pid, flush=True); input()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    grandchild = int(child.stdout.readline())
    watched = Tree()
    below = watched.below(os.getpid())
    assert {child.pid, grandchild} <= set(below)
    assert os.getpid() not in below
    assert watched.below(grandchild) == []
    assert tree.argv(grandchild) == ["cat"]
    assert os.path.basename(tree.executable(child.pid)).startswith("python")
    child.kill()
    child.communicate()
    assert child.pid not in watched.below(os.getpid())


def test_a_process_that_is_gone_has_no_argv():
    child = subprocess.Popen(["true"])
    child.wait()
    assert tree.argv(child.pid) == []
    assert tree.executable(child.pid) == ""


def test_a_variable_in_the_environment_it_was_started_with_is_seen():
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, env={"MARK": "1"})
    while not tree.argv(child.pid):
        """The kernel has not laid out what the program is given yet."""
    assert tree.started_with(child.pid, "MARK")
    assert not tree.started_with(child.pid, "OTHER")
    child.communicate()


def test_who_carries_a_variable_is_found_but_not_whoever_asks():
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, env={"MARK": "run-1"})
    while not tree.argv(child.pid):
        """The kernel has not laid out what the program is given yet."""
    assert tree.carrying("MARK=run-1") == [child.pid]
    assert tree.carrying("MARK=run-") == []
    child.communicate()
    script = (
        "import os; from soulguard.supervisor import tree;"
        "print(tree.carrying('MARK=run-2'))"
    )
    asking = ["sh", "-c", f'{sys.executable} -c "{script}"; true']
    env = {**os.environ, "MARK": "run-2"}
    assert subprocess.check_output(asking, env=env, text=True) == "[]\n"
