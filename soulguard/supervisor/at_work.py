"""What a limit counts while it is at work: crowds, and the programs among them.

A crowd is what counts together, calls or programs; who is in it is asked each time. A
program that is allowed has a ticket. Its door tells the process that came of it, or
that none did; until then it counts as at work while the connection that asked is there.
Nothing is decided here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from soulguard.model import Owner
from soulguard.supervisor.broker import Handler, Message, Peer
from soulguard.supervisor.lease import alive, owner_of

Working = Callable[[], bool]
"""Whether an effect that was counted is at work still."""


class Crowds:
    """What is at work, by the name under which it counts together."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._present: dict[str, list[Working]] = {}
        self._moved: dict[str, float] = {}

    def join(self, name: str, working: Working) -> None:
        """Count one that begins now."""
        self._present.setdefault(name, []).append(working)
        self._moved[name] = self._clock()

    def present(self, name: str) -> int:
        """Give how many are at work now."""
        known = self._present.get(name, [])
        self._present[name] = [working for working in known if working()]
        if len(self._present[name]) < len(known):
            self._moved[name] = self._clock()
        return len(self._present[name])

    def still(self, name: str) -> float:
        """Give the seconds since one was last seen to begin or end."""
        now = self._clock()
        return now - self._moved.get(name, now)


@dataclass(slots=True)
class _Program:
    peer: Peer
    process: Owner | None = None


class AtWork:
    """The programs of one attempt that are counted while they run."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._programs: dict[int, _Program] = {}

    def handlers(self) -> dict[str, Handler]:
        """Give the messages this part owns."""
        return {"command.spawned": self.spawned}

    def begin(self, peer: Peer) -> int:
        """Give the ticket of a program that may start now."""
        ticket = next(self._numbers)
        self._programs[ticket] = _Program(peer)
        return ticket

    def spawned(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> None:
        """Take the process of a ticket; 0 says that it runs no more, or never did."""
        ticket, pid = int(message["ticket"]), int(message["pid"])
        if not pid:
            self.forget(ticket)
        elif ticket in self._programs:
            self._programs[ticket].process = owner_of(pid)

    def forget(self, ticket: int) -> None:
        """Take a ticket back: its program may not start after all."""
        self._programs.pop(ticket, None)

    def gone(self, peer: Peer) -> None:
        """Forget what a connection that ended was let start and told nothing of."""
        for ticket, program in list(self._programs.items()):
            if program.peer is peer and program.process is None:
                del self._programs[ticket]

    def working(self, ticket: int) -> bool:
        """Whether the program of a ticket still runs."""
        program = self._programs.get(ticket)
        if program is None:
            return False
        if program.process is None or alive(program.process):
            return True
        self.forget(ticket)
        return False
