"""A window of time holds the days and hours it says, over midnight too."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.model import window

MONDAY = datetime.fromisoformat("2026-11-23T00:00")


def at(day, clock):
    hour, minute = map(int, clock.split(":"))
    return MONDAY + timedelta(days=window.DAYS.index(day), hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("Mon-Fri 09:00-18:00", ["mon 09:00", "fri 17:59"],
         ["mon 08:59", "fri 18:00", "sat 12:00"]),
        ("22:00-06:00", ["mon 22:00", "tue 05:59"], ["mon 21:59", "tue 06:00"]),
        ("fri 22:00-06:00", ["fri 23:00", "sat 05:00"], ["fri 05:00", "sat 22:00"]),
        ("sun 22:00-06:00", ["mon 05:00"], ["sun 05:00"]),
        ("weekends", ["sat 00:00", "sun 23:59"], ["fri 23:59", "mon 00:00"]),
        ("Friday, Mondays", ["fri 10:00", "mon 10:00"], ["sun 10:00"]),
        ("sat-mon 12:00-24:00", ["mon 23:59", "sat 12:00"], ["tue 00:00", "sat 11:59"]),
        ("8:00 \u2013 9:30", ["wed 09:29"], ["wed 09:30"]),
    ],
)  # fmt: skip
def test_a_window_holds_what_it_says(text, inside, outside):
    found = window.parse(text)
    assert all(found.holds(at(*moment.split())) for moment in inside)
    assert not any(found.holds(at(*moment.split())) for moment in outside)


@pytest.mark.parametrize(
    "text", ["", "soon", "mon-fre", "25:00-26:00", "09:00", "9-5", "10:00-10:00",
             "mo 10:00-11:00", "24:00-06:00", "09:60-10:00"],
)  # fmt: skip
def test_what_is_no_window_is_refused(text):
    with pytest.raises(ValueError, match=r"`.*` is n"):
        window.parse(text)


@given(
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, window.DAY - 1), st.integers(1, window.DAY),
)  # fmt: skip
def test_what_is_written_is_read_again(days, start, end):
    made = window.Window(days, start, end)
    if start != end:
        assert window.parse(window.write(made)) == made
