"""How long between two of a kind."""

import pytest

from soulguard.soul import gaps


@pytest.mark.parametrize(
    ("text", "name", "seconds"),
    [
        ("between two mails let pass minimum 90 seconds", "mails", 90),
        ("a minimum interval of 5 seconds must be observed between consecutive requests",
         "calls", 5),
        ("delay between api calls: 2 s", "calls", 2),
        ("no two posts within 10 minutes of each other", "messages", 600),
        ("don't email anyone more often than every 2 days", "mails", 172_800),
        ("wait at least 20 seconds between two orders on the same symbol", "orders", 20),
        ("requests must be spaced at least 3 seconds", "calls", 3),
    ],
)  # fmt: skip
def test_a_gap_is_read(text, name, seconds):
    found = gaps.find(text)
    assert found
    assert (found[0].name, found[1]) == (name, seconds)


@pytest.mark.parametrize(
    "text",
    ["a meeting between two teams lasts 30 minutes", "wait 5 minutes", "2 days between holidays"],
)  # fmt: skip
def test_what_is_no_gap_of_a_kind_is_left(text):
    assert gaps.find(text) is None
