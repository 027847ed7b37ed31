"""Counters are what a list of all additions would say, at a constant cost."""

from contextlib import closing

from hypothesis import given, settings
from hypothesis import strategies as st

from soulguard.ledger import open_ledger
from soulguard.ledger.protocol import Tally

ADDITIONS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(1, 9)), min_size=1, max_size=30
)


@settings(max_examples=30, deadline=None)
@given(ADDITIONS, st.integers(1, 420))
def test_a_window_holds_what_was_added_in_it(tmp_path_factory, additions, since):
    path = tmp_path_factory.mktemp("counters") / "ledger.db"
    with closing(open_ledger(path)) as ledger:
        at, model = 0, []
        for step, amount in additions:
            at += step
            ledger.count("mails", amount, float(at), keep=10_000)
            model.append((at, amount))
        # between two moments: equal ones are parted by a millionth of a second
        inside = [(a, n) for a, n in model if a > since]
        found = ledger.tally("mails", since + 0.5)
        assert found.total == sum(n for _, n in inside)
        if inside:
            assert abs(found.first - inside[0][0]) < 1e-3
            assert abs(found.last - inside[-1][0]) < 1e-3


def test_without_a_moment_everything_counts_and_nothing_piles_up(ledger):
    for at in range(100):
        ledger.count("calls", 2, float(at))
    assert ledger.tally("calls").total == 200
    assert ledger._db.row("SELECT count(*) FROM counters") == (1,)


def test_what_left_the_window_is_forgotten_but_not_from_the_total(ledger):
    for at in range(0, 100, 10):
        ledger.count("calls", 1, float(at), keep=30)
    assert ledger.tally("calls", 60.0) == Tally(3, 70.0, 90.0)
    assert ledger.tally("calls").total == 10
    assert ledger._db.row("SELECT count(*) FROM counters") == (4,)


def test_a_clock_that_was_set_back_loses_nothing(ledger):
    ledger.count("calls", 1, 50.0, keep=100)
    ledger.count("calls", 1, 20.0, keep=100)
    assert ledger.tally("calls", 10.0).total == 2


def test_counters_outlive_their_writer_and_know_nobody_elses(ledger, path):
    ledger.count("a", 1, 5.0)
    ledger.commit(durable=False)
    with closing(open_ledger(path)) as other:
        other.count("a", 1, 6.0)
        other.commit(durable=False)
    assert ledger.tally("a").total == 2
    assert ledger.tally("b") == Tally()


def test_what_is_taken_back_was_never_added_whatever_came_after_it(ledger):
    for keep in (0.0, 50.0):
        name = f"calls {keep}"
        moments = [ledger.count(name, 1, 10.0, keep=keep) for _ in range(3)]
        assert len(set(moments)) == 3, "each addition has a moment of its own"
        ledger.count(name, 1, 20.0, keep=keep)
        for at in moments[:2]:
            ledger.uncount(name, 1, at)
        assert ledger.tally(name).total == 2
    assert ledger.tally(name, 5.0).total == 2
    assert ledger.tally(name, 15.0).total == 1
