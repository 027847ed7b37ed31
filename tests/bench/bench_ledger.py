"""one run with 1,000,000 effects: lookups, what a resume reads, memory"""

from __future__ import annotations

import contextlib
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from soulguard.ledger import open_ledger
from soulguard.model import EffectKind, EffectRecord, EffectState, Run, RunStatus
from soulguard.supervisor.lease import owner_of

EFFECTS = int(os.environ.get("SOULGUARD_BENCH_EFFECTS", "1000000"))


def main() -> None:
    """Print the rows of a large run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        started = time.perf_counter()
        _fill(path)
        print(f"{EFFECTS:,} effects written in {time.perf_counter() - started:.0f} s, "
              f"{path.stat().st_size >> 20} MiB", flush=True)  # fmt: skip
        with contextlib.closing(open_ledger(path)) as ledger:
            run = "one"
            resumed = _once(lambda: (
                ledger.run(run), ledger.attempts(run), ledger.count_effects(run),
                ledger.find_effects(run, states=(EffectState.BEGUN.value,)),
            ))  # fmt: skip
            some = [_print(n * 7919 % EFFECTS) for n in range(300)]
            found = [
                _once(lambda p=p: ledger.find_effects(
                    run, kind=EffectKind.HTTP_CALL, slot="POST h/p", fingerprint=p,
                    unseen_by=2, limit=1,
                ))
                for p in some
            ]  # fmt: skip
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"lookup by fingerprint, median {statistics.median(found) * 1e6:8.0f} us")
        print(f"what a resume reads {resumed * 1e3:19.0f} ms   target < 2 s")
        print(f"peak memory {peak:27} MiB  target < 150 MB")


def _once(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


def _print(number: int) -> str:
    return f"{number * 2654435761 % 2**64:064x}"


def _fill(path: Path) -> None:
    with contextlib.closing(open_ledger(path)) as ledger:
        ledger.begin()
        ledger.add_run(
            Run("one", "i", ("x",), "/", "/", (), RunStatus.RESUMABLE, b"s" * 32, 0, 0)
        )
        ledger.commit(durable=False)
        ledger.attempts("one")
        ledger.claim("one", owner_of(os.getpid()), 0.0)
        for number in range(EFFECTS):
            digest = _print(number)
            ledger.add_effect(
                EffectRecord(
                    run_id="one",
                    kind=EffectKind.HTTP_CALL,
                    slot="POST h/p",
                    fingerprint=digest,
                    normalised=digest,
                    ordinal=0,
                    state=EffectState.DONE,
                    attempt=1,
                    seen=1,
                )
            )
            if number % 1000 == 999:
                ledger.commit(durable=False)
        ledger.commit(durable=False)
