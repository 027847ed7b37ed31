"""Shown rows as a file of JSON lines; nothing of the screen is needed."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from soulguard.ledger.watched import watch_ledger

_BATCH = 400


def export(url: str, ids: Sequence[int], folder: Path, now: float) -> Path:
    """Write the events of these ids to a new file in a folder and give its path.

    Opens the ledger anew, so that it may run in a thread of its own.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    path = _new(folder, f"soulguard-events-{stamp}", ".jsonl")
    with closing(watch_ledger(url)) as ledger, path.open("x", encoding="utf-8") as file:
        for start in range(0, len(ids), _BATCH):
            for event in ledger.events_at(ids[start : start + _BATCH]):
                file.write(json.dumps(event.to_json()) + "\n")
    return path


def _new(folder: Path, name: str, suffix: str) -> Path:
    path, number = folder / f"{name}{suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}{suffix}"
    return path
