import pytest

from soulguard.ledger.timeline import Timeline
from soulguard.tui.bars import sparks
from tests.tui.driving import driven, settled, shown, text


@pytest.mark.parametrize(
    ("counts", "width", "bars"),
    [
        ((0, 1, 8), 3, " ▂█"),
        ((0, 1, 1000), 3, " ▁█"),
        ((1, 1, 2, 2), 2, "▅█"),
        ((), 5, ""),
        ((0, 0), 5, "  "),
    ],
)
def test_counts_become_bars_and_what_is_not_zero_is_seen(counts, width, bars):
    assert sparks(counts, width) == bars


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1.0, "last 60 s"),
        (0.5, "30.0 s until 00:01:00"),
        (5.0, "5 min until"),
        (600.0, "10 h until"),
        (86400.0, "60 days until"),
    ],
)
@driven
async def test_the_timeline_says_what_it_spans(story, path, seconds, said):
    async with shown(path) as (app, pilot):
        counts = (2_000_000, *[0] * 59)
        app.timeline.show_timeline(Timeline(60.0, seconds, counts, counts), "")
        await settled(app, pilot)
        assert f"Events, {said}" in text(app)
        assert "saved nothing yet" in text(app)
        assert "2.0M" in text(app)


@driven
async def test_the_bars_fit_whatever_the_width(story, path):
    async with shown(path, (64, 20)) as (app, _):
        page = text(app).splitlines()
        assert all(len(line) <= 64 for line in page)
        assert "s settle" in page[1]
        assert page[0].endswith("12:01:00")
