"""Lengths: how long the text of a post, comment, message or mail may be.

Takes::

    Keep posts under 500 characters.
    Emails must not exceed 150 words.
    Max comment length: 250 characters.
    Never send a Slack message longer than 4,000 characters.

Every word before the number must be one of these: a message, a service, a limit, or what
binds them. Refuses lengths of what is no message (commit subjects, answers in a chat,
summaries), wishes (``aim for``) and lengths under a condition (``unless asked``). A
comment is a call to a path named like one; a tweet, a call to that service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import amounts
from soulguard.soul.drafts import UNSAFE, Draft, World
from soulguard.soul.modality import Modality
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Pattern, wording

FAMILY = "resource-limit"

_COUNT = Pattern(r"(?P<n>\d[\d,.]*k?)[\s-]?(?P<unit>characters?|chars?|words?)\b")
_THING = Pattern(
    r"\b(?P<thing>posts?|tweets?|comments?|repl(?:y|ies)|text messages?|messages?|dms?|sms|"
    r"e-?mails?|mails?|newsletters?|captions?|notifications?|(?:status )?updates?)\b"
)
_PER = Pattern(
    r"\s*(?:per|for|in|a|each|/)+\s(?:each |every |a |an |any )?(?P<rest>.*)"
)
_CAP = wording(
    r"\b(?:under|below|within|at most|max(?:imum)?|up to|(?:no|not) (?:more|longer) than|"
    r"(?:not|never|n't|cannot) exceed|less than|fewer than|shorter than|limit(?:ed)?|cap(?:ped)?|"
    r"fits?|or less|or fewer|or under|tops|restrict\w*|(?:keep|hold)\b.*\bto)\b|[<\u2264]"
)
_OVER = wording(r"\b(?:over|above|longer than|more than|exceed\w*|beyond)\b|>")
_LIMITS = wording(r"\b(?:limits?|max(?:imum)?|length|caps?)\b")
_DENIED = wording(rf"\b{NEGATION}\b")
_BINDING = frozenset(
    """
    a above all always an and any anything are at be below beyond bodies body
    brief can cap capped chat cold concise contain direct do don't each every
    go let has had exceed exceeding exceeds external feed fewer fit fits follow-up for hard
    have hold i in individual is it keep kept length lengths less limit
    limited limits long longer make max maximum may media more most must my
    never new no not of on our out outbound outgoing outreach over post
    posting private public publish remain remains restrict restricted send
    sending shall short shorter should single size social status stay stays
    strict strictly text than that the their them these they tight to tweet
    under up update updates will within write writing you your
    """.split()  # noqa: SIM905 - words read best in rows
)
"""Words that may stand between a message and its length."""
_WORD = re.compile(r"[a-z][a-z'-]*")
_AFTER = re.compile(
    r"\s*(?:\Z|[.,;:!)(|\u2014\u2013]|-\s|max(?:imum)?\b|or\b|tops\b|limit\b|total\b|in (?:total|length)\b|long\b|"
    r"each\b|at most\b|per\b|for\b|in\b|a\b|only\b|hard\b|because\b|so\b|and\b)"
)
_BOUND = wording(
    r"\b(?:unless|except|when|if|where|whenever|ideally|usually|typically|preferably|roughly|about|"
    r"around|aim|try|prefer|where possible|by default|read|often|perform\w*|better|subjects?|"
    r"titles?|summar\w+)\b"
)
_LABELS = (
    "rules",
    "format",
    "style",
    "guidelines",
    "posts",
    "copy",
    "limits",
    "x",
    "text",
)
_LABEL = re.compile(r"\A[a-z][a-z /-]{1,30}:\s+(?=\D)")
_TALK = re.compile(r"repl(?:y|ies)|messages?\Z|notifications?|(?:status )?updates?")
"""What an agent says to the one it talks with as well: of it words are a style."""
_LETTERS = re.compile(r"e-?mails?|mails?|newsletters?")
_CALL, _MAIL = EffectKind.HTTP_CALL, EffectKind.MAIL_SEND


@dataclass(frozen=True, slots=True)
class _Length:
    thing: str
    number: float
    unit: str
    hosts: tuple[str, ...]


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the limit on the length of a message that a sentence sets."""
    low = reading.low.replace("`", "").replace("*", "").strip(" -")
    if not any(c.isdigit() for c in low) or ("char" not in low and "word" not in low):
        return
    denied = reading.above is Modality.DENY
    above = (*reading.clause.leads, *reading.clause.headings[-1:])
    headed = any(_LIMITS.search(text.lower()) for text in above)
    found = None
    for said in () if _BOUND.search(low) else dict.fromkeys((low, _LABEL.sub("", low))):
        found = found or _found(said, world, above[-1:], denied=denied, headed=headed)
    if found is not None:
        yield from _drafts(found, world)


def _found(
    low: str, world: World, above: tuple[str, ...], *, denied: bool, headed: bool
) -> _Length | None:
    count = _COUNT.search(low)
    if count is None or not _AFTER.match(low[count.end() :]):
        return None
    before, after = low[: count.start()], low[count.end() :]
    spare = [
        w for w in _WORD.findall(_THING.made.sub(" ", before)) if w not in _BINDING
    ]
    services = [w for w in spare if world.service(w)]
    per = _PER.match(after)
    things = _THING.made.findall(before) or _THING.made.findall(
        per["rest"] if per else ""
    )
    if len(services) < len(spare):
        return None
    if not (things or services):
        things, services = _heading(above, world)
        if not (things or services):
            return None
    limited = headed or _CAP.search(before) or _CAP.search(after[:12])
    over = (denied or _DENIED.search(before)) and _OVER.search(before)
    number = amounts.whole(count["n"].rstrip("."))
    if not (limited or over) or not number:
        return None
    thing = things[-1] if things else "posts"
    service = "twitter" if thing.startswith("tweet") else next(iter(services), "")
    unit = "words" if count["unit"].startswith("word") else "characters"
    hosts = world.service(service) if service else ()
    if unit == "words" and _TALK.fullmatch(thing) and not hosts:
        return None
    return _Length(thing, number, unit, hosts)


def _heading(above: tuple[str, ...], world: World) -> tuple[list[str], list[str]]:
    """Give the thing, or the service, that a heading is nothing but the name of."""
    for text in above:
        words = _WORD.findall(text.lower())
        services = [w for w in words if world.service(w)]
        things = [w for w in words if _THING.made.fullmatch(w)]
        rest = [w for w in words if w not in (*services, *things, *_LABELS)]
        if (services or things) and not rest:
            return things, services
    return [], []


def _drafts(found: _Length, world: World) -> Iterator[Draft]:
    thing, hosts = found.thing, found.hosts
    params = {"max": found.number, "unit": found.unit}
    many = amounts.many(found.number, found.unit)
    letter = _LETTERS.fullmatch(thing)
    if (letter or thing.startswith("message")) and not hosts:
        meaning = f"a mail of more than {many} is refused"
        yield Draft(FAMILY, Action.LIMIT, (_MAIL,), meaning, params=params)
        if letter:
            return
    paths = _paths(thing)
    local = () if hosts else (*world.hosts("local"), *world.hosts("model-apis"))
    where = Where(hosts=hosts, methods=UNSAFE, url_paths=paths, except_hosts=local)
    to = f" to {', '.join(hosts[:2])}" if hosts else ""
    kind = "reply" if thing.startswith("repl") else thing.rstrip("s")
    named = f" with `{kind}` in its path" if paths else ""
    meaning = f"a call{to}{named} whose text has more than {many} is refused"
    yield Draft(FAMILY, Action.LIMIT, (_CALL,), meaning, where, params=params)


def _paths(thing: str) -> tuple[str, ...]:
    """Give the paths of a thing that is only a part of what is posted."""
    stems = {"comment": ("omment",), "repl": ("epl", "omment")}
    names = next((n for stem, n in stems.items() if thing.startswith(stem)), ())
    return tuple(g for name in names for g in (f"**/*{name}*", f"**/*{name}*/**"))
