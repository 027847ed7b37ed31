"""A process that runs one command, passes its output on and tells how it ended.

It stands where the command would stand: streams, signals and exit status are the
command's. INVARIANT: it ends only after the outcome is on record, or cannot be.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time

from soulguard.errors import GuardUnavailable
from soulguard.guard import client
from soulguard.guard.commands import BOTH, ERR, INHERITED, MERGED
from soulguard.guard.local import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType
    from typing import Any, NoReturn

KEPT = 16 * 1024 * 1024
"""Bytes of output that are kept; of more only that it was more."""

_PASSED_ON = (
    signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1,
    signal.SIGUSR2,
)  # fmt: skip
_LINGER = 0.2
"""Seconds that output of the command's own children is waited for after its end."""

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


class _Stream:
    """One output of the command on its way to where it belongs."""

    def __init__(self, source: int, target: int) -> None:
        self.source = source
        self.target = target
        self.parts: list[bytes] = []
        self.size = 0

    def move(self) -> bool:
        """Pass on what is there; say whether more may come."""
        data = os.read(self.source, 1 << 16)
        self.size += len(data)
        if self.size <= KEPT:
            self.parts.append(data)
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self.target, rest) :]
        except BrokenPipeError:
            return False  # the command learns it from its own closed pipe
        return bool(data)


def main() -> NoReturn:
    """Run the command of our arguments: a header in JSON, then its own words."""
    with inside:
        header, argv = json.loads(sys.argv[1]), sys.argv[2:]
        client.ask("command.started", {"effect": header["effect"]})
        status, streams = _run(argv, header["executables"], header["output"])
        _tell(header["effect"], status, streams)
    _end(status)


def _run(
    argv: Sequence[str], executables: Sequence[str], output: str
) -> tuple[int, list[_Stream]]:
    """Run the command to its end; give its status, negative for a signal's number."""
    pipes = [os.pipe() for _ in _targets(output)]
    dies_with_us = _death_signal()
    pid = os.fork()
    if pid == 0:
        _become(argv, executables, output, [w for _, w in pipes], dies_with_us)
    for number in _PASSED_ON:
        signal.signal(number, _Forward(pid).forward)
    for _, write in pipes:
        os.close(write)
    targets = _targets(output)
    streams = [_Stream(p[0], t) for p, t in zip(pipes, targets, strict=True)]
    return _watch(pid, streams), streams


def _targets(output: str) -> list[int]:
    """Give the descriptors that are captured; `MERGED` is one stream for both."""
    return {INHERITED: [], ERR: [2], BOTH: [1, 2]}.get(output, [1])


def _watch(pid: int, streams: list[_Stream]) -> int:
    """Pass output on until the command has ended and said all."""
    status: int | None = None
    stop = 0.0
    open_ones = list(streams)
    while open_ones:
        ready, _, _ = select.select([s.source for s in open_ones], [], [], 0.05)
        for stream in [s for s in open_ones if s.source in ready]:
            if not stream.move():
                os.close(stream.source)
                open_ones.remove(stream)
        if status is None:
            status = _status(pid, os.WNOHANG)
            stop = time.monotonic() + _LINGER
        elif time.monotonic() > stop and not ready:
            break
    while status is None:
        status = _status(pid, 0)
    return status


def _status(pid: int, options: int) -> int | None:
    found, status = os.waitpid(pid, options)
    return os.waitstatus_to_exitcode(status) if found else None


def _become(
    argv: Sequence[str],
    executables: Sequence[str],
    output: str,
    ends: list[int],
    dies_with_us: Callable[[], object],
) -> NoReturn:
    """Turn into the command; the signals Python ignores are its own again."""
    try:
        dies_with_us()
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        for end, target in zip(ends, _targets(output), strict=True):
            os.dup2(end, target)
        if output == MERGED:
            os.dup2(1, 2)
        for name in _candidates(executables):
            try:
                os.execve(name, list(argv), os.environ)
            except OSError:
                continue
    finally:
        os._exit(127)


def _candidates(executables: Sequence[str]) -> list[str]:
    """Give the paths to try, a bare name's on the search path (execvp(3))."""
    return [
        os.path.join(folder, name)
        for name in executables
        for folder in ([""] if "/" in name else os.get_exec_path())
    ]


def _death_signal() -> Callable[[], object]:
    """Give what makes the kernel stop the command when the recorder is killed."""
    if sys.platform != "linux":
        return lambda: None
    import ctypes

    library: Any = ctypes.CDLL(None)
    return lambda: library.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class _Forward:
    """Passes a signal on to the command."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def forward(self, number: int, frame: FrameType | None) -> None:
        """Send the command what was sent to us."""
        del frame
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass


def _tell(effect: int, status: int, streams: list[_Stream]) -> None:
    message: dict[str, Any] = {"effect": effect, "status": status}
    said = {s.target: b"".join(s.parts) for s in streams}
    blobs = [said.get(1, b""), said.get(2, b"")] if streams else []
    if any(s.size > KEPT for s in streams):
        message["large"], blobs = True, []
    try:
        client.ask("command.end", message, blobs)
    except GuardUnavailable:
        pass  # it stays in doubt, which is true


def _end(status: int) -> NoReturn:
    if status < 0:
        number = signal.Signals(-status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(status if status >= 0 else 128 - status)
