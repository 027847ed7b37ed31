"""the live view of 1,000,000 events that grow by 5,000 a second, on a real terminal"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator
from pathlib import Path

EVENTS = int(os.environ.get("SOULGUARD_BENCH_EVENTS", "1000000"))
RATE = 5000
RUNS = 40
SIZES = ((80, 24), (100, 30), (120, 40))
SECONDS = 10.0
KEYS = 40
TICKS = os.sysconf("SC_CLK_TCK")

WRITER = """
import sys, time
from tests.bench import bench_watch
ledger, path = None, sys.argv[1]
from soulguard.ledger import open_ledger
ledger = open_ledger(path)
started, written = time.monotonic(), 0
while True:
    for _ in range(50):
        bench_watch.add(ledger, f"run-{bench_watch.RUNS - 1}", written)
        written += 1
    ledger.commit(durable=False)
    time.sleep(max(0, started + written / float(sys.argv[2]) - time.monotonic()))
    print(written, flush=True)
"""


def add(ledger: object, run: str, number: int) -> None:
    """Add one event: intents and what is done, one in ten flagged."""
    from soulguard.model import Event, EventType

    types = (
        EventType.EFFECT_INTENT, EventType.EFFECT_DONE, EventType.EFFECT_SKIPPED,
        EventType.EFFECT_INTENT, EventType.EFFECT_DONE, EventType.EFFECT_REPLAYED,
        EventType.EFFECT_INTENT, EventType.EFFECT_DONE, EventType.EFFECT_DONE,
        EventType.DENIED,
    )  # fmt: skip
    ledger.add_event(Event(  # type: ignore[attr-defined]
        run_id=run, attempt=1, at=time.time(), type=types[number % 10],
        target=f"/home/ada/agent/out/report-{number % 977}.md",
        reason="it holds a known secret", rule=f"rule-{number % 7}",
        source=f"SOUL.md:{number % 7 + 3}", generation=1,
    ))  # fmt: skip


def build(path: Path) -> None:
    """Write the ledger through the real one."""
    from soulguard.ledger import open_ledger
    from soulguard.model import RunStatus
    from tests.ledger.samples import start

    ledger = open_ledger(path)
    for run in range(RUNS):
        start(ledger, f"run-{run}", root="/home/ada/agent")
        if run < RUNS - 3:
            ledger.update_run(f"run-{run}", status=RunStatus.COMPLETED)
    for number in range(EVENTS):
        add(ledger, f"run-{number * RUNS // EVENTS}", number)
        if number % 5000 == 0:
            ledger.commit(durable=False)
    ledger.commit(durable=False)
    ledger.close()


class Terminal:
    """The app on a pseudo-terminal of its own; what it draws is read with its time."""

    def __init__(self, path: Path, size: tuple[int, int]) -> None:
        master, slave = pty.openpty()
        fcntl.ioctl(
            slave, termios.TIOCSWINSZ, struct.pack("4H", size[1], size[0], 0, 0)
        )
        self.started = time.monotonic()
        words = [sys.executable, "-m", "soulguard", "watch", "--ledger", str(path)]
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.process = subprocess.Popen(
            words, stdin=slave, stdout=slave, stderr=slave, env=env,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.master = master
        self.seen: list[tuple[float, bytes]] = []
        self.fresh = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            self.seen.append((time.monotonic(), data))
            self.fresh.set()

    def until(self, said: bytes) -> float:
        """Wait for something to be drawn and give when it was."""
        while True:
            drawn = b"".join(data for _, data in self.seen)
            plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", drawn)
            if said in plain:
                return self.seen[-1][0]
            self.fresh.clear()
            self.fresh.wait(1)

    def cpu(self) -> float:
        """Give the CPU seconds used so far."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2]
        user, system = stat.split()[11:13]
        return (int(user) + int(system)) / TICKS

    def memory(self) -> float:
        """Give the resident memory in MB."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGESIZE") / 1e6

    def key(self, key: bytes) -> float:
        """Press a key and give the seconds until something is drawn."""
        self.fresh.clear()
        at = time.monotonic()
        os.write(self.master, key)
        self.fresh.wait(5)
        return time.monotonic() - at

    def close(self) -> None:
        """Leave the app."""
        self.process.terminate()
        self.process.wait()
        os.close(self.master)


@contextlib.contextmanager
def writing(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Let another process write on."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(RATE)], stdout=subprocess.PIPE
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    drain = threading.Thread(target=lambda: [None for _ in writer.stdout], daemon=True)
    drain.start()
    try:
        yield writer
    finally:
        writer.kill()
        writer.wait()


def measure(path: Path, size: tuple[int, int]) -> None:
    """Print one row."""
    from soulguard.ledger import open_ledger

    app = Terminal(path, size)
    wall = app.until(b"2 Events") - app.started
    first = app.cpu()
    app.until(b"SOUL.md:")
    rows = app.cpu()
    time.sleep(3)
    settled = app.cpu()
    reader = open_ledger(path, read_only=True)
    before, at, cpu = reader.last_event_id(), time.monotonic(), app.cpu()
    time.sleep(SECONDS)
    passed = time.monotonic() - at
    rate = (reader.last_event_id() - before) / passed
    share = (app.cpu() - cpu) / passed
    memory = app.memory()
    os.write(app.master, b"k")
    time.sleep(1)
    keys = []
    for number in range(KEYS):
        keys.append(app.key(b"j" if number % 2 else b"k") * 1000)
        time.sleep(0.13)
    reader.close()
    app.close()
    print(
        f"{size[0]}x{size[1]}: first paint {first:.2f} s CPU ({wall:.2f} s wall), rows"
        f" {rows:.2f}, settled {settled:.2f}; {share:.1%} of a core at {rate:,.0f}/s;"
        f" {memory:.0f} MB; key to paint {statistics.median(keys):.0f} ms,"
        f" worst {max(keys):.0f} ms",
        flush=True,
    )


def main() -> None:
    """Build the ledger, then measure at each size."""
    with tempfile.TemporaryDirectory() as folder:
        kept = os.environ.get("SOULGUARD_BENCH_LEDGER", "")
        path = Path(kept or f"{folder}/ledger.db")
        if not path.exists():
            at = time.monotonic()
            build(path)
            print(f"{EVENTS:,} events written in {time.monotonic() - at:.0f} s")
        with writing(path):
            for size in SIZES:
                measure(path, size)
        print(
            "targets: first paint 0.8 s CPU, 12 % of a core, 60 MB, key to paint 50 ms"
        )


if __name__ == "__main__":
    main()
