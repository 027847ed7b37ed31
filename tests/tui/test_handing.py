import json

import pytest

from soulguard.ledger import open_ledger
from soulguard.tui import handing
from tests.tui.driving import driven, notices, press, shown
from tests.tui.stories import SECOND, Story


@driven
async def test_rows_and_sentences_are_copied(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "y")
        assert json.loads(app.clipboard)["type"] == "violation.duplicate"
        await press(app, pilot, "Y")
        assert app.clipboard.startswith("SOUL.md:4: Never write twice")
        await press(app, pilot, "1", "y")
        copied = json.loads(app.clipboard)
        assert copied["run_id"] == SECOND
        assert "secret" not in copied
        await press(app, pilot, "3", "end", "Y")
        assert app.clipboard == "SOUL.md:11: Block the mailman."


@driven
async def test_where_there_is_nothing_to_hand_out_it_is_said(path):
    open_ledger(path).close()
    async with shown(path) as (app, pilot):
        await press(app, pilot, "y", "Y", "e")
        app.action_report()
        await press(app, pilot)
        assert notices(app) == [
            "there is no row to copy", "no sentence decided this row",
            "no rule decided this row", "there is no run to report on",
        ]  # fmt: skip


@driven
async def test_shown_rows_and_the_report_are_written_into_the_folder(
    story, path, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    async with shown(path) as (app, pilot):
        await press(app, pilot, "ctrl+s")
        app.action_report()
        await press(app, pilot)
        assert "4 rows in soulguard-events-20251231-120100.jsonl" in notices(app)
        assert "the report is in soulguard--tuesday.html" in notices(app)
    [rows] = tmp_path.glob("*.jsonl")
    assert len(rows.read_text().splitlines()) == 4
    [page] = tmp_path.glob("*.html")
    assert SECOND in page.read_text()


@driven
async def test_what_cannot_be_written_is_said(story, path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(handing, "export", _full)
    async with shown(path) as (app, pilot):
        await press(app, pilot, "ctrl+s")
        assert "not exported: [Errno 28] no space left" in notices(app)


def _full(*_):
    raise OSError(28, "no space left")


@pytest.fixture
def root(tmp_path):
    (tmp_path / "SOUL.md").write_text("# Agent\n")
    return tmp_path


@driven
async def test_the_editor_opens_at_the_rule(path, root, monkeypatch):
    story = Story(path, root=str(root))
    story.start("r")
    story.denied()
    story.close()
    opened = []
    monkeypatch.setenv("EDITOR", "nano")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setattr(handing.subprocess, "call", opened.append)
    async with shown(path) as (app, pilot):
        monkeypatch.setattr(app, "suspend", _nothing)
        await press(app, pilot, "e")
        assert opened == [["nano", "+6", str(root / "SOUL.md")]]
        monkeypatch.setattr(handing.subprocess, "call", _missing)
        await press(app, pilot, "e")
        assert "`nano` cannot be started: not there" in notices(app)
        monkeypatch.undo()
        await press(app, pilot, "e")
        assert f"{root / 'SOUL.md'}:6" in notices(app)[-1]


def _nothing():
    from contextlib import nullcontext

    return nullcontext()


def _missing(_):
    raise OSError(2, "not there")


@driven
async def test_a_rule_file_that_is_not_here_is_said(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "e")
        assert notices(app) == ["`SOUL.md` is not here"]


@driven
async def test_from_a_browser_no_file_and_no_editor_is_touched(story, path):
    async with shown(path, browser=True) as (app, pilot):
        await press(app, pilot, "e", "ctrl+s")
        app.action_report()
        await press(app, pilot)
        assert len(notices(app)) == 3
        assert all("not from a browser" in notice for notice in notices(app))
