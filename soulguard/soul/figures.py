"""Owns figures made alike: one way of writing for each number, sum and length of time.

``thirty (30) requests in any sixty-second period`` becomes ``30 requests per 60
second``, ``EUR 50,000`` becomes a sum with its sign. What a figure limits is not
decided here.
"""

from __future__ import annotations

import re

from soulguard.soul import amounts

_WORD = rf"(?:{amounts.WORDS})"
_UNIT = r"(?:seconds?|secs?|minutes?|mins?|hours?|days?|weeks?)"
_SUM = r"\d[\d,]*(?:\.\d+)?(?:\s?(?:k|m|million|thousand)\b)?"
_SIGNS = {"usd": "$", "usdt": "$", "usdc": "$", "us$": "$", "dollar": "$", "buck": "$", "eur": "\u20ac", "euro": "\u20ac",
          "gbp": "\u00a3", "pound": "\u00a3"}  # fmt: skip
_CURRENCY = r"(?P<c>usd[tc]?|us\$|dollars?|bucks|eur|euros?|gbp|pounds?(?! of))"
_KEYED = re.compile(
    r"\A(?!max|limit|cap|up to|at most)([a-z][a-z ]{1,30}?)\s?(?:/|per )\s?(second|sec|minute|min|hour|day|week|month)\s?[:=]\s?(\d[\d,]*)\W*\Z"
)
"""``posts/day: 5``."""
_EVEN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"\b{_WORD}\s\((\d+)\)"), r"\1"),
    (re.compile(r"(?<=\d)-(?=(?:second|sec|minute|min|hour|day|week|month)\b)"), " "),
    (re.compile(r"(?<=\bper )(\w+) and (?=(?:day|week|hour|month)\b)"), r"\1 per "),
    (re.compile(r"\b(?:one|an?) hundred\b"), "100"),
    (re.compile(r"\b(?:one|a) thousand\b"), "1000"),
    (re.compile(r"\b(?:one|a) dozen\b"), "12"),
    (re.compile(r"\bhalf an hour\b|\bhalf hour\b"), "30 minutes"),
    (re.compile(r"\b(?:an? )?quarter of an hour\b"), "15 minutes"),
    (re.compile(r"\b(\d+)\s?rp(s|m|h)\b"), r"\1 requests/\2"),
    (re.compile(r"\breqs?\b(?=\.?\s?(?:/|per|each|every|an?\b))"), "requests"),
    (re.compile(r"\bpro (?=stunde|tag|woche|minute|sekunde|monat)"), "per "),
    (re.compile(r"\bstunden?\b"), "hour"),
    (re.compile(r"(?<=per )tag\b"), "day"),
    (re.compile(r"(?<=per )woche\b"), "week"),
    (re.compile(r"(?<=per )sekunde\b"), "second"),
    (re.compile(r"(?<=per )monat\b"), "month"),
    (re.compile(r"\b(?:h\u00f6chstens|maximal|nicht mehr als)\b"), "at most"),
    (re.compile(r"\bmax\.(?=\s?[\d$\u20ac\u00a3])"), "max"),
    (re.compile(
        r"(?<=\bper )(?:calendar|rolling|clock|business|working|single|any|given|full|trading) (?=second|minute|hour|day|week|month)"
    ), ""),
    (re.compile(
        r"(?<!twice )\b(?:in|within|over|during)(?: (?:any|each|every|one|the same|an?|the))?(?: (?:given|rolling|single|calendar))? "
        r"(?=(?:second|minute|hour|day|week|month)\b(?! of\b))"
    ), "per "),
)  # fmt: skip
_SPAN = re.compile(
    rf"\b(?:in|within|over|during|per|every)(?: (?:any|each|every|a|an|one|the same))?(?: rolling)? "
    rf"(?P<n>\d+|{_WORD})[- ]?(?P<unit>{_UNIT}|h|s|d)(?:\b[- ](?:period|window|span|interval|time ?frame|stretch))\b"
)
_DAY = re.compile(
    r"(?:\b(?:in|within|over|per|every)(?: any| the last| each)? |/\s?)24[ -]?h(?:ours?|rs?)?\b"
)
_NAMED = re.compile(rf"\b{_CURRENCY}(?:\s?[:=])?\s?(?P<n>{_SUM})")
_TRAILED = re.compile(
    rf"(?<![\w$\u20ac\u00a3])(?P<n>{_SUM})\s?(?:{_CURRENCY}\b|(?P<s>[\u20ac\u00a3$]))"
)
_APART = re.compile(r"(?<=[$\u20ac\u00a3])\s+(?=\d)")
_NEED = re.compile(
    r"\d|\b(?:one|an?|two|three|per|pro|h\u00f6chstens|maximal|"
    + amounts.WORDS
    + r")\b"
)


def even(low: str) -> str:
    """Write the figures of a text in lower case as limits are read."""
    if not _NEED.search(low):
        return low
    low = _KEYED.sub(r"\3 \1/\2", _SPAN.sub(_spanned, low))
    for pattern, plain in _EVEN:
        low = pattern.sub(plain, low)
    low = _DAY.sub(" per day", low)
    low = _APART.sub("", _TRAILED.sub(_signed, _NAMED.sub(_signed, low)))
    return " ".join(low.split())


def _spanned(found: re.Match[str]) -> str:
    return f"per {amounts.figure(amounts.whole(found['n']) or 0)} {found['unit']}"


def _signed(found: re.Match[str]) -> str:
    said = found["c"] or found.groupdict().get("s") or ""
    return f"{_SIGNS.get(said.removesuffix('s'), said)}{found['n']}"
