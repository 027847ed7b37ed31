"""Driving the app without a terminal: started, settled, and read as plain text."""

import asyncio
import contextlib
import functools
import time

from soulguard.tui.app import WatchApp
from tests.tui.stories import NOW


def driven(test):
    """Let a test be a coroutine."""

    @functools.wraps(test)
    def run(*args, **kwargs):
        asyncio.run(test(*args, **kwargs))

    return run


@contextlib.asynccontextmanager
async def shown(path, size=(100, 30), now=NOW, **options):
    """Show the app on a ledger, with a fixed clock and no ticks of its own."""
    app = WatchApp(str(path), clock=lambda: now, ticking=False, **options)
    async with app.run_test(size=size) as pilot:
        await settled(app, pilot)
        yield app, pilot


async def settled(app, pilot):
    """Wait until nothing is left to be searched, laid out or painted."""
    await app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()


async def until(pilot, holds):
    """Wait for something that takes its time to hold."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end, holds
        await pilot.pause(0.02)


async def filter_for(app, pilot, words):
    """Type a filter and wait until it is looked for."""
    await press(app, pilot, "slash", *words)
    await until(pilot, lambda: app.view.text == words and not app.view.pending)
    await settled(app, pilot)


async def press(app, pilot, *keys):
    """Press keys and let the app settle."""
    for key in keys:
        await pilot.press(key)
    await settled(app, pilot)


def text(app):
    """Give what is on screen as lines of plain text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(s.text for s in strip).rstrip() for strip in strips)


def targets(app):
    """Give the targets of the rows shown, without their folder."""
    feed = app.events.feed
    rows = feed.rows(0, app.events.total()) if feed else []
    return [row.target.rpartition("/")[2] for row in rows]


def notices(app):
    return [notice.message for notice in app._notifications]
