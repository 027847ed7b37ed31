import pytest

from soulguard.ledger.timeline import Clockwork
from soulguard.ledger.watched import watch_ledger
from tests.ledger.samples import an_event, start


@pytest.fixture
def watched(ledger, path):
    start(ledger)
    for at in (1000.5, 1000.9, 1002.1, 1009.0):
        ledger.add_event(an_event(at=at))
    ledger.commit(durable=False)
    opened = watch_ledger(path)
    yield opened
    opened.close()


def test_the_last_seconds_are_counted_part_by_part(watched):
    found = Clockwork(watched, parts=4).last(1003.7, 1.0, range(1, 5), [3])
    assert (found.end, found.events, found.flagged) == (
        1003,
        (0, 2, 0, 1),
        (0, 0, 0, 1),
    )
    assert found.peak == 2.0


def test_moving_on_looks_up_only_what_is_new(watched, monkeypatch):
    clock = Clockwork(watched, parts=4)
    clock.last(1012.0, 1.0, range(1, 5), [])
    asked = []
    real = watched.first_since
    monkeypatch.setattr(watched, "first_since", lambda m: asked.append(m) or real(m))
    found = clock.last(1013.0, 1.0, range(1, 5), [])
    assert found.events == (1, 0, 0, 0)
    assert len(asked) <= 4


def test_a_story_that_is_over_is_shown_whole(watched):
    found = Clockwork(watched, parts=4).whole(range(1, 5), [])
    assert sum(found.events) == 4
    assert found.events[0] == 3
    assert found.events[-1] == 1
    assert found.end == 1009.0


def test_nothing_has_no_timeline(watched):
    assert Clockwork(watched).whole([], []) is None
