"""Measures policies: microseconds per decision, milliseconds per compile.

python tests/bench/bench_policy.py
"""

from __future__ import annotations

import functools
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from soulguard.model import (
    Action,
    Effect,
    EffectKind,
    Policy,
    Rule,
    Source,
    Span,
    Where,
)
from soulguard.policy.engine import Engine
from soulguard.soul.cache import compile_cached
from soulguard.soul.compiler import compile_sources

WRITES = (EffectKind.FILE_WRITE, EffectKind.FILE_APPEND, EffectKind.FILE_RENAME)
SOURCE = Source(Span("SOUL.md", 1), "x")
HIT, BROAD, MISS = "/r/data/d3/a/b.csv", "/r/out/a.json", "/usr/lib/x/y.py"


def rules(count: int) -> tuple[Rule, ...]:
    """Give a policy of the usual shapes: folders, names and extensions."""
    shapes = ("data/d{}/**/*.csv", "**/n{}.json", "/srv/x{}/**")
    found = [
        Rule("once", "write-once", Action.ONCE, WRITES, SOURCE,
             Where(paths=("**",), except_paths=("**/.git/**", "**/*.log")))
    ]  # fmt: skip
    for at in range(count - 1):
        glob = shapes[at % 3].format(at)
        where = Where(paths=(glob,))
        found.append(Rule(f"r{at}", "x", Action.DENY, WRITES, SOURCE, where))
    return tuple(found)


def median(call: Callable[[], object], times: int = 2000) -> float:
    """Give the median time of a call in microseconds."""
    spent = []
    for _ in range(times):
        start = time.perf_counter_ns()
        call()
        spent.append(time.perf_counter_ns() - start)
    return statistics.median(spent) / 1000


def decisions() -> None:
    """Print microseconds per decision and per prefilter match."""
    print("  rules  build ms   hit us  broad us  miss us  scope us")
    for count in (10, 100, 1_000, 10_000):
        print(_row(count))


def _row(count: int) -> str:
    start = time.perf_counter()
    engine = Engine(Policy("/r", 1, rules(count)))
    build = (time.perf_counter() - start) * 1000
    scope = re.compile(engine.scope().paths)
    hit, broad, miss = (
        median(functools.partial(engine.judge, Effect(EffectKind.FILE_WRITE, path)))
        for path in (HIT, BROAD, MISS)
    )
    outside = median(functools.partial(scope.match, MISS))
    return f"{count:7} {build:9.1f} {hit:8.1f} {broad:9.1f} {miss:8.1f} {outside:9.2f}"


def compiling() -> None:
    """Print milliseconds per compile of a SOUL.md of 60 sentences, warm and kept."""
    text = (
        "# Agent\n\n"
        + "- Never write `out/a.md` twice.\n- Ask before sending mail.\n" * 30
    )
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "SOUL.md"
        file.write_text(text)
        compile_sources([file])
        warm = median(lambda: compile_sources([file]), 20) / 1000
        compile_cached([file], Path(name))
        kept = median(lambda: compile_cached([file], Path(name)), 20) / 1000
    print(f"\ncompile of 60 sentences: {warm:.1f} ms, kept from before: {kept:.1f} ms")


def main() -> None:
    """Print all figures."""
    decisions()
    compiling()


if __name__ == "__main__":
    main()
