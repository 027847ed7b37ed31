"""Asking before a program starts, where a rule speaks of commands.

The doors of `process` come here; what they get is what to start in its place: nothing
(go on), a recorder that runs the program and tells how it ended, or a stand-in that
says what the recorded one said. Nothing is started here.
"""

from __future__ import annotations

import os
import sys

from soulguard.guard import client, naming, originals
from soulguard.guard.asking import decide
from soulguard.guard.interpreter import is_python
from soulguard.guard.local import inside
from soulguard.guard.refusals import refusal
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

RECORDER = (
    "import sys; sys.path[:] = [p for p in sys.path if p]; "
    "from soulguard.guard import recorder; recorder.main()"
)
_STAND_IN = (
    'command -p cat <"$1"; command -p cat <"$2" >&2; '
    'case $3 in -*) kill "$3" $$;; esac; exit "$3"'
)
"""A POSIX shell's way to write two files out and end with a status or by a signal.

It removes nothing: the files lie in the staging folder, which is swept at the end.
"""

_NOTHING = "/dev/null"

INHERITED, OUT, ERR, BOTH, MERGED = "", "out", "err", "both", "merged"
"""Which of the command's streams go somewhere else than the agent's own."""


class Permit:
    """The broker's yes to one start: go on, be recorded, or take this."""

    __slots__ = ("blobs", "effect", "records", "replays", "status", "ticket")

    def __init__(self, reply: dict[str, object], blobs: list[bytes]) -> None:
        data: dict[str, object] = reply.get("data", {})  # type: ignore[assignment]
        self.effect = reply.get("effect", 0)
        self.records = bool(data.get("record"))
        self.replays = reply["verdict"] == "replay"
        self.status = int(str(data.get("status", 0)))
        self.ticket = data.get("ticket", 0)
        self.blobs = blobs

    def instead(
        self, argv: Sequence[str], executables: Sequence[str], output: str
    ) -> list[str] | None:
        """Give the command line to start in place of the asked one, None for itself."""
        if self.replays:
            return self._stand_in()
        if not self.records:
            return None
        # only for commands that are recorded: they cost a second interpreter anyway
        import json

        header = {
            "effect": self.effect, "executables": list(executables), "output": output
        }  # fmt: skip
        return [sys.executable, "-c", RECORDER, json.dumps(header), *argv]

    def _stand_in(self) -> list[str]:
        out, err = (_spooled(b) for b in (*self.blobs, b"", b"")[:2])
        return ["/bin/sh", "-c", _STAND_IN, "sh", out, err, str(self.status)]

    def spawned(self, pid: int) -> None:
        """Tell which process it is, where it counts while it runs; 0 for none (more)."""
        if self.ticket:
            with inside:
                client.tell("command.spawned", {"ticket": self.ticket, "pid": pid})

    def ended(self, status: int) -> None:
        """Tell how a command ended that this process waited for itself."""
        if self.records:
            with inside:
                client.ask("command.end", {"effect": self.effect, "status": status})


def ask(
    argv: Sequence[str], executables: Sequence[str], cwd: str = "", shell: str = "",
    env: Mapping[str, str] | None = None,
) -> Permit | None:  # fmt: skip
    """Ask whether a program may be started; None where nobody needs to be asked.

    `shell` is the line where the program is a shell that was given one, `env` its
    environment where that is not this process's own.

    Raises:
        DeniedError: a rule refuses the command.
        DuplicateCallError: it may run once per run and did.
        InDoubtError: it may have run in an earlier attempt.
    """
    message = question(argv, executables, cwd, shell, env)
    if message is None:
        return None
    with inside:
        reply, blobs = decide("command.begin", message)
    return answer(reply, blobs)


def question(
    argv: Sequence[str], executables: Sequence[str], cwd: str = "", shell: str = "",
    env: Mapping[str, str] | None = None,
) -> dict[str, object] | None:  # fmt: skip
    """Give what the broker is to be asked of a start, None where it need not be."""
    if not scope.commands or _is_worker(argv):
        return None
    if executables and not _startable(executables, cwd):
        return None  # the system itself will say what is wrong
    message: dict[str, object] = {
        "argv": list(argv), "cwd": os.path.join(originals.os_getcwd(), cwd),
        "shell": shell,
    }  # fmt: skip
    if scope.variables:
        known = os.environ if env is None else env
        message["env"] = {n: known[n] for n in scope.variables if n in known}
    name = naming.current()
    if name:
        message["name"] = name
    return message


def answer(reply: dict[str, Any], blobs: list[bytes]) -> Permit:
    """Give the yes in an answer that is no wait; raises what `ask` raises for a no."""
    if reply["verdict"] in ("allow", "replay"):
        return Permit(reply, blobs)
    raise refusal(reply)


def _spooled(blob: bytes) -> str:
    """Give a file with the recorded output in it."""
    if not blob:
        return _NOTHING
    # only for commands that are answered from the record
    from soulguard.guard.files.staging import temporary_name

    name = os.path.join(scope.stage_dir, temporary_name())
    with inside, originals.open(name, "wb") as file:
        file.write(blob)
    return name


def _is_worker(argv: Sequence[str]) -> bool:
    """Whether it is a worker of `multiprocessing`: the agent's own code, guarded."""
    return is_python(argv[0] if argv else "") and any(
        word.startswith("from multiprocessing.") for word in argv[1:]
    )


def _startable(executables: Sequence[str], cwd: str) -> bool:
    places = [os.path.join(cwd, name) if cwd else name for name in executables]
    return any(originals.os_access(p, os.X_OK) and not os.path.isdir(p) for p in places)
