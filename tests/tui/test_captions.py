from tests.ledger.samples import an_event
from tests.tui.driving import driven, filter_for, press, settled, shown, text
from tests.tui.stories import FIRST


@driven
async def test_the_titles_say_what_is_shown_of_how_much(story, path):
    async with shown(path, (140, 40)) as (app, pilot):
        assert "2 Events  ✗ ? !" in text(app)
        assert f"4 of {app.reader.last_id}" in text(app)
        app.only_run(FIRST)
        app.view.only_rules(("once",), "SOUL.md:4")
        await press(app, pilot, "exclamation_mark")
        await filter_for(app, pilot, "[b]")
        assert "2 Events  all  run s-monday  rule SOUL.md:4  /[b]" in text(app)


@driven
async def test_a_long_head_gives_way_to_the_badge(story, path):
    async with shown(path, (60, 16), read_only="read-only, as asked") as (app, _):
        head = text(app).splitlines()[0]
        assert head.endswith("● LIVE  12:01:00")
        assert "…" in head
        assert an_event


@driven
async def test_the_rate_is_shown_where_there_is_one(story, path):
    async with shown(path) as (app, pilot):
        app.reader.rate = 4981.0
        app._show_header()
        await settled(app, pilot)
        assert "● LIVE  4,981/s" in text(app)
