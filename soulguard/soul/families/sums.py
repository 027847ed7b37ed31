"""Sums: how much one order or payment may move, or all of a day together.

Takes::

    No single order above $2,500.
    Never order anything over 60 EUR.
    Groceries: max. 180 EUR a week.
    Purchases over $200 need my approval.

The sum is what the fields of a request say; one that says none waits for a person. An
order is known by its path, a payment also by its service. Refuses what calls to models
cost (see limits), sums under a condition, and sums that are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import amounts, caps, figures, units
from soulguard.soul.drafts import Draft, World
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, Stems, wording

FAMILY, ASK = "budget", "ask-spend"

_MOVING = ("POST", "PUT", "PATCH")
"""Methods of calls that may move money: what is deleted moves none."""
_SIGNS = Stems(
    ("$", "\u20ac", "\u00a3", "usd", "eur", "gbp", "dollar", "pound", "bucks")
)
_SUM = Pattern(
    r"(?P<sign>[$\u20ac\u00a3])(?P<n>\d(?:[\d,]*\d)?(?:\.\d+)?(?:\s?(?:k|m|million|thousand)\b)?)"
)
_THING = (
    r"(?P<order>(?:re-?)?orders?|ordering|ordered|trades?|trading|positions?|buy(?:s|ing)?|sell(?:s|ing)?|bids?)|"
    r"(?P<pay>payments?|pays?|paid|paying|charges?|transfers?|transferring|payouts?|invoices?|bills?|withdrawals?|wires?|remittances?)|"
    r"(?P<refund>refunds?|refunding|credits?|chargebacks?)|"
    r"(?P<book>book(?:s|ing|ings)?|reservations?|trips?|flights?|hotels?)|"
    r"(?P<any>purchas(?:e|es|ing)|spend(?:s|ing)?|spent|expenses?|expenditures?|transactions?|groceries|shopping|supplies|gifts?|"
    r"subscriptions?|ads?|advertising|campaigns?|warehouse|cart|checkout|baskets?|money|outlays?|fuel|travel|postage|shipping)"
)
_NAMED = Pattern(rf"\b(?:{_THING})\b")
_STEMS = {
    "order": ("order", "trade", "position", "checkout", "cart"),
    "pay": ("payment", "transfer", "payout", "charge", "invoice", "withdraw", "pay"),
    "refund": ("refund", "credit"), "book": ("book", "reserv", "order", "checkout"),
    "any": ("order", "checkout", "cart", "purchase", "payment", "charge", "transfer", "subscription", "invoice"),
}  # fmt: skip
_MODELS = wording(
    r"\b(?:llm|api|apis|tokens?|models?|inference|ai|openai|anthropic|claude|gpt|compute|cloud|aws|gpu|run|session|search|data)\b"
)
"""What is no order: limits counts what calls to models cost."""
_OVER = wording(
    r"\b(?:over|above|more than|exceed\w*|beyond|greater than|larger than|bigger than|higher than|past|worth more than|excess of)\b|>"
)
_MOST = wording(
    r"\b(?:max(?:imum)?|at most|no more than|not more than|up to|limit\w*|cap(?:ped|s)?|budget|ceiling|under|below|"
    r"less than|within|tops|or less)\b|[<\u2264]"
)
_NO = wording(
    r"\b(?:no|never|not|cannot|nothing|without|refuse\w*|decline\w*|reject\w*)\b|n't\b"
)
_ASKED = wording(
    r"\b(?:approved|signed off|cleared|authori[sz]ed|confirmed|ok'd|okayed) by\b|"
    r"\b(?:needs?|requires?|get|gets|await\w*|wait for)\b.*\b(?:ok|okay|approval|sign-?off|yes|go-ahead|confirmation|permission)\b|"
    r"\b(?:ask|check with|confirm with)\b"
)
_BOUND = wording(
    r"\b(?:when|where|while|usually|typically|normally|average|about|around|roughly|ideally|prefer\w*|was|were|had|"
    r"customers?|clients?|discount\w*|revenue|earn\w*|cheaper|budget for|per (?:unit|share|night|hour|seat|user))\b"
)
_ALL = re.compile(r"\b(?:total|overall|altogether|combined|in all|sum of)\b")
_ONE = r"(?:orders?|trades?|purchases?|payments?|transactions?|transfers?|refunds?|bookings?|positions?|tickets?|carts?|invoices?)"
_EACH = re.compile(
    rf"\b(?:single|each|every|any|anything|one|per {_ONE})\b|\b{_ONE} (?:size|value|amount|total|price)\b|"
    rf"\bmax(?:imum)? (?:single |individual |allowed )?{_ONE}\b"
)


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the limit on the sums of orders and payments that a sentence sets."""
    if not _SIGNS.within(reading.low):
        return
    low = figures.even(reading.low.replace("`", "").replace('"', ""))
    found, named = _SUM.search(low), _NAMED.search(low)
    if found is None or named is None or _MODELS.search(low) or _BOUND.search(low):
        return
    asks = reading.above is Modality.ASK or _ASKED.search(low)
    asks = asks or any(f.modality is Modality.ASK for f in reading.frames)
    if not _limits(low[: found.start()], low[found.end() :], reading, asks=asks):
        return
    most = amounts.number(found["n"].replace(" million", "m").replace(" thousand", "k"))
    per = caps.period(f"{low[found.end() :]} {low[: found.start()]}")
    if not most:
        return  # of every payment another family asks
    if named[0].startswith("spen") and not isinstance(per, str):
        return  # that is what calls to models cost
    if isinstance(per, str) and (
        _ALL.search(low) or not (_EACH.search(low) or asks or _OVER.search(low))
    ):
        return  # of nothing that is said over what time
    yield from _drafts(found["sign"], most, per, str(named.lastgroup), world, asks=asks)


def names(low: str) -> bool:
    """Whether a text is about what is bought or paid, and not about calls to models."""
    found = _NAMED.search(low)
    spends = found and found[0].startswith(
        ("spen", "budget", "bill", "charge", "credit")
    )
    return bool(found) and not spends and not _MODELS.search(low)


def _limits(before: str, after: str, reading: Reading, *, asks: bool) -> bool:
    """Whether a sum is the most: a word says so, or what is more is refused or asked."""
    denied = reading.above is Modality.DENY or _NO.search(before) or _NO.search(after)
    over = _OVER.search(before)
    if over and (denied or asks):
        return True
    return bool(_MOST.search(f"{before} {after[:14]}")) and not (over and not denied)


def _drafts(
    sign: str, most: float, per: str | float, kind: str, world: World, *, asks: bool
) -> Iterator[Draft]:
    stems = _STEMS[kind]
    single = isinstance(per, str)
    params: dict[str, object] = {
        "max": most,
        "unit": "sum",
        "per": "call" if single else per,
    }
    if asks:
        params["on_exceed"] = "ask"
    params["together"] = True
    when = "" if single else f" {amounts.period(per)}"
    then = "wait for a person" if asks else "are refused"
    over = f"sums over {sign}{amounts.figure(most)}{when} {then}"
    call = (EffectKind.HTTP_CALL,)
    where = Where(methods=_MOVING, url_paths=units.paths(stems))
    by = f" (calls to paths with {', '.join(f'`{s}`' for s in stems[:3])}, or to payment providers)"
    yield Draft(FAMILY, Action.LIMIT, call, f"{over}{by}", where, params=params)
    hosts = Where(hosts=world.hosts("payments"), methods=_MOVING)
    family = ASK if asks and single else FAMILY
    yield Draft(family, Action.LIMIT, call, f"{over}{by}", hosts, params=params)
