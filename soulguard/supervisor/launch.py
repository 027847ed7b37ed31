"""Starting the agent: its environment, its interpreter, signals passed on.

The agent's standard streams and terminal are its own. Nothing is decided here.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from soulguard.errors import UsageError
from soulguard.guard import protocol
from soulguard.guard.interpreter import is_python

PACKAGE = Path(__file__).resolve().parent.parent
INJECT = PACKAGE / "guard" / "inject"

_FORWARDED = (
    signal.SIGTERM,
    signal.SIGHUP,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGUSR1,
    signal.SIGUSR2,
)


_STOPPING = (signal.SIGTERM, signal.SIGHUP)
"""What a deploy, cron or a closed terminal sends; Ctrl-C may mean something else."""


class CommandError(UsageError):
    """The command cannot be started: 127 not found, 126 not executable (POSIX sh)."""

    slug = "command"

    def __init__(self, message: str, exit_code: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.exit_code = exit_code


def environment(
    base: Mapping[str, str], *, address: str, run_id: str, attempt: int
) -> dict[str, str]:
    """Give the environment in which every Python starts guarded."""
    env = dict(base)
    path = env.get("PYTHONPATH", "")
    inject = str(INJECT)
    others = [p for p in path.split(os.pathsep) if p and p != inject]
    env["PYTHONPATH"] = os.pathsep.join([inject, *others])
    env[protocol.ENV_SOCKET] = address
    env[protocol.ENV_RUN_ID] = run_id
    env[protocol.ENV_ATTEMPT] = str(attempt)
    env[protocol.ENV_HOME] = str(PACKAGE.parent)
    return env


def resolve(command: Sequence[str], env: Mapping[str, str]) -> str:
    """Give the path of the command's executable.

    Raises:
        CommandError: there is none, or it may not be executed.
    """
    name = command[0]
    found = shutil.which(name, path=env.get("PATH"))
    if found:
        return found
    if os.sep in name and os.path.exists(name):
        raise CommandError(
            f"`{name}` is not executable",
            126,
            hint=f"run it with its interpreter: `soulguard run -- python {name}`",
        )
    raise CommandError(f"command `{name}` not found", 127)


def interpreter(command: Sequence[str], env: Mapping[str, str]) -> list[str]:
    """Give the Python the command will run in, with the flags that precede its script.

    A script's ``#!`` line is followed; for any other program the `python3` on its PATH
    stands in. Empty where there is no Python at all.
    """
    executable = resolve(command, env)
    if is_python(executable):
        return [executable, *_flags(command[1:])]
    shebang = _shebang(executable)
    if shebang:
        return shebang
    found = shutil.which("python3", path=env.get("PATH"))
    return [found] if found else []


def _flags(words: Sequence[str]) -> list[str]:
    """Give the interpreter's own flags, those with a separate value included."""
    flags: list[str] = []
    for word in words:
        takes = flags and flags[-1] in ("-W", "-X", "--check-hash-based-pycs")
        if not takes and (not word.startswith("-") or word in ("-c", "-m", "-")):
            break
        flags.append(word)
    return flags


def _shebang(executable: str) -> list[str]:
    try:
        with open(executable, "rb") as file:
            line = file.readline(256)
    except OSError:
        return []
    if not line.startswith(b"#!"):
        return []
    words = os.fsdecode(line[2:].strip()).split()
    if words and os.path.basename(words[0]) == "env":
        words = [w for w in words[1:] if not w.startswith("-")]
        words[:1] = [shutil.which(words[0]) or words[0]] if words else []
    return words if words and is_python(words[0]) else []


def spawn(command: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start the agent with our standard streams.

    Raises:
        CommandError: the system refuses to start it.
    """
    try:
        return subprocess.Popen(list(command), env=dict(env))
    except OSError as error:
        raise CommandError(
            f"`{command[0]}` cannot be started: {error.strerror}", 126
        ) from None


def status_of(code: int) -> int:
    """Give the exit status a shell would: 128 + n for a command killed by signal n."""
    return 128 - code if code < 0 else code


class Signals:
    """Pass signals on to the agent while it runs; wake the loop when it ends.

    A signal from the keyboard reaches the whole foreground process group, the agent
    included, so it is not passed on a second time. `stopping` names the last one that
    told the agent to end, whatever it made of it.
    """

    def __init__(self) -> None:
        self.agent: subprocess.Popen[bytes] | None = None
        self._heard = True
        self._early: list[int] = []
        self._before: dict[signal.Signals, object] = {}
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self.stopping = ""

    def __enter__(self) -> Signals:  # noqa: PYI034 - typing.Self needs 3.11
        for number in _FORWARDED:
            self._before[number] = signal.signal(number, self._pass_on)
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]
        os.close(self._reader)
        os.close(self._writer)

    @property
    def fd(self) -> int:
        """A descriptor that is readable after a signal."""
        return self._reader

    def drain(self) -> None:
        """Take the wake-ups out of the pipe."""
        self._heard = True
        try:
            while os.read(self._reader, 512):
                pass
        except BlockingIOError:
            pass

    def follow(self, agent: subprocess.Popen[bytes]) -> None:
        """Pass signals on to an agent, those too that came while it was started."""
        self.agent = agent
        while self._early:
            agent.send_signal(self._early.pop(0))

    def ended(self) -> bool:
        """Say whether the agent has ended; it is looked at after `drain` alone."""
        if self.agent is None or not self._heard:
            return False
        self._heard = False
        return self.agent.poll() is not None

    def _pass_on(self, number: int, _: object) -> None:
        keyboard = number in (signal.SIGINT, signal.SIGQUIT) and _foreground()
        if number in _STOPPING:
            self.stopping = signal.Signals(number).name
        if keyboard:
            return
        if self.agent is None:
            self._early.append(number)
        else:
            self.agent.send_signal(number)


def _foreground() -> bool:
    for fd in (0, 1, 2):
        try:
            return os.tcgetpgrp(fd) == os.getpgrp()
        except OSError:
            continue
    return False
