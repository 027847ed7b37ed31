"""Counts of one thing: how often a named command or service is used in a run or a time.

Takes::

    At most 2 codex calls per run.
    After 2 Codex delegations in one session, start a fresh session.
    Max one deploy per run.
    Never call Stripe more than 3 times per run.
    Do not post more than once per thread per cycle.

A session and a cycle are a run. What is to happen once is also not done again after a
restart. A thread is known by the ids in a path or body; where there are none, it is
a new one. Refuses counts of what has no name (``one exec call to delegate``), and what
is done *only once*, which is effect_once's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import amounts, called, phrases, programs
from soulguard.soul.demands import demand
from soulguard.soul.drafts import UNSAFE, Draft, World, quoted
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, wording

RESOURCE, RATE = "resource-limit", "rate-limit"

_RUN, _CALL = (EffectKind.COMMAND_RUN,), (EffectKind.HTTP_CALL,)
_N = rf"(?P<n>\d{{1,4}}|{amounts.WORDS}|a single)"
_TIMES = (
    rf"(?:(?P<times>\d{{1,4}}|{amounts.WORDS})(?:\stimes)?|(?P<once>once|twice|thrice))"
)
_CAP = r"(?:at most|max(?:imum)?(?: of)?|no more than|not more than|up to|only|limit(?:ed)?(?: to| of)?|never more than)"
_SPAN = r"(?P<per>run|session|cycle|attempt|execution|heartbeat|second|minute|hour|day|week)"
_PER = rf"(?:(?:per|in (?:one|a|an|any|the same|each|every|a single)|each|every|a|an|within (?:one|a|an|the same)|/)\s?(?:single\s)?{_SPAN})"
_LINE = r"(?P<what>`[^`]+`|[A-Za-z][\w.+-]*(?:\s[a-z][\w:-]*)?)"
_API = r"(?:\s(?i:api))?"
_USES = r"(?:calls?|invocations?|runs?|delegations?|executions?|commands?|requests?|api calls?|sessions?|spawns?)"
_ENDS = r"(?:\s(?:is|are) (?:permitted|allowed))?\s*(?:\Z|[.,;!)(\u2014]|\s-\s)"
_NEVER = r"(?:never|do not|don't|must not)"
_DO = r"(?:run|call|use|invoke|execute|start|hit|query|delegate to|spawn|launch)"
_FRAMES = (
    Pattern(rf"\A(?P<what>`[^`]+`)\s?:\s?(?:{_CAP}\s)?{_TIMES}\s{_PER}{_ENDS}"),
    Pattern(rf"\A(?:only\s)?{_CAP}\s{_N}\s(?P<what>`[^`]+`)\s{_PER}{_ENDS}"),
    Pattern(rf"\A(?:(?:make|run|use|allow)\s)?{_CAP}\s{_N}\s{_LINE}\s{_USES}\s{_PER}{_ENDS}"),
    Pattern(rf"\A(?:(?:make|run|use|allow)\s)?{_CAP}\s{_N}\s{_USES}\s(?:to|of|for)\s{_LINE}(?:\s{_PER})?{_ENDS}"),
    Pattern(rf"\A(?:only\s)?(?P<n>one|a single|1)\s{_LINE}\s{_USES}\s{_PER}{_ENDS}"),
    Pattern(rf"\A(?:limit|restrict|cap|keep)\s{_LINE}{_API}\s{_USES}\s(?:to|at|under|below)\s(?:at most\s)?{_N}\s{_PER}{_ENDS}"),
    Pattern(rf"\A(?:{_DO}\s)?(?:the\s)?{_LINE}{_API}\s(?:{_CAP}\s){_TIMES}\s{_PER}{_ENDS}"),
    Pattern(rf"\A{_NEVER}\s{_DO}\s(?:the\s)?{_LINE}{_API}\smore than\s{_TIMES}\s{_PER}{_ENDS}"),
    Pattern(rf"\A{_NEVER}\smake more than\s{_N}\s(?:{_USES}\s(?:to|of)\s{_LINE}|(?P<what2>`[^`]+`|[A-Za-z][\w.+-]*)\s{_USES})(?:\s{_PER})?{_ENDS}"),
    Pattern(rf"\A(?:after|once you (?:have )?(?:made|had|used))\s{_N}\s{_LINE}\s{_USES}\s{_PER},?\s(?:then\s)?(?:start|stop|open|begin|switch|end|use)\b"),
    Pattern(rf"\A{_LINE}(?:\s{_USES})?\s?:\s?{_CAP}\s{_N}(?:\s{_USES})?\s{_PER}{_ENDS}"),
)  # fmt: skip
_DEPLOYS = Pattern(
    rf"\A(?:(?:{_CAP}\s{_N}|(?:only\s)?(?P<one>one|a single))\s(?:deploy(?:ment)?s?|releases?)|{_NEVER}\sdeploy more than\s{_TIMES})\s{_PER}{_ENDS}"
)
_THREADS = Pattern(
    rf"\A(?:{_NEVER}\s(?:post|comment|reply|respond|message)\s(?:in a thread |to a thread )?more than\s{_TIMES}|"
    rf"only\s(?:post|comment|reply|respond|message)\s(?:only\s)?(?P<only>once)|"
    rf"(?:{_CAP}\s{_N}|one)\s(?:posts?|comments?|repl(?:y|ies)|messages?))"
    rf"\s(?:per|in (?:the same|one|any)|to (?:the same|one)|on (?:the same|one))\s(?:thread|conversation|discussion|issue|topic|ticket|post|pull request|pr)\b(?:\s{_PER})?{_ENDS}"
)
_SOME = wording(
    r"\b(?:once|twice|at most|max|maximum|more than|up to|only|limit\w*|after|once you)\b|\Aone "
)
_BOUND = wording(
    r"\b(?:unless|except|if|when|whenever|failed|failures?|retr\w+|errors?|only once)\b"
)
_TIME = re.compile(r"second|minute|hour|day|week")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the count of something that has a name."""
    said = demand(reading)
    if not _SOME.search(said.lower()) or _BOUND.search(said.lower()):
        return
    if found := _THREADS.match(said.lower()):
        yield from _threads(found.groupdict(), world)
    elif found := _DEPLOYS.match(said.lower()):
        lines = world.commands("deploy")
        what = phrases.of_class("deploy", lines)
        yield from _commands(lines, what, found.groupdict())
    else:
        frames = (frame.match(said) for frame in _FRAMES)
        yield from _named(next(filter(None, frames), None), world)


def _named(found: re.Match[str] | None, world: World) -> Iterator[Draft]:
    groups = found.groupdict() if found else {}
    what = groups.get("what") or groups.get("what2") or ""
    name = what[:1].lower() + what[1:] if not what.startswith("`") else what
    if not what:
        return
    if line := programs.pattern(name):
        yield from _commands((line,), f"`{line}`", groups)
    elif where := called.calls_to(what, world):
        if not where.hosts:
            return  # of all calls another family counts
        most, per = _number(groups), _per(groups.get("per"))
        params = {"max": most, "unit": "calls", "per": per}
        family = RESOURCE if per == "run" else RATE
        calls = f"{_calls(most)} to {quoted(where.hosts)}"
        meaning = f"more than {calls} {_said(groups)} are refused"
        yield Draft(family, Action.LIMIT, _CALL, meaning, where, params=params)


def _commands(
    lines: tuple[str, ...], what: str, groups: dict[str, str | None]
) -> Iterator[Draft]:
    most, per = _number(groups), _per(groups.get("per"))
    if not most:
        return
    meaning = (
        f"starting {what} more than {amounts.times(most)} {_said(groups)} is refused"
    )
    where = Where(commands=lines)
    params = {"max": most, "unit": "commands", "per": per}
    family = RESOURCE if per == "run" else RATE
    yield Draft(family, Action.LIMIT, _RUN, meaning, where, params=params)
    if most == 1 and per == "run":
        again = "what it said is given again after a restart"
        yield Draft(family, Action.ONCE, _RUN, again, where)


def _threads(groups: dict[str, str | None], world: World) -> Iterator[Draft]:
    most, per = _number(groups) or 1.0, _per(groups.get("per"))
    hosts = (*world.hosts("local"), *world.hosts("model-apis"))
    where = Where(methods=UNSAFE, except_hosts=hosts)
    params = {"max": most, "unit": "calls", "per": per, "scope": "thread"}
    calls = f"{_calls(most)} to outside hosts in one thread"
    meaning = f"more than {calls} {_said(groups)} are refused"
    yield Draft(RATE, Action.LIMIT, _CALL, meaning, where, params=params)


def _number(groups: dict[str, str | None]) -> float:
    said = groups.get("n") or groups.get("times") or groups.get("once") or "one"
    return amounts.whole("one" if said == "a single" else said) or 0.0


def _per(word: str | None) -> str | float:
    return (amounts.seconds(word) or "run") if word and _TIME.match(word) else "run"


def _calls(most: float) -> str:
    return amounts.many(most, f"{phrases.CALL}s")


def _said(groups: dict[str, str | None]) -> str:
    per = groups.get("per") or ""
    return f"per {per if _TIME.match(per) else 'run'}"
