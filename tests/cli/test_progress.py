import io
import os

import pytest

from soulguard.cli import progress
from soulguard.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")


def test_a_bar_says_how_many_are_done():
    terminal = Terminal()
    Progress(terminal).show(3, 12, "3 safe")
    assert terminal.getvalue() == f"\r\x1b[K[{'#' * 6}{'.' * 18}] 3/12 3 safe"


def test_a_bar_fits_its_terminal(monkeypatch):
    monkeypatch.setattr(
        progress.shutil, "get_terminal_size", lambda: os.terminal_size((40, 5))
    )
    terminal = Terminal()
    Progress(terminal).show(1, 1, "a very long story " * 5)
    assert len(terminal.getvalue().removeprefix("\r\x1b[K")) <= 39


def test_a_bar_goes_away():
    terminal = Terminal()
    Progress(terminal).clear()
    assert terminal.getvalue() == "\r\x1b[K"


def test_nothing_is_drawn_where_nobody_looks():
    stream = io.StringIO()
    bar = Progress(stream)
    bar.show(1, 2)
    bar.clear()
    assert stream.getvalue() == ""
