from textual.app import App

from soulguard.tui.question import Choice, Question
from soulguard.tui.theme import DARK, Palette
from tests.tui.driving import driven, text

CHOICES = (
    Choice("y", "yes", "do it", "It is done."),
    Choice("n", "no", "leave it", "It is not done."),
)


async def asked(*keys, selected=""):
    answers = []
    app = App()
    async with app.run_test(size=(80, 24)) as pilot:
        body = [[(f"line {i}", "")] for i in range(40)]
        question = Question("Sure?", body, CHOICES, Palette(DARK), selected)
        app.push_screen(question, answers.append)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        return answers, text(app)


@driven
async def test_a_key_selects_and_says_what_follows_and_enter_confirms():
    answers, page = await asked("n")
    assert answers == []
    assert "▸ n  leave it" in page
    assert "It is not done." in page
    assert await asked("n", "enter") == (["no"], (await asked("n", "enter"))[1])
    assert (await asked("n", "y", "enter"))[0] == ["yes"]


@driven
async def test_without_a_selection_enter_answers_nothing_and_escape_leaves():
    assert (await asked("enter"))[0] == []
    assert (await asked("x", "enter", "escape"))[0] == [""]


@driven
async def test_a_selected_answer_still_needs_its_confirmation():
    answers, page = await asked(selected="yes")
    assert answers == []
    assert "It is done." in page


@driven
async def test_a_long_body_scrolls_and_the_choices_stay_in_sight():
    _, page = await asked(*["down"] * 30)
    assert "line 0" not in page
    assert "y  do it" in page
