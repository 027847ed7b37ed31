"""Figures of a text, made alike."""

import pytest

from soulguard.soul.figures import even


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("thirty (30) api requests in any sixty-second period",
         "30 api requests per 60 second"),
        ("5 tweets in 24h", "5 tweets per day"),
        ("60 req/min", "60 requests/min"),
        ("eur 50,000 per day", "\u20ac50,000 per day"),
        ("20 usd/day", "$20/day"),
        ("180 euros a week", "\u20ac180 a week"),
        ("one reminder per supplier and week", "one reminder per supplier per week"),
        ("a 10-minute pause", "a 10 minute pause"),
        ("max. 5 mails pro stunde", "max 5 mails per hour"),
        ("3 mails within an hour", "3 mails per hour"),
        ("nothing to count here", "nothing to count here"),
    ],
)  # fmt: skip
def test_one_way_of_writing_stands_for_all(said, plain):
    assert even(said) == plain


def test_an_hour_of_the_day_is_no_length_of_time():
    assert even("in the first hour of the day") == "in the first hour of the day"
