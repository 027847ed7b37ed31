"""The invoice agent of the examples, killed at its boundaries.

One run dies at one of its effect boundaries after the other: every attempt goes on where
the last one died and is killed further on. What is left at the end must be what one
uninterrupted run leaves. Of each kind of boundary every second one kills (the two orders
of the agent are alike); `CRASH_EVERY=1 pytest` dies at all of them.
"""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KILLER = Path(__file__).parent / "killer"
EXAMPLE = ROOT / "examples" / "invoices"
MOST_ATTEMPTS = 100
EVERY = os.environ.get("CRASH_EVERY", "2")
KILLED = 137


def load_service():
    """Load the outside world with a model that says the same to the same prompt.

    A real model does not, and re-sending an inference whose answer was lost may change
    the text; here the final files have to be comparable byte for byte.
    """
    spec = importlib.util.spec_from_file_location(
        "steady_service", ROOT / "examples" / "service.py"
    )
    service = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = service
    spec.loader.exec_module(service)
    text = service.Model._text
    service.Model._text = staticmethod(lambda prompt, times: text(prompt, 1))
    return service


@pytest.fixture(scope="module")
def service():
    return load_service()


def office(folder):
    """Give a copy of the example with its two equal orders."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    lines = (EXAMPLE / "orders.csv").read_text().splitlines()
    equal = [line for line in lines if line.startswith(("1003,", "1005,"))]
    assert len(equal) == 2
    (folder / "orders.csv").write_text("\n".join([lines[0], *equal]) + "\n")
    return folder


def launch(folder, world, *options, **extra):
    env = {
        **os.environ,
        "OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": f"{world.url}/v1",
        "STRIPE_API_KEY": "sk_test", "STRIPE_API_BASE": world.url,
        "PYTHONPATH": f"{KILLER}{os.pathsep}{ROOT}", **extra,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "soulguard", "run", *options, "--", sys.executable,
         "agent.py"],
        cwd=folder, env=env, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


def left(folder):
    """Give every output of the agent with its content."""
    out = folder / "out"
    return {
        str(path.relative_to(out)): path.read_text()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def uninterrupted(service, folder):
    with service.Service() as world:
        done = launch(office(folder), world)
        assert done.returncode == 0, done.stderr
        return left(folder), world.stats()


def judge(what, folder, world, expected, *, attempts, boundaries):
    """Print the counts and hold them against an uninterrupted run."""
    files, stats = left(folder), world.stats()
    charges = expected[1]["charges"]
    journal = files.get("journal.jsonl", "").splitlines()
    torn = [name for name, text in files.items() if is_torn(name, text)]
    counts = {
        "attempts": attempts,
        "boundaries": boundaries,
        "duplicate charges": stats["charges"] - charges,
        "duplicate journal lines": len(journal) - len(set(journal)),
        "lost outputs": len(expected[0].keys() - files.keys()),
        "torn files": len(torn),
        "files that differ": sum(files.get(n) != t for n, t in expected[0].items()),
    }
    print(f"\n{what}")
    for name, count in counts.items():
        print(f"  {name:<26}{count:>5}")
    bad = list(counts.items())[2:]
    assert all(not count for _, count in bad), counts
    assert files == expected[0]


def is_torn(name, text):
    if name.endswith(".json"):
        try:
            json.loads(text)
        except ValueError:
            return True
    return not text.endswith("\n")


def test_a_run_killed_at_boundary_after_boundary_leaves_what_one_leaves(
    service, tmp_path
):
    expected = uninterrupted(service, tmp_path / "whole")
    folder, log = office(tmp_path / "killed"), tmp_path / "boundaries"
    with service.Service() as world:
        deaths = 0
        while (
            ended := launch(folder, world, KILLER_LOG=str(log), KILLER_EVERY=EVERY)
        ).returncode:
            assert ended.returncode == KILLED, ended.stderr
            deaths += 1
            assert deaths < MOST_ATTEMPTS, "the run makes no progress"
        noted = log.read_text().splitlines()
        names = [name for name in noted if not name.startswith("passed ")]
        kinds = Counter(name.partition(" ")[0] for name in names)
        judge("killed at boundary after boundary", folder, world, expected,
              attempts=deaths + 1, boundaries=len(noted))  # fmt: skip
        for kind, count in sorted(kinds.items()):
            print(f"    {kind:<24}{count:>5}")
    assert len(names) == deaths, "every attempt but the last died at a boundary"
    assert {
        "before-call.begin", "on-record-call.begin", "before-call.end",
        "after-call.end", "half-written", "on-record-file.publish", "renamed",
        "on-record-file.append", "half-appended",
    } <= kinds.keys()  # fmt: skip
    assert not list((folder / ".soulguard").rglob(".sg-*"))


def test_a_run_killed_whenever_a_service_has_acted_leaves_what_one_run_leaves(
    service, tmp_path
):
    expected = uninterrupted(service, tmp_path / "whole")
    folder = office(tmp_path / "killed")
    # the agent's calls take turns, so the one in doubt is sent again on the other path
    paths = ["/v1/chat/completions", "/v1/charges"] * 2 + ["/v1/chat/completions"]
    assert len(paths) == expected[1]["charges"] + expected[1]["llm_calls"]
    with service.Service() as world:
        for path in paths:
            world.arm(path=path, nth=1, kill="client", when="after-processing")
            assert launch(folder, world).returncode == KILLED
        ended = launch(folder, world)
        assert ended.returncode == 0, ended.stderr
        assert len(world.stats()["killed"]) == len(paths)
        judge("killed after each call was processed and before its answer", folder,
              world, expected, attempts=len(paths) + 1,
              boundaries=len(paths))  # fmt: skip
