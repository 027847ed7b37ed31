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
from soulguard.soul import times, units
from soulguard.soul.clauses import Clause
from soulguard.soul.demands import unlabelled
from soulguard.soul.drafts import UNSAFE, Draft, World
from soulguard.soul.families import commands, delete, external, hosts, path_write, spend
from soulguard.soul.modality import Modality
from soulguard.soul.phrases import OUTSIDE_CALL
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.reading import plain as bare_text
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
_UNLESS = re.compile(
    r"[\s,;:(\u2014-]+((?:unless|except|but not|save|other than)\b[^.;]*\b(?:urgent\w*|urgency|emergenc\w+|critical|alarms?|outages?|"
    r"incidents?|important|on fire|asks?|asked|tells?|told|says? so|approv\w+|permission|instruct\w*|request\w*|explicit\w*|agree\w*|"
    r"life[- ]threatening|safety|hotfix\w*|p0|p1|sev ?[01])\b[^.;]*?)[\s.)]*\Z",
    re.IGNORECASE,
)
"""An exception a person can judge, and nobody else."""
_QUIET = re.compile(
    r"(?:(?:always )?(?:respect|observe|honou?r|enforce|keep|mind)\w* )?(?:the |your |our )?"
    r"(?:quiet|silent|silence|no[- ]contact|do[- ]not[- ]disturb|dnd|blackout)"
    r"(?: (?:hours?|times?|periods?|windows?))?\b(?: (?:are|is|run))?(?P<rest>.*)"
)
_OPERATES = re.compile(
    r"(?:i |you |the agent |this agent |the service |the bot )?(?:operates?|operating hours|hours of operation|active hours|"
    r"active|on duty|(?<=\bi )(?:run|work)|(?<=you )(?:run|work)|(?<=agent )(?:runs|works)|(?<=service )(?:runs|operates)|(?<=bot )runs|(?:(?:only )?(?:operate|work|run|act)s?|(?:is|are) active)(?= only|\W*\Z))(?: only)?\W*"
)
_FREEZE = re.compile(
    r"(?:the |our )?(?P<what>deploy(?:ment)?|release|code|change|merge|push)s? (?:freeze|stop|ban|blackout)(?: (?:window|is|from|runs))*"
)
_SHIPPED = ("deploy", "deployment", "release", "code", "change")
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
    r"(?P<deploy>deploy|release)|(?P<trade>trad(?=ing)|trade|order))(?:ing|ment|s)? (?:window|hours?|times?)(?: (?:is|are))?\W*(?:only)?"
)
_ME = r"(?:i|we|you|the (?:agent|bot|assistant|service)|it)"
_SILENT = re.compile(
    rf"(?:{_ME}(?:'m| am| are| is)? |please )?(?:always |must |shall |should |have to |has to |will )*"
    r"(?:be |stay |stays |remain |remains |keep |keeps |go |goes )?(?:completely |strictly )?(?:quiet|silent|mute|dark|in silence)"
    r"(?:[:,;.\u2014 -]+(?:no|nothing|not)\b[\w ,]*)?"
)
"""Who is silent sends nothing."""
_TOLD = re.compile(
    r"(?:(?i:all|the|any|our) )?(?!(?i:no|not|never|nothing|only)\b)(?P<what>[\w -]{2,40}?)(?P<only> only)? (?:"
    r"(?:is|are|stay|remain)(?: strictly)? (?P<frozen>frozen|blocked|forbidden|prohibited|banned|suspended|paused|off[- ]limits|"
    r"not allowed|not permitted|disallowed|stopped|on hold|locked)|"
    r"(?:may |must |should |shall |will |can )?(?:only )?(?:(?:go|goes) out|(?:is|are|be) (?:only )?(?:sent(?: out)?|allowed|permitted|delivered|"
    r"made|placed|published|posted|executed|run)|leaves?|happens?|occurs?)(?: only)?)"
)
"""Of a thing, when it is done or not."""
_WINDOW_OF = {
    "post": "never post", "email": "never send emails", "message": "never send messages",
    "deploy": "never deploy", "trade": "no orders",
}  # fmt: skip
_LEAVING = re.compile(
    rf"{NEGATION} (?:(?:send|sends|make|push|fire|any|do|more|new|outgoing|outbound|external|push|proactive) )*"
    r"(?:messages?|notifications?|outreach|alerts?|updates?|contact|pings?|dms?|communications?|texts?|sms|reminders?|"
    r"announcements?|nudges?|whatsapps?)(?: to (?:anyone|anybody|people|users|customers|clients|me|him|her|them|guests|patients))?|"
    rf"{NEGATION} (?:text|message|dm|ping|notify|contact|disturb|bother|write to|reach out to|message) "
    r"(?:anyone|anybody|people|users|(?:the |our |any )?(?:customers|clients|guests|patients|contacts|leads|members|suppliers)|me|him|her|them|the owner)|"
    r"(?:nothing|nobody|no one|no message|no mail) (?:leaves|goes out|is sent|is sent out|gets sent|may leave|may go out|is contacted|gets a message)"
    r"(?: (?:the|this|our) [a-z]+)?"
)
_HELD = re.compile(
    r"(?:hold|pause|mute|stop|suspend|block|defer|queue)\b(?: back)? (?=all |any |outgoing |outbound )"
)
_MADE = re.compile(
    r" (?:must|may|should|can|shall|have to|has to) (?:only )?be (?:made|sent|published|posted|run|delivered|done)\Z"
)
_SECTION = re.compile(r"\A\d+(?:\.\d+)+[.)]? ")
_EVERY = re.compile(r"\A(?:all|any|every|each|the) ")
_PLURAL = re.compile(r"\Ano ([a-z]+?)(?:es|s)\b", re.IGNORECASE)
_DOING = re.compile(r"\Ano ([a-z]{3,})ing\b", re.IGNORECASE)
_STAGE = re.compile(r"\b(?:production|prod|live) (?=deploy|release)", re.IGNORECASE)
_GONE = re.compile(r"\(\s*\)|\s+(?=[.,;:!?)])")


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the rules about the times of what a sentence speaks of."""
    if not _SOME_TIME.search(reading.low) or len(reading.low) != len(reading.plain):
        return
    plain, unless = _excepted(times.even(reading.plain))
    low = plain.lower()
    time = times.find(low)
    if time is None:
        return
    less = times.without(time, low)
    time = less or time
    if _BOUND.search(f"{low[: time.start]} {low[time.end :]}"):
        return
    before = plain[: time.start]
    outside = bool(_OUTSIDE.search(before))
    before = _OUTSIDE.sub("", _PERIOD.sub(" (", before))
    rest = _GONE.sub("", f"{before} {plain[time.end :]}")
    core = unlabelled(
        _SECTION.sub("", " ".join(rest.split()).strip(_EDGES))
    ) or _heading(reading)
    if _THEIRS.match(core):
        return
    drafts = list(_read(core, time, reading, world, outside=outside))
    if less is None or all("hours" in draft.params for draft in drafts):
        yield from (_asking(draft, unless) for draft in drafts)


def _excepted(plain: str) -> tuple[str, str]:
    """Part an exception nobody can check from a sentence: a person is asked about it."""
    found = _UNLESS.search(plain)
    return (plain[: found.start()], found[1]) if found else (plain, "")


def _asking(draft: Draft, unless: str) -> Draft:
    if not unless:
        return draft
    meaning = draft.meaning.replace("is refused", "waits for a person")
    params = {**draft.params, "unmet": "ask", "approval": unless}
    return replace(draft, meaning=meaning, params=params)


def _heading(reading: Reading) -> str:
    """Give the label of a time that stands alone: ``Quiet hours`` above ``22:00-07:00``."""
    above = (*reading.clause.leads[::-1], *reading.clause.headings[-1:])
    return next((text.strip(_EDGES) for text in map(bare_text, above)), "")


def _read(
    core: str, time: Time, reading: Reading, world: World, *, outside: bool
) -> Iterator[Draft]:
    if outside:
        if _NEVER.search(core.lower()) and not times.find(core.lower()):
            yield from _timed(_forbidden(core, reading, world), "hours", time)
    elif window := _WINDOWS.fullmatch(core.lower()):
        said = _WINDOW_OF[str(window.lastgroup)]
        yield from _timed(_forbidden(said, reading, world), "hours", time)
    elif freeze := _FREEZE.fullmatch(core.lower()):
        said = (
            "never deploy" if freeze["what"] in _SHIPPED else f"never {freeze['what']}"
        )
        yield from _timed(_forbidden(said, reading, world), "quiet", time)
    elif quiet := _QUIET.fullmatch(core.lower()):
        yield from _quiet(quiet["rest"].strip(_EDGES), time, reading, world)
    elif _OPERATES.fullmatch(core.lower()):
        yield from _operating(time, world)
    elif _SILENT.fullmatch(core.lower()):
        yield from _timed(_leaving(world), "quiet", time)
    elif (told := _TOLD.fullmatch(core)) and (_ranged(time) or told["only"]):
        name = "quiet" if told["frozen"] else "hours"
        what = f"{told['what'][:1].lower()}{told['what'][1:]}"
        yield from _timed(_forbidden(f"no {what}", reading, world), name, time)
    elif not (times.find(core.lower()) or _only_later(core)):
        yield from _narrowed(core, time, reading, world)


def _ranged(time: Time) -> bool:
    """Whether a time has an hour it begins and one it ends at: no schedule says that."""
    return all(":" in window for window in time.windows) or len(time.windows) > 1


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
    if known := _counted(said.lower(), world, named=True):
        return known
    for family in _SPEAKING:
        drafts = list(family.read(alone, world))
        if drafts:
            firm = all(d.action is Action.DENY for d in drafts)
            listed = any(d.params.get("allow_list") for d in drafts)
            return drafts if firm and not listed else []
    if _LEAVING.fullmatch(said.lower()):
        return _leaving(world)
    tries = _other_words(said)
    found = next(filter(None, (_forbidden(t, reading, world) for t in tries)), [])
    return found or _counted(said.lower(), world)


def _counted(low: str, world: World, *, named: bool = False) -> list[Draft]:
    """Give what would forbid a thing that limits count: ``no orders``.

    `named`: only what is known by the name of a path.
    """
    unit = units.named(low.removeprefix("no ")) if low.startswith("no ") else None
    if unit is None or (named and not unit.stems):
        return []
    if unit.unit == "messages":
        return _leaving(world)
    says = f"every one of the {unit.name}"
    return [
        Draft(
            FAMILY,
            Action.DENY,
            kinds,
            f"{says}{units.known(unit, where)} is refused",
            where,
        )
        for kinds, where in units.seen(unit, world)
    ]


def _other_words(said: str) -> Iterator[str]:
    """Say a prohibition of a noun as one of a verb."""
    if noun := _PLURAL.match(said):
        rest = said[noun.end() :]
        yield f"never {noun[1]}{rest}"
    if doing := _DOING.match(said):
        yield f"never {doing[1]}{said[doing.end() :]}"
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
