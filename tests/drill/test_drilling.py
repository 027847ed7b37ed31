import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from examples.service import Service
from soulguard.drill import drilling
from soulguard.drill.ground import Audience, Options
from soulguard.drill.results import Category, Report
from soulguard.errors import UsageError
from tests.drill.stage import SOUL

ROOT = Path(__file__).parents[2]
DRILL = """
    import json, sys
    from soulguard.drill.drilling import drill
    from soulguard.drill.ground import Audience, Options
    from soulguard.errors import SoulguardError

    words = []
    options = Options(command=(sys.executable, "agent.py"), **json.loads(sys.argv[1]))
    try:
        report = drill(options, Audience(say=words.append)).to_json()
    except SoulguardError as error:
        report = {"error": str(error), "hint": error.hint}
    print(json.dumps([report, words]))
"""
WRITES = """
with open("journal.jsonl", "a") as file:
    file.write("one line\\n")
"""


@pytest.fixture
def shop(tmp_path):
    shop = tmp_path / "shop"
    shop.mkdir()
    (shop / "SOUL.md").write_text(SOUL)
    return shop


def drill(folder, agent, *, env=None, **options):
    """Drill an agent; gives the report, or what was wrong, and what was told."""
    (folder / "agent.py").write_text(agent)
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(DRILL), json.dumps(options)], cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    report, words = json.loads(done.stdout)
    return report if "error" in report else Report.from_json(report), words


def test_a_guarded_agent_is_safe_at_every_point_and_its_workspace_untouched(shop):
    report, words = drill(shop, WRITES)
    assert report.guarded
    assert {v.category for v in report.verdicts} == {Category.SAFE}
    assert len(report.verdicts) == report.points == 6
    assert {p.name for p in shop.iterdir()} == {"SOUL.md", "agent.py"}
    assert words[0].startswith(f"copied {shop}: 2 files")


def test_with_the_rule_removed_the_unsafe_points_are_found(shop):
    (shop / "SOUL.md").write_text("# A\n\nYou are a clerk.\n")
    report, words = drill(shop, WRITES)
    assert not report.guarded
    assert [v.category for v in report.verdicts] == [
        Category.SAFE, Category.UNSAFE, Category.UNSAFE
    ]  # fmt: skip
    assert "no rule holds here: the agent is drilled without the guard" in words


def test_a_folder_without_any_soul_is_drilled_without_the_guard(shop):
    (shop / "SOUL.md").unlink()
    (shop / ".git").mkdir()  # nothing above it is looked at
    report, words = drill(shop, WRITES, sample=1)
    assert not report.guarded
    assert "only 1 of 3 crash points are drilled: the others are not proven" in words


CLOCK = """
import time
with open("report.md", "w") as file:
    file.write(f"made at\\n{time.time_ns()}\\n")
"""


def test_what_differs_between_any_two_runs_is_told_and_no_crash_is_blamed(shop):
    report, _ = drill(shop, CLOCK, only=[2])
    assert report.noise.keys() == {"report.md"}
    (verdict,) = report.verdicts
    assert verdict.category is Category.SAFE
    assert "as between two whole runs" in verdict.findings[0].words


def test_the_workspace_of_an_unsafe_point_is_kept_where_asked(shop, tmp_path):
    env = {"TMPDIR": str(tmp_path)}
    report, _ = drill(shop, WRITES, bare=True, keep=True, env=env)
    kept = [v.kept for v in report.verdicts]
    assert kept[0] == ""
    assert (Path(kept[2]) / "journal.jsonl").read_text() == "one line\n" * 2
    base = Path(kept[2]).parents[2]
    assert {p.name for p in base.iterdir()} == {"points"}


CALL = """
import os, urllib.request
with urllib.request.urlopen(os.environ["WORLD"] + "/v1/charges", b"amount=5") as answer:
    print(answer.read())
"""


def test_a_call_that_nothing_answers_says_how_to_record_one(shop):
    report, _ = drill(shop, CALL, env={"WORLD": "https://api.example.com"})
    assert report["error"] == (
        "agent.py:3: no recorded answer for POST https://api.example.com/v1/charges"
    )
    assert "--live" in report["hint"]
    assert "--from RUN" in report["hint"]


def test_one_live_run_is_all_that_reaches_the_world(shop):
    with Service() as world:
        report, words = drill(shop, CALL, env={"WORLD": world.url}, live=True)
        assert world.stats()["requests"] == {"/v1/charges": 1}
    assert report.count(Category.HELD) == 3, "nobody knows that this service keeps keys"
    assert report.holds()
    assert "recorded 1 call; from here nothing goes out" in words


def test_the_newest_completed_run_of_the_command_answers_by_itself(shop):
    (shop / "agent.py").write_text(CALL)
    with Service() as world:
        env = {**os.environ, "PYTHONPATH": str(ROOT), "WORLD": world.url}
        command = ["-m", "soulguard", "run", "--run-id", "r1", "--"]
        subprocess.run(
            [sys.executable, *command, sys.executable, "agent.py"], cwd=shop, env=env,
            check=True, capture_output=True,
        )  # fmt: skip
        url = world.url
    report, words = drill(shop, CALL, env={"WORLD": url}, sample=2)
    assert "calls are answered as in run r1" in words
    assert report.answers == "calls are answered as in run r1"
    wrong, _ = drill(shop, CALL, env={"WORLD": url}, from_run="none")
    assert wrong["error"] == "no run named `none`"


@pytest.mark.parametrize(
    ("agent", "error"),
    [
        ("raise SystemExit(3)", "the agent ended with status 3 without a crash"),
        ("import os; os._exit(0)", "the agent has no boundary to be killed at"),
    ],
)
def test_an_agent_that_cannot_be_drilled_is_said_so(shop, agent, error):
    report, _ = drill(shop, agent)
    assert report["error"].startswith(error)


def test_what_a_drill_refuses_is_said_with_the_way_out(shop):
    agent = f"open({str(shop / 'out.txt')!r}, 'w')"
    report, _ = drill(shop, agent)
    assert report["error"] == (
        f"agent.py:1: the agent needs what a drill refuses: {shop}/out.txt"
    )
    assert report["hint"] == "use paths relative to its folder"


def test_an_agent_that_reads_beside_its_folder_is_told_how(shop):
    (shop.parent / "beside.txt").touch()
    report, _ = drill(shop, "open('../beside.txt')")
    assert "No such file or directory: '../beside.txt'" in report["error"]
    assert "--workspace" in report["hint"]
    found, _ = drill(shop, "open('../beside.txt')", workspace="..", sample=1)
    assert found.count(Category.SAFE) == 1


def test_another_system_is_told_what_is_missing(monkeypatch):
    monkeypatch.setattr(drilling.sys, "platform", "darwin")
    with pytest.raises(UsageError, match="a drill needs Linux"):
        drilling.drill(Options(("x",)), Audience())
