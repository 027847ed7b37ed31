"""Owns what limits count: the nouns of sentences, and by what effects each is seen.

A reminder is a message, an order a call to a path that is named like one, a restart a
command of its class. How many of them may be is the families' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from soulguard.model import EffectKind, Where
from soulguard.soul.drafts import UNSAFE, WRITES, World, quoted
from soulguard.soul.wording import Pattern

CALLS = (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND)
_CALL, _MAIL = (EffectKind.HTTP_CALL,), (EffectKind.MAIL_SEND,)
_RUN = (EffectKind.COMMAND_RUN,)
Seen = tuple[tuple[EffectKind, ...], Where]
"""Kinds of effects, and where."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is counted: `name` as the report says it, `unit` as the rule does.

    `stems` are parts of paths by which a call is known as one, `hosts` and `commands`
    classes that ship.
    """

    name: str
    unit: str
    kinds: tuple[EffectKind, ...] = _CALL
    methods: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    hosts: str = ""
    commands: str = ""


_MESSAGES = (
    r"messages?|posting|tweeting|messaging|texting|sms|dms?|dming|posts?|tweets?|repl(?:y|ies|ying)|proposals?|comments?|"
    r"applications?|outreach\w*|(?:push )?notifications?|invit\w+|alerts?|likes|retweets|upvotes|reactions|"
    r"reminders?|reminding|nudges?|pings?|pinging|follow-?ups?|announcements?|broadcasts?|toots?|whatsapps?|"
    r"texts?|push(?:es)? to (?:his|her|my|the) phone"
)
_ORDERS = r"orders?|trades?|trading(?: orders)?|buying|selling|fills|positions?|buys|sells|bids"
_PAYMENTS = r"payments?|charges|refunds?|payouts?|transfers?|transactions?|purchases?|withdrawals?"
_CALLING = (
    r"(?:api |http |outgoing |external )?(?:calls?|calling|requests?)|scrapes?|scraping|lookups?|searches|fetch\w*|queries|"
    r"hits|page ?loads|page views|crawls|(?:web )?pages|api usage"
)
_TABLE: tuple[tuple[str, Unit], ...] = (
    (r"e-?mails?|e-?mailing|mailing|mails?|newsletters?", Unit("mails", "mails", _MAIL)),
    (r"restarts?|restarting|reboots?|service restarts", Unit("restarts", "commands", _RUN, commands="service-restart")),
    (r"deploy(?:ment)?s?|deploying|releases?|rollouts?|redeploys?", Unit("deploys", "commands", _RUN, commands="deploy")),
    (r"git pushes|pushes|git push", Unit("pushes", "commands", _RUN, commands="push")),
    (r"commits?", Unit("commits", "commands", _RUN, commands="commit")),
    (r"merges?", Unit("merges", "commands", _RUN, commands="merge")),
    (r"prs?|pull requests?|merge requests?|mrs?", Unit("pull requests", "commands", _RUN, commands="open-pr")),
    (_ORDERS, Unit("orders", "calls", methods=("POST",), stems=("order", "trade", "position"))),
    (_PAYMENTS, Unit("payments", "calls", methods=UNSAFE, hosts="payments",
                     stems=("payment", "transfer", "payout", "refund", "charge", "transaction", "purchase", "withdraw"))),
    (r"downloads?|downloading", Unit("downloads", "calls", methods=("GET",))),
    (_CALLING, Unit("calls", "calls")),
    (_MESSAGES, Unit("messages", "messages", CALLS)),
    (r"commands?|executions?|shell calls|shell commands", Unit("commands", "commands", _RUN)),
    (r"deletions|deletes|deleted files", Unit("deletions", "", (EffectKind.FILE_DELETE,))),
    (r"files?|writes?|outputs?|documents?|reports?", Unit("files", "files", WRITES)),
    (r"tokens?", Unit("tokens", "tokens")),
)  # fmt: skip


_NAMES = tuple((Pattern(rf"\b(?:{words})\b"), unit) for words, unit in _TABLE)
_SPOKEN = re.compile(
    r"\b(?:phone|sales|video|voice|zoom|cold|discovery|conference|tool|function|customer|support|status) calls?\b"
)
"""Calls that no client of HTTP makes."""
_BESIDE = re.compile(
    r"\A(?:(?:all|any|every|each|the|new|more|further|our|my|your|outgoing|outbound|external|live|automated|automatic) )*"
)
COSTS = Unit("costs", "usd")
"""What calls to models cost."""


def find(text: str) -> Unit | None:
    """Give what the words of a text name first, None for what nobody sees."""
    text = _SPOKEN.sub(" ", text)
    found = [
        (m.start(), -at) for at, (p, _) in enumerate(_NAMES) if (m := p.search(text))
    ]
    return _NAMES[-min(found)[1]][1] if found else None


def named(text: str) -> Unit | None:
    """Give what a text names that says nothing else: ``new orders``, ``all e-mails``."""
    bare = _BESIDE.sub("", text)
    return next((u for p, u in _NAMES if p.made.fullmatch(bare)), None)


def seen(unit: Unit, world: World) -> Iterator[Seen]:
    """Give the effects by which it is seen; they count together."""
    if unit.commands:
        yield _RUN, Where(commands=world.commands(unit.commands))
        return
    if unit.unit == "messages":
        hosts = (*world.hosts("local"), *world.hosts("model-apis"))
        yield _CALL, Where(methods=UNSAFE, except_hosts=hosts)
        yield _MAIL, Where()
        return
    if unit.hosts:
        yield _CALL, Where(hosts=world.hosts(unit.hosts), methods=unit.methods)
    if unit.stems or unit.methods or not unit.hosts:
        yield unit.kinds, Where(methods=unit.methods, url_paths=paths(unit.stems))


def paths(stems: tuple[str, ...]) -> tuple[str, ...]:
    """Give the paths of calls that are named after something."""
    named = (f"*[{stem[0].upper()}{stem[0]}]{stem[1:]}*" for stem in stems)
    return tuple(glob for name in named for glob in (f"**/{name}", f"**/{name}/**"))


def known(unit: Unit, where: Where) -> str:
    """Say by what an effect is known as one of its kind, where its name does not."""
    return f" (calls to paths with {quoted(unit.stems)})" if where.url_paths else ""
