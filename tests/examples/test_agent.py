"""The example agent on its own: believable, and deterministic given the same answers."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from examples.demo import environment
from examples.service import Service

INVOICES = Path(__file__).parents[2] / "examples" / "invoices"


def outputs_of_one_run(folder):
    shutil.copytree(INVOICES, folder)
    with Service() as service:
        subprocess.run(
            [sys.executable, "agent.py"],
            cwd=folder,
            env=environment(service.url),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        charges = list(service.server.world.processor.charges)
    out = folder / "out"
    found = {
        str(path.relative_to(out)): path.read_text()
        for path in out.rglob("*")
        if path.is_file()
    }
    return found, charges


def test_two_runs_on_fresh_services_leave_equal_files(tmp_path):
    first, charges = outputs_of_one_run(tmp_path / "first")
    second, _ = outputs_of_one_run(tmp_path / "second")
    assert first == second
    assert len(first) == 2 * 8 + 2
    journal = [json.loads(line) for line in first["journal.jsonl"].splitlines()]
    assert [line["charge"] for line in journal] == [charge["id"] for charge in charges]


def test_two_customers_owe_an_equal_charge(tmp_path):
    _, charges = outputs_of_one_run(tmp_path / "run")
    bought = [(c["amount"], c["source"], c["description"]) for c in charges]
    assert len(bought) - len(set(bought)) == 1


def test_the_agent_and_its_requirements_know_nothing_of_soulguard():
    for name in ("agent.py", "requirements.txt", "SOUL.md"):
        assert "soulguard" not in (INVOICES / name).read_text().lower()


def test_the_soul_says_the_rule_in_the_words_everybody_copies():
    soul = (INVOICES / "SOUL.md").read_text()
    assert (
        "## Idempotency Rule\n\n"
        "Before creating any output, check if it already exists for this run_id.\n"
        "Never write twice to the same output path in a single run.\n"
    ) in soul


def test_the_surroundings_pass_the_callers_environment_on():
    assert environment("http://x")["PATH"] == os.environ["PATH"]
