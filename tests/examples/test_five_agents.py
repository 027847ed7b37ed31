"""The weekly of five agents: bare it does things twice, guarded it does not."""

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOME = ROOT / "examples" / "five_agents"


@pytest.fixture(scope="module")
def compare():
    spec = importlib.util.spec_from_file_location("compare", HOME / "compare.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["compare"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["compare"]


def test_bare_agents_do_things_twice_and_guarded_ones_do_not(compare, tmp_path):
    due, bare, guarded = compare.play(5, 2, tmp_path)
    counts = [compare.count(week, due) for week in (bare, guarded)]
    compare.show(counts, head=("bare", "guarded"))
    assert not any(counts[1].values()), counts[1]
    harmless = "lost: files, lines, charges, mails, pages"
    assert counts[0].pop(harmless) == 0
    assert all(value > 0 for value in counts[0].values()), counts[0]
    assert bare.deaths == guarded.deaths == 2 * len(compare.JOBS)
    assert compare.count(due, due) == dict.fromkeys(counts[1], 0)


def test_where_the_agents_die_is_drawn_from_the_seed_alone(compare):
    for job in compare.JOBS:
        assert job.kills(1, 3) == job.kills(1, 3)
        marks = [mark for mark, _ in job.kills(1, 3)]
        assert marks == sorted(marks, key=job.marks.index)
    drawn = {str([job.kills(seed, 2) for job in compare.JOBS]) for seed in range(9)}
    assert len(drawn) == 9


def test_every_mark_speaks_of_what_the_agents_are_given(compare):
    topics = (HOME / "researcher" / "topics.txt").read_text().splitlines()
    assert tuple(topics) == compare.TOPICS
    subscribers = (HOME / "biller" / "subscribers.csv").read_text()
    for mark in (*compare.NUMBERS, *compare.LETTERS):
        assert subscribers.count(mark) == 1


@pytest.mark.parametrize(
    ("name", "text", "half"),
    [
        ("a.json", '{"a": 1}\n', False),
        ("a.json", '{"a"', True),
        ("a.md", "# A\n", False),
        ("a.md", "", True),
        ("a.jsonl", '{"a": 1}\n{"b"', True),
    ],
)
def test_a_file_is_torn_when_its_end_is_missing(compare, tmp_path, name, text, half):
    path = tmp_path / name
    path.write_text(text)
    assert compare.torn(path) is half


def test_the_agents_know_nothing_of_soulguard():
    names = [*HOME.glob("*/agent.py"), *HOME.glob("*/SOUL.md")]
    assert len(names) == 10
    for path in names:
        assert "soulguard" not in path.read_text().lower()


def test_every_soul_says_the_rule_in_the_words_everybody_copies():
    for soul in HOME.glob("*/SOUL.md"):
        assert (
            "## Idempotency Rule\n\n"
            "Before creating any output, check if it already exists for this run_id.\n"
            "Never write twice to the same output path in a single run.\n"
        ) in soul.read_text()
