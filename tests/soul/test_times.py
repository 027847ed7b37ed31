"""Times of the week are read as people write them, and nothing else is one."""

import pytest

from soulguard.soul import times


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("mail between 9am and 6pm only", ["09:00-18:00"]),
        ("never on fridays.", ["fri"]),
        ("not on weekends", ["sat-sun"]),
        ("none after 22:00", ["22:00-06:00"]),
        ("none after 9am", ["09:00-24:00"]),
        ("not before 8am", ["00:00-08:00"]),
        ("before 8am or after 8pm", ["20:00-08:00"]),
        ("after 8 p.m. or before 8 a.m.", ["20:00-08:00"]),
        ("after 3pm on fridays", ["fri 15:00-24:00"]),
        ("on friday afternoons or weekends", ["fri 12:00-24:00", "sat-sun"]),
        ("22:00\u201306:00 local time, monday\u2013friday", ["mon-fri 22:00-06:00"]),
        ("on weekdays between 08:30 and 17:00", ["mon-fri 08:30-17:00"]),
        ("mon-fri, 9:00 to 17:30", ["mon-fri 09:00-17:30"]),
        ("on mon, wed and fri", ["mon,wed,fri"]),
        ("between midnight and noon", ["00:00-12:00"]),
        ("2-5pm", ["14:00-17:00"]),
        ("saturday or sunday", ["sat-sun"]),
    ],
)
def test_a_time_is_windows(text, windows):
    assert list(times.find(text).windows) == windows


@pytest.mark.parametrize(
    "text",
    ["9-5", "between 3 and 5 items", "version 10:30:12", "from 1 to 5 characters",
     "the sun is up", "during business hours", "at night", "2026-11-24 10:00-11:00",
     "send the friday report", "by friday", "monday's list", "what came from monday",
     "changes made after 5pm", "the 9am meeting", "before monday",
     "{{start}}\u2013{{end}}", "after 22:00 ist", "at 9am", "", "ratio 16:9"],
)  # fmt: skip
def test_what_is_no_time_is_none(text):
    assert times.find(text) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("after 22:00 utc", "UTC"),
        ("22:00-23:00 et", "America/New_York"),
        ("after 22:00 local time", ""),
        ("after 22:00", ""),
    ],
)
def test_a_zone_is_named(text, zone):
    found = times.find(text)
    assert (found.zone, found.end) == (zone, len(text))


def test_a_zone_stands_where_this_system_knows_it():
    assert times.there("UTC") == "UTC"
    assert times.there("Nowhere/Atall") is None


def test_a_window_is_written_in_one_way():
    assert times.written("Monday - Friday 9:00-18:00") == "mon-fri 09:00-18:00"
    assert not times.written("soon")


@pytest.mark.parametrize(
    ("said", "even"),
    [
        ("from 8 in the morning till 7 in the evening", "from 8am till 7pm"),
        ("18h30 to 20h", "18:30 to 20h"),
        ("9 o'clock", "9:00"),
    ],
)
def test_hours_are_written_in_one_way(said, even):
    assert times.even(said) == even


def test_days_that_are_left_out_are_taken_from_the_hours():
    low = "from 8:00 to 19:00, sundays excluded"
    found = times.without(times.find(low), low)
    assert found
    assert found.windows == ("mon-sat 08:00-19:00",)
    assert (
        times.without(times.find("8:00 to 19:00 daily"), "8:00 to 19:00 daily") is None
    )
