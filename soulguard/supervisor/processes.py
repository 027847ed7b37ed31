"""Which processes are guarded, and which interpreters never said so.

Knows three witnesses: the hello of a guarded process, the guard of a parent that started
a Python, and a look at the process tree for what no guard could see start.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

from soulguard.guard import protocol
from soulguard.guard.interpreter import is_python, isolated
from soulguard.model import Decision, EventType, Verdict
from soulguard.supervisor import tree
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.lease import started
from soulguard.supervisor.seeds import Seeds
from soulguard.supervisor.session import Session

_MARK = protocol.ENV_SOCKET

_SELDOM, _OFTEN = 0.5, 0.02
"""Seconds between two looks: usually, and after a program other than Python started."""

_CLOSELY = 2.0
"""Seconds to look often after such a start."""

_GRACE = 1.0
"""Seconds an interpreter may take from its start to its hello."""


class Processes:
    """Accounting of one attempt's process tree.

    `scope` gives what a guarded process learns at its hello.
    """

    def __init__(self, session: Session, scope: Callable[[], dict[str, Any]]) -> None:
        self.session = session
        self._scope = scope
        self._seeds = Seeds(session)
        self.guarded: dict[int, Message] = {}
        self._expected: dict[int, list[str]] = {}
        self._reported: set[int] = set()
        self._tree = tree.Tree()
        self._seen: dict[int, float] = {}
        self._close_until = 0.0

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by the message they own."""
        return {
            "hello": self.hello,
            "scope": self.scope,
            "spawned": self.spawned,
            "around": self.around,
        }

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
        data = {**self._scope(), "seeds": self._seeds.of(message)}
        return Answer(Decision(Verdict.ALLOW, "guarded", data=data))

    def scope(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Tell a guarded process the scope of the policy that holds now."""
        return Answer(Decision(Verdict.ALLOW, "the rules changed", data=self._scope()))

    def spawned(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> None:
        """Remember an interpreter that should say hello soon.

        Any other program may start one that no guard sees: look closely for a while.
        """
        if not message["python"]:
            self.look_closely()
        elif message["pid"] not in self.guarded:
            self._expected[message["pid"]] = message["argv"]

    def look_closely(self) -> None:
        """Look often for a while: a program started whose children no guard sees."""
        self._close_until = time.monotonic() + _CLOSELY

    @property
    def interval(self) -> float:
        """Seconds until the process tree should be looked at again."""
        return _OFTEN if time.monotonic() < self._close_until else _SELDOM

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
        """Look at the process tree for interpreters that run without the guard.

        One that cannot come under the guard (its flags, its environment) is reported at
        once; any other may still be on its way to its hello.
        """
        for pid in self._tree.below(root):
            if pid in self.guarded or pid in self._reported:
                continue
            if not is_python(tree.executable(pid)):
                continue
            argv = tree.argv(pid)
            if not argv or self._forked(argv):
                continue
            first = self._seen.setdefault(pid, time.monotonic())
            if isolated(argv):
                self._report(pid, argv, "its flags switch the guard off")
            elif not tree.started_with(pid, _MARK):
                self._report(pid, argv, "its environment was scrubbed")
            elif time.monotonic() - first > _GRACE:
                self._report(pid, argv)

    def end(self) -> None:
        """Report the interpreters that never said hello, and an agent without any that did.

        INVARIANT: an agent that ran without the guard is never taken for one that had
        no effects.
        """
        for pid, argv in list(self._expected.items()):
            self._report(pid, argv)
        if not self.guarded and not self._reported:
            self._reported.add(0)
            self.session.record(
                EventType.PROCESS_UNGUARDED, " ".join(self.session.run.command),
                "no process of this attempt came up with the guard",
            )  # fmt: skip

    def _forked(self, argv: list[str]) -> bool:
        """Whether a process is a fork of a guarded one: it inherited the guard."""
        return any(list(m["argv"]) == argv[:20] for m in self.guarded.values())

    def _report(
        self, pid: int, argv: list[str], why: str = "it never said hello"
    ) -> None:
        self._expected.pop(pid, None)
        if pid in self._reported:
            return
        self._reported.add(pid)
        stopped = self.session.strict and _kill(pid)
        self.session.record(
            EventType.PROCESS_UNGUARDED, " ".join(argv),
            why + (": stopped" if stopped else ""),
            data={"pid": pid},
        )  # fmt: skip

    @property
    def unguarded(self) -> int:
        """How many interpreters ran without the guard."""
        return len(self._reported)


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return False
    return True
