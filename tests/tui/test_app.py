import pytest
from textual.widgets import Input

from soulguard.ledger import open_ledger
from soulguard.model import EventType
from soulguard.tui import settle
from soulguard.tui.app import WatchApp
from tests.tui.driving import driven, notices, press, settled, shown, targets, text
from tests.tui.stories import BROKEN, FIRST, NOW, SECOND, Story


@driven
async def test_it_opens_on_what_needs_eyes_with_the_newest_selected(story, path):
    async with shown(path) as (app, _):
        assert targets(app) == ["notes.md", "b.md", "charges", "config.toml"]
        assert app.events.event.type is EventType.DUPLICATE
        page = text(app)
    assert "✗ twice" in page
    assert "“Never write twice to the same output path" in page
    assert "SOUL.md @3f2c ✓ 3■ 1□ 1✗" in page
    assert "● LIVE" in page
    assert "saved 2 calls, 1,200 tokens, $0.50" in page


@driven
async def test_an_empty_ledger_teaches_how_to_start(path):
    open_ledger(path).close()
    async with shown(path) as (app, _):
        page = text(app)
    assert "Nothing has happened yet. Start a run:" in page
    assert "soulguard run -- python agent.py" in page
    assert "No policy is on record here." in page


@driven
async def test_a_ledger_that_is_not_there_yet_is_waited_for(path):
    async with shown(path) as (app, pilot):
        assert "there is no ledger" in text(app)
        story = Story(path)
        story.start(FIRST)
        story.denied()
        app.tick_slow()
        await settled(app, pilot)
        assert targets(app) == ["notes.md"]
        assert not app.trouble
        story.close()


@driven
async def test_a_lost_ledger_keeps_the_last_rows_and_is_looked_for_again(
    story, path, monkeypatch
):
    from soulguard.errors import LedgerError

    async with shown(path) as (app, pilot):

        def fail(*_):
            raise LedgerError("the disk is away")

        monkeypatch.setattr(app.reader.ledger, "version", fail)
        app.tick_fast()
        app.tick_slow()
        await settled(app, pilot)
        assert "the disk is away: looking again" in text(app)
        assert "✗ LOST" in text(app)
        assert len(targets(app)) == 4
        monkeypatch.undo()
        app.tick_slow()
        await settled(app, pilot)
        assert "● LIVE" in text(app)


@driven
async def test_new_rows_come_while_following_and_are_counted_while_not(story, path):
    async with shown(path) as (app, pilot):
        story.denied("out/new.md")
        app.tick_fast()
        assert app.events.event.target.endswith("out/new.md")
        await press(app, pilot, "up")
        story.denied("out/newer.md")
        app.tick_fast()
        app.tick_slow()
        await settled(app, pilot)
        assert app.events.event.target.endswith("config.toml")
        assert "↑ HOLD +1 new" in text(app)
        await press(app, pilot, "G")
        assert app.events.event.target.endswith("out/newer.md")
        assert "● LIVE" in text(app)


@driven
async def test_pausing_lets_the_rows_stand_still_and_the_counters_go_on(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "space")
        before = targets(app)
        story.denied("out/new.md")
        app.tick_fast()
        app.tick_slow()
        await settled(app, pilot)
        assert targets(app) == before
        assert "‖ PAUSED +1 new" in text(app)
        assert "✗3" in text(app)
        await press(app, pilot, "space")
        assert targets(app) == [*before, "new.md"]


@driven
async def test_the_badge_brings_back_the_present_when_clicked(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "g")
        assert not app.events.following
        await pilot.click("#header")
        assert app.events.following


@driven
async def test_while_rows_rush_by_the_detail_is_told_once_in_a_while(story, path):
    async with shown(path) as (app, pilot):
        app._told = float("inf")  # it was told only just now
        story.denied("out/new.md")
        app.tick_fast()
        await settled(app, pilot)
        told = "".join(part for part, _ in app.detail.lines[0])
        assert "out/new.md" not in told
        app.tick_slow()
        await settled(app, pilot)
        told = "".join(part for part, _ in app.detail.lines[0])
        assert "out/new.md" in told


@driven
async def test_every_binding_has_an_id_and_an_action(story, path):
    async with shown(path) as (app, _):
        panes = (app, app.events, app.detail)
        for pane in panes:
            for binding in pane.BINDINGS:
                assert binding.id, binding
                name = binding.action.partition("(")[0].removeprefix("app.")
                owner = app if "app." in binding.action else pane
                assert hasattr(owner, f"action_{name}"), binding


@driven
async def test_the_keys_can_be_moved(story, path):
    async with shown(path) as (app, pilot):
        app.set_keymap({"watch.flagged": "f"})
        await press(app, pilot, "f")
        assert not app.view.flagged


@driven
async def test_a_change_of_theme_repaints_in_its_colours(story, path):
    async with shown(path) as (app, pilot):
        before = app.events.palette["deny"]
        for theme in ("soulguard-light", "nord", "ansi-dark"):
            app.theme = theme
            await settled(app, pilot)
            assert "✗ twice" in text(app)
        assert app.events.palette["deny"] != before
        assert app.detail.palette is app.events.palette


@pytest.mark.parametrize("size", [(60, 16), (120, 40)])
@driven
async def test_without_colour_nothing_is_lost(story, path, size, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with shown(path, size) as (app, pilot):
        assert app.no_color
        page = text(app)
        assert "✗ twice" in page
        assert "▸" in page
        await press(app, pilot, "question_mark")
        assert "Everywhere" in text(app)


@driven
async def test_escape_in_the_filter_line_forgets_it(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "slash", "d", "r")
        assert isinstance(app.focused, Input)
        await press(app, pilot, "escape")
        assert app.view.text == ""
        assert app.focused is app.events


@driven
async def test_no_key_of_the_app_acts_while_a_filter_is_typed(story, path, monkeypatch):
    monkeypatch.setattr(settle, "STEADY", 0)
    story.ask()
    async with shown(path) as (app, pilot):
        await press(app, pilot, "slash", "a", "d", "s", "q")
        assert app.filter.value == "adsq"
        assert len(app.screen_stack) == 1
        assert notices(app) == []


@driven
async def test_quitting_ends_the_app(story, path):
    async with shown(path) as (app, pilot):
        await pilot.press("q")
    assert app.return_code == 0
    assert app.reader.ledger is None


@driven
async def test_run_names_of_the_ledger_and_the_clock_are_in_the_head(story, path):
    async with shown(path, run=SECOND) as (app, _):
        assert "ledger.db" in text(app)
        assert "12:01:00" in text(app)
        assert app.reader.clock() == NOW


SIZES = [(80, 24), (100, 30), (120, 40)]


def pictured(path, snap_compare, size, **options):
    """Compare the screen with its picture; `--snapshot-update` takes new ones."""
    app = WatchApp(str(path), clock=lambda: NOW, ticking=False, **options)
    return snap_compare(app, terminal_size=size, run_before=_look)


async def _look(pilot):
    await settled(pilot.app, pilot)


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
def test_the_screen_looks_as_it_did(story, path, snap_compare, size):
    assert pictured(path, snap_compare, size)


@pytest.mark.parametrize("size", SIZES, ids=lambda s: f"{s[0]}x{s[1]}")
def test_without_colour_it_looks_as_it_did(
    story, path, snap_compare, monkeypatch, size
):
    monkeypatch.setenv("NO_COLOR", "1")
    assert pictured(path, snap_compare, size)


def test_a_broken_policy_looks_as_it_did(story, path, snap_compare):
    story.event(EventType.POLICY_REJECTED, data={"diagnostics": [BROKEN.to_json()]})
    assert pictured(path, snap_compare, (100, 30))


def test_an_empty_ledger_looks_as_it_did(path, snap_compare):
    open_ledger(path).close()
    assert pictured(path, snap_compare, (80, 24))
