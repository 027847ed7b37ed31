"""Where a deleted file goes under a rule that prefers the trash: a dated folder.

``.trash/2026-01-31/reports/a.md`` under the policy folder is what ``reports/a.md`` was;
moving it back restores it. Nothing here moves anything: the door does.
"""

from __future__ import annotations

import os
import tempfile
import time

FOLDER = ".trash"


def inside(path: str, root: str) -> bool:
    """Whether a path lies in the trash already."""
    return path.startswith(os.path.join(root, FOLDER, ""))


def temporary(path: str, root: str) -> bool:
    """Whether a path lies in the system's folder for what may vanish at any time."""
    folder = os.path.join(os.path.realpath(tempfile.gettempdir()), "")
    return path.startswith(folder) and not path.startswith(os.path.join(root, ""))


def place(path: str, root: str, now: float) -> str:
    """Give the path in the trash for a file deleted now, one where nothing is yet.

    `now` is in Unix seconds. Files from elsewhere keep their whole path under
    ``outside``.
    """
    day = time.strftime("%Y-%m-%d", time.localtime(now))
    home = os.path.join(root, "")
    within = path[len(home) :] if path.startswith(home) else f"outside{path}"
    wanted = os.path.join(root, FOLDER, day, within)
    base, extension = os.path.splitext(wanted)
    number = 1
    while os.path.lexists(wanted):
        number += 1
        wanted = f"{base}-{number}{extension}"
    return wanted
