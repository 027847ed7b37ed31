"""What is decided about an effect, always with its reason and source."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from soulguard.model.noun import Noun
from soulguard.model.rule import Rule


class Verdict(str, enum.Enum):
    """The answer to an effect.

    ALLOW: perform it. SKIP: accept it and discard it, it is done already. REPLAY:
    answer from the record. DENY: refuse. ASK: a person decides. WAIT: ask again later.
    """

    ALLOW = "allow"
    SKIP = "skip"
    REPLAY = "replay"
    DENY = "deny"
    ASK = "ask"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Judgement(Noun):
    """What the policy alone says of an effect, before the ledger is looked at.

    `verdict` is ALLOW, DENY or ASK. `rule` is the rule that decided (None: no rule
    speaks of the effect). `duties` are the other rules that bind the effect once it is
    allowed (once, atomic, stamp, key, limit, secret, ...), most specific first.
    """

    verdict: Verdict
    reason: str
    rule: Rule | None = None
    duties: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision(Noun):
    """What the broker answers: the verdict, why, by which rule, on which record.

    `message` is the full refusal as a person or model should read it (empty unless
    refused). `effect_id` is the ledger row, 0 where none was written. `data` is what
    the door needs to act (offset of an append, key of a call, recorded response).
    """

    verdict: Verdict
    reason: str
    rule: str = ""
    source: str = ""
    message: str = ""
    effect_id: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
