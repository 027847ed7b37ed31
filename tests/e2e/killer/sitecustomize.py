"""Kills the guarded process at its effect boundaries, once each.

The guard chains the agent's own `sitecustomize`, so this one can stand between the guard
and its effects without a hook in the product. Every boundary has a name that is the same
in every attempt; it is noted in the file `KILLER_LOG` before the process dies there.
`KILLER_KEEP` may name the only boundaries to die at, separated by commas; with a
`KILLER_EVERY` of n the first, the (n+1)-th, ... of each kind kill, and the others are
noted with the word "passed".
"""

import os
import signal
import sys

LOG = os.environ.get("KILLER_LOG")


class Killer:
    """Knows where it died before, and dies at every other boundary."""

    def __init__(self, originals):
        self.originals = originals
        self.asked = {}
        self.keep = [n for n in os.environ.get("KILLER_KEEP", "").split(",") if n]
        self.every = int(os.environ.get("KILLER_EVERY", "1"))
        try:
            with originals.open(LOG) as file:
                self.known = file.read().splitlines()
        except FileNotFoundError:
            self.known = []

    def boundary(self, name):
        kind = name.partition(" ")[0]
        kept = not self.keep or kind in self.keep
        if not kept or name in self.known or f"passed {name}" in self.known:
            return
        seen = [known.removeprefix("passed ") for known in self.known]
        passes = sum(known.startswith(f"{kind} ") for known in seen) % self.every
        note = f"passed {name}" if passes else name
        self.known.append(note)
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        fd = self.originals.os_open(LOG, flags, 0o600)
        self.originals.os_write(fd, f"{note}\n".encode())
        self.originals.os_close(fd)
        if not passes:
            os.kill(os.getpid(), signal.SIGKILL)


def around_the_line(killer, client):
    ask, tell = client.ask, client.tell

    def dying_ask(op, message, blobs=()):
        if op == "hello":
            return ask(op, message, blobs)
        killer.asked[op] = killer.asked.get(op, 0) + 1
        killer.boundary(f"before-{op} {killer.asked[op]}")
        reply = ask(op, message, blobs)
        if reply[0]["verdict"] == "allow" and reply[0].get("effect"):
            killer.boundary(f"on-record-{op} {reply[0]['effect']}")
        return reply

    def dying_tell(op, message, blobs=()):
        if op not in ("file.done", "call.end"):
            return tell(op, message, blobs)
        killer.boundary(f"before-{op} {message['effect']}")
        tell(op, message, blobs)
        killer.boundary(f"after-{op} {message['effect']}")
        return None

    client.ask, client.tell = dying_ask, dying_tell


def around_the_files(killer, originals, appends, attach):
    rename, write, write_all = originals.os_rename, attach._write, appends.write_all

    def dying_rename(source, target, **options):
        rename(source, target, **options)
        killer.boundary(f"renamed {target}")

    def dying_write(raw, data):
        half = len(data) // 2
        done = write(raw, bytes(data)[:half])
        killer.boundary(f"half-written {raw.name}")
        return done + write(raw, bytes(data)[half:])

    def dying_write_all(fd, data):
        half = len(data) // 2
        write_all(fd, data[:half])
        killer.boundary(f"half-appended {originals.os_fstat(fd).st_size}")
        write_all(fd, data[half:])

    originals.os_rename = dying_rename
    attach._write, appends.write_all = dying_write, dying_write_all


def install():
    from soulguard.guard import client, originals
    from soulguard.guard.files import appends, attach

    killer = Killer(originals)
    around_the_line(killer, client)
    around_the_files(killer, originals, appends, attach)


if LOG and "agent.py" in sys.orig_argv and os.environ.get("SOULGUARD_SOCKET"):
    install()
