"""How a text says that a number is the most."""

import pytest

from soulguard.soul import caps


@pytest.mark.parametrize(
    ("text", "n", "per", "name"),
    [
        ("at most 10 emails per day", 10, 86_400, "mails"),
        ("60 requests/minute", 60, 60, "calls"),
        ("12 orders per hour", 12, 3_600, "orders"),
        ("stop after 600 requests a run", 600, "run", "calls"),
    ],
)
def test_a_cap_is_read(text, n, per, name):
    found = caps.find(text, denied=False)
    assert found
    assert found.unit
    assert (found.n, found.per, found.unit.name) == (n, per, name)


@pytest.mark.parametrize(
    "text",
    [
        "i post 4-6 posts per day on average",
        "4-6 posts per day",
        "we get about 50 mails a day",
        "max 3 bullets",
        "it detects dead channels and then restarts them, max 5 restarts",
    ],
)
def test_what_is_usual_or_of_something_else_is_no_cap(text):
    assert caps.find(text, denied=False) is None


def test_a_further_cap_begins_where_a_further_rate_does():
    assert caps.parts("12 orders per hour, 60 per day") == [
        "12 orders per hour",
        "60 per day",
    ]
    assert caps.parts("at most 3 mails, pages and posts") == [
        "at most 3 mails, pages and posts"
    ]


def test_a_heading_of_limits_makes_a_rate_one():
    assert caps.find("emails: 40 per day", denied=False) is None
    assert caps.find("emails: 40 per day", denied=False, headed="hard limits")
