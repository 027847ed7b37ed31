"""What leaves is done once: a mail, a payment, a post, a call or a command, per run.

Takes::

    Never send the same email twice.
    No duplicate charges.
    Each payment is made exactly once.
    Never run `deploy.sh` twice in one run.

The same means the same bytes to the same place. Refuses files (see write_once), what is
counted by the clock (``once a day``, see limits), and what is said or asked twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import lines
from soulguard.soul.describing import describes
from soulguard.soul.drafts import UNSAFE, Draft, World, quoted
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Stems, wording

FAMILY = "effect-once"

_STEMS = Stems(
    ("twice", "two times", "once", "again", "second time", "one time", "single time",
     "repeat", "multiple times", "over and over", "duplicate", "double", "resend", "re-send",
     "repost", "re-post")
)  # fmt: skip
_TWICE = (
    r"(?:twice|two times|more than once|more than one time|a second time|repeatedly|"
    r"again|multiple times|over and over)"
)
_VERB = (
    r"(?:send|sends|sent|sending|e-?mail(?:s|ed|ing)?|mail(?:s|ed|ing)?|charg(?:e|es|ed|ing)|"
    r"pay|pays|paid|post|posts|posted|posting|tweet(?:s|ed)?|publish(?:es|ed)?|run|runs|"
    r"execut(?:e|es|ed)|refund(?:s|ed)?|submit(?:s|ted)?|plac(?:e|es|ed)|issu(?:e|es|ed)|"
    r"deliver(?:s|ed)?|bill(?:s|ed)?|made|make|call|calls|called|goes out|go out|gets?|started?)"
)
_DUPLICATE = r"(?:duplicate|double|repeat(?:ed)?)"
_ONCE = (
    r"(?:(?:exactly|only|just|at most|no more than|once and only) once|once only|"
    r"(?:a single|only one|just one|one) time|once (?:per|in (?:a|one|each|every)) (?:\w+ )?run)"
)
_THINGS: tuple[tuple[str, str], ...] = (
    ("payments", r"charg\w+|payments?|pay|pays|paid|refund\w*|bill(?:s|ed)?|orders?|purchases?"),
    ("mails", r"e-?mail(?:s|ed|ing)?|mail(?:s|ed|ing)?|newsletters?|invit\w+"),
    ("messages", (r"messages?|posts?|posted|posting|tweets?|tweeted|notifications?|dms?|"
                 r"comments?|alerts?|announcements?|repl(?:y|ies)|applications?")),
    ("calls", r"calls?|requests?|webhooks?|api|submissions?"),
    ("payments", r"invoices?"),
)  # fmt: skip
_THING = "(?:" + "|".join(words for _, words in _THINGS) + ")"
_DENIED = wording(
    rf"\b{NEGATION}\b.*\b{_VERB}\b.*\b{_TWICE}\b|"
    rf"\b{NEGATION}\b.*\b{_THING}\b.*\b{_VERB}\b.*\b{_TWICE}\b|"
    rf"\b{NEGATION} (?:\w+ ){{0,2}}{_DUPLICATE} (?:(?!in\b|to\b|by\b)\w+ )?{_THING}\b|"
    rf"\b{NEGATION} (?:double-(?:charg|bill|send|post|pay)\w*|re-?send|re-?post)\b"
)
_MADE = wording(
    rf"\b{_THING}\b.*\b{_VERB}\b.*\b{_ONCE}(?=[ .,;:!)]|\Z)|"
    rf"\b{_VERB}\b.*\b{_THING}\b.*\b{_ONCE}(?=[ .,;:!)]|\Z)|"
    rf"\b{_THING}\b.*\bonce\b.*\bnever\b.*\b(?:again|twice|resend|re-send)\b"
)
_RUN_ONCE = wording(rf"\b(?:run|runs|execut\w+|start\w*)\b.*\b{_ONCE}(?=[ .,;:!)]|\Z)")
_CLOCK = wording(
    r"\b(?:per|an?|every|each|in an?|within an?|this|the same) (?:\w+ )?(?:second|minute|hour|day|week|"
    r"month|year)s?\b|\bper (?!run\b)\w+|\b(?:daily|hourly|weekly|monthly|\d+ (?:min\w*|hours?|days?|weeks?))\b"
)
_OTHER = wording(
    r"\b(?:questions?|answers?|advice|mistakes?|jokes?|points?|words?|explain\w*|retr\w+|"
    r"follow(?:ing)?[- ]up|remind\w*|greet\w*|in a row|unless|without|until|approv\w*|ask(?:s|ing)?)\b|"
    r"\bcall(?:s|ing)? (?:the |a |your )?(?:user|human|owner|person|them|him|her)\b"
)
_ANEW = wording(
    r"\b(?:must|should|can|may|to|always|then) (?:call|run|send|post|make|submit)\b(?: \w+){0,3} again\b"
)
"""What is to be done a second time."""
_FILES = wording(r"\b(?:files?|outputs?|reports?|artifacts?|paths?|documents?)\b")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the rules of a sentence about what is done once."""
    low = reading.said
    if not _STEMS.within(low) or _ANEW.search(low) or describes(reading):
        return
    if _CLOCK.search(low) or _OTHER.search(low):
        return
    if world.service(low.split()[0].strip("`")):
        return  # "Stripe never charges twice for one key"
    if lines := _commands(reading):
        if _DENIED.search(low) or _RUN_ONCE.search(low):
            meaning = f"{quoted(lines)} is started at most once per run"
            where = Where(commands=lines)
            yield Draft(FAMILY, Action.ONCE, (EffectKind.COMMAND_RUN,), meaning, where)
        return
    if (_DENIED.search(low) or _MADE.search(low)) and not _FILES.search(low):
        yield from _outgoing(low, world)


def _commands(reading: Reading) -> tuple[str, ...]:
    named = (line for frame in reading.frames for line in lines.named(frame))
    scripts = (
        path.rpartition("/")[2]
        for frame in reading.frames
        for path in frame.paths
        if re.search(r"\.(?:sh|py|js|ts|rb|pl)\Z", path) and "run" in frame.acts
    )
    return tuple(dict.fromkeys((*named, *(s for p in scripts for s in (p, f"* *{p}")))))


def _outgoing(low: str, world: World) -> Iterator[Draft]:
    kind = next(
        (n for n, words in _THINGS if wording(rf"\b(?:{words})\b").search(low)), ""
    )
    near = (*world.hosts("local"), *world.hosts("model-apis"))
    wheres = {
        "payments": Where(hosts=world.hosts("payments"), methods=UNSAFE),
        "messages": Where(methods=UNSAFE, except_hosts=near),
        "calls": Where(methods=UNSAFE, except_hosts=near),
    }
    said = f"the same {kind[:-1]} is made at most once per run"
    if kind in wheres:
        yield Draft(FAMILY, Action.ONCE, (EffectKind.HTTP_CALL,), said, wheres[kind])
    if kind in ("mails", "messages"):
        meaning = "the same mail is sent at most once per run"
        yield Draft(FAMILY, Action.ONCE, (EffectKind.MAIL_SEND,), meaning)
