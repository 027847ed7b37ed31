"""Sentences about calendars and tickets: what each becomes, and which are none."""

import pytest

from soulguard.model import Action
from soulguard.soul.families import entries


@pytest.mark.parametrize(
    ("sentence", "action", "methods"),
    [
        ("You can create and move calendar events, but not delete them.", Action.DENY,
         ("DELETE",)),
        ("Create, edit or delete a calendar event: get an explicit yes.", Action.ASK,
         ("POST", "PUT", "PATCH", "DELETE")),
        ("Ask before cancelling calendar events.", Action.ASK, ("DELETE",)),
        ("Calendar events must never be deleted.", Action.DENY, ("DELETE",)),
    ],
)  # fmt: skip
def test_what_is_done_to_a_calendar_is_known_by_its_method(
    ruled, sentence, action, methods
):
    [rule] = [r for r in ruled(sentence) if r.where.url_paths]
    assert (rule.action, rule.where.methods) == (action, methods)
    assert "calendar.googleapis.com" in rule.where.hosts


def test_a_service_is_known_by_its_hosts(ruled):
    [rule] = ruled("You may create tickets via the Jira API but not delete them.")
    assert (rule.family, rule.where.methods) == (entries.DENY, ("DELETE",))
    assert rule.where.hosts == ("*.atlassian.net",)


@pytest.mark.parametrize(
    "sentence",
    [
        "Calendar events have a title.",
        "Never hallucinate calendar events or file contents.",
        "Never create duplicate issues in GitHub.",
        "Add calendar events when asked.",
        "Never forget calendar events.",
        "Don't make calendar events longer than an hour.",
    ],
)
def test_what_is_not_done_to_an_entry_makes_no_rule(ruled, sentence):
    assert not ruled(sentence)
