import itertools

import pytest

from soulguard.ledger import history
from soulguard.model import EventType
from tests.ledger.samples import an_event, start

TYPES = (
    EventType.EFFECT_DONE,
    EventType.DRIFT,
    EventType.DENIED,
    EventType.EFFECT_SKIPPED,
    EventType.HELD,
)


@pytest.fixture
def told(started, monkeypatch):
    """Give a ledger whose two runs take turns, read three events at a time."""
    monkeypatch.setattr(history, "PAGE", 3)
    start(started, "run-2")
    for number, kind in zip(range(40), itertools.cycle(TYPES), strict=False):
        run_id = f"run-{1 + number % 2}"
        started.add_event(an_event(kind, run_id=run_id, reason=str(number)))
    started.commit(durable=False)
    return started


def test_pages_together_are_what_a_plain_walk_gives(told):
    every = list(told.events())
    assert [event.id for event in every] == list(range(1, 41))
    for run_id, newest_first, limit, after, types in itertools.product(
        (None, "run-1", "run-2", "run-9"),
        (False, True),
        (None, 0, 1, 3, 4, 100),
        (0, 17, 40),
        ((), ("violation.denied", "violation.held"), ("drift", "effect.done")),
    ):
        expected = [
            event
            for event in every
            if event.id > after
            and run_id in {None, event.run_id}
            and (not types or event.type.value in types)
        ]
        if newest_first:
            expected.reverse()
        found = told.events(
            run_id, after=after, limit=limit, types=types, newest_first=newest_first
        )
        assert list(found) == expected[:limit]


def test_a_walk_ends_where_the_history_ended_when_it_began(told):
    walk = told.events()
    next(walk)
    told.add_event(an_event())
    assert [event.id for event in walk] == list(range(2, 41))
