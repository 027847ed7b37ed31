"""Times: what may be done at some hours or days only, or not then.

Takes::

    Only send emails between 9am and 6pm.
    Never deploy on Fridays.
    No outbound messages after 22:00.
    Quiet hours: 23:00-08:00.
    Operates: 22:00-06:00 local time, Monday-Friday

What is done then is what the sentence forbids without its time: another family reads
that. Hours alone are quiet for what leaves; an agent that operates at hours sends and
starts nothing outside them. Refuses hours nobody names (*business hours*), placeholders,
exceptions (*unless urgent*), and what is to be done at a time (*every Friday, report*).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import times
from soulguard.soul.clauses import Clause
from soulguard.soul.demands import unlabelled
from soulguard.soul.drafts import UNSAFE, Draft, World
from soulguard.soul.families import commands, delete, external, hosts, path_write, spend
from soulguard.soul.modality import Modality
from soulguard.soul.phrases import OUTSIDE_CALL
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.reading import read as look
from soulguard.soul.times import Time
from soulguard.soul.wording import wording

FAMILY = "time-window"

_SPEAKING: tuple[ModuleType, ...] = (
    external, commands, hosts, spend, delete, path_write,
)  # fmt: skip
_SOME_TIME = re.compile(r"\d|day|weekend|noon|midnight|mon|tue|wed|thu|fri|sat|sun")
_BOUND = wording(
    r"\b(?:unless|except|excluding|if|when|whenever|where|while|some|usually|normally|typically|"
    r"ideally|prefer|preferably|try|holidays?|schedule[ds]?|meetings?|calls? (?:for|with)|at least)\b"
)
_QUIET = re.compile(
    r"(?:(?:always )?(?:respect|observe|honou?r|enforce|keep|mind)\w* )?(?:the |your |our )?"
    r"(?:quiet|silent|silence|no[- ]contact|do[- ]not[- ]disturb|dnd|blackout)"
    r"(?: (?:hours?|times?|periods?|windows?))?\b(?: (?:are|is|run))?(?P<rest>.*)"
)
_OPERATES = re.compile(
    r"(?:i |you |the agent |this agent )?(?:operates?|operating hours|hours of operation|active hours|"
    r"active|on duty|(?:(?:only )?(?:operate|work|run|act)s?|(?:is|are) active)(?= only|\W*\Z))(?: only)?\W*"
)
_STILL = re.compile(
    r"(?:stay|be|remain|keep) (?:quiet|silent)|nothing (?:goes out|leaves|is sent)|silence"
)
_ONLY = re.compile(r"\b(?:only|solely|exclusively)\b")
_MAY = re.compile(r"\b(?:may|can|must|should|shall|will|is|are|has to|have to)\b")
_NEVER = re.compile(rf"\b{NEGATION}\b")
_EDGES = " .,;:!|()-\u2013\u2014"
_THEIRS = re.compile(
    r"(?:They|He|She|It|Who|Most|Many|Some|(?:The )?[Cc]ustomers|[Pp]eople|[Uu]sers|[Cc]lients)\b"
)
"""Those whose habits are told."""
_PERIOD = re.compile(
    r"\s(?:overnight|(?:at|during|in) (?:the |our )?[\w-]+(?: [\w-]+)?)\s*\(\Z",
    re.IGNORECASE,
)
"""A name of the hours that follow in parentheses."""
_OUTSIDE = re.compile(
    r"\s(?:outside|except)(?: of)?(?: the| our)?(?: (?:[\w-]+ )?hours(?: of)?)?\s*\(?\Z",
    re.IGNORECASE,
)
_WINDOWS = re.compile(
    r"(?:(?P<post>post|publish)|(?P<email>e-?mail|mail)|(?P<message>send|outreach|contact|messag|notification)|"
    r"(?P<deploy>deploy|release))(?:ing|ment|s)? (?:window|hours?|times?)(?: (?:is|are))?\W*(?:only)?"
)
_WINDOW_OF = {
    "post": "never post", "email": "never send emails", "message": "never send messages",
    "deploy": "never deploy",
}  # fmt: skip
_LEAVING = re.compile(
    rf"{NEGATION} (?:(?:send|make|push|any|do|more|new|outgoing|outbound|external) )*"
    r"(?:messages?|notifications?|outreach|alerts?|updates?|contact|pings?|dms?|communications?)(?: to (?:anyone|anybody|people|users|customers|clients))?"
)
_HELD = re.compile(
    r"(?:hold|pause|mute|stop|suspend|block|defer|queue)\b(?: back)? (?=all |any |outgoing |outbound )"
)
_MADE = re.compile(
    r" (?:must|may|should|can|shall|have to|has to) (?:only )?be (?:made|sent|published|posted|run|delivered|done)\Z"
)
_EVERY = re.compile(r"\A(?:all|any|every|each|the) ")
_PLURAL = re.compile(r"\Ano ([a-z]+?)(?:es|s)\b", re.IGNORECASE)
_STAGE = re.compile(r"\b(?:production|prod|live) (?=deploy|release)", re.IGNORECASE)
_GONE = re.compile(r"\(\s*\)|\s+(?=[.,;:!?)])")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the rules about the times of what a sentence speaks of."""
    low = reading.low
    if not _SOME_TIME.search(low) or _BOUND.search(low):
        return
    time = times.find(low)
    if time is None or len(low) != len(reading.plain):
        return
    before = reading.plain[: time.start]
    outside = bool(_OUTSIDE.search(before))
    before = _OUTSIDE.sub("", _PERIOD.sub(" (", before))
    rest = _GONE.sub("", f"{before} {reading.plain[time.end :]}")
    core = unlabelled(" ".join(rest.split()).strip(_EDGES))
    if _THEIRS.match(core):
        return
    if outside:
        if _NEVER.search(core.lower()) and not times.find(core.lower()):
            yield from _timed(_forbidden(core, reading, world), "hours", time)
    elif window := _WINDOWS.fullmatch(core.lower()):
        said = _WINDOW_OF[str(window.lastgroup)]
        yield from _timed(_forbidden(said, reading, world), "hours", time)
    elif quiet := _QUIET.fullmatch(core.lower()):
        yield from _quiet(quiet["rest"].strip(_EDGES), time, reading, world)
    elif _OPERATES.fullmatch(core.lower()):
        yield from _operating(time, world)
    elif not (times.find(core.lower()) or _only_later(core)):
        yield from _narrowed(core, time, reading, world)


def _only_later(core: str) -> bool:
    """Whether *only* and a denial both stand there: nobody can say which has the time."""
    low = core.lower()
    return bool(_ONLY.search(low) and _NEVER.search(low))


def _narrowed(core: str, time: Time, reading: Reading, world: World) -> Iterator[Draft]:
    """``Never deploy`` + ``on Fridays``: what would be forbidden, then and only then."""
    name, said = _denials(core, above=reading.above is Modality.DENY)
    found = (_forbidden(text, reading, world) for text in said)
    yield from _timed(next(filter(None, found), []), name, time)


def _denials(core: str, *, above: bool) -> tuple[str, tuple[str, ...]]:
    """Say what is forbidden then, or at all other times, in the ways it may be read."""
    low = f"{core[:1].lower()}{core[1:]}"
    if _NEVER.search(core.lower()):
        return "quiet", (core, low.rpartition(": ")[2])
    if _ONLY.search(core.lower()):
        bare = _EVERY.sub("", " ".join(_ONLY.sub(" ", low).split()).strip(_EDGES))
        return "hours", (_denied(core), f"no {bare}")
    if made := _MADE.search(low):
        return "hours", (f"no {_EVERY.sub('', low[: made.start()])}",)
    if held := _HELD.match(low):
        return "quiet", (f"no {_EVERY.sub('', low[held.end() :])}",)
    return "quiet", (f"never {low}",) if above else ()


def _denied(core: str) -> str:
    """Say ``only send mail``, ``mail may only be sent`` as what is never done."""
    found = _ONLY.search(core.lower())
    if found is None:
        return core
    before, after = core[: found.start()], core[found.end() :]
    if _MAY.search(before.lower()):
        return f"{before}never{after}"
    bare = f"{before}{after}".strip()
    return f"never {bare[:1].lower()}{bare[1:]}"


def _forbidden(said: str, reading: Reading, world: World) -> list[Draft]:
    """Give what a sentence would forbid if it said so at all times."""
    span = reading.clause.span
    alone = look(Clause(said, span, "list", (), (), 0, 0))
    if any(frame.strange for frame in alone.frames):
        return []
    for family in _SPEAKING:
        drafts = list(family.read(alone, world))
        if drafts:
            firm = all(d.action is Action.DENY for d in drafts)
            listed = any(d.params.get("allow_list") for d in drafts)
            return drafts if firm and not listed else []
    if _LEAVING.fullmatch(said.lower()):
        return _leaving(world)
    tries = _other_words(said)
    return next(filter(None, (_forbidden(t, reading, world) for t in tries)), [])


def _other_words(said: str) -> Iterator[str]:
    """Say a prohibition of a noun as one of a verb."""
    if noun := _PLURAL.match(said):
        rest = said[noun.end() :]
        yield f"never {noun[1]}{rest}"
    if said.lower().startswith("no "):
        yield f"never run {said[3:]}"
    if _STAGE.search(said):
        yield _STAGE.sub("", said)


def _leaving(world: World) -> list[Draft]:
    """Give what would forbid all that leaves."""
    hosts = (*world.hosts("local"), *world.hosts("model-apis"))
    where = Where(methods=UNSAFE, except_hosts=hosts)
    mail, call = (EffectKind.MAIL_SEND,), (EffectKind.HTTP_CALL,)
    calls = f"{OUTSIDE_CALL} is refused"
    return [
        Draft(FAMILY, Action.DENY, mail, "every mail is refused"),
        Draft(FAMILY, Action.DENY, call, calls, where),
    ]


def _timed(found: list[Draft], name: str, time: Time) -> Iterator[Draft]:
    for draft in found:
        says = draft.meaning
        says = says if says.endswith("refused") else f"{says} is refused"
        yield replace(
            draft, family=FAMILY, action=Action.REQUIRE,
            meaning=f"{says} {_when(name, time)}",
            params=_params(name, time),
        )  # fmt: skip


def _quiet(rest: str, time: Time, reading: Reading, world: World) -> Iterator[Draft]:
    if _NEVER.match(rest):
        yield from _timed(_forbidden(rest, reading, world), "quiet", time)
    elif not rest or _STILL.fullmatch(rest):
        yield from _timed(_leaving(world), "quiet", time)


def _operating(time: Time, world: World) -> Iterator[Draft]:
    start = (EffectKind.COMMAND_RUN,)
    commands_ = Draft(FAMILY, Action.DENY, start, "every command is refused")
    yield from _timed([*_leaving(world), commands_], "hours", time)


def _params(name: str, time: Time) -> dict[str, object]:
    zone = {"zone": time.zone} if time.zone else {}
    return {name: list(time.windows), **zone}


def _when(name: str, time: Time) -> str:
    zone = f" ({time.zone})" if time.zone else ""
    word = "outside" if name == "hours" else "in"
    return f"{word} {', '.join(f'`{w}`' for w in time.windows)}{zone}"
