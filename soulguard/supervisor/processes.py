"""Which processes are guarded, and which interpreters never said so.

Knows three witnesses: the hello of a guarded process, the guard of a parent that started
a Python, and a look at the process tree for what no guard could see start.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from soulguard.guard import protocol
from soulguard.guard.interpreter import is_python
from soulguard.model import Decision, EventType, Verdict
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.lease import started
from soulguard.supervisor.session import Session

_PROC = Path("/proc")


class Processes:
    """Accounting of one attempt's process tree.

    `scope` gives what a guarded process learns at its hello.
    """

    def __init__(self, session: Session, scope: Callable[[], dict[str, Any]]) -> None:
        self.session = session
        self._scope = scope
        self.guarded: dict[int, Message] = {}
        self._expected: dict[int, list[str]] = {}
        self._reported: set[int] = set()
        self._suspects: set[int] = set()

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by the message they own."""
        return {"hello": self.hello, "spawned": self.spawned, "around": self.around}

    def hello(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Welcome a guarded process and tell it the scope."""
        if message["version"] != protocol.VERSION:
            fact = f"it speaks protocol {message['version']}, not {protocol.VERSION}"
            return Answer(Decision(Verdict.DENY, fact, data=self._scope()))
        pid = message["pid"]
        self.guarded[pid] = message
        self._expected.pop(pid, None)
        self.session.record(
            EventType.PROCESS_GUARDED, " ".join(message["argv"]), "said hello",
            data={
                "pid": pid, "started": started(pid), "parent": message["parent"],
                "python": message["python"],
                "release": ".".join(map(str, message["release"])),
            },
        )  # fmt: skip
        return Answer(Decision(Verdict.ALLOW, "guarded", data=self._scope()))

    def spawned(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> None:
        """Remember an interpreter that should say hello soon."""
        if message["pid"] not in self.guarded:
            self._expected[message["pid"]] = message["argv"]

    def around(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> None:
        """Record an effect that came through no door."""
        self.session.record(
            EventType.UNGUARDED, message["target"], f"came through {message['via']}",
            data={
                "kind": message["kind"], "pid": peer.pid,
                "observed": self.session.observe or bool(message.get("passed")),
            },
        )  # fmt: skip

    def look(self, root: int) -> None:
        """Look at the process tree for interpreters that never said hello.

        One look may come between exec and hello, so only the second one counts.
        """
        suspects = set()
        for pid in _descendants(root):
            if pid in self.guarded or pid in self._reported or not _is_python(pid):
                continue
            argv = _argv(pid)
            if not argv or self._forked(argv):
                continue
            if pid in self._suspects:
                self._report(pid, argv)
            else:
                suspects.add(pid)
        self._suspects = suspects

    def end(self) -> None:
        """Report the interpreters that were started and never said hello."""
        for pid, argv in list(self._expected.items()):
            self._report(pid, argv)

    def _forked(self, argv: list[str]) -> bool:
        """Whether a process is a fork of a guarded one: it inherited the guard."""
        return any(list(m["argv"]) == argv[:20] for m in self.guarded.values())

    def _report(self, pid: int, argv: list[str]) -> None:
        self._expected.pop(pid, None)
        if pid in self._reported:
            return
        self._reported.add(pid)
        stopped = self.session.strict and _kill(pid)
        self.session.record(
            EventType.PROCESS_UNGUARDED, " ".join(argv),
            "it never said hello" + (" and was stopped" if stopped else ""),
            data={"pid": pid},
        )  # fmt: skip

    @property
    def unguarded(self) -> int:
        """How many interpreters ran without the guard."""
        return len(self._reported)


def _descendants(root: int) -> list[int]:
    found, todo = [], [root]
    while todo:
        pid = todo.pop()
        try:
            tasks = list((_PROC / str(pid) / "task").iterdir())
            children = [
                int(child)
                for task in tasks
                for child in (task / "children").read_text().split()
            ]
        except OSError:
            continue
        found += children
        todo += children
    return found


def _argv(pid: int) -> list[str]:
    try:
        raw = (_PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return [os.fsdecode(word) for word in raw.split(b"\0")[:-1]]


def _is_python(pid: int) -> bool:
    try:
        return is_python(os.readlink(_PROC / str(pid) / "exe"))
    except OSError:
        return False


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return False
    return True
