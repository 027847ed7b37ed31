import pytest

from soulguard.drill.probe.steps import BEFORE, EXIT, HALF
from tests.drill.stage import walked


def test_effects_that_no_guard_sees_have_boundaries_before_and_in_their_middle(
    bare_walk,
):
    files = [n for n in bare_walk.named() if not n[1].startswith(("call", "the end"))]
    assert files == [
        (BEFORE, "command echo hi"),
        (BEFORE, "append journal.jsonl"),
        (HALF, "append journal.jsonl"),
        (BEFORE, "write report.md"),
        (HALF, "write report.md"),
        (BEFORE, "write spare"),
        (HALF, "write spare"),
        (BEFORE, "rename spare to final.md"),
    ]


def test_logs_are_nobodys_output(bare_walk, guarded_walk):
    for walk in (bare_walk, guarded_walk):
        assert not [n for n in walk.named() if "agent.log" in n[1]]


def test_the_last_boundary_is_the_end(bare_walk):
    assert bare_walk.named()[-1] == (EXIT, "the end of agent.py")


def test_what_was_performed_is_counted(bare_walk, guarded_walk):
    for walk in (bare_walk, guarded_walk):
        assert walk.walk.performed["write report.md"] == 1
        assert walk.walk.performed["command echo hi"] == 1


MORE = """
import os, pathlib, platform, sqlite3
platform.processor()  # may start `uname`, which only looks
fd = os.open("low.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
os.write(fd, b"low level")
os.close(fd)
pathlib.Path("low.txt").unlink()
pathlib.Path("text.txt").write_text("by pathlib")
os.truncate("text.txt", 2)
sqlite3.connect("state.db").execute("create table t (a)")
try:
    open(os.environ["REAL"] + "/escaped.txt", "w")
except PermissionError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def more(tmp_path_factory):
    folder = tmp_path_factory.mktemp("more")
    agent = MORE.replace('os.environ["REAL"]', repr(str(folder / "shop")))
    return walked(folder, agent, guarded=False), folder


def test_low_level_writes_and_path_operations_have_boundaries(more):
    assert [n for n in more[0].named() if n[0] != EXIT] == [
        (BEFORE, "write low.txt"),
        (HALF, "write low.txt"),
        (BEFORE, "delete low.txt"),
        (BEFORE, "write text.txt"),
        (HALF, "write text.txt"),
        (BEFORE, "update text.txt"),
    ]


def test_the_real_workspace_is_never_written_to(more):
    walk, folder = more
    assert "the drill refused a write into the real workspace" in walk.said
    assert not (folder / "shop" / "escaped.txt").exists()
    assert walk.walk.notes[0][:2] == ("escape", f"{folder}/shop/escaped.txt")


def test_no_program_starts_where_nothing_keeps_it_from_the_network(tmp_path):
    agent = """
import subprocess, sys
subprocess.run([sys.executable, "-c", "print('python runs')"])
try:
    subprocess.run("true", shell=True)
except PermissionError as error:
    print(error)
"""
    walk = walked(tmp_path, agent, guarded=False, walled=False, commands=False)
    assert "python runs" in walk.said
    assert "the drill started no `/bin/sh -c true`" in walk.said
    assert walk.walk.notes[0][0] == "command"
