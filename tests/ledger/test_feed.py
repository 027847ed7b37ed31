from contextlib import closing

import pytest

from soulguard.ledger.feed import Feed, Tally, find, find_recent
from soulguard.ledger.pruning import pruning_ledger
from soulguard.ledger.wanted import Wanted, parse
from soulguard.ledger.watched import watch_ledger
from soulguard.model import EventType
from tests.ledger.samples import an_event, start

FLAGGED = Wanted().flagged(on=True)


@pytest.fixture
def live(ledger, path):
    start(ledger)
    watched = watch_ledger(path)
    yield ledger, watched
    watched.close()


def add(ledger, *types):
    for type_ in types:
        ledger.add_event(an_event(type_, target=type_.value, rule="r"))
    ledger.commit(durable=False)


DONE, DENIED = EventType.EFFECT_DONE, EventType.DENIED


def test_unfiltered_the_feed_grows_with_the_ledger(live):
    ledger, watched = live
    feed = Feed(watched, Wanted())
    assert not feed.poll()
    add(ledger, DONE, DENIED)
    assert feed.poll()
    assert [feed.row(i).type for i in range(len(feed))] == [DONE, DENIED]
    assert feed.row(5) is None


def test_a_feed_has_no_holes_where_a_run_was_taken_out(live, path):
    ledger, watched = live
    assert not watched.has_gaps()
    start(ledger, "old")
    add(ledger, DONE, DENIED)
    ledger.add_event(an_event(DONE, run_id="old", at=5.0))
    add(ledger, DONE)
    with closing(pruning_ledger(path, read_only=False)) as pruner:
        pruner.prune("old", "ada", 9.0)
        pruner.commit(durable=False)
    assert watched.has_gaps()
    feed = Feed(watched, Wanted(), upto=watched.last_event_id())
    assert [feed.row(i).id for i in range(len(feed))] == [1, 2, 4, 5]
    assert [watched.first_since(at) for at in (1.0, 1.6, 9.5)] == [1, 5, 6]
    ledger.begin()
    add(ledger, DENIED)
    assert feed.poll()
    assert feed.row(4).id == 6


@pytest.mark.parametrize("wanted", [FLAGGED, parse("denied")])
def test_filtered_it_takes_what_was_found_and_goes_on_from_there(live, wanted):
    ledger, watched = live
    add(ledger, DENIED, DONE)
    feed = Feed(watched, wanted, *find(watched, wanted))
    add(ledger, DONE)
    assert not feed.poll()
    add(ledger, DENIED)
    assert feed.poll()
    assert list(feed.ids) == [1, 4]
    assert [e.id for e in feed.rows(0, 9)] == [1, 4]
    assert feed.position(4) == 1
    assert feed.position(2) == 1


def test_unfiltered_it_has_at_once_what_was_there(live):
    ledger, watched = live
    add(ledger, DENIED, DONE)
    assert len(Feed(watched, Wanted(), *find(watched, Wanted()))) == 2


def test_each_row_is_read_once_and_few_are_kept(live, monkeypatch):
    ledger, watched = live
    add(ledger, *[DONE] * 30)
    monkeypatch.setattr("soulguard.ledger.feed._KEPT", 20)
    feed = Feed(watched, Wanted())
    feed.poll()
    asked = []
    real = watched.events_at
    monkeypatch.setattr(
        watched, "events_at", lambda ids: asked.append(list(ids)) or real(ids)
    )
    feed.rows(0, 10)
    feed.rows(5, 12)
    assert asked == [list(range(1, 11)), [11, 12]]
    feed.rows(20, 30)
    assert len(feed._rows) <= 20


def test_violations_are_stepped_through_in_both_directions(live):
    ledger, watched = live
    add(ledger, DENIED, DONE, EventType.DRIFT, DENIED, DONE)
    feed = Feed(watched, Wanted())
    feed.poll()
    assert feed.violation(0, forward=True) == 3
    assert feed.violation(3, forward=True) is None
    assert feed.violation(4, forward=False) == 3
    assert feed.violation(3, forward=False) == 0
    assert feed.violation(0, forward=False) is None


def test_violations_outside_the_filter_are_stepped_over(live, monkeypatch):
    ledger, watched = live
    start(ledger, "run-2")
    add(ledger, DONE, DENIED, DENIED)
    ledger.add_event(an_event(DENIED, run_id="run-2"))
    ledger.commit(durable=False)
    monkeypatch.setattr("soulguard.ledger.feed._BATCH", 1)
    wanted = Wanted(run="run-2")
    feed = Feed(watched, wanted, *find(watched, wanted))
    assert feed.violation(-1, forward=False) == 0


def test_the_newest_are_searched_alone(live, monkeypatch):
    ledger, watched = live
    add(ledger, DENIED, *[DONE] * 5, DENIED)
    monkeypatch.setattr("soulguard.ledger.feed.RECENT", 3)
    ids, upto = find_recent(watched, parse("denied"))
    assert (list(ids), upto) == ([7], 7)


def test_the_tally_counts_on(live):
    ledger, watched = live
    tally = Tally(watched)
    assert not tally.poll()
    add(ledger, DONE, DENIED)
    assert tally.poll()
    add(ledger, DENIED, DENIED)
    tally.poll()
    assert tally.events["run-1"] == 4
    assert tally.violations("run-1") == 3
    assert tally.hits == {"r": 3}


def test_the_tally_adds_up_what_replays_saved(live):
    ledger, watched = live
    tally = Tally(watched)
    for tokens in (100, 20):
        ledger.add_event(
            an_event(
                EventType.EFFECT_REPLAYED,
                data={"saved": {"tokens": tokens, "usd": 0.5}},
            )
        )
        ledger.add_event(an_event(EventType.EFFECT_REPLAYED))
        ledger.commit(durable=False)
        tally.poll()
    assert tally.replayed("run-1") == 4
    assert (tally.tokens["run-1"], tally.usd["run-1"]) == (120, 1.0)
