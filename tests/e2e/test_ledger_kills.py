"""Two writers of one ledger, killed at any moment: what was answered is there."""

import random
import subprocess
import sys

import pytest

from soulguard.ledger import open_ledger
from tests.ledger.samples import start

CHILD = """
import sys
from soulguard.ledger import open_ledger
from tests.ledger.samples import an_effect, an_event
ledger = open_ledger(sys.argv[1])
name = sys.argv[2]
for number in range(100_000):
    for part in "ab":
        effect = ledger.add_effect(an_effect(f"/{name}/{number}/{part}"))
        ledger.add_event(an_event(effect_id=effect))
    ledger.commit(durable=number % 5 == 0)
    print(number, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_whatever_was_answered_as_committed_survives_sigkill(tmp_path, seed):
    path = tmp_path / "ledger.db"
    dice = random.Random(seed)
    ledger = open_ledger(path)
    start(ledger)
    ledger.close()
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, str(path), name],
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    answered = {}
    for name, child in zip(("one", "two"), children, strict=True):
        lines = [child.stdout.readline() for _ in range(dice.randint(1, 120))]
        child.kill()
        lines += child.stdout.readlines()
        child.wait()
        child.stdout.close()
        # the last line may be cut off
        answered[name] = max(int(line) for line in lines if line.endswith("\n"))
    ledger = open_ledger(path)
    found = {effect.slot for effect in ledger.find_effects("run-1")}
    for name, last in answered.items():
        for number in range(last + 1):
            assert {f"/{name}/{number}/a", f"/{name}/{number}/b"} <= found
    assert len(found) % 2 == 0, "half of a transaction"
    assert ledger.verify().intact
    assert ledger.last_event_id() == len(found)
    ledger.close()
