"""Numbers at once: how many commands or calls may be at work at the same time.

Takes::

    Never spawn more than 3 concurrent sub-agents.
    At most 2 parallel requests.
    Run no more than 4 commands at once.
    Max concurrent processes: 2
    Don't run more than one Codex session at a time.

Every word must be one of these: a number, a thing, *at once*, a limit, or what binds
them. A sub-agent is the command that is started for it. Refuses what no guard sees begin
and end (tabs, tasks, conversations), and numbers of what others do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import amounts, programs
from soulguard.soul.demands import demand
from soulguard.soul.drafts import UNSAFE, Draft, World
from soulguard.soul.phrases import CALL
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Pattern, wording

FAMILY = "resource-limit"

_SAME = (
    r"(?:concurrent(?:ly)?(?: running)?|parallel|simultaneous(?:ly)?|at once|at the same time|"
    r"at a time|in parallel|in flight|at any (?:one )?time|side by side)"
)
_TIMED = Pattern(rf"\b{_SAME}(?![\w-])")
_NUMBER = Pattern(
    rf"(?<![\w.$-])(?P<n>\d{{1,3}}(?:\s?[-\u2013]\s?\d{{1,3}})?|(?:{amounts.WORDS}|a single)\b)(?![\w%:]|\.\d)"
)
_COMMAND = Pattern(
    r"\b(?:(?:sub-?|child |background )?process(?:es)?|commands?|(?:sub-?)?agents?|children|shells|programs?|"
    r"workers|delegations?|background jobs?|executions?)\b"
)
_CALL = Pattern(
    r"\b(?:requests?|calls?|connections?|fetch(?:es)?|searches|downloads?|uploads?|queries)\b"
)
_GETS = re.compile(r"\b(?:downloads?|fetch(?:es)?|searches)\b")
_SPAWN = re.compile(r"\b(?:spawn\w*|launch\w*|fork\w*)\b")
_CAP = wording(
    r"\b(?:at most|max(?:imum)?|(?:no|not) more than|up to|limit\w*|only|(?:never|not) exceed|"
    r"cap(?:ped)?)\b|[<\u2264]"
)
_OVER = wording(r"\b(?:more than|over|above|exceed\w*)\b|>")
_DENIES = re.compile(rf"{NEGATION}\b")
_DENIED = wording(rf"\b{NEGATION}\b")
_BOUND = wording(r"\b(?:unless|except|if|when|whenever|handles?|supports?|users?)\b")
_BINDING = frozenset(
    """
    a active allow allowed always any api are be coding concurrency do don't each ever
    exceed external for fork have http i is it issue itself keep launch limit limited make
    may more most must never new no not of on one only open outbound outgoing over per
    perform run running runs send session sessions shell should spawn spawned spawning start
    started than the there to total use will you your yourself cli instance instances max
    maximum at up above exceeding background child never under cap capped than against host
    hosts domain server anything n't can cannot me we agent towards two us
    """.split()  # noqa: SIM905 - words read best in rows
)
"""Words that may stand between a number and what it counts."""
_WORD = re.compile(r"[a-z][a-z'-]*")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the limit on what may be at work at once."""
    low = demand(reading).lower().replace("`", "")
    said = re.split(r"[;(\u2014]| - |\. ", low, maxsplit=1)[0]
    if not _TIMED.search(said) or _BOUND.search(low):
        return
    most = _most(said)
    if not most:
        return
    named = _program(said)
    rest = _COMMAND.made.sub(" ", _CALL.made.sub(" ", _TIMED.made.sub(" ", said)))
    rest = _NUMBER.made.sub(" ", rest)
    if any(w not in _BINDING and w != named for w in _WORD.findall(rest)):
        return
    if (
        named
        or _COMMAND.search(said)
        or (_SPAWN.search(said) and not _CALL.search(said))
    ):
        yield _commands(most, named)
    elif _CALL.search(said):
        yield _downloads(most) if _GETS.search(said) else _calls(most, world)


def _most(said: str) -> float | None:
    """Give the number that may be at work, None where it is no limit."""
    found = _NUMBER.search(said)
    if found is None:  # "no parallel requests" leaves one
        return 1.0 if _DENIES.match(said) else None
    number = amounts.whole("one" if found["n"] == "a single" else found["n"])
    over = _DENIED.search(said) and _OVER.search(said)
    alone = number == 1 and said.startswith(
        ("one ", "a single ", "1 ", "run one ", "only ")
    )
    return number if over or alone or _CAP.search(said) else None


def _program(said: str) -> str:
    words = (w for w in _WORD.findall(said) if w not in _BINDING)
    return next((w for w in words if programs.is_program(w)), "")


def _commands(most: float, named: str) -> Draft:
    params = {"at_once": most, "unit": "commands"}
    what = f"`{named}` commands" if named else "commands"
    meaning = f"with {amounts.many(most, what)} at work another one is refused"
    where = Where(commands=(named,)) if named else Where()
    run = (EffectKind.COMMAND_RUN,)
    return Draft(FAMILY, Action.LIMIT, run, meaning, where, params=params)


def _downloads(most: float) -> Draft:
    params = {"at_once": most, "unit": "calls"}
    calls = amounts.many(most, "GET calls")
    meaning = f"with {calls} at work another one waits"
    call = (EffectKind.HTTP_CALL,)
    return Draft(
        FAMILY, Action.LIMIT, call, meaning, Where(methods=("GET",)), params=params
    )


def _calls(most: float, world: World) -> Draft:
    hosts = (*world.hosts("local"), *world.hosts("model-apis"))
    where = Where(methods=UNSAFE, except_hosts=hosts)
    params = {"at_once": most, "unit": "calls"}
    calls = amounts.many(most, f"{CALL}s")
    meaning = f"with {calls} to outside hosts at work another one waits"
    call = (EffectKind.HTTP_CALL,)
    return Draft(FAMILY, Action.LIMIT, call, meaning, where, params=params)
