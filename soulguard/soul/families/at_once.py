"""Numbers at once: how many commands or calls may be at work at the same time.

Takes::

    Never spawn more than 3 concurrent sub-agents.
    At most 2 parallel requests.
    Run no more than 4 commands at once.
    Max concurrent processes: 2

A sub-agent is the command that is started for it. Refuses what no guard sees begin and
end (tabs, tasks, conversations, users), and numbers of what others do.
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import amounts
from soulguard.soul.drafts import UNSAFE, Draft, World
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, wording

FAMILY = "resource-limit"

_N = rf"(?P<n>\d{{1,3}}(?:\s?[-\u2013]\s?\d{{1,3}})?|{amounts.WORDS}|a single)"
_SAME = r"(?:concurrent|parallel|simultaneous|concurrently running)"
_ONCE = r"(?:at once|at the same time|at a time|in parallel|concurrently|simultaneously|in flight|running at any time)"
_MANNER = r"(?:outgoing|outbound|http|api|background|child|shell|coding|spawned|running|active|new|external|such) "
_COMMANDS = (
    r"(?:sub-?)?process(?:es)?|commands?|sub-?agents?|agents?|child(?:ren)?|shells?|programs?|workers?|"
    r"delegations?|instances?|background jobs?|executions?"
)
_CALLS = (
    r"requests?|calls?|connections?|fetch(?:es)?|searches|downloads?|uploads?|queries"
)
_THING = rf"(?:{_MANNER})*(?:(?P<command>{_COMMANDS})|(?P<call>{_CALLS}))"
_SPAWN = r"(?P<spawn>spawn|launch|start|run|execute|fork|delegate)"
_MAKE = r"(?:make|send|issue|open|have|keep|use|fire|do|allow|perform|spawn|launch|start|run|execute|fork|delegate)"
_OVER = r"(?:more than|over|above|>|exceed(?:ing)?)\s?"
_CAP = r"(?:at most|max(?:imum)?(?: of)?|no more than|not more than|up to|limit(?:ed)?(?: of| to)?|only|never exceed|<=?|\u2264|cap(?:ped)?(?: at| of)?)\s?"
_NEVER = r"(?:never|do not|don't|must not|no)"
_END = r"\s*(?:\Z|[.,;!)(\u2014]|\s-\s|\bper\b|\bto\b|\bin total\b|\bagainst\b|\bfor\b|\bacross\b)"
_FRAMES = (
    Pattern(rf"\A{_NEVER}\s(?:ever\s)?{_MAKE}\s{_OVER}{_N}\s{_SAME}\s?(?:{_THING})?{_END}"),
    Pattern(rf"\A{_NEVER}\s(?:ever\s)?(?:{_MAKE}\s)?{_OVER}{_N}\s{_THING}\s{_ONCE}{_END}"),
    Pattern(rf"\A(?:{_MAKE}\s)?{_CAP}{_N}\s{_SAME}\s{_THING}{_END}"),
    Pattern(rf"\A(?:{_MAKE}\s)?{_CAP}{_N}\s{_THING}\s{_ONCE}{_END}"),
    Pattern(rf"\A(?:max(?:imum)?\s)?(?:{_SAME})\s{_THING}(?:\slimit)?\s?(?::|=|is|are|must not exceed|at most|limited to|max(?:imum)?)+\s?(?:max(?:imum)?\s)?{_N}{_END}"),
    Pattern(rf"\A(?:max(?:imum)?|limit(?: on)?|limit)\s{_SAME}\s{_THING}\s?(?::|=|is|to|at)?\s?{_N}{_END}"),
    Pattern(rf"\A(?:only\s)?(?:{_MAKE}\s)?(?:only\s)?(?P<one>one|a single|1)\s{_THING}\s{_ONCE}{_END}"),
)  # fmt: skip
_SPAWNING = Pattern(rf"\A{_NEVER}\s(?:ever\s)?{_SPAWN}\b")
_SOME = wording(
    r"\b(?:concurren\w*|parallel|simultaneous\w*|at once|at the same time|at a time|in flight|at any time)\b"
)
_BOUND = wording(r"\b(?:unless|except|if|when|whenever|handles?|supports?|users?)\b")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the limit on what may be at work at once."""
    low = reading.low.replace("`", "").strip(" -*")
    if not _SOME.search(low) or _BOUND.search(low):
        return
    if reading.above is Modality.DENY and not low.startswith("never"):
        low = f"never {low}"
    found = next(filter(None, (frame.match(low) for frame in _FRAMES)), None)
    if found is None:
        return
    groups = found.groupdict()
    said = groups.get("n") or "one"
    most = amounts.whole("one" if said == "a single" else said)
    spawned = groups.get("command") or (not groups.get("call") and _SPAWNING.match(low))
    if most and (spawned or groups.get("call")):
        yield from _drafts(most, world, command=bool(spawned))


def _drafts(most: float, world: World, *, command: bool) -> Iterator[Draft]:
    if command:
        params = {"at_once": most, "unit": "commands"}
        meaning = f"with {_many(most, 'command')} at work another one is refused"
        run = (EffectKind.COMMAND_RUN,)
        yield Draft(FAMILY, Action.LIMIT, run, meaning, params=params)
        return
    hosts = (*world.hosts("local"), *world.hosts("model-apis"))
    where = Where(methods=UNSAFE, except_hosts=hosts)
    params = {"at_once": most, "unit": "calls"}
    meaning = (
        f"with {_many(most, 'unsafe call')} to outside hosts at work another one waits"
    )
    call = (EffectKind.HTTP_CALL,)
    yield Draft(FAMILY, Action.LIMIT, call, meaning, where, params=params)


def _many(number: float, what: str) -> str:
    return f"{number:g} {what}{'' if number == 1 else 's'}"
