"""Two launches of one run at the same moment: one works, the other says so."""

import subprocess
import time

import pytest

from tests.e2e.conftest import PATIENCE

AGENT = """
    with open(os.environ["OUT"] + ".ran.log", "a") as file:
        print(os.getpid(), file=file)
    with open("journal.jsonl", "a") as file:
        print(os.environ["OUT"], file=file)
    open(os.environ["OUT"], "w").write(os.environ["SOULGUARD_ATTEMPT"])
    while not os.path.exists(os.environ["GO"]):
        time.sleep(0.005)
"""
PAIRS = 12


@pytest.mark.parametrize("named", [True, False], ids=["named", "unnamed"])
def test_pairs_of_launches_never_execute_an_effect_twice(workshop, named):
    workshop.agent(AGENT)
    statuses = []
    for n in range(PAIRS):
        go = workshop.folder.parent / f"go-{n}"
        name = ("--run-id", f"pair-{n}") if named else ()
        command = workshop.command("--durability", "crash", *name)
        env = workshop.environment({"OUT": f"out-{n}", "GO": str(go)})
        pair = [
            subprocess.Popen(
                command, cwd=workshop.folder, env=env, stderr=subprocess.PIPE, text=True
            )
            for _ in range(2)
        ]
        loser = first_to_end(pair)
        assert "is live: attempt 1 belongs to process" in loser.communicate()[1]
        go.touch()
        for process in pair:
            process.communicate(timeout=PATIENCE)
        statuses.append(sorted(p.returncode for p in pair))
    assert statuses == [[0, 75]] * PAIRS
    tree = workshop.tree()
    for n in range(PAIRS):
        assert tree[f"out-{n}"] == b"1"
        assert tree[f"out-{n}.ran.log"].count(b"\n") == 1
    expected = "".join(f"out-{n}\n" for n in range(PAIRS))
    assert tree["journal.jsonl"].decode() == expected
    assert [run.attempts for run in workshop.runs()] == [1] * PAIRS


def first_to_end(pair):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for process in pair:
            if process.poll() is not None:
                return process
        time.sleep(0.005)
    raise AssertionError("neither launch gave way")
