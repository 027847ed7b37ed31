from tests.tui.driving import driven, press, shown, text, until
from tests.tui.stories import FIRST


@driven
async def test_every_action_is_found_by_name(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "colon")
        await until(pilot, lambda: "view: follow the newest" in text(app))
        await press(app, pilot, *"invoices-monday")
        await until(pilot, lambda: "view: only run invoices-monday" in text(app))
        await press(app, pilot, "enter")
        await until(pilot, lambda: app.view.run == FIRST)


@driven
async def test_themes_are_in_the_palette_of_textual(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "ctrl+p")
        await until(pilot, lambda: "view: follow the newest" in text(app))
        await press(app, pilot, *"theme")
        await until(pilot, lambda: "Theme" in text(app))
        assert {"soulguard-dark", "soulguard-light", "nord", "ansi-dark"} <= set(
            app.available_themes
        )
