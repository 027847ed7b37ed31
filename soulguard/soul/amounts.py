"""Owns amounts: numbers, units, lengths of time and ranges, as people write them.

A range (``15-20``) counts as its upper end, ``~20`` as 20. Times are seconds. What a
limit applies to is not decided here.
"""

from __future__ import annotations

import re

_SECONDS = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "hourly": 3600,
    "d": 86400, "day": 86400, "days": 86400, "daily": 86400,
    "w": 604800, "week": 604800, "weeks": 604800, "weekly": 604800,
    "month": 2592000, "months": 2592000, "monthly": 2592000,
    "ms": 0.001, "millisecond": 0.001, "milliseconds": 0.001,
}  # fmt: skip
_SPOKEN = {
    "once": 1, "one": 1, "a": 1, "an": 1, "single": 1, "twice": 2, "two": 2, "three": 3,
    "thrice": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "third": 3, "fourth": 4, "fifth": 5, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "thousand": 1000,
}  # fmt: skip
_UNSURE = ("a", "an", "single", "hundred", "thousand", "third", "fourth", "fifth")
WORDS = "|".join(w for w in _SPOKEN if w not in _UNSURE)
"""Numbers in words, as an alternative of a regular expression."""
_SCALE = {"b": 1, "k": 1_000, "m": 1_000_000, "kb": 1024, "mb": 1024**2, "gb": 1024**3,
          "kib": 1024, "mib": 1024**2, "gib": 1024**3, "tb": 1024**4}  # fmt: skip
_DURATION = re.compile(r"(\d+(?:\.\d+)?)?\s*([a-z]+)", re.IGNORECASE)
_NUMBER = re.compile(r"\$?\s*(\d[\d,]*(?:\.\d+)?)\s*([kKmMgGtT]i?[bB]?|[bB])?\b")
SCOPES = ("run", "session", "attempt", "target", "recipient", "file", "call")


def seconds(text: str) -> float | None:
    """Give a length of time such as ``5s``, ``2 minutes`` or ``day`` in seconds."""
    match = _DURATION.fullmatch(text.strip())
    if not match or match[2].lower() not in _SECONDS:
        return None
    return float(match[1] or 1) * _SECONDS[match[2].lower()]


def number(text: str) -> float | None:
    """Give a number such as ``1,200``, ``50k``, ``$5`` or ``10MB``."""
    match = _NUMBER.fullmatch(text.strip())
    if not match:
        return None
    return float(match[1].replace(",", "")) * _SCALE.get((match[2] or "").lower(), 1)


def whole(text: str) -> float | None:
    """Give a number in digits or words; of a range the upper end counts."""
    text = text.strip().lower().lstrip("~")
    if text in _SPOKEN:
        return float(_SPOKEN[text])
    return number(re.split(r"\s?[-\u2013]\s?", text)[-1])


def of_key(name: str, text: str) -> float | str:
    """Read the value of a key of ``limit``.

    Raises:
        ValueError: not of the kind the key takes; the text says which.
    """
    if name in ("max", "at_once"):
        found = number(text)
        if found is None:
            raise ValueError(f"`{text}` is not a number")
        return found
    if name == "gap":
        found = seconds(text)
        if found is None:
            raise ValueError(f"`{text}` is not a time such as `5s` or `2min`")
        return found
    if name == "per":
        if text in SCOPES:
            return text
        found = seconds(text)
        if found is None:
            raise ValueError(f"`{text}` is not a time such as `1h`, nor `run`")
        return found
    if name == "on_exceed":
        if text not in ("wait", "deny", "ask"):
            raise ValueError(f"`{text}` is not `wait`, `deny` or `ask`")
        return text
    return text
