"""A list of hosts behind a colon belongs to what stands before it; others do not."""

import pytest

from soulguard.soul.listing import listed
from soulguard.soul.tokens import items, statements


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Network access is limited to: a.example, b.example", 1),
        ("Connections only go to the following domains: a.example and Telegram", 1),
        ("Network access is limited to: what you need", 2),
        ("Remember only: a.example", 2),
        ("Hosts: a.example", 2),
    ],
)
def test_only_a_list_of_hosts_is_taken_in(text, count):
    found = list(listed(statements(items(text))))
    assert len(found) == count
    if count == 1:
        assert found[0].items[-1].text in ("b.example", "telegram")
