"""Windows say when they turn: the first moment on the other side."""

from datetime import datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from soulguard.model.window import DAY, Window, write
from soulguard.policy import hours

NOW = datetime.fromisoformat("2026-11-24T23:10")  # a Tuesday
SPANS = st.builds(
    Window, st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 23).map(lambda h: h * 60), st.integers(1, 24).map(lambda h: h * 60),
).filter(lambda w: w.start != w.end)  # fmt: skip


def test_the_next_moment_inside_and_outside_is_told():
    assert hours.turns(
        ["mon-fri 09:00-18:00"], NOW, inside=True
    ) == datetime.fromisoformat("2026-11-25T09:00")
    assert hours.turns(["22:00-06:00"], NOW, inside=False) == datetime.fromisoformat(
        "2026-11-25T06:00"
    )
    weekend = NOW + timedelta(days=4)
    later = hours.turns(["sat-sun"], weekend, inside=False)
    assert later == datetime.fromisoformat("2026-11-30T00:00")
    assert hours.turns(["mon-sun"], NOW, inside=False) is None


@settings(max_examples=40)
@given(
    st.lists(SPANS, min_size=1, max_size=2), st.integers(0, 7 * DAY - 1), st.booleans()
)
def test_nothing_turns_before_the_moment_that_is_told(windows, minute, inside):
    texts = [write(w) for w in windows]
    now = datetime.fromisoformat("2026-11-23T00:00") + timedelta(minutes=minute)
    assume(hours.within(texts, now) != inside)
    turn = hours.turns(texts, now, inside=inside)
    # all windows of this test begin and end at full hours
    steps = [now.replace(minute=0) + timedelta(hours=h) for h in range(1, 9 * 24)]
    first = next((s for s in steps if hours.within(texts, s) == inside), None)
    assert turn == first


def test_a_moment_of_today_needs_no_day():
    assert hours.said(NOW, NOW) == "23:10"
    assert hours.said(NOW) == "Tuesday 23:10"
