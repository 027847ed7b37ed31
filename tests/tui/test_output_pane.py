import io
import os
import sys

import pytest

from soulguard.supervisor.lease import owner_of
from soulguard.tui.beside import Beside
from tests.tui.driving import driven, press, settled, shown, text
from tests.tui.stories import FIRST


@pytest.fixture
def beside(monkeypatch):
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    code = "for i in range(50): print(f'line {i}', flush=True)"
    started = Beside([sys.executable, "-c", code])
    started.start()
    started._pump.join()
    started._process.wait()
    yield started
    started.give_back(io.BytesIO())


@driven
async def test_the_output_of_the_agent_is_a_pane_that_follows(story, path, beside):
    async with shown(path, (100, 40), beside=beside) as (app, pilot):
        app.tick_slow()
        await settled(app, pilot)
        page = text(app)
        assert "line 49" in page
        assert "5 Output  ended with 0, q leaves" in page
        await press(app, pilot, "5", "g")
        assert "line 0" in text(app)
        await press(app, pilot, "z")
        assert app.focused is app.output
        assert "line 20" in text(app)
        await press(app, pilot, "pagedown", "up", "G")
        assert app.output.cursor == 49


@driven
async def test_the_run_of_the_agent_is_shown_alone_once_it_is_known(
    story, path, beside, monkeypatch
):
    monkeypatch.setattr(Beside, "pid", os.getpid())
    async with shown(path, (100, 40), beside=beside) as (app, pilot):
        assert app.view.run == ""
        story.start("mine", owner=owner_of(os.getpid()))
        app.tick_slow()
        await settled(app, pilot)
        assert app.view.run == "mine"
        app.only_run(FIRST)
        app.tick_slow()
        assert app.view.run == FIRST
