"""Kills the guarded process at every effect boundary, once each.

The guard chains the agent's own `sitecustomize`, so this one can stand between the guard
and its effects without a hook in the product. Every boundary has a name that is the same
in every attempt; it is noted in the file `KILLER_LOG` before the process dies there.
`KILLER_KEEP` may name the only boundaries to die at, separated by commas.
"""

import os
import signal
import sys

LOG = os.environ.get("KILLER_LOG")


def install():
    from soulguard.guard import client, originals
    from soulguard.guard.files import appends, attach

    keep = [name for name in os.environ.get("KILLER_KEEP", "").split(",") if name]
    try:
        with originals.open(LOG) as file:
            died = set(file.read().splitlines())
    except FileNotFoundError:
        died = set()
    asked = {}

    def boundary(name):
        if name in died or (keep and name.partition(" ")[0] not in keep):
            return
        fd = originals.os_open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        originals.os_write(fd, f"{name}\n".encode())
        originals.os_close(fd)
        os.kill(os.getpid(), signal.SIGKILL)

    ask, tell, rename = client.ask, client.tell, originals.os_rename
    write, write_all = attach._write, appends.write_all

    def dying_ask(op, message, blobs=()):
        if op == "hello":
            return ask(op, message, blobs)
        asked[op] = asked.get(op, 0) + 1
        boundary(f"before-{op} {asked[op]}")
        reply = ask(op, message, blobs)
        if reply[0]["verdict"] == "allow" and reply[0].get("effect"):
            boundary(f"on-record-{op} {reply[0]['effect']}")
        return reply

    def dying_tell(op, message, blobs=()):
        if op not in ("file.done", "call.end"):
            return tell(op, message, blobs)
        boundary(f"before-{op} {message['effect']}")
        tell(op, message, blobs)
        boundary(f"after-{op} {message['effect']}")
        return None

    def dying_rename(source, target, **options):
        rename(source, target, **options)
        boundary(f"renamed {target}")

    def dying_write(raw, data):
        half = len(data) // 2
        done = write(raw, bytes(data)[:half])
        boundary(f"half-written {raw.name}")
        return done + write(raw, bytes(data)[half:])

    def dying_write_all(fd, data):
        half = len(data) // 2
        write_all(fd, data[:half])
        boundary(f"half-appended {originals.os_fstat(fd).st_size}")
        write_all(fd, data[half:])

    client.ask, client.tell = dying_ask, dying_tell
    originals.os_rename = dying_rename
    attach._write, appends.write_all = dying_write, dying_write_all


if LOG and "agent.py" in sys.orig_argv and os.environ.get("SOULGUARD_SOCKET"):
    install()
