"""The glyph, the word and the weight of every event, and names made safe to show.

Glyph and word say everything; the weight is all that a colour may add.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from soulguard.model import Event, EventType, Grade, RunStatus


class Mark(NamedTuple):
    """How something is shown: `weight` is deny, ask, advise, done or quiet."""

    glyph: str
    word: str
    weight: str


_T = EventType
_MARKS = {
    _T.DUPLICATE: Mark("✗", "twice", "deny"),
    _T.DENIED: Mark("✗", "deny", "deny"),
    _T.UNGUARDED: Mark("✗", "around", "deny"),
    _T.HELD: Mark("✗", "held", "deny"),
    _T.OUTPUT_REMOVED: Mark("✗", "removed", "deny"),
    _T.EFFECT_IN_DOUBT: Mark("?", "doubt", "ask"),
    _T.APPROVAL_ASKED: Mark("?", "ask", "ask"),
    _T.PROCESS_UNGUARDED: Mark("!", "unguarded", "advise"),
    _T.DRIFT: Mark("!", "drift", "advise"),
    _T.DIVERGENCE: Mark("!", "diverged", "advise"),
    _T.CONTENT_DIFFERS: Mark("!", "differs", "advise"),
    _T.POLICY_REJECTED: Mark("!", "bad policy", "advise"),
    _T.EFFECT_FAILED: Mark("!", "failed", "advise"),
    _T.EFFECT_DONE: Mark("·", "done", "done"),
    _T.EFFECT_SKIPPED: Mark("↷", "skip", "done"),
    _T.EFFECT_REPLAYED: Mark("↺", "replay", "done"),
    _T.EFFECT_RESENT: Mark("↻", "re-send", "done"),
    _T.EFFECT_RESOLVED: Mark("=", "settled", "done"),
    _T.APPROVAL_SETTLED: Mark("=", "answer", "done"),
    _T.POLICY_LOADED: Mark("§", "policy", "done"),
    _T.RUN_STARTED: Mark("▶", "start", "done"),
    _T.RUN_ENDED: Mark("■", "end", "done"),
    _T.RUN_RECOVERED: Mark("=", "recover", "done"),
}

GRADES = {
    Grade.KERNEL: Mark("■", "kernel", "done"),
    Grade.PROCESS: Mark("■", "process", "done"),
    Grade.ADVISORY: Mark("□", "advice", "quiet"),
    Grade.ERROR: Mark("✗", "error", "deny"),
}

STANDINGS = {
    "running": Mark("●", "running", "ask"),
    "cut off": Mark("◌", "cut off", "advise"),
    RunStatus.RESUMABLE.value: Mark("○", "resumable", "advise"),
    RunStatus.COMPLETED.value: Mark("✓", "completed", "done"),
    RunStatus.SUPERSEDED.value: Mark("·", "superseded", "quiet"),
}


def mark(event: Event) -> Mark:
    """Give how an event is shown; one that was only observed says so."""
    found = _MARKS.get(event.type)
    if found is None:
        return Mark("·", event.type.value.rpartition(".")[2], "quiet")
    if event.data.get("observed"):
        return Mark("!", f"would {found.word}", "advise")
    return found


def what(event: Event, root: str) -> str:
    """Give what an event is about, short and safe to show."""
    target = plain(shorten(event.target, root))
    tried = str(event.data.get("tried", ""))
    return f"{plain(tried)} {target}" if tried and target else target


def shorten(target: str, root: str) -> str:
    """Give a path inside `root` relative to it, and anything else as it is."""
    folder = root.rstrip(os.sep) + os.sep
    return target[len(folder) :] if root and target.startswith(folder) else target


def plain(text: str) -> str:
    """Give text on one line that cannot drive a terminal."""
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    if char.isprintable():
        return char
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")
