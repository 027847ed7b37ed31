"""A workshop: a folder with a SOUL.md, and agents run in it by the real tool."""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from soulguard.ledger import open_ledger
from soulguard.supervisor.recovery import STAGING_PREFIX

ROOT = Path(__file__).parents[2]
AGENTS = Path(__file__).parent / "agents"
SOUL = """\
# The clerk

## Idempotency Rule
Before creating any output, check if it already exists for this run_id.
Never write twice to the same output path in a single run.
"""
PATIENCE = 60


_LIBC = ctypes.CDLL(None)
_PR_CAPBSET_DROP, _CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 24, 1, 2


def bound_by_modes():
    """Make file modes hold for root too, in a child before it executes (prctl(2))."""
    for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


@dataclass(frozen=True)
class Result:
    """How a launch ended; `out` and `err` are text."""

    status: int
    out: str
    err: str

    def ok(self):
        assert self.status == 0, f"status {self.status}\n{self.err}"
        return self


class Workshop:
    """A folder in which agents run under the guard."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.soul(SOUL)

    def __truediv__(self, name):
        return self.folder / name

    def soul(self, text):
        (self.folder / "SOUL.md").write_text(text)

    def block(self, rules):
        """Write a SOUL.md whose only rules are those of one fenced block."""
        rules = textwrap.indent(textwrap.dedent(rules), "  ")
        self.soul(f"# The clerk\n\n```soulguard\nrules:\n{rules}```\n")

    def write(self, name, text=""):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return path

    def agent(self, text):
        """Write the agent's program; it starts with the imports everybody needs."""
        return self.write(
            "agent.py", "import json, os, pathlib, sys, time\n" + textwrap.dedent(text)
        )

    def command(self, *options, argv=()):
        argv = argv or (sys.executable, "agent.py")
        return [sys.executable, "-m", "soulguard", "run", *options, "--", *argv]

    def environment(self, env=None):
        names = ("PATH", "HOME", "LANG", "TMPDIR")
        base = {name: os.environ[name] for name in names if name in os.environ}
        return {**base, "PYTHONPATH": str(ROOT), **(env or {})}

    def run(self, *options, argv=(), env=None, stdin=None, **more):
        """Run the agent to its end under `soulguard run`."""
        done = subprocess.run(
            self.command(*options, argv=argv), cwd=self.folder, input=stdin,
            env=self.environment(env), capture_output=True, text=True,
            timeout=PATIENCE, check=False, **more,
        )  # fmt: skip
        return Result(done.returncode, done.stdout, done.stderr)

    def bare_command(self, command):
        """Run a whole command line in the folder."""
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment(), capture_output=True,
            text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        return Result(done.returncode, done.stdout, done.stderr)

    def tell(self, text, *options, **more):
        """Write an agent and run it."""
        self.agent(text)
        return self.run(*options, **more)

    def bare(self, **more):
        """Run the same agent without the guard, in the same folder."""
        done = subprocess.run(
            [sys.executable, "agent.py"], cwd=self.folder, env=self.environment(),
            capture_output=True, text=True, timeout=PATIENCE, check=False, **more,
        )  # fmt: skip
        return Result(done.returncode, done.stdout, done.stderr)

    @contextlib.contextmanager
    def started(self, *options, argv=(), env=None, **more):
        """Start the agent and hand over the supervisor's process while it runs."""
        process = subprocess.Popen(
            self.command(*options, argv=argv), cwd=self.folder,
            env=self.environment(env), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, **more,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.communicate(timeout=PATIENCE)

    # -- looking afterwards ---------------------------------------------------------

    @contextlib.contextmanager
    def ledger(self):
        """Open the record for reading."""
        found = open_ledger(self / ".soulguard/ledger.db", read_only=True)
        with contextlib.closing(found):
            yield found

    def runs(self):
        """Give the runs, oldest first."""
        with self.ledger() as ledger:
            return ledger.runs()[::-1]

    def events(self, *types):
        """Give (type, path relative to the folder) of the events of the newest run."""
        with self.ledger() as ledger:
            run = ledger.runs()[0].run_id
            found = [
                e for e in ledger.events(run) if not types or e.type.value in types
            ]
        return [(e.type.value, self.show(e.target)) for e in found]

    def touched(self, type_):
        """Give the paths that one type of event of the newest run speaks of."""
        return [target for _, target in self.events(type_)]

    def show(self, target):
        return target.removeprefix(f"{self.folder.resolve()}/")

    def effects(self):
        """Give the effects of the newest run."""
        with self.ledger() as ledger:
            run = ledger.runs()[0].run_id
            return ledger.find_effects(run)

    def tree(self):
        """Give the content of every file the agent may have made."""
        mine = ("SOUL.md", "agent.py")
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
            and not {".soulguard", "__pycache__", "site"} & set(path.parts)
            and path.name not in mine
        }

    def leftovers(self):
        """Give the staging files that are still somewhere."""
        stage = self / ".soulguard/stage"
        return [
            *self.folder.rglob(f"{STAGING_PREFIX}*"),
            *(p for p in stage.rglob("*") if p.is_file()),
        ]


@pytest.fixture
def workshop(tmp_path):
    return Workshop(tmp_path / "shop")


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Give workshops for a story that several tests look at."""

    def make(name):
        return Workshop(tmp_path_factory.mktemp(name) / "shop")

    return make


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 1 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if not shutil.which("mount"):
        pytest.skip("there is no `mount` here to make a small disk with")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)
