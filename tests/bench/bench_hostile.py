"""Measures hostile SOUL.md files: seconds of CPU by shape and size; linear doubles.

python tests/bench/bench_hostile.py
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from soulguard.soul.compiler import examine
from tests.properties.hostile import SHAPES

SIZES = (128, 256, 512, 1024)
"""KiB of the texts."""


def spent(file: Path, text: str) -> float:
    """Give the seconds of CPU that reading a text takes."""
    file.write_text(text)
    start = time.process_time()
    examine([file])
    return time.process_time() - start


def main() -> None:
    """Print a row for each shape."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "SOUL.md"
        spent(file, "- Never write.\n")
        print(f"{'KiB':16}" + "".join(f"{size:8}" for size in SIZES))
        for name, shape in SHAPES.items():
            row = [spent(file, shape(size << 10)) for size in SIZES]
            print(f"{name:16}" + "".join(f"{seconds:8.2f}" for seconds in row))


if __name__ == "__main__":
    main()
