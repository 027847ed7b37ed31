"""Secrets: known values and key formats must not leave or be written down.

Takes::

    Never log, display, echo, or transmit API keys, passwords, tokens.
    Never commit `.env`, secrets, or credentials.
    No secrets in code.
    Do not store secret values in memory files.

What counts as a secret is decided when bytes leave: values of secret-looking variables in
the environment, and the formats of well-known keys. Refuses sentences that only ask for
care (``treat credentials as sensitive``) and tokens that are counted, not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind
from soulguard.soul.drafts import WRITES, Draft, World
from soulguard.soul.frames import Frame, frames
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading, plain
from soulguard.soul.wording import wording

EGRESS, STORED = "secret-egress", "secret-in-file"

_STORING = wording(
    r"\b(?:stor|sav|writ|commit|hard-?cod|log|embed|put|persist|record|keep|push|check in|"
    r"includ|in code|in logs?|in (?:memory|files?|plain ?text|source|config))"
)
_COUNTED = wording(
    r"\b(?:needed|required|necessary|budget|limit|spend|wast|count|usage|shill|launch|trad|swap|mint|stak|holders?\b|pric(?:es?|ing)\b|tickers?\b|coins?\b|buy|sell)|\b(?:yet|found|available|configured|set up)\b|"
    r"\bto (?:save|conserve) (?:on )?tokens\b"
)
_NAMES = r"(?:secrets?|credentials?|api[- ]keys?|tokens?|passwords?|private keys?)\b"
_KEPT_OUT = wording(
    rf"\b(?:keep|leave|stays?)\b.*\bout of\b|"
    rf"\b{_NAMES}.*(?:\bnever|\bnot|n't)\b (?:go |belong |end up |be )?(?:in|into|to)\b "
    r"(?:the |any |an? |your |my )?(?:files?|code\w*|repo\w*|git|logs?|source|memory|chats?|version control|"
    r"e-?mails?|messages?|prompts?|tickets?|issues?|slack|responses?|outputs?|commits?)\b|"
    rf"\b{_NAMES}.*\b(?:stay|remain)s? (?:local(?:ly)?\b|(?:on|in|inside|within) (?:this|the|your|my|our)\b)|"
    rf"\b{_NAMES}.*\b(?:never|not|n't)\b.*\bpart of\b|"
    rf"\b(?:never|not|n't) (?:\w+ )?check (?:\w+ ){{0,3}}{_NAMES}.*\bin(?:to)?\b|"
    rf"\b(?:redact|mask|scrub)\b.*\b{_NAMES}.*\b(?:before|from|in)\b"
)
_SAME = wording(r"\b(?:them|it|values?|these|those)\b")
_NAMED = wording(r"\b(?:credentials?|secrets?|api keys?|passwords?|private keys?)\b")
_WORDS = (
    r"(?:secrets?|credentials?|api[- ]keys?|tokens?|passwords?|private keys?|keys)\b"
)
_ENDS = (
    r"(?=\s*(?:\Z|[.,;:!()/\u2013\u2014-]|(?:and|or|in|on|to|into|inside|within|at|ever|anywhere|hard-?coded|"
    r"committed|stored|written|logged|shared|exposed|sent|allowed|here|via|by|through|with|without|are|is|may|"
    r"must|should|of any|that|which)\b))"
)
"""What may follow secrets that are the thing itself: ``no API key revocations`` is not."""
_TALK = wording(r"\b(?:ask|request|invent|guess|assume|need)\b")
_LETTING_OUT = frozenset(
    ("external", "log", "share", "upload", "send", "post", "write", "append", "commit")
)
_NOUNS = ("changes", "updates", "edits")
_LEAVING = (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND, EffectKind.COMMAND_RUN)


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the secret rule of a sentence."""
    if _under_ban(reading):
        yield from _drafts(reading)
        return
    for frame in reading.frames:
        kept_out = frame.modality in (
            Modality.NONE,
            Modality.MUST,
        ) and _KEPT_OUT.search(reading.low)
        if not (frame.modality is Modality.DENY or kept_out) or not _names_secrets(
            frame, reading
        ):
            continue
        if _COUNTED.search(frame.text) or _TALK.search(frame.text) or frame.numbers:
            continue
        loud = (
            (frame.acts & _LETTING_OUT and frame.verb not in _NOUNS)
            or frame.verb.startswith("belong")
            or _KEPT_OUT.search(reading.low)
        )
        if not loud and not _noun(reading):
            continue
        yield from _drafts(reading)
        return


def _under_ban(reading: Reading) -> bool:
    """An item that is nothing but secrets, under ``Never write to memory:``."""
    lead = reading.clause.leads[-1:]
    named = [f for f in reading.frames if "secrets" in f.objs and not f.acts]
    free = all(f.modality is Modality.NONE for f in reading.frames)
    if reading.clause.kind != "list" or not (lead and named and free):
        return False
    above = frames(plain(lead[0]), Modality.NONE)
    return any(f.modality is Modality.DENY and f.acts & _LETTING_OUT for f in above)


def _names_secrets(frame: Frame, reading: Reading) -> bool:
    if "secrets" in frame.objs:
        return not (frame.literals and {"token", "tokens"} & set(frame.words)) or bool(
            _NAMED.search(reading.low)
        )
    if (
        frame.acts & {"share"}
        and _SAME.search(frame.text)
        and _NAMED.search(reading.low)
    ):
        return True
    lone = not (frame.objs or frame.literals or frame.unknown)
    if lone and "commit" in frame.acts and _NAMED.search(reading.low):
        return True  # "Secrets by environment only - never commit"
    dotenv = any(x.text.startswith(".env") for x in frame.literals)
    return (
        dotenv and bool(frame.acts & {"share", "commit"}) and "read" not in reading.low
    )


def _noun(reading: Reading) -> bool:
    """``No secrets in code``, ``No API keys``: a thing that may not be there."""
    return bool(
        re.match(
            rf"(?:\w+: )?(?:no|zero) (?:[\w-]+ ){{0,1}}{_WORDS}{_ENDS}", reading.low
        )
    )


def _drafts(reading: Reading) -> Iterator[Draft]:
    # each rule is named for its side; the side the sentence is about comes first
    stored = bool(_STORING.search(reading.low))
    leaving = Draft(
        EGRESS,
        Action.SECRET,
        _LEAVING,
        "known secrets in outgoing calls, mails and command lines are refused",
    )
    written = Draft(
        STORED, Action.SECRET, WRITES, "known secrets in written files are refused"
    )
    yield from (written, leaving) if stored else (leaving, written)
