import pytest

from tests.tui.driving import driven, notices, press, settled, shown, text


def panes(app):
    names = ("runs", "policy", "timeline", "events", "detail")
    return [n for n in names if app.query_one(f"#{n}").region.area]


ROOM = [
    ((120, 40), ["runs", "policy", "timeline", "events", "detail"]),
    ((100, 24), ["runs", "policy", "events", "detail"]),
    ((80, 30), ["timeline", "events", "detail"]),
    ((80, 24), ["events", "detail"]),
    ((60, 16), ["events", "detail"]),
    ((59, 24), []),
    ((80, 15), []),
]


@driven
async def test_the_panes_for_which_there_is_room_are_there(story, path):
    async with shown(path) as (app, pilot):
        for size, seen in ROOM:
            await pilot.resize_terminal(*size)
            await settled(app, pilot)
            assert panes(app) == seen, size
            if not seen:
                said = f"needs 60x16 to show its panes, this is {size[0]}x{size[1]}"
                assert said in text(app)


@driven
async def test_resizing_moves_the_panes_and_loses_no_row(story, path):
    async with shown(path, (120, 40)) as (app, pilot):
        for size in ((20, 6), (80, 24), (200, 60), (100, 30)):
            await pilot.resize_terminal(*size)
            await settled(app, pilot)
        assert app.events.event is not None
        assert "runs" in panes(app)


PANES = {"1": "runs", "3": "policy", "4": "detail", "2": "events"}


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
@driven
async def test_each_pane_is_one_number_away(story, path, size):
    async with shown(path, size) as (app, pilot):
        for key, pane in PANES.items():
            await press(app, pilot, key)
            assert app.focused.id == pane
            assert pane in panes(app)
        await press(app, pilot, "3", "escape")
        assert app.focused.id == "events"


@driven
async def test_a_pane_that_does_not_fit_comes_with_its_detail(story, path):
    async with shown(path, (80, 24)) as (app, pilot):
        await press(app, pilot, "3")
        assert panes(app) == ["policy", "detail"]
        assert "SOUL.md:4" in text(app)
        await press(app, pilot, "1")
        assert panes(app) == ["runs", "detail"]
        await press(app, pilot, "2")
        assert panes(app) == ["events", "detail"]


@driven
async def test_zoom_gives_a_pane_the_screen_and_takes_it_back(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "4", "z")
        assert panes(app) == ["detail"]
        await press(app, pilot, "z")
        assert len(panes(app)) == 5
        await press(app, pilot, "2", "z", "slash")
        assert app.focused.id == "filter"
        await press(app, pilot, "escape", "escape")
        assert len(panes(app)) == 5


@driven
async def test_without_an_agent_beside_there_is_no_output(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "5")
        assert "soulguard run --watch" in notices(app)[0]
