"""Limits: how many, how often, how long between, how much in all. Retries: see retries.

Takes::

    Send at most 10 emails per day.                            rate
    Respect email sending limits (max 10/day).                 rate
    5s between API calls.                                      gap
    Spend at most $5 per run.                                  budget
    Never write files larger than 10 MB.                       size

Refuses limits on style (sentences, words, emoji) and on what no guard can count (tabs,
sub-agents, questions). Of a range the upper end counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import amounts, caps, figures, gaps, units, whose
from soulguard.soul.caps import Cap
from soulguard.soul.drafts import EVERY, UNSAFE, Draft, World, quoted
from soulguard.soul.families import bulk, sizes, sums
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.units import Unit
from soulguard.soul.wording import Pattern, wording

RATE, BUDGET, RESOURCE = "rate-limit", "budget", "resource-limit"

_TOOLS = wording(r"\btool[- ]calls?\b")
_LETTERS = wording(r"\b(?:characters|chars)\b")
_AT_ONCE = wording(r"\b(?:concurrent(?:ly)?|at once|in parallel|simultaneous(?:ly)?)\b")
"""What nobody outside the agent can count."""
_TRIED = wording(r"\bretr(?:y|ies|ied|ying)\b")
_ONCE, _MORE = wording(r"\bonce\b"), wording(r"\bmore than once\b")
_SPENT = wording(
    r"\b(?:spend\w*|spent|cost\w*|budget\w*|bills?|api|tokens?|llm|run|charges?|max|cap)\b"
)
_PRICED = wording(
    r"\b(?:plans?|tiers?|subscriptions?|licen[sc]es?|seats?|it|which|that) costs?\b|\bpricing\b"
)
"""What has a price, and limits nothing."""
_ANSWERS = wording(
    r"\b(?:responses?|repl(?:y|ies)|answers?|summar\w+|prompts?|chunks?|context)\b"
)
"""What is so and so many tokens long, and spends none."""
_SPEECH = re.compile(r'"[^"]*"?')
_SCOPELESS = Pattern(
    r"\b(?:per|for each|for every) (?!(?:single |each )?(?:run|session|cycle|attempt|call|request|file|second|minute|hour|day|"
    r"week|month|sec|min|s|m|h|d|\d+|24)s?\b)[a-z]|"
    r"\beach (?!(?:run|session|day|hour|week|month|minute|file|report|output|document|image|call|"
    r"request)\b)"
    r"[a-z-]+ (?:under|below|to|at)\b"
)
"""Counted for something nobody sees from outside: a thread, a sub-task."""
_WORD = re.compile(r"[A-Za-z]+")
_TWEETS = re.compile(r"\b[Tt]weet(?:s|ing)?\b")
_COMMON = frozenset(
    ("x", "ig", "medium", "notion", "intercom", "plaid", "figma", "asana", "zapier")
)
"""Services whose names are words as well."""
_ANSWERED = re.compile(
    r"\?\W+(?:always )?(?:ask|confirm|check (?:in )?w(?:ith|/)|ping|talk to|run (?:it|that|this|them) (?:by|past)|"
    r"get (?:approval|an? |my |the )|wait for|only (?:with|after))"
)
"""``More than 3 files in one go? Check with us.``"""
_ONE_OF = re.compile(
    r"\b(?:restart|reboot|deploy|merge)(?:ing)? (?!(?:more|the|an?|any|it|them|once|twice|only|per|at|within|every|each|"
    r"services?|than|or|and|to|in|on|max|up|not|no|limit)\b)[a-z]"
)
"""One of its kind that is named, and no name of a program."""
_HEADED = wording(
    r"\b(?:limits?|caps?|quotas?|rates?|budgets?|throttl\w*|ceilings?|maximums?|thresholds?|allowances?|pacing)\b"
)
"""Headings whose numbers are limits."""
_DIGITS = 60
"""Digits a sentence with a limit has at most."""


@dataclass(frozen=True, slots=True)
class _Said:
    """What a sentence says of all its limits: whose they are, and whether it asks."""

    asks: bool
    denied: bool
    headed: str
    whose: whose.Whose | None
    low: str
    hosts: tuple[str, ...] = ()


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the limits of a sentence."""
    low = figures.even(_SPEECH.sub(" ", reading.low.replace("`", "")))
    if sum(map(str.isdigit, low)) > _DIGITS or not caps.numbered(low):
        return  # a table of figures, no limit
    if _TRIED.search(low) or "configurable" in low:
        return
    said = replace(_said(low, reading), hosts=_service(reading, world))
    if found := list(_gaps(low, said, world)):
        yield from found
        low = " ".join(caps.parts(low)[1:])
    elif found := sizes.limits(low, reading, denied=said.denied):
        yield from found
        return
    yield from _counts(low, said, world)


def _said(low: str, reading: Reading) -> _Said:
    asks = reading.above is Modality.ASK or any(
        f.modality is Modality.ASK for f in reading.frames
    )
    asks = asks or bool(_ANSWERED.search(low))
    denied = reading.above is Modality.DENY or any(
        f.modality is Modality.DENY for f in reading.frames
    )
    above = (*reading.clause.leads[::-1], *reading.clause.headings[-1:])
    headed = next((t for t in map(str.lower, above) if _HEADED.search(t)), "")
    return _Said(asks, denied or asks, headed, whose.find(low), low)


def _gaps(low: str, said: _Said, world: World) -> Iterator[Draft]:
    found = gaps.find(caps.parts(low)[0]) or gaps.find(low)
    if found is None:
        return
    unit, seconds = found
    each = _each(unit, said)
    if each is None:
        return
    meaning = f"{unit.name} are at least {amounts.lasting(seconds)} apart"
    params = {"gap": seconds, "unit": unit.unit, **each}
    draft = Draft(RATE, Action.LIMIT, (), meaning, params=params)
    yield from _spread(unit, draft, said, world)


def _counts(low: str, said: _Said, world: World) -> Iterator[Draft]:
    """Give a limit for each part of a text; one that names nothing counts the same."""
    like: Unit | None = None
    for at, part in enumerate(caps.parts(low)):
        cap = caps.find(part, denied=said.denied, headed=said.headed, like=like)
        if cap is None and not at:
            cap = caps.find(low, denied=said.denied, headed=said.headed)
        if cap is None:
            return
        yield from _count(cap, part if at else low, said, world)
        like = cap.unit


def _count(cap: Cap, part: str, said: _Said, world: World) -> Iterator[Draft]:
    rest = said.low
    if said.whose:
        rest = rest[: said.whose.start] + rest[said.whose.end :]
    if _SCOPELESS.search(rest) or (_uncounted(part, rest) and not said.asks):
        return
    asks = {"on_exceed": "ask"} if said.asks else {}
    if cap.money:
        yield from _costs(cap, said, asks)
    elif _TOOLS.search(rest):
        yield _effects(cap)
    elif cap.unit and not _other(cap, cap.unit, rest):
        yield from _things(cap, cap.unit, said, asks, world)


def _uncounted(part: str, low: str) -> bool:
    """Whether a number is of letters, or of what is at work at once."""
    return _LETTERS.search(low) or _AT_ONCE.search(part.partition(", ")[0])


def _costs(cap: Cap, said: _Said, asks: dict[str, str]) -> Iterator[Draft]:
    if not _SPENT.search(said.low) and isinstance(cap.per, str):
        return
    if sums.names(said.low) or _PRICED.search(said.low):
        return
    says = "wait for a person" if asks else "are refused"
    over = f"costs over {amounts.dollars(cap.n)} {amounts.period(cap.per)}"
    each = _each(units.COSTS, said)
    if each is None:
        return
    spent = {"max": cap.n, "unit": "usd", "per": cap.per, **each, **asks}
    meaning = f"{over}{_whose(each)} {says}"
    call = (EffectKind.HTTP_CALL,)
    yield Draft(BUDGET, Action.LIMIT, call, meaning, params=spent)


def _effects(cap: Cap) -> Draft:
    after = f"after {amounts.many(cap.n, 'effects')}"
    meaning = f"{after} the next one waits for a person"
    effects = {"max": cap.n, "unit": "effects", "per": "run", "on_exceed": "ask"}
    return Draft(RESOURCE, Action.LIMIT, EVERY, meaning, params=effects)


def _other(cap: Cap, unit: Unit, low: str) -> bool:
    """Whether a number is of something another family speaks of, or nobody."""
    if unit.unit == "tokens" and cap.per == "run" and _ANSWERS.search(low):
        return True
    if unit.unit == "files" and (cap.n <= 1 or "commit" in low):
        return True  # a run may make many commits
    if unit.commands and _ONE_OF.search(low):
        return True  # "restart nginx": others may be
    once = cap.n <= 1 and cap.per == "run" and _ONCE.search(low)
    return bool(once) and not _MORE.search(low)


def _things(
    cap: Cap, unit: Unit, said: _Said, asks: dict[str, str], world: World
) -> Iterator[Draft]:
    period = amounts.period(cap.per)
    if asks and unit.unit == "files":
        yield bulk.of_files(cap.n, cap.per, period, said.low)
        return
    each = _each(unit, said)
    if each is None:
        return
    family = RATE if isinstance(cap.per, float) else RESOURCE
    if unit.unit == "tokens":
        family = BUDGET
    says = "wait for a person" if asks else "are refused"
    over = f"more than {amounts.many(cap.n, unit.name)} {period}"
    params = {"max": cap.n, "unit": unit.unit, "per": cap.per, **each, **asks}
    draft = Draft(family, Action.LIMIT, (), f"{over} {says}", params=params)
    yield from _spread(unit, draft, said, world)


def _each(unit: Unit, said: _Said) -> dict[str, object] | None:
    """Give each recipient, host or thing a count of its own where the sentence does."""
    return said.whose.params(unit) if said.whose else {}


def _whose(params: dict[str, object]) -> str:
    by = params.get("by") or params.get("scope")
    return f", each {by} alone," if by else ""


def _service(reading: Reading, world: World) -> tuple[str, ...]:
    """Give the hosts of the service whose calls or messages a sentence counts."""
    for word in _WORD.findall(_TWEETS.sub("Twitter", reading.plain)):
        named = word.lower() not in _COMMON or word[:1].isupper()
        if named and (hosts := world.service(word.lower())):
            return hosts
    return ()


def _spread(unit: Unit, draft: Draft, said: _Said, world: World) -> Iterator[Draft]:
    """Give the rule for each effect by which a thing is seen; they count together."""
    seen = list(units.seen(unit, world))
    if said.hosts and unit.unit in ("calls", "messages") and not unit.stems:
        methods = UNSAFE if unit.unit == "messages" else unit.methods
        where = Where(hosts=said.hosts, methods=methods)
        seen = [((EffectKind.HTTP_CALL,), where)]
    params = dict(draft.params)
    if len(seen) > 1:
        params["together"] = True
    each = params.get("by") or params.get("scope")
    alone = f", each {each} alone" if each else ""
    to = (
        f" ({quoted(said.hosts)})"
        if said.hosts and len(seen) == 1 and seen[0][1].hosts == said.hosts
        else ""
    )
    for kinds, where in seen:
        mine = dict(params)
        if kinds == (EffectKind.MAIL_SEND,) and mine.get("scope") != "host":
            mine.pop("by", None)
            mine.update({"scope": "recipient"} if each else {})
        yield replace(
            draft, effects=kinds, where=where, params=mine,
            meaning=f"{draft.meaning}{units.known(unit, where)}{to}{alone}",
        )  # fmt: skip
