from soulguard.model import EventType
from tests.tui.driving import driven, press, shown, text


@driven
async def test_enter_goes_into_the_detail_and_then_shows_all_of_it(story, path):
    async with shown(path, (100, 60)) as (app, pilot):
        await press(app, pilot, "enter")
        assert app.focused is app.detail
        await press(app, pilot, "enter")
        page = text(app)
        assert "All of it, esc closes" in page
        assert '+api_key = "sk-test"' in page
        await press(app, pilot, "escape")
        assert app.focused is app.detail


@driven
async def test_bodies_on_record_are_shown_whole(story, path):
    async with shown(path, (100, 60)) as (app, pilot):
        await press(app, pilot, "up", "enter", "enter")
        assert app.events.event.type is EventType.EFFECT_IN_DOUBT
        assert "request on record" in text(app)
        assert '"amount": 4200' in text(app)
