import signal
import subprocess
import sys
from pathlib import Path

import pytest

from soulguard.drill import isolation

ROOT = Path(__file__).parents[2]
IN_A_CHILD = """
import os, socket
from soulguard.drill import isolation
print(isolation.leave_the_network(), os.getuid())
print(sorted(name for _, name in socket.if_nameindex()))
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname(), timeout=5).close()
print("loopback works")
try:
    socket.create_connection(("192.0.2.1", 80), timeout=5)
except OSError as error:
    print(error.strerror)
"""


@pytest.mark.skipif(
    not isolation.available(), reason="this system gives no network namespace"
)
def test_nothing_but_the_own_loopback_is_left_of_the_network():
    done = subprocess.run(
        [sys.executable, "-c", IN_A_CHILD], cwd=ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    first, interfaces, loopback, refused = done.stdout.splitlines()
    assert first.startswith("True ")
    assert "lo" in interfaces
    assert "eth" not in interfaces
    assert loopback == "loopback works"
    assert refused == "Network is unreachable"


def test_trying_leaves_this_process_where_it_is():
    before = Path("/proc/self/ns/net").readlink()
    isolation.available()
    assert Path("/proc/self/ns/net").readlink() == before


def test_another_system_has_none(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not isolation.available()
    assert not isolation.leave_the_network()


def test_a_walk_dies_with_the_drill_however_that_dies(tmp_path):
    code = (
        "import os, time\n"
        "from soulguard.drill import isolation\n"
        "reader, writer = os.pipe()\n"
        "if os.fork() == 0:\n"
        "    isolation.die_with_parent()\n"
        "    os.write(writer, b'x')\n"
        "    time.sleep(60)\n"
        "os.read(reader, 1)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, check=False,
        timeout=30,
    )  # fmt: skip
    # the pipe has ended, so the child is gone as well
    assert done.returncode == -signal.SIGKILL


def test_what_an_agent_leaves_behind_becomes_a_child():
    code = (
        "import os, subprocess, time\n"
        "from soulguard.drill import isolation\n"
        "isolation.adopt_orphans()\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    if os.fork():\n"
        "        os._exit(0)\n"
        "    os._exit(7)\n"
        "os.waitpid(pid, 0)\n"
        "print(os.waitstatus_to_exitcode(os.wait()[1]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout == "7\n"
