from tests.tui.driving import driven, press, settled, shown, text


@driven
async def test_long_details_scroll_by_the_keys_of_the_lists(story, path):
    story.event(
        _drift(), "out/long.md", data={"difference": [f"field {i}" for i in range(300)]}
    )
    async with shown(path) as (app, pilot):
        await press(app, pilot, "4")
        assert "field 0" in text(app)
        await press(app, pilot, "G")
        assert "100 more lines, enter shows all" in text(app)
        await press(app, pilot, "g")
        assert "field 0" in text(app)
        await press(app, pilot, "j", "k", "enter")
        assert "All of it" in text(app)


def _drift():
    from soulguard.model import EventType

    return EventType.DIVERGENCE


@driven
async def test_the_same_lines_again_keep_the_place(story, path):
    async with shown(path, (100, 24)) as (app, pilot):
        await press(app, pilot, "4", "G")
        place = app.detail.scroll_y
        assert place > 0
        app.tell()
        await settled(app, pilot)
        assert app.detail.scroll_y == place
