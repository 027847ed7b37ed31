"""Hostile files: no crash, no hang, and no more work than their length."""

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soulguard.soul.compiler import examine

SIZE = 1 << 17
SHAPES = {
    "nested lists": "\n".join("  " * (i % 200) + "- never write x" for i in range(600)),
    "one line": "never write twice " * (SIZE // 18),
    "one word": "a" * SIZE,
    "backticks": "".join("`" * (i % 40 + 1) + " " for i in range(SIZE // 21)),
    "emphasis": "*a **b " * (SIZE // 7),
    "brackets": "[" * SIZE,
    "quotes": "> " * (SIZE // 2),
    "tables": "|" + "a|" * 500 + "\n|" + "-|" * 500 + "\n" + "|" * 5000,
    "many negations": ("never write " * 60 + ".\n\n") * (SIZE // 730),
    "abbreviations": "e.g. " * (SIZE // 5),
}
WORDS = st.sampled_from(
    ["never", "write", "delete", "without", "approval", "only", "`a/b.md`", "ask",
     "before", "outside", "unless", "and", "or", ",", ":", "(", ")", "\u2014", "-", "*",
     "**", "|", "10", "per", "day", "email", "don't", "secrets", "\n", "\n- ", "\n## ",
     "run", "git", "push", "\u274c", "```", "x.com", "POST", "GET", ".", "to", "`", "~"]
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_hostile_shape_is_read_in_time(tmp_path: Path, shape: str) -> None:
    file = tmp_path / "SOUL.md"
    file.write_text(SHAPES[shape])
    start = time.process_time()
    examine([file])
    assert time.process_time() - start < 10  # seconds; the slowest takes about one


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
