"""reading, writing outside the scope, guarded writes and appends, syncs per write"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.pair import SOUL, Pair, row

WORKER = """
import itertools, os, tempfile
outside = tempfile.mkdtemp()
os.makedirs("out", exist_ok=True)
data = b"x" * 1024
number = itertools.count()
with open(outside + "/r", "wb") as f: f.write(data)

def read(n):
    path = outside + "/r"
    for _ in range(n):
        with open(path, "rb") as f: f.read()

def read_inside(n):
    for _ in range(n):
        with open("SOUL.md", "rb") as f: f.read()

def write_outside(n):
    for _ in range(n):
        with open(outside + "/w", "wb") as f: f.write(data)

def write(n):
    for _ in range(n):
        with open(f"out/{next(number)}", "wb") as f: f.write(data)

def rename(n):
    for _ in range(n):
        path = f"out/{next(number)}"
        with open(path + ".tmp", "wb") as f: f.write(data)
        os.rename(path + ".tmp", path)

def synced(n):
    for _ in range(n):
        path = f"out/{next(number)}"
        with open(path + ".tmp", "wb") as f:
            f.write(data)
            f.flush()
            os.fsync(f.fileno())
        os.rename(path + ".tmp", path)
        fd = os.open("out", os.O_RDONLY)
        os.fsync(fd)
        os.close(fd)

def append(n):
    for _ in range(n):
        with open("out/journal", "ab") as f: f.write(b"%d\\n" % next(number))

def append_synced(n):
    for _ in range(n):
        with open("out/journal", "ab") as f:
            f.write(b"%d\\n" % next(number))
            f.flush()
            os.fsync(f.fileno())

def stat(n):
    for _ in range(n): os.stat(outside)

OPERATIONS = dict(read=read, read_inside=read_inside, write_outside=write_outside,
    write=write, rename=rename, synced=synced, append=append,
    append_synced=append_synced, stat=stat)
"""


def main() -> None:
    """Print the rows of files."""
    with Pair(WORKER, "crash", os.environ) as pair:
        row("read open", pair.ratio("read", "read", count=400, rounds=15), "<= 1.10")
        row(
            "read open in the guarded folder",
            pair.ratio("read_inside", "read_inside", count=400, rounds=15), "<= 1.10",
        )  # fmt: skip
        row("os.stat", pair.ratio("stat", "stat", count=2000, rounds=15), "-")
        row(
            "write outside the scope",
            pair.ratio("write_outside", "write_outside", count=200, rounds=15),
            "<= 1.10",
        )
        row(
            "guarded write, crash, against temp + rename",
            pair.ratio("rename", "write", count=50, rounds=15), "<= 2.0",
        )  # fmt: skip
        row(
            "guarded append, crash, against open + append",
            pair.ratio("append", "append", count=50, rounds=15), "-",
        )  # fmt: skip
    with Pair(WORKER, "power", os.environ) as pair:
        row(
            "guarded write, power, against temp + 2 fsync + rename",
            pair.ratio("synced", "write", count=20, rounds=15), "<= 1.5",
        )  # fmt: skip
        row(
            "guarded append, power, against append + fsync",
            pair.ratio("append_synced", "append", count=20, rounds=15), "-",
        )  # fmt: skip
    for durability in ("crash", "power"):
        syncs(durability)


def syncs(durability: str) -> None:
    """Count the syncs of one guarded write and of one append with strace."""
    if shutil.which("strace") is None:
        print("syncs per write: not counted, strace is not installed")
        return
    counts = {n: _syncs_of(n, durability) for n in (0, 10)}
    per = (counts[10] - counts[0]) / 10
    print(f"syncs of a guarded write + an append, {durability:<5} {per:26.1f}")


def _syncs_of(number: int, durability: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "SOUL.md").write_text(SOUL, encoding="utf-8")
        (root / "agent.py").write_text(
            f"for i in range({number}):\n"
            "    open(f'{i}', 'w').write('x')\n"
            "    open('journal', 'a').write(f'{i}')\n",
            encoding="utf-8",
        )
        trace = root.parent / f"{root.name}.trace"
        subprocess.run(
            ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync,sync_file_range",
             "-o", str(trace), sys.executable, "-m", "soulguard", "run",
             "--durability", durability, "--", sys.executable, "agent.py"],
            cwd=root, check=True, capture_output=True,
        )  # fmt: skip
        text = trace.read_text(encoding="utf-8")
        trace.unlink()
    return len(re.findall(r"\b(?:fsync|fdatasync)\(", text))
