"""The rows of the README's crash table, measured: bare and guarded, one call each.

A: SIGKILL when the answer has arrived and nothing is recorded yet. B: the service acts and
the answer is lost. Then the program is started twice more. Counted is what the service
did, and what the program got in the end.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.test_demo_crashes import KILLER, ROOT, load_service

SOUL = "# A\n\nNever write twice to the same output path in a single run.\n"
STRIPE = """
import os, stripe
stripe.api_key, stripe.api_base = "sk_test_1", os.environ["WORLD"]
stripe.max_network_retries = 0
print("got", stripe.Charge.create(amount=100, currency="eur", source="tok_1").id)
"""
PLAIN = """
import json, os, urllib.request
data = b"amount=100&currency=eur&source=tok_1"
with urllib.request.urlopen(os.environ["WORLD"] + "/v1/charges", data) as answer:
    print("got", json.load(answer)["id"])
"""
MODEL = """
import os, openai
model = openai.OpenAI(
    api_key="sk-1", base_url=os.environ["WORLD"] + "/v1", max_retries=0)
answer = model.chat.completions.create(
    model="m", messages=[{"role": "user", "content": "hello"}])
print("got", answer.choices[0].message.content[:5])
"""
CHARGES, CHAT = "/v1/charges", "/v1/chat/completions"
CASES = {
    "a service that honours keys": (STRIPE, CHARGES),
    "a service that does not": (PLAIN, CHARGES),
    "an LLM": (MODEL, CHAT),
}


@pytest.fixture(scope="module")
def service():
    return load_service()


def start(folder, world, *, guarded, killed=False):
    run = [sys.executable, "-m", "soulguard", "run", "--run-id", "one", "--"]
    env = {
        **os.environ, "WORLD": world.url, "PYTHONPATH": f"{KILLER}{os.pathsep}{ROOT}",
    }  # fmt: skip
    if killed:
        env |= {"KILLER_LOG": str(folder / "log"), "KILLER_KEEP": "before-call.end"}
    command = [*(run if guarded else []), sys.executable, "agent.py"]
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


def outcome(service, folder, case, column, *, guarded):
    """Give (requests, effects, what the last start got)."""
    script, path = CASES[case]
    folder.mkdir()
    (folder / "SOUL.md").write_text(SOUL)
    (folder / "agent.py").write_text(script)
    with service.Service() as world:
        if column == "A" and not guarded:
            world.arm(path=path, nth=1, kill="client", when="after-answer")
        elif column == "B":
            world.arm(path=path, nth=1, do="drop-after-processing")
        start(folder, world, guarded=guarded, killed=column == "A" and guarded)
        start(folder, world, guarded=guarded)
        last = start(folder, world, guarded=guarded)
        stats = world.stats()
    effects = stats["charges"] if path == CHARGES else stats["llm_calls"]
    if last.stdout.startswith("got"):
        got = "the answer"
    elif "has completed: nothing to do" in last.stderr:
        got = "completed before"
    elif "InDoubtError" in last.stderr:
        got = "in doubt, says so"
    else:
        got = last.stderr
    return stats["requests"][path], effects, got


EXPECTED = {
    # (case, column): (requests, effects, what the third start gives)
    ("a service that honours keys", "A"): (2, 1, "completed before"),
    ("a service that honours keys", "B"): (2, 1, "completed before"),
    ("a service that does not", "A"): (1, 1, "in doubt, says so"),
    ("a service that does not", "B"): (1, 1, "in doubt, says so"),
    ("an LLM", "A"): (2, 2, "completed before"),
    ("an LLM", "B"): (2, 2, "completed before"),
}


@pytest.mark.parametrize(("case", "column"), EXPECTED)
def test_a_row_of_the_crash_table(service, tmp_path, case, column):
    found = outcome(service, tmp_path / "guarded", case, column, guarded=True)
    print(f"\n{case}, {column}: {found}")
    assert found == EXPECTED[case, column]


def test_without_a_guard_every_start_acts_again(service, tmp_path):
    for column in ("A", "B"):
        found = outcome(
            service, tmp_path / column, "a service that does not", column, guarded=False
        )
        assert found == (3, 3, "the answer")


def test_the_readme_says_what_was_measured():
    readme = (Path(ROOT) / "README.md").read_text()
    for case in CASES:
        assert case in readme
