"""Owns the order of a walk: every boundary comes by here, and one of them is the last.

A thread answers the probes one after the other, so that the count of a boundary is the
order of arrival. At the chosen one every process of the agent is killed by SIGKILL and
nobody is answered any more, until the next attempt. What is right is not judged here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from soulguard.drill.results import Point
from soulguard.guard import protocol
from soulguard.supervisor.tree import Tree

Message = dict[str, Any]


class KilledError(Exception):
    """The agent was killed at this very step."""


@dataclass(frozen=True, slots=True)
class Line:
    """Where a connection of the agent wanted to go; `mail`: to a mail server."""

    host: str
    port: int
    at: str = ""
    mail: bool = False


class Conductor:
    """Counts the boundaries of one walk and kills the agent at `stop`.

    `settings` are what each probe learns at its hello.
    """

    def __init__(
        self, address: str, settings: Mapping[str, Any], stop: Point | None
    ) -> None:
        self.settings = dict(settings)
        self.stop = stop
        self.attempt = 0
        self.reached = False
        self.points: list[Point] = []
        self.performed: Counter[str] = Counter()
        self.notes: list[tuple[str, str, str]] = []
        self.torn = ""
        self.places: dict[str, str] = {}
        self._counts: Counter[tuple[str, str]] = Counter()
        self._deaf = False
        self._lock = threading.RLock()
        self._lines: dict[int, Line] = {}
        self._told = threading.Condition()
        self._names: dict[str, str] = {}
        self._senders: dict[int, str] = {}
        self._own: set[int] = set()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(address)
        self._listener.listen(256)
        self._handlers: dict[str, Callable[[Message], Message]] = {
            "hello": lambda _: self.settings,
            "step": self._step,
            "note": self._note,
            "name": self._name,
            "line": self._line,
            "route": self._route,
            "listens": self._listens,
            "sends": self._sends,
        }
        threading.Thread(target=self._serve, daemon=True).start()

    def begin(self, attempt: int) -> None:
        """Answer again: the next attempt starts."""
        with self._lock:
            self.attempt = attempt
            self._deaf = False
            self._own.clear()

    def step(
        self, moment: str, effect: str, at: str = "", *, performs: bool = False,
        torn: str = "",
    ) -> None:  # fmt: skip
        """Pass one boundary.

        Raises:
            KilledError: this was the one; the agent is dead.
        """
        with self._lock:
            if self._deaf:
                raise KilledError
            at = self.places[effect] = at or self.places.get(effect, "")
            self._counts[moment, effect] += 1
            nth = self._counts[moment, effect]
            if self.attempt == 1:
                point = Point(moment, effect, nth, at, len(self.points) + 1)
                self.points.append(point)
            made = performs and moment != "before it"
            if made:  # it has happened by now, whatever comes
                self.performed[effect] += 1
            if self._is_stop(moment, effect, nth):
                self.reached, self.torn = True, torn
                self.kill()
                raise KilledError
            if performs and not made:
                self.performed[effect] += 1

    def _is_stop(self, moment: str, effect: str, nth: int) -> bool:
        stop = self.stop
        if stop is None or self.reached or self.attempt != 1:
            return False
        return (stop.moment, stop.effect, stop.nth) == (moment, effect, nth)

    def kill(self) -> None:
        """Kill every process of the agent, whatever it started, and hear no more."""
        with self._lock:
            self._deaf = True
        tree, deadline = Tree(), time.monotonic() + 5
        while time.monotonic() < deadline:
            alive = [p for p in tree.below(os.getpid()) if not _dead(p)]
            if not alive:
                return
            for pid in alive:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.001)

    def count(self, moment: str, effect: str) -> int:
        """Give how often a boundary was passed, over all attempts."""
        with self._lock:
            return self._counts[moment, effect]

    def line(self, port: int) -> Line | None:
        """Give where the connection from a local port wanted to go; waits to be told."""
        with self._told:
            self._told.wait_for(lambda: port in self._lines, timeout=5)
            return self._lines.pop(port, None)

    def sender(self, port: int) -> str:
        """Give the line of the agent that sent the last request from a local port."""
        return self._senders.get(port, "")

    def note(self, kind: str, what: str, at: str = "") -> None:
        """Keep something that the drill itself refused or could not do."""
        with self._lock:
            if (kind, what, at) not in self.notes:
                self.notes.append((kind, what, at))

    def close(self) -> None:
        """Hear no more."""
        self._listener.close()

    # -- the probes --------------------------------------------------------------------

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                try:
                    self._answer(connection)
                except (KilledError, OSError, protocol.FrameError):
                    continue
                except Exception as error:  # noqa: BLE001 - who asked must not wait for ever
                    self.note("broken", repr(error))

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        found = protocol.receive(connection.recv)
        if found is None or self._deaf:
            return
        message = found[0]
        reply = self._handlers[message.pop("op")](message)
        connection.sendall(protocol.encode(reply))

    def _step(self, message: Message) -> Message:
        self.step(**message)
        return {"verdict": "go"}

    def _note(self, message: Message) -> Message:
        self.note(message["kind"], message["what"], message["at"])
        return {}

    def _name(self, message: Message) -> Message:
        self._names[message["address"]] = message["host"]
        return {}

    def _line(self, message: Message) -> Message:
        address = str(message["host"]).removeprefix("::ffff:")
        host = self._names.get(address, address)
        with self._told:
            self._lines[message["port"]] = Line(
                host, message["to"], message["at"], message["mail"]
            )
            self._told.notify_all()
        return {}

    def _route(self, message: Message) -> Message:
        host = str(message["host"]).removeprefix("::ffff:")
        here = host.startswith(("127.", "::1", "localhost", "0.0.0.0"))
        return {"own": here and message["to"] in self._own}

    def _sends(self, message: Message) -> Message:
        self._senders[message["port"]] = message["at"]
        return {}

    def _listens(self, message: Message) -> Message:
        self._own.add(message["port"])
        return {}


def _dead(pid: int) -> bool:
    """Whether a process is gone or a zombie, which nothing can do any more (proc(5))."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] in (b"Z", b"X")
    except OSError:
        return True
