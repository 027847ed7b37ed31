"""`python -m tests.tui.pictures FOLDER`: draw the pictures of the app for the README.

Real screens of a told ledger, with a fixed clock: the same on every machine.
"""

import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from soulguard.tui import settle
from tests.tui.driving import press, settled, shown
from tests.tui.stories import NOW, tell

PICTURES = {
    "watch": ((110, 32), ()),
    "settle": ((110, 32), ("s", "h")),
    "small": ((80, 24), ("3",)),
}


async def draw(path, folder):
    for name, (size, keys) in PICTURES.items():
        async with shown(path, size) as (app, pilot):
            await press(app, pilot, *keys)
            await settled(app, pilot)
            picture = app.export_screenshot(title="soulguard watch")
            (folder / f"{name}.svg").write_text(picture, encoding="utf-8")


def main(folder):
    os.environ["TZ"] = "UTC"
    time.tzset()
    settle.STEADY = 0
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept:
        path = Path(kept) / "ledger.db"
        story = tell(path)
        story.at = NOW - 20
        for name in ("report", "summary", "index"):
            story.denied(f"out/{name}.md")
        story.duplicate()
        story.close()
        asyncio.run(draw(path, folder))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
