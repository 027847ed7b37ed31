"""The agent beside the app: its own process on a terminal of its own, its output kept.

Nothing of the app is known here. What the agent writes to a standard output that is no
terminal goes where it was going; everything else is kept in order and given back whole
when the app is left.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
from array import array
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from soulguard.errors import UsageError

_CHUNK = 65536
# CSI, OSC and two-character sequences (ECMA-48); what is left is printable text.
_ESCAPES = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])"
)


class Beside:
    """A command that runs while the app is on screen.

    `run_id` is found out by whoever reads the ledger.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.command = list(command)
        self.run_id = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._pump: threading.Thread | None = None
        self._lock = threading.Lock()
        self._through: BinaryIO | None = None

    @property
    def pid(self) -> int:
        """The process id of the command."""
        assert self._process is not None
        return self._process.pid

    @property
    def status(self) -> int | None:
        """The exit status as a shell gives it, None while it runs."""
        code = self._process.poll() if self._process else None
        return code if code is None or code >= 0 else 128 - code

    def start(self) -> None:
        """Start the command on a terminal of its own.

        Raises:
            UsageError: there is no terminal for the app's keys.
        """
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(
                "`--watch` needs a terminal for its keys and screen",
                hint="leave it away, and look on with `soulguard watch` elsewhere",
            )
        # open for as long as the app is: it is what the agent wrote
        self.kept = tempfile.TemporaryFile(prefix="soulguard-output-")  # noqa: SIM115
        master, slave = os.openpty()
        columns, lines = shutil.get_terminal_size()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", lines, columns, 0, 0))
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stderr=slave,
            stdout=slave if sys.stdout.isatty() else None, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self._pump = threading.Thread(target=self._keep, args=(master,), daemon=True)
        self._pump.start()

    def _keep(self, master: int) -> None:
        while True:
            try:
                data = os.read(master, _CHUNK)
            except OSError:  # EIO: nobody holds the other side any more
                data = b""
            if not data:
                break
            with self._lock:
                self.kept.seek(0, os.SEEK_END)
                self.kept.write(data)
                self.kept.flush()
                if self._through is not None:
                    self._through.write(data)
                    self._through.flush()
        os.close(master)

    def give_back(self, out: BinaryIO) -> int:
        """Write all that was kept, go on with what comes, and give the exit status.

        Signals of this process are passed on to the command from here on.
        """
        assert self._process is not None
        assert self._pump is not None
        with self._passing_signals():
            with self._lock:
                self.kept.seek(0)
                shutil.copyfileobj(self.kept, out)
                out.flush()
                self._through = out
            self._process.wait()
            # a grandchild may hold the terminal open for longer than we care
            self._pump.join(timeout=1.0)
        if not self._pump.is_alive():
            self.kept.close()
        return self.status or 0

    @contextlib.contextmanager
    def _passing_signals(self) -> Iterator[None]:
        def pass_on(number: int, _: object) -> None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
        before = {number: signal.signal(number, pass_on) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class Lines:
    """What was kept as lines, read from the file when they are looked at."""

    def __init__(self, file: BinaryIO) -> None:
        self._fd = file.fileno()
        self._starts = array("q", [0])
        self._size = 0

    def poll(self) -> bool:
        """Look for what came; say whether there are more lines or a longer last one."""
        size = os.fstat(self._fd).st_size
        grown = size > self._size
        while self._size < size:
            data = os.pread(self._fd, _CHUNK, self._size)
            for match in re.finditer(rb"\n", data):
                self._starts.append(self._size + match.end())
            self._size += len(data)
        return grown

    def __len__(self) -> int:
        ended = self._starts[-1] == self._size
        return len(self._starts) - ended

    def line(self, index: int) -> str:
        """Give a line as it would stand on a terminal, without what drives one."""
        start = self._starts[index]
        end = self._starts[index + 1] if index + 1 < len(self._starts) else self._size
        data = os.pread(self._fd, min(end - start, _CHUNK), start)
        plain = _ESCAPES.sub(b"", data).rstrip(b"\r\n").rpartition(b"\r")[2]
        text = plain.decode(errors="replace").expandtabs(8)
        return "".join(c if c.isprintable() else "�" for c in text)
