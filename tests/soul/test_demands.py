"""A demand begins with what it demands, whatever stands before or above it."""

import pytest

from soulguard.model import Span
from soulguard.soul.clauses import Clause
from soulguard.soul.demands import demand, unlabelled
from soulguard.soul.reading import read


def of(text, *headings):
    return demand(read(Clause(text, Span("SOUL.md", 1), "list", headings, (), 0, 0)))


@pytest.mark.parametrize(
    ("text", "headings", "said"),
    [
        ("**Commits:** Always pass it.", (), "always pass it."),
        ("Timing \u2014 Never post late", (), "never post late"),
        ("Run it as shown: `x <y>` Never run `x` bare.", (), "never run `x` bare."),
        ("Deploy on Fridays", ("Never",), "never deploy on Fridays"),
        ("Do not deploy", ("Never",), "do not deploy"),
        ("Pass `-x` to pytest", ("Always",), "always pass `-x` to pytest"),
        ("You must pass it", ("Always",), "you must pass it"),
        ("Tweets: 280 characters", (), "tweets: 280 characters"),
    ],
)
def test_a_demand_begins_a_sentence(text, headings, said):
    assert of(text, *headings) == said


def test_a_label_is_left_off():
    assert unlabelled("Hours: Only post at night") == "Only post at night"
    assert unlabelled("only post at night") == "only post at night"


def test_a_pictogram_and_the_number_of_a_section_are_left_off():
    for text in (
        "\U0001f4cc Every mail has a subject.",
        "4.6 Every mail has a subject.",
    ):
        assert of(text).startswith("every mail")
