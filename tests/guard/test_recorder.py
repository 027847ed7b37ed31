"""A recorded command has the streams, the signals and the end of the command itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from soulguard.guard import commands
from soulguard.guard.commands import Permit
from tests.e2e.conftest import ROOT

SOUL = """
# A

```soulguard
rules:
  - {id: ship, text: Ship once., where: {command: "sh"}, once: run}
```
"""


@pytest.fixture
def start(served):
    """Start a shell script under a recorder, as the doors do."""
    served.end()
    served.soul.write_text(SOUL)
    served.begin()
    env = {
        **os.environ, "SOULGUARD_SOCKET": served._address,
        "SOULGUARD_HOME": str(ROOT), "SOULGUARD_RUN_ID": "run-1",
        "PYTHONPATH": str(ROOT / "soulguard/guard/inject"),
    }  # fmt: skip

    def run(script, output=commands.BOTH, **more):
        argv = ["sh", "-c", script]
        permit = commands.ask(argv, ["/bin/sh"], cwd=str(served.folder))
        assert isinstance(permit, Permit)
        words = permit.instead(argv, ["/bin/nothing", "/bin/sh"], output)
        return subprocess.Popen(
            words, env=env, cwd=served.folder, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, stdin=subprocess.PIPE, **more,
        )  # fmt: skip

    return run


def recorded(served, script):
    """Give what the record answers the same script with."""
    served.again()
    permit = commands.ask(["sh", "-c", script], ["/bin/sh"], cwd=str(served.folder))
    return permit.status, permit.blobs


def test_streams_pass_both_ways_and_are_kept(served, start):
    script = "cat; echo err >&2"
    assert start(script).communicate(b"in\n", 30) == (b"in\n", b"err\n")
    assert recorded(served, script) == (0, [b"in\n", b"err\n"])


@pytest.mark.parametrize(("output", "kept"), [
    (commands.OUT, [b"out\n"]), (commands.ERR, [b"", b"err\n"]),
    (commands.MERGED, [b"out\nerr\n"]), (commands.INHERITED, []),
])  # fmt: skip
def test_only_what_went_elsewhere_is_kept(served, start, output, kept):
    script = "echo out; echo err >&2"
    out, err = start(script, output).communicate(timeout=30)
    assert sorted((out + err).split()) == [b"err", b"out"]
    status, blobs = recorded(served, script)
    assert status == 0
    assert [b for b in blobs if b] == [b for b in kept if b]


def test_a_signal_reaches_the_command_and_its_end_is_ours(served, start):
    process = start(
        "trap 'echo caught; exit 5' TERM; echo up; while :; do sleep .01; done"
    )
    assert process.stdout.readline() == b"up\n"
    process.terminate()
    out, _ = process.communicate(timeout=30)
    assert (out, process.returncode) == (b"caught\n", 5)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGUSR1])
def test_a_command_that_dies_by_a_signal_takes_its_recorder_along(start, number):
    process = start(f"kill -{int(number)} $$")
    process.communicate(timeout=30)
    assert process.returncode == -number


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a death signal")
def test_a_recorder_that_is_killed_leaves_nothing_running_and_a_doubt(served, start):
    process = start("echo $$; exec sleep 60")
    pid = int(process.stdout.readline())
    process.kill()
    process.communicate(timeout=30)
    wait_until(lambda: not is_running(pid, b"sleep"))
    wait_until(lambda: served.events("effect.in_doubt"))


def is_running(pid, name):
    try:
        return name in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def wait_until(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_reader_that_went_away_is_a_broken_pipe_for_the_command(served, start):
    process = start("while :; do echo x || exit 1; done")
    process.stdout.readline()
    process.stdout.close()
    process.stdin.close()
    process.stderr.close()
    assert process.wait(30) in (-signal.SIGPIPE, 1)


def test_a_daemon_it_leaves_behind_does_not_keep_the_recorder(start):
    process = start("sleep 5 & echo done")
    began = time.monotonic()
    assert process.wait(30) == 0
    assert time.monotonic() - began < 4
    process.communicate(timeout=30)
