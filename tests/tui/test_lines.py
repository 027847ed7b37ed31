import asyncio

import pytest
from textual.app import App

from soulguard.tui.lines import LineView, pad
from soulguard.tui.theme import DARK, Palette
from tests.tui.driving import driven, text


class Numbers(LineView):
    """Rows that say their number; counts how often each is drawn."""

    def __init__(self, total):
        super().__init__(Palette(DARK), id="numbers")
        self.rows = total
        self.drawn = []

    def total(self):
        return self.rows

    def cells(self, index, width):
        self.drawn.append(index)
        return [(f"{index:,}", "deny"), (" 日本語 and more than fits " * 9, "")]

    def empty(self):
        return ("nothing here",)


class Shell(App):
    def __init__(self, total):
        super().__init__()
        self.numbers = Numbers(total)
        self.moved, self.chosen = [], []

    def compose(self):
        yield self.numbers

    def on_mount(self):
        self.numbers.focus()
        self.numbers.regrow()

    def on_line_view_moved(self, message):
        self.moved.append(message.view.cursor)

    def on_line_view_chosen(self, message):
        self.chosen.append(message.view.cursor)


@driven
async def test_of_a_million_rows_only_those_on_screen_are_drawn():
    app = Shell(1_000_000)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("end")
        await pilot.pause()
        assert app.numbers.cursor == 999_999
        assert "999,999" in text(app)
        assert len(set(app.numbers.drawn)) <= 21


@driven
async def test_the_keys_move_the_cursor_and_keep_it_on_screen():
    app = Shell(100)
    async with app.run_test(size=(40, 10)) as pilot:
        at = []
        for key in (
            "down",
            "j",
            "up",
            "k",
            "pagedown",
            "pageup",
            "G",
            "home",
            "end",
            "g",
        ):
            await pilot.press(key)
            at.append(app.numbers.cursor)
        assert at == [1, 2, 1, 0, 9, 0, 99, 0, 99, 0]
        await pilot.press("G", "enter")
        await pilot.pause()
        assert app.chosen == [99]
        assert "99 " in text(app)


@driven
async def test_the_mouse_selects_and_a_double_click_chooses():
    app = Shell(100)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.click("#numbers", offset=(3, 4))
        assert app.numbers.cursor == 4
        await pilot.click("#numbers", offset=(3, 6), times=2)
        await pilot.pause()
        assert app.chosen == [6]


@driven
async def test_growing_paints_without_a_layout_of_the_screen():
    app = Shell(5)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        layouts = []
        real = app.screen._refresh_layout
        app.screen._refresh_layout = lambda *a, **k: layouts.append(1) or real(*a, **k)
        app.numbers.rows = 50
        app.numbers.regrow()
        await pilot.pause()
        assert layouts == []
        await pilot.press("end")
        await pilot.pause()
        assert app.numbers.cursor == 49
        assert "49 " in text(app)


@driven
async def test_shrinking_takes_the_cursor_along_and_emptiness_teaches():
    app = Shell(50)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("end")
        app.numbers.rows = 3
        app.numbers.regrow()
        await pilot.pause()
        assert app.numbers.cursor == 2
        assert "2 " in text(app)
        app.numbers.rows = 0
        app.numbers.regrow()
        await pilot.pause()
        assert "nothing here" in text(app)
        await pilot.press("enter", "down", "end")
        assert app.chosen == []


@driven
async def test_rows_are_cut_to_the_width_in_columns():
    app = Shell(3)
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.pause()
        await asyncio.sleep(0)
        widths = [
            strip.cell_length for strip in app.numbers._styles_cache._cache.values()
        ]
        assert set(widths) <= {20, 19}


@pytest.mark.parametrize(
    ("given", "width", "shown"),
    [("abc", 5, "abc  "), ("abcdef", 4, "abc…"), ("日本語", 4, "日 …"), ("abc", 0, "")],
)
def test_text_is_padded_or_cut_with_an_ellipsis(given, width, shown):
    assert pad(given, width) == shown
