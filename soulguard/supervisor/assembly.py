"""Put the broker together: one handler per message, and what happens when a peer goes.

The supervisor and the in-process guard both start from here.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soulguard.supervisor import page, spools
from soulguard.supervisor.appends import Appends
from soulguard.supervisor.broker import Broker, Handler, Message, Peer
from soulguard.supervisor.commands import Commands
from soulguard.supervisor.endings import Endings
from soulguard.supervisor.enforcement import Enforcement
from soulguard.supervisor.explicit import Explicit
from soulguard.supervisor.facts import Facts
from soulguard.supervisor.moves import Moves
from soulguard.supervisor.outputs import Outputs
from soulguard.supervisor.processes import Processes
from soulguard.supervisor.recovery import Recovery, mark
from soulguard.supervisor.session import Session
from soulguard.supervisor.writes import Writes

if TYPE_CHECKING:
    from soulguard.supervisor.calls import Calls


class Assembly:
    """The parts of one attempt's broker, tied together."""

    def __init__(
        self, session: Session, stage_dir: Path, facts: Facts, *,
        keep: int = spools.KEEP,
    ) -> None:  # fmt: skip
        self.session = session
        self.keep = keep
        self.facts = facts
        self.stage_dir = stage_dir
        self.enforcement = Enforcement(session, os.environ)
        self.outputs = Outputs(session, self.enforcement)
        self.endings = Endings(self.outputs)
        self.recovery = Recovery(self.endings, stage_dir)
        self.processes = Processes(session, self.scope)
        self.commands = Commands(session, self.enforcement)
        self.explicit = Explicit(session)
        self._calls: Calls | None = None

    def handlers(self) -> dict[str, Handler]:
        """Give every handler by the message it owns."""
        return {
            **Writes(self.outputs, self.endings).handlers(),
            **Appends(self.outputs).handlers(),
            **Moves(self.outputs, self.endings).handlers(),
            **self.endings.handlers(),
            **self.processes.handlers(),
            **self.commands.handlers(),
            **self.explicit.handlers(),
            "call.begin": self._call("call.begin"),
            "call.end": self._call("call.end"),
            "call.token": self._call("call.token"),
        }

    def _call(self, op: str) -> Handler:
        """Give the handler of a call message; its code is loaded by the first call."""

        def handle(peer: Peer, message: Message, blobs: Sequence[bytes]) -> Any:
            return self.calls().handlers()[op](peer, message, blobs)

        return handle

    def calls(self) -> Calls:
        """Give the part for HTTP calls, made when it is first needed."""
        if self._calls is None:
            from soulguard.supervisor.calls import Calls

            self._calls = Calls(
                self.session, self.facts, self.enforcement, folder=self.stage_dir
            )
        return self._calls

    def broker(self) -> Broker:
        """Give the broker of this attempt."""
        return Broker(self.handlers())

    def scope(self) -> dict[str, Any]:
        """Give what a guarded process learns at its hello."""
        session = self.session
        return {
            **session.engine.scope().to_json(),
            "first": session.attempt == 1,
            "observe": session.observe,
            "strict": session.strict,
            "power": session.power,
            "stage_dir": str(self.stage_dir),
            "mark": mark(self.stage_dir),
            "keep": self.keep,
            "page": str(self.stage_dir / page.NAME),
        }

    def ended(self) -> None:
        """Take calls and commands that a process still makes after the agent as open.

        Its files are settled by what is on disk when the run goes on.
        """
        self.commands.ended()
        self.explicit.ended()
        if self._calls is not None:
            self._calls.ended()

    def left(self, peer: Peer) -> None:
        """Settle what a connection that went away was allowed and did not report."""
        self.outputs.unlock_all(peer)
        self.endings.settle_published()
        for row in peer.begun.values():
            self.recovery.settle(row)
        peer.begun.clear()
        self.commands.gone(peer)
        self.explicit.gone(peer)
        if self._calls is not None:
            self._calls.gone(peer)
