"""`python -m tests.bench [NAME...]`: run every `bench_NAME.py` here and print its rows.

Figures are ratios against bare Python measured in the same run, in turns, so that the
speed of the machine cancels out. Nothing here is a test: no figure fails anything.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(wanted: list[str]) -> None:
    """Run the named benches, or all."""
    names = sorted(p.stem for p in Path(__file__).parent.glob("bench_*.py"))
    unknown = [n for n in wanted if f"bench_{n}" not in names]
    if unknown:
        known = ", ".join(n.removeprefix("bench_") for n in names)
        sys.exit(f"no bench named {', '.join(unknown)}; there are: {known}")
    for name in names:
        if wanted and name.removeprefix("bench_") not in wanted:
            continue
        module = importlib.import_module(f"tests.bench.{name}")
        first = (module.__doc__ or "").strip().splitlines()[0]
        print(f"\n== {name.removeprefix('bench_')}: {first}", flush=True)
        module.main()


if __name__ == "__main__":
    main(sys.argv[1:])
