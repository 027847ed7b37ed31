from soulguard.tui.helping import HelpScreen
from soulguard.tui.keys import KEYS
from tests.tui.driving import driven, press, shown, text


@driven
async def test_help_shows_the_keys_of_the_pane_first_then_all_others(story, path):
    async with shown(path, (100, 60)) as (app, pilot):
        await press(app, pilot, "4", "question_mark")
        page = text(app)
        assert page.index("In this pane (detail)") < page.index("Everywhere")
        assert "Show it whole" in page
        for said in ("Next violation", "Edit the rule in $EDITOR", "? f1", "ctrl+s"):
            assert said in page
        await press(app, pilot, "escape")
        assert not isinstance(app.screen, HelpScreen)
        await press(app, pilot, "2", "f1")
        assert "In this pane (events)" in text(app)
        assert "up k " in text(app)


@driven
async def test_help_teaches_the_filter_and_the_marks(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "question_mark", *["j"] * 60, "k")
        page = text(app)
        assert "waits for a person" in page
        assert "resumable" in page
        assert isinstance(app.screen, HelpScreen)


def test_every_key_is_explained():
    assert all(binding.description for binding in KEYS)
