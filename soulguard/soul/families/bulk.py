"""Many at once: a person is asked about a number of files or messages, not about one.

Takes::

    Ask before bulk edits.
    Deleting more than 5 files at once requires approval.      with limits, which counts
    Confirm with me before mass emails.
    Don't rename more than a handful of files without asking.

Where nobody says how many are many, it is more than `FROM` of them in a run. Refuses
what is no deed of the agent's (``the batch API``, ``bulk data``).
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action, EffectKind
from soulguard.soul import amounts
from soulguard.soul.drafts import WRITES, Draft, World
from soulguard.soul.frames import Frame
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, Stems, wording

FAMILY = "bulk-ask"
FROM = 10
"""How many are *bulk*, *mass* or *a handful* where nobody says."""

_STEMS = Stems(("bulk", "mass", "batch", "handful", "more than"))
_MANY = wording(
    r"\b(?:bulk|mass|batch)[ -](?!(?:api|of|size|job|mode|data)\b)|\bin bulk\b|"
    r"\bmore than (?:a (?:handful|few|couple)|several)\b"
)
_COUNTED = wording(
    rf"(?:\b(?:more than|over|above|exceeding)|>)\s*(?:\d|(?:{amounts.WORDS})\b)"
)
_COUNT = Pattern(
    rf"(?:\b(?:more than|over|above|exceeding)|>)\s*(?P<n>\d{{1,6}}|{amounts.WORDS})\s(?:\w+\s)?(?:files?|documents?)\b"
)
_DEEDS = wording(
    r"\b(?:operations?|actions?|edits?|editing|chang\w+|updates?|updating|delet\w+|remov\w+|renam\w+|writes?|moves?|moving)\b"
)
_ASKS = wording(
    r"\b(?:require|need)s?\b.*\b(?:approval|confirmation|permission|sign-?off|consent)\b|"
    r"\bneeds? (?:an?|my|your|the) (?:human|person|go|yes|ok|okay)\b"
)
_PEOPLE = Pattern(
    rf"(?:\b(?:more than|over|above|exceeding)|>)\s*(?P<n>\d[\d,]*|{amounts.WORDS})\s(?:\w+\s)?"
    r"(?:people|persons|recipients|contacts|addresses|subscribers|customers|users|clients|members|leads|guests)\b"
)
_SENT = wording(
    r"\b(?:send\w*|sent|e-?mail\w*|mail\w*|messag\w+|newsletters?|writ\w+|contact\w*|broadcast\w*|blast\w*|campaigns?)\b"
)
_DELETED = wording(r"\b(?:delet\w+|remov\w+|eras\w+|purg\w+|wip\w+)\b")
_MAILS = wording(r"\b(?:e-?mails?|e-?mailings?|mails?|mailings?|newsletters?)\b")


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the rule of a sentence that asks about many without a number."""
    if not _STEMS.within(reading.low):
        return
    asks = any(f.modality is Modality.ASK for f in reading.frames)
    asks = asks or _ASKS.search(reading.low)
    asks = asks or reading.above is Modality.ASK
    if asks and (people := _PEOPLE.search(reading.low)) and _SENT.search(reading.low):
        most = amounts.whole(people["n"]) or float(FROM)
        meaning = f"mails to more than {amounts.many(most, 'recipients')} per run wait for a person"
        yield _limit((EffectKind.MAIL_SEND,), meaning, "recipients", most, "run")
        return
    if not asks or not _MANY.search(reading.low):
        return
    if _MAILS.search(reading.low):
        meaning = f"more than {FROM} mails per run wait for a person"
        yield _limit((EffectKind.MAIL_SEND,), meaning, "mails", float(FROM), "run")
    elif _DEEDS.search(reading.low):
        said = _COUNT.search(reading.low)
        most = (amounts.whole(said["n"]) if said else None) or FROM
        yield of_files(most, "run", "per run", reading.low)


def many(frame: Frame, reading: Reading) -> bool:
    """Whether a person is asked about many, so that one alone may pass."""
    counted = _COUNTED.search(reading.low)
    asks = frame.modality is Modality.ASK
    return asks and bool(counted or _MANY.search(reading.low))


def of_files(most: float, per: str | float, period: str, low: str) -> Draft:
    """Give the rule on files that are touched, or deleted, beyond a number."""
    deleted = _DELETED.search(low)
    kinds = (EffectKind.FILE_DELETE,) if deleted else WRITES
    what = "deleted files" if deleted else "files"
    meaning = f"more than {amounts.many(most, what)} {period} wait for a person"
    return _limit(kinds, meaning, "files", float(most), per)


def _limit(
    kinds: tuple[EffectKind, ...],
    meaning: str,
    unit: str,
    most: float,
    per: str | float,
) -> Draft:
    params = {"max": most, "unit": unit, "per": per, "on_exceed": "ask"}
    return Draft(FAMILY, Action.LIMIT, kinds, meaning, params=params)
