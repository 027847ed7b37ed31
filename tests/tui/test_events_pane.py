import pytest

from soulguard.errors import LedgerError
from soulguard.tui.events_pane import short
from tests.tui.driving import driven, press, settled, shown, text


@pytest.mark.parametrize(
    ("run", "said"),
    [
        ("019abcde-1234-7abc-8def-0123456789ab", "456789ab"),
        ("daily", "daily"),
        ("daily-2026-11-24", "…6-11-24"),
        ("a\x1b", "a\\x1b"),
    ],
)
def test_run_ids_are_told_apart_by_their_ends(run, said):
    assert short(run) == said


@driven
async def test_upward_moves_and_the_wheel_let_go_and_the_end_follows_again(story, path):
    async with shown(path) as (app, pilot):
        for key in ("up", "k", "pageup", "g", "home"):
            await press(app, pilot, "G", key)
            assert not app.events.following, key
        for key in ("end", "G"):
            await press(app, pilot, "up", key)
            assert app.events.following, key
        app.events.post_message(_wheel_up(app.events))
        await settled(app, pilot)
        assert not app.events.following
        await press(app, pilot, "G", "down")
        assert app.events.following


def _wheel_up(widget):
    from textual.events import MouseScrollUp

    return MouseScrollUp(widget, 1, 1, 0, -1, 0, shift=False, meta=False, ctrl=False)


@driven
async def test_rows_that_cannot_be_read_are_left_blank(story, path, monkeypatch):
    async with shown(path) as (app, pilot):

        def fail(ids):
            raise LedgerError("gone")

        monkeypatch.setattr(app.reader.ledger, "events_at", fail)
        app.events.feed._rows.clear()
        app.events.forget_drawn()
        await settled(app, pilot)
        assert "✗ twice   " not in text(app)
        assert app.events.event is None


@driven
async def test_the_cursor_keeps_its_event_when_the_filter_changes(story, path):
    async with shown(path) as (app, pilot):
        await press(app, pilot, "up", "up")
        kept = app.events.event.id
        await press(app, pilot, "exclamation_mark")
        assert app.events.event.id == kept


@driven
async def test_what_was_drawn_once_is_not_read_again(story, path, monkeypatch):
    async with shown(path) as (app, pilot):
        reads = []
        monkeypatch.setattr(
            app.reader.ledger, "events_at", lambda ids: reads.append(ids) or []
        )
        await press(app, pilot, "up", "down", "up")
        assert [ids for ids in reads if ids] == []
