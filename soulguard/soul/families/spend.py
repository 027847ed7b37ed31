"""Spending: ask or deny before money moves.

Takes::

    Never make financial transactions without explicit approval.
    No purchases without confirmation.
    Never issue refunds.

Money moves through the payment providers listed in policies/classes.yaml; a rule stands
for unsafe calls to them. Refuses caps on amounts (see limits) and advice on thrift.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.drafts import UNSAFE, Draft, World
from soulguard.soul.frames import Frame
from soulguard.soul.modality import Modality
from soulguard.soul.phrases import CALL
from soulguard.soul.reading import Reading

ASK, DENY = "ask-spend", "spend-deny"
_THRIFT = re.compile(
    r"\bmore than (?:is |we |you )?(?:need|necessary|required)|\btoo much\b"
)


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the spending rule of a sentence."""
    for frame in reading.frames:
        if not _pays(frame) or frame.counter or _THRIFT.search(reading.low):
            continue
        if frame.modality is Modality.ASK:
            yield _draft(frame, world, Action.ASK, ASK)
            return
        if frame.modality is Modality.DENY and frame.firm:
            yield _draft(frame, world, Action.DENY, DENY)
            return


def _pays(frame: Frame) -> bool:
    if "pay" in frame.acts:
        anything = {"files"} if {"anything", "something"} & set(frame.words) else set()
        return not frame.objs - {"money", "people"} - anything or " " in frame.verb
    if frame.acts & {"send", "upload"} and "money" in frame.objs:
        return not frame.unknown
    return not frame.acts and "money" in frame.objs


def _draft(frame: Frame, world: World, action: Action, family: str) -> Draft:
    says = "waits for a person" if action is Action.ASK else "is refused"
    where = Where(hosts=world.hosts("payments"), methods=UNSAFE)
    meaning = f"every {CALL} to a payment provider or exchange {says}"
    params = {"approval": frame.approval} if frame.approval else {}
    return Draft(family, action, (EffectKind.HTTP_CALL,), meaning, where, params=params)
