"""What a rule requires is met, or the fact and the way out are told."""

import time
from datetime import datetime, timezone

import pytest

from soulguard.model import Action, EffectKind, Rule, Source, Span
from soulguard.policy.requirements import Circumstances, demands, local, unmet

NIGHT = datetime(2026, 11, 24, 23, 10, tzinfo=timezone.utc).timestamp()


def rule(**params):
    source = Source(Span("SOUL.md", 1), "Mind this.")
    kinds = (EffectKind.MAIL_SEND,)
    return Rule("r", "require", Action.REQUIRE, kinds, source, params=params)


@pytest.mark.parametrize(
    ("params", "fact", "instead"),
    [
        ({"hours": ["mon-fri 09:00-18:00"]},
         "it is Tuesday 23:10 (UTC), and that is outside `mon-fri 09:00-18:00`",
         "wait until Wednesday 09:00, when it is allowed again"),
        ({"quiet": ["22:00-23:30"]}, "that is in `22:00-23:30`", "wait until 23:30"),
        ({"quiet": ["mon-sun"]}, "that is in `mon-sun`", "go on without it"),
    ],
)  # fmt: skip
def test_a_time_that_is_none_of_its_own_is_told_with_the_next(params, fact, instead):
    found = unmet(rule(zone="UTC", **params), Circumstances(at=NIGHT))
    assert fact in found.fact
    assert instead in found.instead


def test_inside_its_time_nothing_is_unmet():
    given = Circumstances(at=NIGHT)
    assert unmet(rule(hours=["22:00-06:00"], zone="UTC"), given) is None
    assert unmet(rule(quiet=["weekends"], zone="UTC"), given) is None


def test_time_is_local_unless_a_zone_is_named(monkeypatch):
    monkeypatch.setenv("TZ", "XXX-02:00")
    time.tzset()
    try:
        assert local(NIGHT) == datetime.fromisoformat("2026-11-25T01:10")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert local(NIGHT, "UTC") == datetime.fromisoformat("2026-11-24T23:10")


def test_what_is_required_is_said():
    said = demands(rule(hours=["mon-fri 09:00-18:00", "sat"], quiet=["12:00-13:00"]))
    assert said == "only mon-fri 09:00-18:00, sat; not 12:00-13:00"
    assert demands(rule()) == ""
