"""Every system call on an output fails once: what the agent sees, and what is left.

A small library (`faults/fault.c`) stands before libc in the agent or in the supervisor
and lets one call on a chosen file fail. The agent does one effect and ends with the
`OSError` it saw, if any; then the same command is started again on a disk that works.
In between every file is as it was or as it shall be, afterwards all is done, once.
The table of fault x effect x outcome is printed (`pytest -rP`):

    error   the agent saw the error, the file is the old one, the restart did the effect
    late    the agent saw the error, and the file was in place already: done once still
    passed  nothing was seen of it (an interrupted or short write, a spare file), all is done
    refused nothing happened: the record could not be written; the restart did the effect
    unsaid  it happened, and only its end could not be recorded; the restart found it done
    in doubt  nothing was sent twice; whether it was sent at all is for a person to say
    -       this effect makes no such call
"""

import collections
import errno
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.conftest import Workshop
from tests.e2e.test_crash_points import Ground

SOURCE = Path(__file__).parent / "faults" / "fault.c"
SHORT = 0
EVER = {"ENOSPC", "EDQUOT", "EROFS"}  # a full disk is still full when tried again
ERRORS = {
    "write": ("ENOSPC", "EIO", "EDQUOT", "EINTR", "SHORT"),
    "fsync": ("EIO", "ENOSPC", "EINTR"),
    "rename": ("EIO", "EROFS", "ENOSPC"),
    "link": ("EIO", "EDQUOT"),
    "unlink": ("EIO", "EROFS"),
    "ftruncate": ("EIO", "EINTR"),
    "open": ("EIO", "EROFS", "EDQUOT", "EINTR"),
    "close": ("EIO",),
}
BEFORE = {
    "out/old.txt": "old " * 20,
    "out/linked.txt": "old " * 20,
    "out/updated.txt": "old " * 20,
    "out/journal.jsonl": "from before\n",
    "out/spare": "renamed " * 20,
    "out/gone.txt": "gone",
}
EFFECTS = {
    "write": 'with open("out/new.txt", "w") as file: file.write("new " * 20)',
    "over": 'with open("out/old.txt", "w") as file: file.write("new " * 20)',
    "create": 'with open("out/new.txt", "x") as file: file.write("new " * 20)',
    "update": 'with open("out/updated.txt", "r+") as file: file.write("NEW!")',
    "append": 'with open("out/journal.jsonl", "a") as file: file.write("line\\n" * 9)',
    "linked": 'with open("out/linked.txt", "w") as file: file.write("new " * 20)',
    "replace": 'os.replace("out/spare", "out/old.txt")',
    "delete": 'os.unlink("out/gone.txt")',
}
AGENT = """
import errno
try:
    {effect}
except OSError as error:
    print("saw", errno.errorcode.get(error.errno), error.filename, file=sys.stderr)
    sys.exit(1)
"""
COUNTED = "/out|/.sg-"


@dataclass(frozen=True)
class Fault:
    """The n-th call of its kind on the agent's files fails in one way."""

    call: str
    error: str
    nth: int = 1

    def __str__(self):
        return f"{self.call} {self.nth} {self.error}"

    def environment(self, library, log, who="agent.py", where=COUNTED):
        number = getattr(errno, self.error) if self.error != "SHORT" else SHORT
        ever = {"FAULT_EVER": "1"} if self.error in EVER else {}
        return {
            "LD_PRELOAD": str(library), "FAULT_WHO": who, "FAULT_CALL": self.call,
            "FAULT_PATH": where, "FAULT_LOG": str(log), "FAULT_ERRNO": str(number),
            "FAULT_NTH": str(self.nth), **ever,
        }  # fmt: skip


NONE = Fault("none", "EIO", 0)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here to build the failing disk with")
    built = tmp_path_factory.mktemp("faults") / "fault.so"
    done = subprocess.run(
        [compiler, "-shared", "-fPIC", "-O1", "-o", built, SOURCE, "-ldl"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"the failing disk cannot be built here: {done.stderr.strip()}")
    return built


class Trial:
    """One effect in a workshop of its own, guarded or bare."""

    def __init__(self, folder, effect, library):
        self.folder = folder
        folder.mkdir()
        self.ground = Ground(folder / "shop", "power")
        self.ground.prepare(AGENT.format(effect=EFFECTS[effect]), BEFORE)
        shop = self.ground.workshop
        os.link(shop / "out/linked.txt", shop / "out/twin.txt")
        self.library, self.log = library, folder / "calls"

    def guarded(self, fault):
        env = fault.environment(self.library, self.log)
        return self.ground.go(prepare=lambda: os.environ.update(env))

    def bare(self, fault):
        """Let the same fault strike the agent alone."""
        env = fault.environment(self.library, self.log)
        done = subprocess.run(
            [sys.executable, "agent.py"], cwd=self.ground.workshop.folder,
            env={**os.environ, **env}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        (self.folder / "said.txt").write_text(done.stderr)
        return done.returncode

    def again(self):
        return self.ground.go()

    def calls(self):
        """Give the calls on the agent's files so far, a failed one with a `!`."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line.partition(" ")[0] for line in lines]

    def saw(self):
        """Give the (name, file) of the errors the agent saw."""
        lines = (self.folder / "said.txt").read_text().splitlines()
        return [tuple(line.split()[1:]) for line in lines if line.startswith("saw ")]

    def tree(self):
        return self.ground.tree()


def whole(trial_tree, before, after):
    """Whether every file is as it was or as it shall be."""
    names = before.keys() | after.keys()
    return trial_tree.keys() <= names and all(
        trial_tree.get(name) in (before.get(name), after.get(name)) for name in names
    )


def faults_of(calls, turn):
    """Give the faults that can strike a walk which makes these calls.

    The errors of a call take turns, from effect to effect and from call to call, so
    every one strikes somewhere, and of many closes only one fails; with `FAULTS=all`
    each strikes everywhere.
    """
    everything = os.environ.get("FAULTS") == "all"
    for call, count in collections.Counter(calls).items():
        errors = ERRORS[call]
        for nth in range(1, count + 1):
            if everything:
                yield from (Fault(call, error, nth) for error in errors)
            elif call != "close" or nth == min(2, count):
                yield Fault(call, errors[(turn + nth) % len(errors)], nth)


def outcome_of(trial, fault, before, after):
    """Let a fault strike, start again, and say how it went."""
    status = trial.guarded(fault)
    between, saw = trial.tree(), trial.saw()
    assert f"!{fault.call}" in trial.calls(), f"{fault} did not strike"
    assert whole(between, before, after), f"{fault}: torn"
    if status == 0:
        assert not saw
        assert between == after, f"{fault}: lost in silence"
        outcome = "passed"
    else:
        names = [name for name, _ in saw]
        assert (status, names) == (1, [fault.error]), f"{fault}: the agent saw {saw}"
        outcome = "late" if between == after else "error"
    if status:
        assert trial.again() == 0, f"{fault}: the restart fails"
    assert trial.tree() == after, f"{fault}: not as an uninterrupted run"
    assert trial.ground.workshop.leftovers() == []
    assert trial.ground.verified()
    return outcome


def table(title, outcomes, known=EFFECTS):
    """Lay the outcomes out, one row per fault, one column per effect."""
    effects = [e for e in known if any(e in row for row in outcomes.values())]
    width = max(len(str(fault)) for fault in outcomes)
    lines = [title, " ".join([" " * width, *(f"{e:>8}" for e in effects)])]
    for fault, row in sorted(outcomes.items(), key=lambda item: str(item[0])):
        cells = (f"{row.get(effect, '-'):>8}" for effect in effects)
        lines.append(" ".join([f"{fault!s:{width}}", *cells]))
    return "\n".join(lines)


def trials(effect, library, folder):
    """Let every chosen fault strike one effect; give the outcomes and what was wrong."""
    calm = Trial(folder / "calm", effect, library)
    before = calm.tree()
    assert calm.guarded(NONE) == 0
    after = calm.tree()
    assert before != after
    outcomes, wrong = {}, []
    turn = list(EFFECTS).index(effect)
    for number, fault in enumerate(faults_of(calm.calls(), turn)):
        trial = Trial(folder / str(number), effect, library)
        try:
            outcomes[fault] = {effect: outcome_of(trial, fault, before, after)}
            shutil.rmtree(trial.folder)
        except AssertionError as error:
            outcomes[fault] = {effect: "WRONG"}
            wrong.append(str(error).partition("\n")[0])
    return outcomes, wrong


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_fault_of_the_disk_in_the_agent(library, tmp_path, effect, capfd):
    outcomes, wrong = trials(effect, library, tmp_path)
    capfd.readouterr()  # what the supervisors said
    print(table("faults in the agent's process", outcomes))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("effect", "fault"),
    [
        ("write", Fault("open", "EROFS")),
        ("over", Fault("open", "EDQUOT")),
        ("over", Fault("write", "ENOSPC")),
        ("append", Fault("write", "EDQUOT")),
        ("update", Fault("write", "EIO")),
        ("update", Fault("write", "EINTR")),
        ("write", Fault("write", "SHORT")),
        ("replace", Fault("rename", "EROFS")),
        ("delete", Fault("unlink", "EIO")),
    ],
    ids=str,
)
def test_the_agent_sees_of_a_fault_what_it_sees_bare(library, tmp_path, effect, fault):
    bare = Trial(tmp_path / "bare", effect, library)
    guarded = Trial(tmp_path / "guarded", effect, library)
    assert bare.bare(fault) == guarded.guarded(fault)
    for trial in (bare, guarded):
        assert f"!{fault.call}" in trial.calls()
    # a failed write names no file bare; the guard knows whose it was
    assert [
        (name, file if seen == "None" else seen)
        for (name, seen), (_, file) in zip(bare.saw(), guarded.saw(), strict=True)
    ] == guarded.saw()


# -- in the supervisor --------------------------------------------------------------------

RECORD = "/ledger.db|/blobs/"
RECORD_ERRORS = {
    "pwrite": ("EIO", "ENOSPC", "SHORT"),
    "write": ("ENOSPC", "SHORT"),
    "fdatasync": ("EIO",),
    "fsync": ("EIO",),
    "rename": ("EIO",),
}
OFFICE = """
open(os.environ["FAULT_AFTER"], "w").close()
def post():
    import urllib.request
    with urllib.request.urlopen(os.environ["WORLD"], b"x" * 3000) as answer:
        answer.read()
try:
    {effect}
except (OSError, RuntimeError) as error:
    print("saw", type(error).__name__, file=sys.stderr)
    sys.exit(1)
"""
OFFICE_EFFECTS = {**{e: EFFECTS[e] for e in ("append", "create")}, "post": "post()"}


class World(ThreadingHTTPServer):
    """A service that only counts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.server.count += 1
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            pass

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.count = 0
        self.url = f"http://127.0.0.1:{self.server_port}/acts"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Office:
    """One effect, and a supervisor whose record fails from the effect on."""

    def __init__(self, folder, effect, library, world):
        folder.mkdir()
        self.log, self.library, self.world = folder / "calls", library, world
        self.armed = folder / "armed"
        self.workshop = Workshop(folder / "shop")
        for name, text in BEFORE.items():
            self.workshop.write(name, text)
        self.workshop.agent(OFFICE.format(effect=OFFICE_EFFECTS[effect]))

    def go(self, fault=None):
        """Make one attempt; give its status and what the agent saw."""
        env = {"WORLD": self.world.url, "FAULT_AFTER": str(self.armed)}
        if fault is not None:
            env |= fault.environment(self.library, self.log, "-m", RECORD)
        done = self.workshop.run("--run-id", "r", env=env)
        said = [line.split() for line in done.err.splitlines()]
        return done.status, [line[1] for line in said if line[:1] == ["saw"]]

    def calls(self):
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line.partition(" ")[0] for line in lines]

    def state(self):
        """Give the files and how often the service acted."""
        return self.workshop.tree(), self.world.count


def record_faults_of(calls, turn):
    """Give faults of the record: at the intent, in the middle and at the end."""
    everything = os.environ.get("FAULTS") == "all"
    for call, count in collections.Counter(calls).items():
        errors = RECORD_ERRORS.get(call, ())
        for nth in range(1, count + 1):
            if everything:
                yield from (Fault(call, error, nth) for error in errors)
            elif errors and (call != "pwrite" or nth in {1, count // 2, count}):
                yield Fault(call, errors[(turn + nth) % len(errors)], nth)


def record_outcome_of(office, fault, before, after):
    """Let the record fail, start again, and say how it went."""
    office.world.count = 0
    status, saw = office.go(fault)
    between = office.state()
    assert f"!{fault.call}" in office.calls(), f"{fault} did not strike"
    assert between in (before, after), f"{fault}: torn"
    if saw:
        # an effect that cannot be put on record does not happen
        assert (between, saw) == (before, ["GuardUnavailable"]), f"{fault}: {saw}"
    else:
        assert between == after, f"{fault}: lost in silence"
    outcome = "refused" if saw else "passed" if status == 0 else "unsaid"
    if status:
        assert status in (1, 3), f"{fault}: ends with {status}"
        again, saw = office.go()
        if saw == ["InDoubtError"]:
            assert office.state()[1] <= after[1]
            return "in doubt"
        assert (again, saw) == (0, []), f"{fault}: the restart sees {saw}"
    assert office.state() == after, f"{fault}: not as an uninterrupted run"
    assert office.workshop.leftovers() == []
    with office.workshop.ledger() as ledger:
        assert ledger.verify().intact, f"{fault}: the chain is broken"
    return outcome


@pytest.mark.parametrize("effect", OFFICE_EFFECTS)
def test_a_fault_of_the_disk_under_the_record(library, tmp_path, effect):
    outcomes, wrong = {}, []
    with World() as world:
        calm = Office(tmp_path / "calm", effect, library, world)
        before = calm.state()
        assert calm.go(NONE) == (0, [])
        after = calm.state()
        assert before != after
        turn = list(OFFICE_EFFECTS).index(effect)
        for number, fault in enumerate(record_faults_of(calm.calls(), turn)):
            office = Office(tmp_path / str(number), effect, library, world)
            try:
                outcome = record_outcome_of(office, fault, before, after)
            except AssertionError as error:
                outcome = "WRONG"
                wrong.append(str(error).partition("\n")[0])
            outcomes[fault] = {effect: outcome}
    print(table("faults under the record", outcomes, OFFICE_EFFECTS))
    assert not wrong, "\n".join(wrong)
