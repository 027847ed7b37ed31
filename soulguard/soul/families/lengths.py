"""Lengths: how long the text of a post, comment, message or mail may be.

Takes::

    Keep posts under 500 characters.
    Emails must not exceed 150 words.
    Max comment length: 250 characters.
    Never send a Slack message longer than 4,000 characters.

Refuses lengths of what is no message (commit subjects, answers in a chat, summaries),
wishes (``aim for``) and lengths under a condition (``unless asked``). A comment is a
call to a path named like one; a tweet, a call to that service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import amounts
from soulguard.soul.drafts import UNSAFE, Draft, World
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, wording

FAMILY = "resource-limit"

_N = r"(?P<n>\d[\d,.]*k?)[\s-]?(?P<unit>characters?|chars?|words?)\b"
_OF = r"(?:outbound|outgoing|external|public|individual|single|social(?: media)?|new|short|status|direct|chat|cold|reply|follow-up|outreach|feed)"
_THING = (
    r"(?P<thing>posts?|tweets?|comments?|repl(?:y|ies)|messages?|dms?|sms|text messages?|"
    r"e-?mails?|mails?|newsletters?|captions?|updates? to (?:customers|clients)|notifications?)"
)
_ANY = r"(?:(?:all|every|each|any|your|my|our|the|these|a|an|individual)\s)*"
_SERVICE = r"(?:(?P<service>[a-z]+)\s)?"
_OBJECT = rf"{_ANY}(?:{_OF}\s)*{_SERVICE}(?:{_OF}\s)*{_THING}(?:\s(?:length|size|text|body|bodies|copy))?"
_BE = r"(?:must|should|shall|may|can|need to|have to|has to|will|are|is|be|stay|remain|always|never|not|kept|limited|capped|restricted|to|have|contain)"
_CAP = (
    r"(?:under|below|within|at most|max(?:imum)?(?: of)?|up to|no (?:more|longer) than|"
    r"not (?:more|longer) than|(?:not|never) exceed|less than|fewer than|shorter than|"
    r"limit(?: of)?|cap(?: of)?|<=?|\u2264|to|a maximum of)"
)
_OVER = r"(?:over|above|longer than|more than|exceed(?:ing)?|beyond|of more than|with more than|that exceeds?|>)"
_SHORT = r"(?:[,:]?\s(?:short|brief|tight|concise|crisp|succinct))?"
_LIMITS = r"(?:keep|limit|cap|restrict|hold|write|make|send|ensure)"
_FRAMES = (
    Pattern(rf"\A(?:{_LIMITS}\s)?{_OBJECT}{_SHORT}(?:\s?[,:(\u2014\u2013-])?\s?(?:{_BE}\s)*{_CAP}\s?{_N}"),
    Pattern(rf"\A(?:{_LIMITS}\s)?{_OBJECT}{_SHORT}(?:\s?[,:(\u2014\u2013-])?\s?(?:{_BE}\s)*{_N}\s?(?:max(?:imum)?|or (?:less|fewer|under)|at most|limit|tops)\b"),
    Pattern(rf"\A(?:max(?:imum)?|at most|no more than|limit(?: of)?|up to|keep to)\s{_N}\s(?:per|for|in|for each|in each)\s{_OBJECT}"),
    Pattern(rf"\A(?:max(?:imum)?)\s{_OBJECT}\s?[:=]?\s?(?:is\s)?{_N}"),
    Pattern(rf"\A(?:never|do not|don't|no|must not)\s(?:(?:send|post|publish|write|make|let|leave)\s)?{_OBJECT}\s(?:that (?:is|are)\s)?(?:be\s)?{_OVER}\s{_N}"),
)  # fmt: skip
_LABEL = re.compile(r"\A[a-z][a-z /-]{1,30}:\s+(?=\D)")
_BOUND = wording(
    r"\b(?:unless|except|when|if|where|whenever|ideally|usually|typically|preferably|roughly|about|"
    r"around|aim|try|prefer|where possible|by default|read|often|perform)\b"
)
_TALK = re.compile(r"repl(?:y|ies)|messages?\Z|notifications?")
"""What an agent says to the one it talks with as well: of it words are a style."""
_COMMENTS = ("comment", "repl")
_CALL, _MAIL = EffectKind.HTTP_CALL, EffectKind.MAIL_SEND
_LETTERS = re.compile(r"e-?mails?|mails?|newsletters?")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the limit on the length of a message that a sentence sets."""
    low = reading.low.replace("`", "").replace("*", "").strip(" -")
    if not any(c.isdigit() for c in low) or ("char" not in low and "word" not in low):
        return
    found = _found(low)
    if found is None or _BOUND.search(low):
        return
    number = amounts.whole(found["n"].rstrip("."))
    unit = "words" if found["unit"].startswith("word") else "characters"
    thing, service = found["thing"], found["service"] or ""
    hosts = world.service("twitter" if thing.startswith("tweet") else service)
    if not number or (service and not hosts):
        return
    if unit == "words" and _TALK.fullmatch(thing) and not hosts:
        return
    yield from _drafts(thing, number, unit, hosts, world)


def _found(low: str) -> re.Match[str] | None:
    for said in dict.fromkeys((low, _LABEL.sub("", low))):
        for frame in _FRAMES:
            if found := frame.match(said):
                return found
    return None


def _drafts(
    thing: str, number: float, unit: str, hosts: tuple[str, ...], world: World
) -> Iterator[Draft]:
    params = {"max": number, "unit": unit}
    if (_LETTERS.fullmatch(thing) or thing.startswith("message")) and not hosts:
        meaning = f"a mail of more than {number:,g} {unit} is refused"
        yield Draft(FAMILY, Action.LIMIT, (_MAIL,), meaning, params=params)
        if _LETTERS.fullmatch(thing):
            return
    paths = _paths(thing)
    local = () if hosts else (*world.hosts("local"), *world.hosts("model-apis"))
    where = Where(hosts=hosts, methods=UNSAFE, url_paths=paths, except_hosts=local)
    to = f" to {', '.join(hosts[:2])}" if hosts else ""
    named = f" with `{thing.rstrip('s')}` in its path" if paths else ""
    meaning = (
        f"a call{to}{named} whose text has more than {number:,g} {unit} is refused"
    )
    yield Draft(FAMILY, Action.LIMIT, (_CALL,), meaning, where, params=params)


def _paths(thing: str) -> tuple[str, ...]:
    """Give the paths of a thing that is only a part of what is posted."""
    stem = next((s for s in _COMMENTS if thing.startswith(s)), "")
    names = {"comment": ("omment",), "repl": ("epl", "omment")}.get(stem, ())
    return tuple(glob for name in names for glob in (f"**/*{name}*", f"**/*{name}*/**"))
