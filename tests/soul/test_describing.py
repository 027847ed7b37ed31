"""What tells of a program binds nobody; what is of outputs or calls does."""

import pytest

from soulguard.model import Span
from soulguard.soul.clauses import Clause
from soulguard.soul.describing import describes
from soulguard.soul.reading import read


def of(text, *headings):
    return describes(read(Clause(text, Span("S", 1), "list", headings, (), 0, 0)))


@pytest.mark.parametrize(
    "text",
    [
        "The engine catches the error, retries once, then emits an event.",
        "**LLM fails:** Engine catches it, retries once, then emits an error.",
        "If a node dies, the scheduler swaps it atomically for another.",
    ],
)
def test_a_program_is_described(text):
    assert of(text)


@pytest.mark.parametrize(
    "text",
    [
        "Every report is written once in a run of the agent.",
        "File writes are atomic (write to temp, then rename).",
        "If a task fails, retry twice with a minute in between.",
        "The engine must write it to a file of its own first.",
        "Engine retries once.",
        "Write it to a temporary file, then rename that.",
        "Write files atomically: to a temporary file first, then rename.",
    ],
)
def test_what_binds_is_none(text):
    assert not of(text)


def test_what_stands_under_a_prohibition_is_none():
    text = "The engine catches the error, retries once, then emits an event."
    assert not of(text, "Never")
