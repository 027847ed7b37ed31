"""The way from a key to an answer on record: the question, then `supervisor.settling`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from soulguard.errors import SoulguardError
from soulguard.ledger.opening import open_ledger
from soulguard.ledger.waiting import Waiting
from soulguard.supervisor import settling
from soulguard.tui import asking
from soulguard.tui.question import Question

if TYPE_CHECKING:
    from soulguard.tui.app import WatchApp

STEADY = 0.5
"""Seconds a question has to be on screen before a key may mean it."""


def ask(app: WatchApp, answer: str = "") -> None:
    """Ask about the shown request; with `answer` that one is selected already.

    Says why not, where nothing can be answered.
    """
    shown = app.waitbar.shown
    refused = _refused(app, shown, answer)
    if refused or shown is None:
        app.notify(refused)
        return
    approval = shown.kind == "approval"
    choices = asking.choices(shown)
    question = Question(
        "May it go ahead?" if approval else "Did it happen?",
        asking.lines(app.reader, shown),
        choices,
        app.palette,
        answer if answer in {choice.value for choice in choices} else "",
    )
    app.push_screen(question, lambda said: _answered(app, shown, said or ""))


def _refused(app: WatchApp, shown: Waiting | None, answer: str) -> str:
    if app.read_only:
        return f"nothing can be answered: {app.read_only}"
    if shown is None:
        return "nothing is waiting for approval" if answer else "nothing waits for you"
    if answer and shown.kind != "approval":
        return "this is in doubt, not asked for: s settles it"
    if app.waitbar.shown_for < STEADY:
        return "the request has only just appeared: look at it first"
    return ""


def _answered(app: WatchApp, shown: Waiting, said: str) -> None:
    if not said:
        return
    try:
        write(app.reader.url, shown, said, app.reader.clock())
    except SoulguardError as error:
        app.notify(f"{error}. {error.hint}", severity="error")
    else:
        app.notify(f"on record: {said.replace('-', ' ')}: {shown.target}", markup=False)
    app.tick_slow()


def write(url: str, shown: Waiting, said: str, now: float) -> None:
    """Put an answer on record.

    Raises:
        SoulguardError: it is no longer open, or the ledger cannot be written.
    """
    with closing(open_ledger(url)) as ledger:
        by = settling.person()
        if shown.kind == "doubt":
            settling.resolve(
                ledger, shown.run_id, shown.id, happened=said == "happened", by=by,
                now=now,
            )  # fmt: skip
        else:
            word, scope = said.split()
            settling.answer(
                ledger, shown.id, approve=word == "approve", scope=scope, by=by, now=now
            )
