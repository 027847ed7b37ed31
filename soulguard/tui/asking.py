"""The words of the questions a person is asked, with all that would be sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from soulguard.ledger.waiting import Waiting
from soulguard.model import EffectKind, EffectRecord
from soulguard.postmortem.contents import text_of
from soulguard.postmortem.wording import plain, shorten
from soulguard.tui.question import Choice
from soulguard.tui.reading import Reader
from soulguard.tui.telling import Line

APPROVAL = (
    Choice("a", "approve once", "approve once", "It is done this one time."),
    Choice(
        "r", "approve run", "approve the like in this run",
        "Whatever asks the same in this run is done without asking again.",
    ),
    Choice(
        "w", "approve always", "approve the like in every run",
        "Nobody is asked about this again, in any run.",
    ),
    Choice("d", "deny once", "deny", "It is refused; the agent reads why."),
    Choice("n", "deny run", "deny the like in this run",
        "Whatever asks the same in this run is refused without asking again.",
    ),
)  # fmt: skip

LOOSER = (
    Choice(
        "a", "approve once", "let the looser rules hold",
        "The edit is taken over; from the next effect on, it alone decides.",
    ),
    Choice(
        "d", "deny once", "keep the stricter rules",
        "Where old and new rules differ, the stricter one goes on deciding.",
    ),
)  # fmt: skip

DOUBT = (
    Choice(
        "h", "happened", "it happened",
        "It counts as done for good: no attempt of this run sends it again.",
    ),
    Choice(
        "n", "did-not", "it did not happen",
        "The next attempt sends it. If it did happen after all, it happens twice.",
    ),
)  # fmt: skip

_UNTOLD = {EffectKind.HTTP_CALL.value: "{}", EffectKind.CUSTOM.value: "None"}
"""What the agent gets where nobody says what an effect answered."""


def choices(waiting: Waiting) -> tuple[Choice, ...]:
    """Give the answers that fit what waits."""
    if waiting.kind != "approval":
        return _doubt(waiting)
    return LOOSER if waiting.data.get("kind") == "policy" else APPROVAL


def _doubt(waiting: Waiting) -> tuple[Choice, ...]:
    """Say with the answers to a doubt how an agent gets what the service answered."""
    happened, did_not = DOUBT
    gets = _UNTOLD.get(str(waiting.data.get("kind", "")))
    if gets is None:
        return DOUBT
    settle = f"soulguard resolve {plain(waiting.run_id)} {waiting.id} --happened"
    follows = (
        f"{happened.follows} The agent gets {gets} for its answer. If it needs more, "
        f"say it, now or later: {settle} --answer FILE"
    )
    return replace(happened, follows=follows), did_not


def lines(reader: Reader, waiting: Waiting) -> Iterator[Line]:
    """Tell what is asked, by which sentence, and what would be sent."""
    target = plain(shorten(waiting.target, reader.root(waiting.run_id)))
    yield [("what     ", "quiet"), (target, "bold")]
    yield [("run      ", "quiet"), (plain(waiting.run_id), "")]
    policy = reader.policy(waiting.run_id)
    place = waiting.source or (policy.sources.get(waiting.rule, "") if policy else "")
    if place:
        yield [("because  ", "quiet"), (_quoted(reader, waiting, place), "bold")]
    yield [("fact     ", "quiet"), (plain(waiting.reason), "")]
    since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(waiting.since))
    yield [("since    ", "quiet"), (since, "")]
    effect = reader.open().effect(waiting.effect_id) if waiting.effect_id else None
    if effect is not None:
        yield from _effect(effect)
    yield from _sent(reader, waiting, effect)


def _quoted(reader: Reader, waiting: Waiting, place: str) -> str:
    policy = reader.policy(waiting.run_id)
    for sentence in policy.sentences if policy else ():
        if waiting.rule in sentence.rules or sentence.span.short == place:
            return f"{sentence.span.short}  “{plain(sentence.text)}”"
    return plain(place)


def _effect(effect: EffectRecord) -> Iterator[Line]:
    yield [("effect   ", "quiet"), (f"#{effect.id}, attempt {effect.attempt}", "")]
    if effect.key:
        yield [("key      ", "quiet"), (plain(effect.key), "bold")]
        yield [("", ""), ("         look it up at the service by this key", "quiet")]
    if effect.protection:
        yield [("protects ", "quiet"), (effect.protection, "")]
    status = effect.result.get("status")
    if status:
        yield [("answer   ", "quiet"), (f"status {status}", "")]


def _sent(
    reader: Reader, waiting: Waiting, effect: EffectRecord | None
) -> Iterator[Line]:
    ref = str(waiting.data.get("whole", "")) or (effect.request if effect else "")
    body = reader.open().blob(ref) if ref else None
    lines = text_of(body) if body else str(waiting.data.get("text", "")).splitlines()
    if lines:
        yield [("in full", "quiet")]
        yield from ([(f"  {plain(line)}", "")] for line in lines)
