from soulguard.ledger import feed
from soulguard.model import EventType
from soulguard.tui import viewing
from tests.tui.driving import (
    driven,
    filter_for,
    notices,
    press,
    settled,
    shown,
    targets,
    text,
    until,
)
from tests.tui.stories import FIRST, SECOND


@driven
async def test_the_mark_of_exclamation_shows_all_and_back(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "exclamation_mark")
        assert len(targets(app)) == app.reader.last_id
        assert "2 Events  all" in text(app)
        await press(app, pilot, "exclamation_mark")
        assert len(targets(app)) == 4


@driven
async def test_a_filter_narrows_as_it_is_typed_and_enter_keeps_it(story, path):
    async with shown(path) as (app, pilot):
        await filter_for(app, pilot, "drift")
        assert targets(app) == ["b.md"]
        await press(app, pilot, "enter")
        assert app.focused is app.events
        assert "/drift" in text(app)
        await press(app, pilot, "escape")
        await until(pilot, lambda: not app.view.pending)
        assert len(targets(app)) == 4


@driven
async def test_a_filter_without_match_says_so(story, path):
    async with shown(path) as (app, pilot):
        await filter_for(app, pilot, "nonsense")
        assert "Nothing matches `nonsense`." in text(app)
        assert "esc clears the filter" in text(app)


@driven
async def test_a_clean_run_teaches_the_way_to_its_rows(story, path):
    async with shown(path, run=FIRST) as (app, _):
        assert "Nothing needs your eyes." in text(app)
        assert "! shows all" in text(app)


@driven
async def test_enter_on_a_run_shows_only_that_and_again_all(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "1", "down", "enter")
        assert app.view.run == FIRST
        assert targets(app) == []
        assert "◆" in text(app)
        await press(app, pilot, "enter")
        assert app.view.run == ""
        assert len(targets(app)) == 4


@driven
async def test_enter_on_a_sentence_shows_what_it_decided(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "3", "home", "down", "enter")
        assert targets(app) == ["notes.md"]
        assert "rule SOUL.md:6" in text(app)
        await press(app, pilot, "end", "enter")
        assert "became no rule" in notices(app)[-1]
        await press(app, pilot, "2", "escape")
        assert len(targets(app)) == 4


@driven
async def test_brackets_walk_through_the_runs(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "right_square_bracket")
        assert app.view.run == SECOND
        await press(app, pilot, "left_square_bracket")
        assert app.view.run == FIRST
        await press(app, pilot, "left_square_bracket")
        assert app.view.run == FIRST
        assert notices(app) == ["no older run"]
        assert "Events, last 60 s" in text(app)
        await press(app, pilot, "escape")
        assert app.view.run == ""


@driven
async def test_m_goes_by_minutes(story, path):
    story.at += 120
    story.denied("out/late.md")
    async with shown(path, now=story.at) as (app, pilot):
        await press(app, pilot, "M")
        assert app.events.event.target.endswith("late.md")
        await press(app, pilot, "M", "M", "up")
        await press(app, pilot, "M")
        assert app.events.event.target.endswith("notes.md")
        await press(app, pilot, "m")
        assert app.events.cursor >= 3


@driven
async def test_n_steps_through_violations_only(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "N")
        assert app.events.event.type is EventType.DENIED
        await press(app, pilot, "n")
        assert app.events.event.type is EventType.DUPLICATE
        await press(app, pilot, "n")
        assert notices(app) == ["no violation after this row"]


@driven
async def test_in_a_large_ledger_the_newest_are_found_first(story, path, monkeypatch):
    monkeypatch.setattr(viewing, "RECENT", 5)
    monkeypatch.setattr(feed, "RECENT", 5)
    took = []
    real = viewing.View._took
    monkeypatch.setattr(
        viewing.View,
        "_took",
        lambda self, wanted, found, *, whole: (
            took.append((whole, list(found[0]))),
            real(self, wanted, found, whole=whole),
        ),
    )
    async with shown(path, run=SECOND) as (app, pilot):
        assert "Events, last 60 s" in text(app)
        await filter_for(app, pilot, "md")
        await settled(app, pilot)
        assert targets(app) == ["notes.md", "b.md"]
        assert took[-1][0]
        assert not took[-2][0]
        assert len(took[-2][1]) < len(took[-1][1])


@driven
async def test_all_filters_are_forgotten_at_once(story, path):
    async with shown(path) as (app, pilot):
        await filter_for(app, pilot, "drift")
        app.action_only_rule()
        app.only_run(FIRST)
        await press(app, pilot)
        app.action_everything()
        await settled(app, pilot)
        assert len(targets(app)) == 4
        assert app.filter.value == ""


@driven
async def test_the_rule_of_the_selected_event_is_one_command_away(story, path):
    async with shown(path) as (app, pilot):
        app.action_only_rule()
        await settled(app, pilot)
        assert targets(app) == ["config.toml"]
        app.action_only_run()
        assert app.view.run == SECOND
