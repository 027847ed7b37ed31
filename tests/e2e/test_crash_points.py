"""Killed at every boundary of every file effect, and started again.

An uninterrupted guarded run says what must be there in the end. Then one run per
boundary: the agent is killed by SIGKILL there, alone or with its supervisor; the tree is
looked at and the same command is started again. Between the end of one step and the
start of the next nothing happens, so one durability takes the boundaries before each
step, the other those after it, and both take the middles. The counts are printed
(`pytest -rP`).
"""

import collections
import contextlib
import os
import shutil
import signal
import sys
import traceback
import warnings
from pathlib import Path

import pytest

from soulguard.ledger import open_ledger
from soulguard.ledger.connection import Connection
from soulguard.soul.compiler import examine
from soulguard.supervisor import disk, recovery, selftest
from soulguard.supervisor.lifecycle import Options, run
from tests.e2e.conftest import Workshop

SITE = Path(__file__).parent / "crash_site"
AGENT = """
def write(name, text, mode="w"):
    with open(name, mode) as file:
        file.write(text)

def journal(line):
    with open("journal.jsonl", "a") as file:
        print(line, file=file)

write("new.txt", "new " * 20)
journal("one")
write("old.txt", "new " * 20)
journal("equal")
journal("equal")
write("tmp", "renamed " * 20)
os.replace("tmp", "renamed.txt")
os.unlink("gone.txt")
write("claimed.txt", "claimed", "x")
write("linked.txt", "new " * 20)
write("updated.txt", "NEW!", "r+")
os.rename("here.txt", "there.txt")
"""
BEFORE = {
    "old.txt": "old " * 20,
    "gone.txt": "gone",
    "linked.txt": "old " * 20,
    "updated.txt": "old " * 20,
    "here.txt": "here",
    "journal.jsonl": "from before\n",
}


class Proven:
    """Stands for a self-test that held; that it is made is tested elsewhere."""

    def __init__(self, python, env):
        pass

    def run(self, turn):
        pass


class Ground:
    """A workshop prepared for crashes; its supervisor is a fork of this process."""

    def __init__(self, folder, durability):
        self.workshop = Workshop(folder)
        self.durability = durability
        # what a fork would load and build for its first compilation, it inherits
        examine([folder / "SOUL.md"])

    def prepare(self, agent, files):
        self.workshop.agent(agent)
        for name, text in files.items():
            self.workshop.write(name, text)
        if "linked.txt" in files:
            os.link(self.workshop / "linked.txt", self.workshop / "twin.txt")
        return self

    def go(self, die_at="", *, listing="", together=False, prepare=lambda: None):
        """Make one attempt and give its exit status, negative for a signal.

        `die_at` are boundaries of the agent, one per attempt; `together` the supervisor
        dies with it. `prepare` is called in the supervisor's process.
        """
        env = {
            "PYTHONPATH": str(SITE), "DIE_AT": str(die_at), "BOUNDARIES": str(listing),
            "DIE_TOGETHER": "1" if together else "",
        }  # fmt: skip
        with warnings.catch_warnings():
            # a fork of a process with threads; the child touches none of theirs
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if not pid:
            self._supervise(env, prepare)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    def _supervise(self, env, prepare):
        status = 99
        try:
            os.chdir(self.workshop.folder)
            os.environ.update(env)
            log = os.open("../said.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(log, 2)
            selftest.SelfTest = Proven
            prepare()
            options = Options(
                command=(sys.executable, "agent.py"), run_id="ground", quiet=True,
                durability=self.durability,
            )  # fmt: skip
            status = run(options)
        except BaseException:  # noqa: BLE001 - the process ends here, whatever it was
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(status)

    def tree(self):
        return self.workshop.tree()

    def verified(self):
        ledger = open_ledger(self.workshop / ".soulguard/ledger.db", read_only=True)
        with contextlib.closing(ledger):
            return ledger.verify().intact


@pytest.fixture
def ground(tmp_path):
    grounds = []

    def make(agent, files, durability="crash"):
        folder = tmp_path / f"ground-{len(grounds)}"
        grounds.append(folder)
        return Ground(folder, durability).prepare(agent, files)

    return make


def boundaries_of(ground, agent, files, durability):
    """Walk the agent through once; give the boundaries and the tree it leaves."""
    whole = ground(agent, files, durability)
    listing = whole.workshop.folder.parent / "boundaries"
    assert whole.go(listing=listing) == 0
    return listing.read_text().splitlines(), whole.tree()


def torn(tree, before, after, *, together):
    """Give the paths that hold neither the old content nor the new.

    With the supervisor dead an append, or a file written in place to keep its hard
    links together, may be cut short until recovery.
    """
    found = []
    for path, data in tree.items():
        if path == "journal.jsonl":
            whole = together or (after[path].startswith(data) and data[-1:] == b"\n")
        elif path in ("linked.txt", "twin.txt") and together:
            whole = True
        elif path == "tmp":
            whole = data == after["renamed.txt"]
        else:
            whole = data in (before.get(path), after.get(path))
        if not whole:
            found.append(path)
    return found


def check_end(one, expected, count):
    """Count what is wrong with a tree after the last attempt."""
    tree = one.tree()
    lines = tree.get("journal.jsonl", b"").splitlines()
    count["duplicate lines"] += len(lines) > len(expected["journal.jsonl"].splitlines())
    count["lost"] += len(expected.keys() - tree.keys())
    count["different"] += sum(expected[p] != tree.get(p) for p in expected)
    count["left over"] += len(tree.keys() - expected.keys())
    count["left over"] += len(one.workshop.leftovers())
    count["broken chain"] += not one.verified()
    if tree == expected:
        shutil.rmtree(one.workshop.folder)


def judge(title, counts):
    print(table(title, counts))
    for name, count in counts.items():
        points = count.pop("killed")
        assert count.pop("completed") == points, name
        assert not +count, (name, count)


PARTS = 2


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(
    ("durability", "side", "together"),
    [("power", "before", False), ("crash", "after", True)],
    ids=["agent", "both"],
)
def test_killed_at_every_boundary(ground, durability, side, together, part):
    names, expected = boundaries_of(ground, AGENT, BEFORE, durability)
    chosen = [
        (at, name) for at, name in enumerate(names, 1) if name.startswith((side, "in"))
    ]
    assert len(chosen) > 60
    counts = collections.defaultdict(collections.Counter)
    before = {name: text.encode() for name, text in BEFORE.items()}
    before["twin.txt"] = before["linked.txt"]
    ends = -signal.SIGKILL if together else 128 + signal.SIGKILL
    for at, name in chosen[part::PARTS]:
        one = ground(AGENT, BEFORE, durability)
        count = counts[name]
        count["killed"] += one.go(at, together=together) == ends
        count["torn"] += len(torn(one.tree(), before, expected, together=together))
        count["completed"] += one.go() == 0
        check_end(one, expected, count)
    who = "agent and supervisor" if together else "agent"
    judge(f"{who} killed, durability {durability}, part {part + 1}/{PARTS}", counts)


class Deadly:
    """Kills the supervisor at the n-th of its own boundaries; installed after a fork."""

    def __init__(self, die_at):
        self.die_at = die_at
        self.count = 0

    def boundary(self):
        self.count += 1
        if self.count == self.die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, act):
        def acted(*args, **kwargs):
            self.boundary()
            result = act(*args, **kwargs)
            self.boundary()
            return result

        return acted

    def install(self):
        Connection.commit = self.around(Connection.commit)
        for name in ("cut", "rewrite"):
            setattr(disk, name, self.around(getattr(disk, name)))
        recovery.sweep = self.around(recovery.sweep)


def test_the_supervisor_killed_at_every_boundary_of_its_own(ground):
    """The durabilities take turns: they differ in one sync per commit."""
    _, expected = boundaries_of(ground, AGENT, BEFORE, "power")
    counts = collections.defaultdict(collections.Counter)
    for at in range(1, 200):
        durability = "power" if at % 4 < 2 else "crash"
        one = ground(AGENT, BEFORE, durability)
        status = one.go(prepare=Deadly(at).install)
        if status == 0:
            break
        moment = "after" if at % 2 == 0 else "before"
        count = counts[f"{moment} a commit, {durability}"]
        count["killed"] += status == -signal.SIGKILL
        count["completed"] += one.go() == 0
        check_end(one, expected, count)
    assert at > 20
    judge("supervisor killed", counts)


def middles(names):
    """Give the boundaries at which both dying leaves the most to recover."""
    torn_append = max(
        at for at, name in enumerate(names, 1)
        if name == "in the middle of write" and names[at - 3] == "after ask file.append"
    )  # fmt: skip
    return {
        "a torn append": torn_append,
        "a file in place": names.index("after rename") + 1,
    }


@pytest.mark.parametrize("what", ["a torn append", "a file in place"])
def test_recovery_itself_is_killed_at_every_boundary(ground, what):
    names, expected = boundaries_of(ground, AGENT, BEFORE, "power")
    die_at = middles(names)[what]
    counts = collections.defaultdict(collections.Counter)
    for at in range(1, 200):
        one = ground(AGENT, BEFORE, "power")
        assert one.go(die_at, together=True) == -signal.SIGKILL
        status = one.go(prepare=Deadly(at).install)
        if status == 0 or at > 16:
            break
        counts[what]["killed"] += status == -signal.SIGKILL
        counts[what]["completed"] += one.go() == 0
        check_end(one, expected, counts[what])
    judge("supervisor killed while it recovers", counts)


COLUMNS = (
    "killed", "completed", "torn", "duplicate lines", "lost", "different", "left over",
    "broken chain",
)  # fmt: skip


def table(title, counts):
    width = max(map(len, counts))
    lines = [title, " ".join([" " * width, *COLUMNS])]
    for name, count in counts.items():
        cells = [str(count[c]).rjust(len(c)) for c in COLUMNS]
        lines.append(" ".join([name.ljust(width), *cells]))
    total = sum(counts.values(), collections.Counter())
    cells = [str(total[c]).rjust(len(c)) for c in COLUMNS]
    return "\n".join([*lines, " ".join(["all".ljust(width), *cells])])
