import pytest

from soulguard.errors import LedgerError
from soulguard.ledger.wanted import Wanted, parse
from soulguard.ledger.watched import watch_ledger
from soulguard.model import EventType
from tests.ledger.samples import an_event, start


@pytest.fixture
def watched(ledger, path):
    start(ledger)
    start(ledger, "run-2")
    for at, (type_, run, target, rule) in enumerate(
        [
            (EventType.EFFECT_INTENT, "run-1", "out/A.md", "once"),
            (EventType.EFFECT_DONE, "run-1", "out/a.md", ""),
            (EventType.DUPLICATE, "run-1", "out/a.md", "once"),
            (EventType.DENIED, "run-2", "100%_sure", "no-env"),
            (EventType.EFFECT_SKIPPED, "run-2", "out/b.md", "once"),
            (EventType.DRIFT, "run-2", "out/c.md", ""),
        ],
        start=1,
    ):
        ledger.add_event(
            an_event(type_, run_id=run, target=target, rule=rule, at=float(at * 10))
        )
    ledger.commit(durable=False)
    opened = watch_ledger(path)
    yield opened
    opened.close()


def ids(watched, wanted, **bounds):
    return list(watched.event_ids(wanted, **bounds))


@pytest.mark.parametrize("after", [0, 1], ids=["by index", "by id"])
@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted().flagged(on=True), [3, 4, 6]),
        (Wanted(run="run-2"), [4, 5, 6]),
        (Wanted(run="run-2").flagged(on=True), [4, 6]),
        (Wanted(run="nobody"), []),
        (parse("A.MD -done"), [1, 3]),
        (parse("100%_s"), [4]),
        (parse("%"), [4]),
        (parse("type:violation run:-1"), [3]),
        (parse("rule:once"), [1, 3, 5]),
        (Wanted(rule_ids=("once", "no-env")), [1, 3, 4, 5]),
    ],
)
def test_the_wanted_events_are_found_whichever_way_is_taken(
    watched, wanted, found, after
):
    assert ids(watched, wanted, after=after) == [i for i in found if i > after]


def test_the_end_of_the_search_can_be_fixed(watched):
    assert ids(watched, Wanted().flagged(on=True), upto=4) == [3, 4]


def test_rows_come_by_id_and_lost_ones_are_left_out(watched):
    assert [e.target for e in watched.events_at([4, 99, 2])] == [
        "out/a.md",
        "100%_sure",
    ]


def test_violations_are_found_nearest_first(watched):
    assert watched.violation_ids(0, forward=True, limit=9) == [3, 4]
    assert watched.violation_ids(9, forward=False, limit=1) == [4]


def test_the_newest_event_of_a_type_is_found_over_all_runs_or_in_one(watched):
    assert watched.newest("violation.denied").id == 4
    assert watched.newest("violation.denied", "run-1") is None


def test_a_moment_is_found_between_the_events(watched):
    assert watched.first_since(0.0) == 1
    assert watched.first_since(30.0) == 3
    assert watched.first_since(30.1) == 4
    assert watched.first_since(1e9) == 7
    assert watched.moment(3) == 30.0
    assert watched.moment(70) == 0.0


def test_counting_all_and_counting_on_agree(watched):
    def totals(counts):
        by_run, hits = {}, {}
        for run, type_, rule, number in counts:
            by_run[run] = by_run.get(run, 0) + number
            if rule and type_ not in ("effect.intent", "effect.done"):
                hits[rule] = hits.get(rule, 0) + number
        return by_run, hits

    assert totals(watched.count_all(6)) == totals(watched.count_new(0, 6))
    assert totals(watched.count_new(3, 6)) == ({"run-2": 3}, {"no-env": 1, "once": 1})


def test_a_ledger_that_is_not_there_is_said(tmp_path):
    with pytest.raises(LedgerError, match="there is no ledger"):
        watch_ledger(tmp_path / "none.db")
