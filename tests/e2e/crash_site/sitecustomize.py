"""Die at a chosen boundary: the guard runs the agent's sitecustomize, and this is one.

Every step of the guard that touches the disk or the supervisor is wrapped. Each has two
boundaries, before and after; a write of bytes has one more in its middle. `DIE_AT` is a
list of boundary numbers, one per attempt (0: none), by which the process kills itself.
With `BOUNDARIES` the name of each boundary is appended to that file; with `DIE_TOGETHER`
the supervisor is killed first.
"""

import functools
import os
import signal
import sys

attempt = int(os.environ.get("SOULGUARD_ATTEMPT", "0"))
plan = [int(n) for n in os.environ.get("DIE_AT", "").split(",") if n]
die_at = plan[attempt - 1] if 0 < attempt <= len(plan) else 0
listing = os.environ.get("BOUNDARIES", "")
count = 0
kill, getpid, append = os.kill, os.getpid, open
busy = False


def boundary(name):
    global count, busy
    if busy:
        return
    count += 1
    if listing:
        busy = True
        with append(listing, "a") as file:
            file.write(f"{name}\n")
        busy = False
    if count == die_at:
        if os.environ.get("DIE_TOGETHER"):
            kill(os.getppid(), signal.SIGKILL)
        kill(getpid(), signal.SIGKILL)


def around(name, act, half=None):
    @functools.wraps(act)
    def acted(*args, **kwargs):
        what = name
        if name in ("ask", "tell"):
            what = f"{name} {args[0]}"
        boundary(f"before {what}")
        if half is not None and count + 1 == die_at:
            half(*args)
        if half is not None:
            boundary(f"in the middle of {what}")
        result = act(*args, **kwargs)
        boundary(f"after {what}")
        return result

    return acted


def wrap():
    from soulguard.guard import client, originals
    from soulguard.guard.files import attach

    write = originals.os_write

    def half_of_it(fd, data):
        write(fd, data[: len(data) // 2])

    file_write = attach._write

    def half_of_file(raw, data):
        file_write(raw, memoryview(data)[: len(data) // 2])

    for name in ("rename", "replace", "link", "symlink", "unlink", "remove", "fsync",
                 "ftruncate"):  # fmt: skip
        act = getattr(originals, f"os_{name}")
        setattr(originals, f"os_{name}", around(name, act))
    originals.os_write = around("write", write, half_of_it)
    attach._write = around("the agent's write", file_write, half_of_file)
    client.ask = around("ask", client.ask)
    client.tell = around("tell", client.tell)


if "agent.py" in sys.orig_argv and (die_at or listing):
    wrap()
