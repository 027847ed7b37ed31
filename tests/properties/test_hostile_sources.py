"""Hostile files: no crash, no hang, and no more work than their length."""

import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soulguard.soul.compiler import examine
from tests.properties.hostile import SHAPES

SMALL = 1 << 12
TIMES = 4
LINEAR = 1.4
"""What four times the text may take beyond four times the calls."""
WORDS = st.sampled_from(
    ["never", "write", "delete", "without", "approval", "only", "`a/b.md`", "ask",
     "before", "outside", "unless", "and", "or", ",", ":", "(", ")", "\u2014", "-", "*",
     "**", "|", "10", "per", "day", "email", "don't", "secrets", "\n", "\n- ", "\n## ",
     "run", "git", "push", "\u274c", "```", "x.com", "POST", "GET", ".", "to", "`", "~"]
)  # fmt: skip


def calls(file: Path, text: str) -> int:
    """Count the functions that reading a text calls, of Python and of C."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    file.write_text(text)
    sys.setprofile(counted)
    try:
        examine([file])
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_text_is_four_times_the_work(tmp_path: Path, shape) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text("- Never write.\n")
    examine([file])  # what is loaded once is not counted
    small = calls(file, SHAPES[shape](SMALL))
    large = calls(file, SHAPES[shape](SMALL * TIMES))
    assert large <= small * TIMES * LINEAR


LONG = [name for name, shape in SHAPES.items() if shape(1).startswith("- never ")]


@pytest.mark.parametrize("shape", LONG)
def test_a_long_sentence_costs_no_more_than_its_words_apart(tmp_path, shape) -> None:
    """A pattern that tries all places of all its parts would take the cube of them."""
    whole = SHAPES[shape](1)
    words = whole.removeprefix("- never ").strip()
    short = f"- never {words[: len(words) // 4]}\n"
    cost = min(spent(tmp_path, whole * 4) for _ in range(3))
    apart = min(spent(tmp_path, short * 16) for _ in range(3))
    assert cost <= apart * 6  # the square of four is sixteen times, spread over four


def spent(folder: Path, text: str) -> float:
    file = folder / "SOUL.md"
    file.write_text(text)
    start = time.process_time()
    examine([file])
    return time.process_time() - start


def test_yaml_nested_beyond_reason_is_an_error_and_no_crash(compile_text) -> None:
    for text in ("a: " + "[" * 100_000, "- " * 100_000, "{a: " * 5000):
        found = compile_text(f"```soulguard\n{text}\n```\n")
        assert [d.message for d in found.errors] == ["YAML is nested too deep"]


@settings(
    max_examples=150, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(st.lists(WORDS, max_size=40))
def test_whatever_is_written_is_read(compile_text, words: list[str]) -> None:
    text = " ".join(words)
    found = compile_text(text)
    rules = {r.id for r in found.policy.rules}
    for sentence in found.sentences:
        assert set(sentence.rules) <= rules
        assert bool(sentence.rules) != bool(sentence.reason)
