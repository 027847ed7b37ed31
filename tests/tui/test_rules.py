from soulguard.model import EventType
from tests.tui.driving import driven, notices, press, settled, shown, text
from tests.tui.stories import BROKEN, FIRST, policy_data


@driven
async def test_a_bad_edit_stands_as_a_banner_until_a_good_one(story, path):
    async with shown(path) as (app, pilot):
        story.event(EventType.POLICY_REJECTED, data={"diagnostics": [BROKEN.to_json()]})
        app.tick_slow()
        await settled(app, pilot)
        page = text(app)
        assert notices(app) == ["the edit was not taken over"]
        assert "! SOUL.md:11:3: no effect named `mailman`" in page
        assert "@3f2c stays in force" in page
        assert "✗ edit not taken" in page
        story.event(EventType.POLICY_LOADED, data=policy_data())
        app.tick_slow()
        await settled(app, pilot)
        assert not app.banner.display


@driven
async def test_a_reload_is_told_once_and_only_of_the_run_on_screen(story, path):
    async with shown(path) as (app, pilot):
        story.generation = 2
        story.event(EventType.POLICY_LOADED, data=policy_data())
        app.tick_slow()
        app.tick_slow()
        await settled(app, pilot)
        assert notices(app) == ["rules read again: generation 2 holds now"]
        app.only_run(FIRST)
        await press(app, pilot, "1")
        assert len(notices(app)) == 1
