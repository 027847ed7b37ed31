"""The canary: is the guard really up in the agent's interpreter?

A write and a call that must be refused are tried from that very interpreter before the
agent starts. If one gets through, or the guard does not come up, the run does not start.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from soulguard.errors import SelfTestError
from soulguard.guard.interpreter import isolated
from soulguard.model import Decision, Verdict
from soulguard.supervisor.broker import Answer, Handler, Message, Peer

CANARY_HOST = "canary.soulguard.invalid"
"""Host of the canary call; the name never resolves (RFC 6761, section 6.4)."""

_MARK = "canary held"
_CODE = f"""
import sys
from soulguard.errors import DeniedError
from soulguard.guard import canary
sys.stdout.write(canary.run({CANARY_HOST!r}))
"""
_SECONDS = 60


def handlers(
    inner: dict[str, Handler], scope: Callable[[], dict[str, Any]]
) -> dict[str, Handler]:
    """Give handlers that refuse the canaries and pass everything else on.

    `scope` gives what a guarded process learns at its hello; the canary's own is no
    part of the run's history.
    """
    folder = scope()["stage_dir"]

    def welcome(peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        return Answer(Decision(Verdict.ALLOW, "the canary", data=scope()))

    def refuse_path(
        peer: Peer, message: Message, blobs: Sequence[bytes]
    ) -> Answer | None:
        if message["path"] == f"{folder}/canary":
            return _refused()
        return inner["file.open"](peer, message, blobs)

    def refuse_host(
        peer: Peer, message: Message, blobs: Sequence[bytes]
    ) -> Answer | None:
        if f"//{CANARY_HOST}/" in message["url"]:
            return _refused()
        return inner["call.begin"](peer, message, blobs)

    canaries = {
        "hello": welcome, "file.open": refuse_path, "call.begin": refuse_host,
    }  # fmt: skip
    return {**inner, **canaries}


def _refused() -> Answer:
    return Answer(
        Decision(Verdict.DENY, _MARK, message=_MARK, data={"error": "denied"})
    )


class SelfTest:
    """One canary process; `poll` it while the server runs, then read the `verdict`."""

    def __init__(self, python: Sequence[str], env: Mapping[str, str]) -> None:
        self.python = list(python)
        self.process = subprocess.Popen(
            [*python, "-c", _CODE], env=dict(env), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, turn: Callable[[], object]) -> None:
        """Serve the canary process until it ends, then judge what it saw.

        Raises:
            SelfTestError: the guard did not come up, or let a canary through.
        """
        while self.process.poll() is None:
            turn()
        out, err = self.process.communicate(timeout=_SECONDS)
        said = out.decode(errors="replace").strip()
        if self.process.returncode == 0 and said == "held":
            return
        raise SelfTestError(
            f"the guard is not up in `{' '.join(self.python)}`: "
            + (said or _last_line(err) or self._end()),
            hint=self._way_out(),
        )

    def _end(self) -> str:
        code = self.process.returncode
        return (
            f"it was killed by signal {-code}" if code < 0 else f"it ended with {code}"
        )

    def _way_out(self) -> str:
        if self.process.returncode < 0:
            return "nothing was started; start the run again"
        if isolated(self.python):
            return "start the agent without -I, -E and -S: they switch the guard off"
        return "use a CPython 3.10 or newer, outside a restricted environment"


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
