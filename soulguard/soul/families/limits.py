"""Limits: how many, how often, how long between, how much in all.

Takes::

    Send at most 10 emails per day.                            rate
    Respect email sending limits (max 10/day).                 rate
    5s between API calls.                                      gap
    Never retry more than 3 times.                             retries
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
from soulguard.soul import amounts
from soulguard.soul.drafts import EVERY, UNSAFE, WRITES, Draft, World
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.wording import wording

RATE, BUDGET, RESOURCE, RETRY = "rate-limit", "budget", "resource-limit", "retry-limit"

_N = r"(?P<n>\$?~?\d[\d,]*(?:\.\d+)?\s?(?:[kKmM]\b)?(?:\s?[-\u2013]\s?\d+)?|(?:one|once|twice|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|fifty)\b)"
_CAP = r"(?:max(?:imum)?(?: of)?|at most|no more than|not more than|limit(?:ed)?(?: of| to)?|cap(?:ped)?(?: of| at)?|under|fewer than|less than|never (?:exceed|go over)|do not exceed|don't exceed|exceed|<|\u2264|after spending|(?:spend(?:ing)? )?caps?|limits?|budgets?(?: of| is)?)"
_OVER = r"(?:more than|over|above|>|exceed(?:ing)?)"
_PERIOD = r"(?:/\s?|\b(?:per|an?|each|every|within(?: an?)?|in (?:an?|one))\b\s?)"
_TIME = r"(?P<per>second|minute|min|hour|day|week|month|run|session|cycle|s|m|h|d|24 ?h(?:ours)?)\b"
_GAP = re.compile(
    r"(?:(?:at least|minimum|min(?:imum)? of|wait|leave)\s+)?(?P<gap>\d+(?:\.\d+)?\s?(?:ms|s|sec|seconds?|m|min|minutes?|h|hours?))"
    r"\s+(?:between|gap between|pause between|delay between)\s+(?P<unit>[\w ]+?)(?:[,.;(]|\Z)"
)
_CAPPED = re.compile(
    rf"\b{_CAP}[\s:](?:(?!no\b)[a-z]+\s+){{0,3}}?[a-z]*(?:\s*\([a-z]+\))?\s*[:;]?\s*~?{_N}(?![a-z])(?P<rest>.*)"
)
_RATED = re.compile(rf"(?:\A|[\s(]){_N}\s?(?P<unit>[\w' -]*?)\s?{_PERIOD}{_TIME}")
_TOOLS = wording(r"\btool[- ]calls?\b")
_UNCOUNTED = wording(
    r"\b(?:characters|chars|concurrent(?:ly)?|at once|in parallel|simultaneous(?:ly)?)\b"
)
"""What nobody outside the agent can count."""
_MONEY = wording(
    r"[$\u20ac\u00a3]|\b(?:usd|eur|dollars?|cents|usdt|usdc|spend|cost|budget|euros?)\b"
)
_LENGTHS: dict[float, str] = {
    1: "second",
    60: "minute",
    3600: "hour",
    86400: "day",
    604800: "week",
}
_SIGN = wording(r"[$\u20ac\u00a3]")
_SPENT = wording(
    r"\b(?:spend\w*|spent|cost\w*|budget\w*|bills?|api|tokens?|llm|run|charges?|max|cap)\b"
)
_EACH = re.compile(
    r"\b(?:per|(?:to|for|from|of) (?:each|every|any one|a single|the same))"
    r" (?:(?P<recipient>recipient|contact|person|user|customer|client|lead|address)"
    r"|(?P<host>host|domain|site|website|server))s?\b"
)
"""What has a count of its own. A person is known by the address of a mail alone."""
_NUMBERS = {"one": 1, "once": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
            "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "fifty": 50}  # fmt: skip
_CALLS = (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND)
_MESSAGES = (
    r"messages?|sms|dms?|posts?|tweets?|replies|proposals?|comments?|applications?|"
    r"outreach\w*|notifications?|invit\w+|alerts?"
)
_UNITS: tuple[tuple[str, str, tuple[EffectKind, ...]], ...] = (
    (r"e-?mails?|mails?|newsletters?", "mails", (EffectKind.MAIL_SEND,)),
    (r"(?:api |http |outgoing |external )?(?:calls?|requests?)|searches|fetch\w*|queries",
     "calls", (EffectKind.HTTP_CALL,)),
    (_MESSAGES, "messages", _CALLS),
    (r"commands?|executions?|shell calls", "commands", (EffectKind.COMMAND_RUN,)),
    (r"files?|writes?|outputs?|documents?|reports?", "files", WRITES),
    (r"tokens?", "tokens", (EffectKind.HTTP_CALL,)),
)  # fmt: skip
_EXCEEDED = re.compile(rf"(?:\b|(?=>)){_OVER}\s*~?{_N}(?P<rest>.*)")
_LIMITING = wording(
    r"\b(?:max(?:imum)?|limits?|caps?|at most|no more than|rate|throttle|quota)\b"
)
_TIMED = re.compile(
    r"\s?(?:%|(?:ms|fps|s|secs?|seconds?|mins?|minutes?|hours?|h|days?|weeks?)\b)"
)
_SPEECH = re.compile(r'"[^"]*"?')
_UNNAMED = re.compile(
    r"\s*(?:\Z|[.,;:)!/]|per\b|an?\b|each\b|every\b|usd|eur|dollars?|usdt|usdc|in total|total|"
    r"tool|times?\b)"
)
_SIZES = re.compile(r"\b(\d+(?:\.\d+)?)\s?(kb|mb|gb|kib|mib|gib)\b")
_RETRY = wording(
    r"\b(?:retr(?:y|ies)|attempts?|tries|try again|re-?attempts?)\b|"
    r"\bfails? (?:\d+(?:-\d+)?x|\d+(?:-\d+)? times|twice|three times)|"
    r"\b(?:consecutive|repeated) (?:failures|errors|attempts)"
)
_STYLE = wording(
    r"\b(?:sentences?|lines?|words?|paragraphs?|bullets?|emojis?|questions?|options?|"
    r"ideas?|steps?|tabs?|points?|items?|topics?|times? zone|"
    r"pages?|hours? of sleep|reps|sets|zone|percent|%)\b"
)


@dataclass(frozen=True, slots=True)
class _Amount:
    n: float
    per: str | float
    unit: str
    money: bool = False


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the limit of a sentence."""
    low = _SPEECH.sub(" ", reading.low.replace("`", ""))
    if not any(c.isdigit() for c in low) and not wording(
        rf"\b(?:{'|'.join(_NUMBERS)}|retry)\b"
    ).search(low):
        return
    draft = _retries(low) or _gap(low) or _size(low, reading) or _count(low, reading)
    if draft:
        yield from _split(_scoped(draft, low), world)


def _scoped(draft: Draft, low: str) -> Draft:
    """Give each recipient or host a count of its own where the sentence says so."""
    found = _EACH.search(low)
    if found is None or draft.params.get("unit") not in ("calls", "mails"):
        return draft
    scope = found.lastgroup
    if scope == "recipient" and draft.effects != (EffectKind.MAIL_SEND,):
        return draft
    params = {**draft.params, "scope": scope}
    return replace(draft, meaning=f"{draft.meaning}, each {scope} alone", params=params)


def _split(draft: Draft, world: World) -> Iterator[Draft]:
    """A message is a mail, or an unsafe call to an outside host: they count together."""
    if draft.params.get("unit") != "messages" and draft.params.get("gap") is None:
        yield draft
        return
    if set(draft.effects) != set(_CALLS):
        yield draft
        return
    hosts = (*world.hosts("local"), *world.hosts("model-apis"))
    where = Where(methods=UNSAFE, except_hosts=hosts)
    draft = replace(draft, params={**draft.params, "together": True})
    yield replace(draft, effects=(EffectKind.HTTP_CALL,), where=where)
    yield replace(draft, effects=(EffectKind.MAIL_SEND,))


def _limit(
    family: str, kinds: tuple[EffectKind, ...], meaning: str, **params: object
) -> Draft:
    return Draft(family, Action.LIMIT, kinds, meaning, params=params)


def _retries(low: str) -> Draft | None:
    if (
        wording(
            r"\b(?:do not|don't|never|no) retr(?:y|ies)\b(?! (?:without|more|for|the same|blindly|forever|endlessly|immediately))"
        ).search(low)
        and "indefinitely" not in low
    ):
        meaning = "a failed call or command is not tried again"
        return _limit(
            RETRY,
            (*_CALLS, EffectKind.COMMAND_RUN),
            meaning,
            max=0,
            unit="retries",
            per="call",
        )
    if not _RETRY.search(low) or _STYLE.search(low):
        return None
    found = re.search(
        r"(?:(?:max(?:imum)?|at most|up to|no more than|more than|after|fails?|never more than)"
        rf"\s+(?:of )?{_N}|{_N}\s*(?:x|times|retries|attempts|tries|consecutive failures|consecutive errors|repeated failures)\b)".replace(
            "(?P<n>", "(?P<n1>", 1).replace("(?P<n>", "(?P<n2>", 1), low)  # fmt: skip
    if not found:
        return None
    n = _number(found["n1"] or found["n2"])
    if n is None or n > 100:
        return None
    meaning = f"the same call or command is tried again at most {n:g} times"
    return _limit(
        RETRY,
        (*_CALLS, EffectKind.COMMAND_RUN),
        meaning,
        max=n,
        unit="retries",
        per="call",
    )


def _gap(low: str) -> Draft | None:
    found = _GAP.search(low)
    if not found:
        return None
    kinds = _unit(found["unit"])
    seconds = amounts.seconds(found["gap"])
    if not kinds or seconds is None:
        return None
    meaning = f"{kinds[0]} are at least {seconds:g} s apart"
    return _limit(RATE, kinds[1], meaning, gap=seconds, unit=kinds[0])


def _size(low: str, reading: Reading) -> Draft | None:
    found = _SIZES.search(low)
    if not found or not wording(
        r"\bfiles?|outputs?|writes?|uploads?|downloads?|attachments?\b"
    ).search(low):
        return None
    if not (
        re.search(_CAP, low)
        or re.search(_OVER, low)
        or "larger" in low
        or "bigger" in low
    ):
        return None
    size = amounts.number(found[1] + found[2])
    del reading
    return _limit(
        RESOURCE,
        WRITES,
        f"a file over {found[0]} is refused",
        max=size,
        unit="bytes",
        per="file",
    )


def _count(low: str, reading: Reading) -> Draft | None:
    amount = _capped(low, reading) or _rated(low)
    if amount is None:
        return None
    if _UNCOUNTED.search(low):
        return None
    if amount.money:
        if not _SPENT.search(low):
            return None
        meaning = (
            f"once answers of models cost {amount.n:g} USD {_period(amount.per)}, "
            "further calls are refused"
        )
        return _limit(
            BUDGET,
            (EffectKind.HTTP_CALL,),
            meaning,
            max=amount.n,
            unit="usd",
            per=amount.per,
        )
    if _TOOLS.search(low):
        meaning = f"after {amount.n:g} effects the next one waits for a person"
        return _limit(
            RESOURCE,
            EVERY,
            meaning,
            max=amount.n,
            unit="effects",
            per="run",
            on_exceed="ask",
        )
    kinds = _unit(amount.unit)
    if not kinds or (kinds[0] == "files" and amount.n <= 1):
        return None  # "once" of a file is the idempotency family's
    family = RATE if isinstance(amount.per, float) else RESOURCE
    if kinds[0] == "tokens":
        family = BUDGET
    meaning = f"more than {amount.n:g} {kinds[0]} {_period(amount.per)} are refused"
    return _limit(
        family, kinds[1], meaning, max=amount.n, unit=kinds[0], per=amount.per
    )


def _capped(low: str, reading: Reading) -> _Amount | None:
    denied = reading.above is Modality.DENY or any(
        f.modality is Modality.DENY for f in reading.frames
    )
    found = _CAPPED.search(low)
    if found is None and denied:
        found = _EXCEEDED.search(low)
    if found is None:
        return None
    n, rest = _number(found["n"]), found["rest"]
    near = " ".join(rest.split()[:4])
    if n is None or _STYLE.search(near) or _TIMED.match(rest):
        return None
    ahead = " ".join(low[: found.start()].split()[-4:])
    inside = low[found.start() : found.start("n")]
    if not _unit(near) and not _UNNAMED.match(rest):
        return None  # a number of something else
    unit = next((u for u in (near, inside, ahead) if _unit(u)), near)
    priced = _MONEY.search(f"{inside} {near}") and "token" not in low
    money = bool(_SIGN.search(found["n"]) or priced)
    return _Amount(n, _per(f"{rest} {inside} {ahead}"), unit, money)


def _rated(low: str) -> _Amount | None:
    """``10/day``, ``60 requests/minute``: a rate alone, or after a word of limits."""
    found = _RATED.search(low)
    if not found or not (_LIMITING.search(low) or not low[: found.start()].strip()):
        return None
    n = _number(found["n"])
    unit = found["unit"].strip() or " ".join(low[: found.start()].split()[-5:])
    if n is None or _STYLE.search(unit) or _MONEY.search(low):
        return None
    return _Amount(n, _per("per " + found["per"]), unit)


def _per(text: str) -> str | float:
    found = re.search(
        rf"{_PERIOD}(?:\w+ )?{_TIME}|\b(?P<ly>daily|hourly|weekly|monthly)\b", text
    )
    if not found:
        return "run"
    word = found["per"] or found["ly"]
    if word in ("run", "session", "cycle"):
        return "run"
    return (
        amounts.seconds(word.replace("24h", "day").replace("24 hours", "day")) or "run"
    )


def _period(per: str | float) -> str:
    if isinstance(per, str):
        return f"per {per}"
    return f"per {_LENGTHS[per]}" if per in _LENGTHS else f"in {per:g} s"


def _unit(text: str) -> tuple[str, tuple[EffectKind, ...]] | None:
    for words, name, kinds in _UNITS:
        if wording(rf"\b(?:{words})\b").search(text):
            return name, kinds
    return None


def _number(text: str) -> float | None:
    text = text.strip().lower().lstrip("$~")
    if text in _NUMBERS:
        return float(_NUMBERS[text])
    upper = re.split(r"\s?[-\u2013]\s?", text)[-1]
    return amounts.number(upper)
