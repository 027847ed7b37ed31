"""Sizes: how many bytes a file, a message or a download may have.

Takes::

    Never write files larger than 10 MB.
    Keep `out/**` under 500 KB.
    Outgoing messages must not be larger than 5 MB.

Refuses sizes that happen (``if a file is over 5 MB, ...``) and sizes that must be reached.
"""

from __future__ import annotations

import re

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import amounts
from soulguard.soul.drafts import UNSAFE, WRITES, Draft, quoted
from soulguard.soul.literals import glob
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, wording

FAMILY = "resource-limit"

_SIZES = Pattern(
    r"(?<![\w.-])(\d[\d,]{0,12}(?:\.\d+)?)\s?(bytes?|b|[kmgt]i?b|kilobytes?|megabytes?|gigabytes?|megs?|gigs?)\b"
)
_HOLDERS = wording(
    r"\b(?:files?|outputs?|writes?|writing|uploads?|downloads?|downloading|attachments?|documents?|reports?|"
    r"artifacts?|images?|exports?|logs?|size|pdfs?|photos?|pictures?|screenshots?|videos?|csvs?|archives?|backups?)\b"
)
_KINDS = (
    (wording(r"\bpdfs?\b"), ("**/*.pdf",)),
    (wording(r"\bcsvs?\b"), ("**/*.csv",)),
    (wording(r"\bimages?\b|\bphotos?\b|\bpictures?\b|\bscreenshots?\b"), ("**/*.{png,jpg,jpeg,gif,webp,svg}",)),
    (wording(r"\bvideos?\b"), ("**/*.{mp4,mov,webm,mkv,avi}",)),
    (wording(r"\blogs?\b"), ("**/*.log", "**/logs/**")),
)  # fmt: skip
_MESSAGES = wording(
    r"\b(?:e-?mails?|mails?|messages?|attachments?|requests?|posts?|payloads?|request bod(?:y|ies)|uploads?)\b"
)
_LARGER = wording(
    r"\b(?:max(?:imum)?|at most|no more than|not more than|limit(?:ed)?|cap(?:ped)?|under|below|up to|fewer than|"
    r"less than|exceed\w*|never go over|ceiling|quota|more than|over|above|beyond|larger|bigger|heavier|"
    r"smaller than|most|or less|tops|within|past)\b|[<>\u2264]"
)
_WHENEVER = wording(
    r"\A\W*(?:if|when|once|whenever)\b|\b(?:needs?|requires?|at least|minimum)\b"
)
"""Where a size is what happens, or what there has to be, and no limit."""
_CAPS = wording(
    r"\b(?:max(?:imum)?|at most|no more than|not more than|limit\w*|cap(?:ped|s)?|under|below|up to|fewer than|less than|"
    r"smaller than|ceiling|quota|or less|tops|within|most)\b|[<\u2264]"
)
_REFUSED = wording(
    r"\b(?:no|never|not|cannot|nothing|refuse\w*|forbidden|prohibited|skip|avoid|reject|don't)\b|n't\b"
)
_KEPT = wording(r"\b(?:keep|limit|cap|must|should|may|never|not|no|stays?|trim)\b")
_OUT = wording(r"\b(?:e-?mails?|mails?|messages?|outgoing|outbound|send\w*|sent)\b")


def limits(low: str, reading: Reading, *, denied: bool = False) -> list[Draft]:
    """Give the limits on a size that a text sets; none where it sets none.

    `denied`: what is more is forbidden or asked about.
    """
    found = _SIZES.search(low)
    if not found or not _LARGER.search(low):
        return []
    if _WHENEVER.search(low) or not found[1].strip("0,."):
        return []
    if not _CAPS.search(low) and not (denied or _REFUSED.search(low)):
        return []  # "payloads over 1 MB are cut by the gateway"
    size = _bytes(found[1], found[2])
    paths = tuple(glob(x.text) for x in reading.paths)
    kept = bool(paths) and _KEPT.search(low)
    if not (kept or _HOLDERS.search(low)):
        return _messages(size) if _MESSAGES.search(low) else []
    named = paths if kept else _kinds(low)
    meaning = (
        f"{quoted(named) if named else 'a file'} over {amounts.size(size)} is refused"
    )
    where = Where(paths=named)
    params = {"max": size, "unit": "bytes", "per": "file"}
    written = Draft(FAMILY, Action.LIMIT, WRITES, meaning, where, params=params)
    outside = _messages(size) if not kept and _OUT.search(low) else []
    return [written, *outside]


def _messages(size: float) -> list[Draft]:
    """A mail or a call with a body over a size."""
    params = {"max": size, "unit": "bytes", "per": "call"}
    says = f"over {amounts.size(size)} is refused"
    call, mail = (EffectKind.HTTP_CALL,), (EffectKind.MAIL_SEND,)
    where = Where(methods=UNSAFE)
    return [
        Draft(FAMILY, Action.LIMIT, mail, f"a mail {says}", params=params),
        Draft(FAMILY, Action.LIMIT, call, f"a call {says}", where, params=params),
    ]


def _kinds(low: str) -> tuple[str, ...]:
    """Give the files that are of a kind a text names (``PDFs under 2 MB``)."""
    return next((globs for p, globs in _KINDS if p.search(low)), ())


def _bytes(number: str, unit: str) -> float:
    short = re.sub(
        r"(?<=[kmgt])(?:ilobytes?|egabytes?|igabytes?|egs?|igs?)\Z", "b", unit
    )
    return amounts.number(number + ("b" if short.startswith("byte") else short)) or 0.0
