"""Owns caps: how a text says that a number is the most there may be, and over what time.

``at most 10 emails per day``, ``60 requests/minute``, ``never more than 5 files``. Of a
range the upper end counts. What becomes of a cap is the families' business.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from soulguard.soul import amounts, units
from soulguard.soul.units import Unit
from soulguard.soul.wording import Pattern, wording

_WORDS = amounts.WORDS
_N = (
    r"(?P<n>[$\u20ac\u00a3]?~?\d(?:[\d,]*\d)?(?:\.\d+)?\s?(?:(?:[kKmM]|million|thousand)\b)?"
    rf"(?:\s?[-\u2013]\s?\d+)?|(?:{_WORDS})\b)"
)
_CAP = (
    r"(?:max(?:imum)?(?: of)?|at most|no more than|not more than|limit(?:ed)?(?: of| to)?|"
    r"cap(?:ped)?(?: of| at)?|under|below|up to|fewer than|less than|never (?:exceed|go over)|"
    r"(?:not|n't) (?:exceed|go over)|exceed|<|\u2264|after spending|(?:has|have) cost|"
    r"(?:spend(?:ing)? )?caps?|limits?|budgets?(?: of| is)?|ceiling|quota(?: of)?|"
    r"keep (?!it\b|them\b|this\b)\w+ to|(?:stop|pause|halt|check in) (?:after|(?:when|once|if) (?:you have |you've |i have |you )?"
    r"(?:used|spent|spend|reach(?:ed)?|hit|burned))|(?:once|when) (?:you have |you've |you )(?:spent|used|burned)|"
    r"(?:spend(?:ing)?|costs?|spend|usage) (?:passes|exceeds|goes (?:over|above)|reaches|hits)|throttled? \w+(?: \w+)? ?(?:to|:)|may cost)"
)
_OVER = r"(?:more than|over|above|>|exceed(?:ing)?|larger than|bigger than)"
_PERIOD = r"(?:/\s?|\b(?:per|an?|each|every|within(?: an?)?|in (?:an?|one|any)|in(?= \d))\b\s?)"
_TIME = (
    rf"(?:(?P<times>\d{{1,4}}|{_WORDS})\s?)?(?P<per>milliseconds?|seconds?|secs?|minutes?|mins?|"
    r"hours?|days?|weeks?|months?|run|session|cycle|ms|s|m|h|d|24 ?h(?:ours)?)\b"
)
_CAPPED = Pattern(
    rf"\b{_CAP}[\s:](?:(?!no\b)[a-z]+\s+){{0,3}}?[a-z]*(?:\s*\([a-z]+\))?\s*[:;]?\s*~?{_N}(?![a-z])(?P<rest>.*)"
)
_RATED = Pattern(
    rf"(?:\A|(?<=[\s(])){_N}\s?(?P<unit>[\w' -]{{0,40}}?)\s?{_PERIOD}{_TIME}"
)
_MONEY = wording(
    r"[$\u20ac\u00a3]|\b(?:usd|eur|dollars?|cents|usdt|usdc|spend|cost|budget|euros?)\b"
)
_IN_WORDS = wording(rf"\b(?:{_WORDS})\b|\ban? (?:second|minute|hour|day|week)\b")
_PER = Pattern(
    rf"{_PERIOD}(?:(?!\d|(?:{_WORDS})\b)\w+ )?{_TIME}|\b(?P<ly>daily|hourly|weekly|monthly)\b"
)
_SIGN = wording(r"[$\u20ac\u00a3]")
_EXCEEDED = Pattern(rf"(?:\b|(?=>)){_OVER}\s*~?{_N}(?P<rest>.*)")
_LIMITING = wording(
    r"\b(?:max(?:imum)?|limits?|caps?|at most|no more|rate|throttle|quota|only|up to|keep|you have|you get|allowed(?= \d)|allowance|"
    r"never more|not more|is plenty|is enough|tops|not (?:a single )?one more|restricted|nothing more)\b|"
    r"\A(?:one|an?) |\A(?:api|rate|throughput|crawl(?:ing)?|scraping|speed)\b[\w ]*:"
)
_TIMED = Pattern(
    r"\s?(?:%|(?:ms|fps|s|secs?|seconds?|mins?|minutes?|hours?|h|days?|weeks?)\b)"
)
_NEAR = re.compile(r"\b(?:per|each|every)\b|[,;]")
_AT_MOST = Pattern(
    rf"(?<![\w.]){_N}(?P<rest>(?:\s[a-z-]+){{0,4}}?)\s(?:at most|max(?:imum)?|or less|or fewer|tops)\b"
)
_UNNAMED = Pattern(
    r"\s*(?:\Z|[.,;:)!/|]|per\b(?!-)|an?\b|each\b|every\b|usd|eur|dollars?|usdt|usdc|in total|total|of\b|"
    r"tool|times?\b|at most|max(?:imum)?\b|tops\b)"
)
_HAPPENS = wording(r"\A\W*(?:if|when|once|whenever) (?:>|more than|over|above)")
_POSTED = wording(r"\b(?:post|publish|tweet|upload|share)(?:s|es|ed|ing)?\b")
_PIECES = re.compile(
    r"\b(?:articles?|threads?|videos?|stories|reels?|pieces?|clips?)\b"
)
_CERTAIN = wording(
    r"\b(?:max(?:imum)?|at most|no more|never more|limits?|caps?|up to)\b"
)
_PAGES = wording(r"\bpages?\b")
_USUAL = wording(
    r"\b(?:on average|average|usually|typically|normally|roughly|approximately|around|about|currently|historically|"
    r"aim|aiming|target|goal|expect\w*|ideally|try to|at least|minimum)\b"
)
"""What is usual, or wished for, and no limit."""
_RANGED = re.compile(r"\d\s?[-\u2013]\s?\d")
_AGAIN = Pattern(
    r"(?:,|;|,? and| or|\.|, but)\s+(?=(?:(?:max(?:imum)?|at most|no more than|not more than|more than|up to|only)\s)?"
    rf"(?:\d[\d,]*|{_WORDS})\s?(?:[a-z]+\s){{0,2}}?(?:/\s?|(?:per|an?|each|every|in one|in an?)\s){_TIME.replace('?P<times>', '?:').replace('?P<per>', '?:')})"
)
"""Where a further cap begins: ``12 orders per hour, 60 per day``."""
_STYLE = wording(
    r"\b(?:sentences?|lines?|words?|paragraphs?|bullets?|emojis?|questions?|options?|"
    r"ideas?|steps?|tabs?|points?|items?|topics?|times? zone|"
    r"hours? of sleep|reps|sets|zone|percent|%)\b"
)


_MAILED = wording(r"\be-?mails?\b|\bmails?\b")
_AHEAD = 5
"""Words before a number of starts, in a sentence that demands and does not describe."""


@dataclass(frozen=True, slots=True)
class Cap:
    """The most there may be of a `unit` over a time; of money where `money`.

    `per` is seconds or ``run``, `words` what stands beside the number.
    """

    n: float
    per: str | float
    unit: Unit | None
    words: str
    money: bool = False


def parts(low: str) -> list[str]:
    """Split a text where a further cap begins."""
    ends = [m.span() for m in _AGAIN.made.finditer(low)]
    starts = [0, *(end for _, end in ends)]
    return [
        low[a:b] for a, b in zip(starts, [*(s for s, _ in ends), len(low)], strict=True)
    ]


def numbered(low: str) -> bool:
    """Whether there is a number in a text at all."""
    return any(c.isdigit() for c in low) or _IN_WORDS.search(low)


def find(
    low: str, *, denied: bool, headed: str = "", like: Unit | None = None
) -> Cap | None:
    """Give the cap of a text in lower case, None for none.

    `denied`: what is more is forbidden or asked about. `headed` is the heading that says
    these are limits; `like` is what was counted before, where nothing else is named.
    """
    found = _capped(low, denied=denied, headed=headed, like=like)
    return found or _rated(low, headed=headed, like=like)


def _capped(low: str, *, denied: bool, headed: str, like: Unit | None) -> Cap | None:
    found = _CAPPED.search(low) or _AT_MOST.search(low)
    if found is None and denied and not _HAPPENS.search(low):
        found = _EXCEEDED.search(low)
    if found is None:
        return None
    n, rest = _number(found["n"]), found["rest"]
    if ";" in found[0] and found[0].startswith(("below", "under")):
        return None  # "see the section below; 3 files stay in step"
    near = " ".join(_NEAR.split(rest, maxsplit=1)[0].split()[:4])
    if _POSTED.search(low):
        near = _PIECES.sub("posts", near)
    if n is None or _STYLE.search(near) or _TIMED.match(rest):
        return None
    said = low[: found.start()].split()[-4:]
    if near.startswith("times"):
        said = [*said[:1], *said[1:][-1:]]  # "poll the post status": no post is counted
    ahead = " ".join(said)
    inside = low[found.start() : found.start("n")]
    if not units.find(near) and not _UNNAMED.match(rest):
        return None  # a number of something else
    per = period(f"{rest} {inside} {ahead}")
    counted = units.find(near)
    if counted and counted.commands and len(low[: found.start()].split()) > _AHEAD:
        return None  # "it detects dead channels, restarts with a pause, max 5 restarts"
    if _PAGES.search(near) and isinstance(per, str):
        return None
    words = next((u for u in (near, inside, ahead, headed) if units.find(u)), near)
    words = _of_mail(words, low[: found.start()])
    told = near if units.find(near) else f"{inside} {near}"  # "a budget of 40 calls"
    priced = _MONEY.search(told) and "token" not in low
    money = bool(_SIGN.search(found["n"]) or priced)
    return Cap(n, per, units.find(words) or like, words, money)


def _of_mail(words: str, before: str) -> str:
    """``outgoing email is capped at 200 messages``: these are mails."""
    mails = _MAILED.search(before) and units.find(words) is units.find("messages")
    return "mails" if mails else words


def _rated(low: str, *, headed: str, like: Unit | None) -> Cap | None:
    """``10/day``, ``60 requests/minute``: a rate alone, or after a word of limits."""
    found = _RATED.search(low)
    if not found:
        return None
    limits = bool(headed or like or _LIMITING.search(low))
    if not limits and (low[: found.start()].strip() or _RANGED.search(found["n"])):
        return None
    if _USUAL.search(low) and not _CERTAIN.search(low):
        return None
    n = _number(found["n"])
    words = found["unit"].strip() or " ".join(low[: found.start()].split()[-5:])
    if n is None or _STYLE.search(words):
        return None
    per = period(low[found.start("unit") : found.end()])
    money = bool(_SIGN.search(found["n"]) or _MONEY.search(words))
    if money and not limits:
        return None  # "$20 a month" is a price
    unit = units.find(words) or like or units.find(headed)
    return Cap(n, per, unit, words, money)


def period(text: str) -> str | float:
    """Give the seconds over which a text counts, ``run`` where it says no time."""
    found = _PER.search(text)
    if not found:
        return "run"
    word = found["per"] or found["ly"]
    if word in ("run", "session", "cycle"):
        return "run"
    length = amounts.seconds(re.sub(r"24 ?h(?:ours)?", "day", word)) or 0
    return length * (amounts.whole(found["times"] or "1") or 1) or "run"


def _number(text: str) -> float | None:
    text = text.strip().lower().lstrip("$\u20ac\u00a3~ ")
    for word, scale in ((" million", "m"), (" thousand", "k")):
        text = text.replace(word, scale)
    return amounts.whole(text)
