"""Owns amounts: numbers, units, lengths of time and ranges, as people write them.

Both ways: read from a sentence, and said in a report or a refusal. A range (``15-20``)
counts as its upper end, ``~20`` as 20. Times are seconds. What a limit applies to is not
decided here.
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
_LASTING = ((2592000, "month"), (604800, "week"), (86400, "day"), (3600, "hour"),
            (60, "minute"), (1, "second"))  # fmt: skip
_SIZES = ((1024**4, "TB"), (1024**3, "GB"), (1024**2, "MB"), (1024, "KB"))
_TIMES = {0: "never", 1: "once", 2: "twice"}
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


# -- said ---------------------------------------------------------------------------------


def figure(amount: float) -> str:
    """Say a number: ``750,000,000``, ``0.5``."""
    if amount == int(amount):
        return f"{int(amount):,}"
    return f"{amount:,.4f}".rstrip("0").rstrip(".")


def many(amount: float, unit: str) -> str:
    """Say how many of something whose name is in the plural: ``1 mail``, ``3 mails``."""
    if amount == 1 and unit.endswith("es") and unit[:-2].endswith(("ch", "sh", "x")):
        return f"1 {unit[:-2]}"
    return f"{figure(amount)} {unit.removesuffix('s') if amount == 1 else unit}"


def times(amount: float) -> str:
    """Say how often: ``once``, ``twice``, ``3 times``."""
    return _TIMES.get(int(amount)) or f"{figure(amount)} times"


def dollars(amount: float) -> str:
    """Say a sum, in cents only where there are any: ``$5``, ``$0.25``."""
    return f"${figure(amount)}" if amount == int(amount) else f"${amount:,.2f}"


def size(amount: float) -> str:
    """Say a number of bytes in its largest whole unit: ``500 MB``, ``1,500 bytes``."""
    for scale, unit in _SIZES:
        if amount >= scale and amount * 10 % scale == 0:
            return f"{figure(amount / scale)} {unit}"
    return many(amount, "bytes")


def lasting(length: float) -> str:
    """Say a length of time in its largest whole unit: ``2 days``, ``90 seconds``."""
    if length < 1:
        return many(length * 1000, "milliseconds")
    for scale, unit in _LASTING:
        if length % scale == 0:
            return many(length / scale, f"{unit}s")
    return many(length, "seconds")


def about(length: float) -> str:
    """Say a length of time that was measured: ``2.3 seconds``, ``95 minutes``."""
    for scale, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if length >= 2 * scale:
            return many(round(length / scale), unit)
    return many(round(length) if length >= 10 else round(length, 1), "seconds")


def period(per: str | float) -> str:
    """Say over what a limit counts: ``per run``, ``per hour``, ``per 15 minutes``."""
    if isinstance(per, str):
        return f"per {per}"
    return f"per {lasting(per).removeprefix('1 ')}"
