"""A broker in a thread of the test, and the guard's client talking to it.

Nothing is patched: a test calls the doors themselves.
"""

import contextlib
import os
import subprocess
import sys
import textwrap
import threading

import pytest

from soulguard.guard import client, protocol
from soulguard.guard.scope import scope
from soulguard.ledger import open_ledger
from soulguard.supervisor import launch
from soulguard.supervisor.attempt import Options, attempt, opened, socket_folder
from soulguard.supervisor.server import Server

SOUL = "# A\n\n## Rules\n- Never write twice to the same output path in a single run.\n"


class Served:
    """A run whose attempts are begun and ended by the test."""

    def __init__(self, folder):
        self.folder = folder
        self.soul = folder / "SOUL.md"
        self.soul.write_text(SOUL)
        self._stack = contextlib.ExitStack()

    def __truediv__(self, name):
        return self.folder / name

    def __fspath__(self):
        return str(self.folder)

    def begin(self, **options):
        """Begin the next attempt and introduce this process to its broker."""
        ready, self._stop, self.failed = threading.Event(), threading.Event(), []
        self._address = self._stack.enter_context(socket_folder()) + "/guard.sock"
        self._options = Options(
            command=("test",), soul=(str(self.soul),), run_id="run-1", quiet=True,
            durability="crash", **options,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._serve, args=(ready,))
        self._thread.start()
        assert ready.wait(30)
        assert self.failed == []
        client.connect_to(self._address)
        reply, _ = client.ask("hello", hello())
        scope.load(reply["data"])
        scope.follow_page(reply["data"]["page"])
        return self

    def end(self):
        """End the attempt as one that failed."""
        client.hang_up()
        client.connect_to("")
        scope.close()
        self._stop.set()
        self._thread.join()
        self._stack.close()

    def again(self):
        """End this attempt and begin the next."""
        self.end()
        return self.begin()

    def _serve(self, ready):
        try:
            with opened(self._options) as found, attempt(found) as running:
                server = Server(
                    running.parts.broker(), running.session, self._address,
                    left=running.parts.left,
                    rest=running.parts.endings.settle_published,
                )  # fmt: skip
                with contextlib.closing(server):
                    ready.set()
                    while not self._stop.is_set():
                        server.turn(0.005)
                    while server.turn(0):
                        pass
                running.status = 1
        except BaseException as error:
            self.failed.append(error)
            ready.set()
            raise

    def kill(self):
        """Let the broker be out of reach, as a killed supervisor is."""
        client.hang_up()
        client.connect_to(f"{self.folder}/nobody.sock")

    def revive(self):
        """Bring the broker back."""
        client.connect_to(self._address)

    def python(self, code, **more):
        """Run code in a guarded interpreter of its own, in the folder."""
        env = launch.environment(
            {"PATH": os.environ["PATH"], **more.pop("env", {})},
            address=self._address, run_id="run-1", attempt=1,
        )  # fmt: skip
        return subprocess.run(
            [sys.executable, "-c", textwrap.dedent(code)], cwd=self.folder, env=env,
            capture_output=True, text=True, timeout=60, check=False, **more,
        )  # fmt: skip

    def events(self, *types):
        """Give (type, name of the target) of what is on record; asks to be in order."""
        if client.address():
            # what the first one tells of is taken up before the second is answered
            client.ask("scope", {})
            client.ask("scope", {})
        path = self.folder / ".soulguard/ledger.db"
        with contextlib.closing(open_ledger(path)) as ledger:
            # a batch that nothing waits for may be open: the writer's lock comes after it
            ledger.begin()
            ledger.rollback()
        with contextlib.closing(open_ledger(path, read_only=True)) as ledger:
            found = list(ledger.events("run-1", types=types))
        return [(e.type.value, os.path.basename(e.target)) for e in found]

    def done(self):
        """Give the names of the paths whose effects were done."""
        return [name for _, name in self.events("effect.done")]


def hello(**changes):
    return {
        "version": protocol.VERSION, "pid": os.getpid(), "parent": os.getppid(),
        "python": sys.executable, "release": list(sys.version_info[:3]),
        "argv": ["python", "agent.py"], **changes,
    }  # fmt: skip


@pytest.fixture
def served(tmp_path):
    """Give a folder under the guard in which the first attempt has begun."""
    made = Served(tmp_path).begin()
    yield made
    made.end()
