"""Hosts and methods: which hosts may be called, and how.

Takes::

    Never call `api.stripe.com`.
    Only call `api.example.com` and `*.internal.example.com`.
    Read-only access to api.github.com.
    Use GET only.
    Never POST to production.example.com.
    Do not scrape LinkedIn.

A named service stands for its domains (policies/classes.yaml). Refuses hosts nobody can
name (``your allowed domains``).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.approval import FOR_APPROVAL
from soulguard.soul.called import RECEIVERS
from soulguard.soul.drafts import UNSAFE, Draft, World, quoted
from soulguard.soul.frames import Frame
from soulguard.soul.literals import Kind, find, host
from soulguard.soul.modality import Modality
from soulguard.soul.phrases import CALLS
from soulguard.soul.reading import Reading
from soulguard.soul.wording import wording

ALLOW, DENY, METHOD = "host-allow", "host-deny", "http-method"

_CALL = (EffectKind.HTTP_CALL,)
_CALLING = frozenset(("call", "read", "run", "send", "upload", "post"))
_SAFE = ("GET", "HEAD", "OPTIONS")
_CONTACT = ("contact", "reach")
"""Verbs by which a host is sent nothing, but called at all."""

_LISTED = wording(
    r"\b(?:allowed|permitted|approved|whitelisted|allow-?listed) (?:hosts?|domains?|apis?|"
    r"endpoints?|sites?)\b|\b(?:(?:host|domain) )?(?:allow|white)-?list\b|"
    r"\b(?:all|every|each|any) (?:\w+ ){0,2}(?:traffic|requests?|calls?|connections?)\b.*"
    r"\b(?:must|has to|have to|should|goes|go) (?:only )?(?:go|be sent|be made|to|through)\b"
)
_READ_ONLY = wording(
    r"\bread-only\b(?! (?:\w+ )?(?:reports?|views?|dashboards?|scripts?|probes?|framing)\b)|\bonly read\b.*\b(?:never|not|don't) (?:write|post|change|modify|send)\b|"
    r"\b(?:read|fetch) (?:from )?.*\bbut (?:never|not|don't) (?:write|post|change|modify)\b"
)
_SITES = wording(
    r"\b(?:web|internet|websites?|sites|job boards?|web access|browsing|external (?:apis?|services|systems)|"
    r"third[- ]party (?:apis?|services|systems|sites))\b"
)
_KEYS = wording(r"\b(?:keys?|tokens?|scopes?|credentials?|files?|folders?|database)\b")
_SAFE_ONLY = wording(
    r"\bonly\b|\b(?:allowed|permitted) (?:http )?methods?\b|\bmethods? (?:allowed|permitted)\b|"
    r"\b(?:restrict\w*|limit\w*|confined?) \b|\bmust be\b|\bexclusively\b|"
    r"\b(?:nothing|anything|other|anything other|no \w+ other) (?:but|than|except)\b|\bexcept\b"
)
_PRODUCT = wording(r"\b(?:supports?|exposes?|accepts?|offers?|provides?)\b")
_REFUSED = wording(
    r"\b(?:never|no|not|don't|avoid|forbidden|prohibited|banned|blocked|disallowed|refused?)\b"
)
_ASKED = wording(
    r"\b(?:requires?|needs?|must have|wait for|get)\b.*\b(?:approval|approved|sign-?off|permission|"
    r"confirmation|go-ahead|ok|okay)\b|\bask (?:me |the \w+ )?(?:first|before)\b"
)
_VIA = re.compile(r"\b(?:is|are) (?:never|not) \w+ed (?:via|by|through)\b")
_WORDS = frozenset(("x", "medium", "signal", "linear", "render", "line", "box"))
"""Names of services that are words as well."""
_FEW = 2
"""Words nobody knows in a statement that is about a site and no more."""
_CONNECTING = frozenset(("connect", "connects", "connecting", "page", "pages"))
"""Words of what is done with a host that is named, and with nothing else."""
_LEFT = frozenset(("not", "except", "no", "but", "only"))
_NETWORK = wording(
    r"\b(?:the (?:web|internet)|(?:network|internet|web) (?:access|calls?|requests?|connections?|traffic)|"
    r"external network|(?:outbound|outgoing|external) (?:network )?(?:calls?|requests?|connections?|traffic)|"
    r"(?:external|third[- ]party) (?:apis?|services?|hosts?|endpoints?|systems?)|go(?:ing)? online|surf)\b"
)
_NETWORK_IS = re.compile(
    r"(?:(?:allowed|outbound|outgoing|external) )?(?:network|egress|internet|net|web|outbound)"
    r"(?: (?:access|traffic|scope|targets?|hosts?|domains?|calls?))?\s?(?:[:=]|->|\u2192|\s[\u2013\u2014-]\s)"
)
_ABOUT = wording(
    r"\b(?:requests?|network|outbound|egress|traffic|http|calls?|connections?|api access|off[- ]limits|"
    r"talk|connect|speak|forbidden|blocked|taboo|tabu|verboten|banned|prohibited|no-?go|out of bounds|(?:stay|keep) (?:away|out|off))\b"
)


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the host and method rules of a sentence."""
    if reading.plain.count("\u2192") > 1:
        return  # a flow of calls is told, from one part to the next
    if reading.methods and _VIA.search(reading.low):
        return  # "both flags are never changed via PUT" is of the flags
    if reading.methods and "retr" in reading.low:
        return  # what is not tried again may well be done once
    if draft := _terse(reading, world):
        yield draft
        return
    hosts = _named(reading, world)
    if not hosts and (draft := _offline(reading, world)):
        yield draft
        return
    for frame in reading.frames:
        if frame.counter or (reading.methods and _PRODUCT.search(reading.low)):
            continue
        mine = _of(frame, world)
        draft = _methods(frame, reading, world, mine or hosts)
        draft = draft or _hosts(frame, reading, world, mine)
        if draft:
            yield draft
            return
    if reading.methods and not any(_narrowed(f) for f in reading.frames):
        yield from _of_methods(reading, world, hosts)


def _terse(reading: Reading, world: World) -> Draft | None:
    """``Network: a.example, *.b.example``: a label, and nothing but hosts behind it."""
    found = _NETWORK_IS.match(reading.low)
    if not found or reading.above in (Modality.DENY, Modality.ASK):
        return None
    said = reading.low[found.end() :]
    literals = [x for x in find(said) if x.kind is Kind.HOST]
    left = said
    for each in literals:
        left = left.replace(each.text, " ")
    if not literals or re.sub(r"\b(?:and|or)\b|[\W_]", "", left):
        return None
    return _allowed(tuple(host(x.text) for x in literals), world)


def _allowed(hosts: tuple[str, ...], world: World) -> Draft:
    where = Where(except_hosts=(*hosts, *world.hosts("local")))
    meaning = f"calls to hosts other than {quoted(hosts)} are refused"
    params = {"allow_list": True}
    return Draft(ALLOW, Action.DENY, _CALL, meaning, where, params=params)


def _narrowed(frame: Frame) -> bool:
    """Whether it holds at times only; ``other than GET`` is no such exception."""
    said = frame.exception.startswith(("other", "except", "besides"))
    return bool(frame.condition) or bool(frame.exception and not said)


def _to(hosts: tuple[str, ...], methods: tuple[str, ...], world: World) -> Where:
    """Calls to these hosts; where none is named, to all that are not near.

    A model is asked by POST: an agent that may not would think no more.
    """
    near = () if hosts else (*world.hosts("local"), *world.hosts("model-apis"))
    return Where(hosts=hosts, methods=methods, except_hosts=near)


def _of_methods(
    reading: Reading, world: World, hosts: tuple[str, ...]
) -> Iterator[Draft]:
    """``GET only``, ``DELETE: forbidden``: methods and a verdict, and no verb."""
    safe = set(reading.methods) <= set(_SAFE)
    if _PRODUCT.search(reading.low):
        return
    if safe and _SAFE_ONLY.search(reading.low):
        meaning = f"calls other than {quoted(reading.methods)} are refused"
        where = _to(hosts, UNSAFE, world)
        yield Draft(METHOD, Action.DENY, _CALL, meaning, where)
    elif safe and _nothing_else(reading):
        meaning = f"calls other than {quoted(reading.methods)} are refused"
        yield Draft(METHOD, Action.DENY, _CALL, meaning, _to(hosts, UNSAFE, world))
    elif not safe and _says_no_more(reading) and (action := _verdict(reading)):
        says = "are refused" if action is Action.DENY else "wait for a person"
        meaning = f"{quoted(reading.methods)} calls {says}"
        where = _to(hosts, reading.methods, world)
        yield Draft(METHOD, action, _CALL, meaning, where)


def _nothing_else(reading: Reading) -> bool:
    """``HEAD or GET.``: what may be done, in a list of rules."""
    left = re.sub(r"\b(?:get|head|options|or|and|requests?|only)\b", "", reading.low)
    return not left.strip(" .,/`-") and reading.above in (Modality.NONE, Modality.ALLOW)


def _says_no_more(reading: Reading) -> bool:
    """Whether nothing but methods is refused or asked for."""
    said = (Modality.NONE, Modality.ALLOW)
    return all(frame.modality in said for frame in reading.frames)


def _verdict(reading: Reading) -> Action | None:
    if _ASKED.search(reading.low):
        return Action.ASK
    return Action.DENY if _REFUSED.search(reading.said) else None


def _offline(reading: Reading, world: World) -> Draft | None:
    """``No network access``, ``Do not browse the web``: no host but the near ones."""
    for frame in reading.frames:
        denied = frame.modality is Modality.DENY and frame.firm
        calls = bool(frame.acts & {"call", "read", "run"}) or not frame.acts
        calls = calls or frame.verb.startswith("reach")
        if denied and calls and _NETWORK.search(frame.text):
            near = (*world.hosts("local"), *world.hosts("model-apis"))
            meaning = "calls to hosts that are neither local nor a model are refused"
            where = Where(except_hosts=near)
            return Draft(DENY, Action.DENY, _CALL, meaning, where)
        asked = (
            frame.modality is Modality.ASK and not frame.unknown and not frame.counter
        )
        if asked and calls and _NETWORK.search(reading.low):
            near = (*world.hosts("local"), *world.hosts("model-apis"))
            meaning = (
                "calls to hosts that are neither local nor a model wait for a person"
            )
            return Draft(DENY, Action.ASK, _CALL, meaning, Where(except_hosts=near))
    return None


def _in_words(said: str) -> tuple[str, ...]:
    """The hosts a condition names (``when talking to api.example.com``)."""
    return tuple(host(x.text) for x in find(said) if x.kind is Kind.HOST)


def _sites_unwritten(frame: Frame, reading: Reading) -> bool:
    """``Web access is read-only``: sites nobody names are looked at and no more."""
    said = frame.modality is not Modality.ASK and not frame.condition
    return bool(
        said and _READ_ONLY.search(reading.low)
        and _SITES.search(reading.low) and not _KEYS.search(reading.low)
    )  # fmt: skip


def _methods(
    frame: Frame, reading: Reading, world: World, hosts: tuple[str, ...]
) -> Draft | None:
    methods = reading.methods
    if hosts and _READ_ONLY.search(reading.low) and len(frame.unknown) <= _FEW:
        where = Where(hosts=hosts, methods=UNSAFE)
        meaning = f"calls to {quoted(hosts)} that are not {quoted(_SAFE)} are refused"
        return Draft(METHOD, Action.DENY, _CALL, meaning, where)
    if not hosts and not methods and _sites_unwritten(frame, reading):
        near = (*world.hosts("local"), *world.hosts("model-apis"))
        meaning = f"calls to outside hosts that are not {quoted(_SAFE)} are refused"
        where = Where(methods=UNSAFE, except_hosts=near)
        return Draft(METHOD, Action.DENY, _CALL, meaning, where)
    if not methods or frame.exception:
        return None
    if frame.verb.endswith("ed") and frame.unknown and not hosts:
        return None  # "the flags are never changed via PUT" is of the flags
    if frame.condition:
        hosts = _in_words(frame.condition)
        if not hosts:
            return None
    if frame.modality is Modality.ONLY and set(methods) <= set(_SAFE):
        where = _to(hosts, UNSAFE, world)
        meaning = f"calls other than {quoted(methods)} are refused"
        return Draft(METHOD, Action.DENY, _CALL, meaning, where)
    if frame.modality in (Modality.DENY, Modality.ASK):
        action = Action.DENY if frame.modality is Modality.DENY else Action.ASK
        says = "are refused" if action is Action.DENY else "wait for a person"
        # "may be read (GET) but never written (POST)": what reads is not meant
        methods = tuple(m for m in methods if m not in _SAFE) or methods
        where = _to(hosts, methods, world)
        meaning = (
            f"{quoted(methods)} calls to {quoted(hosts) or 'outside hosts'} {says}"
        )
        return Draft(METHOD, action, _CALL, meaning, where)
    return None


def _hosts(
    frame: Frame, reading: Reading, world: World, hosts: tuple[str, ...]
) -> Draft | None:
    mailed = RECEIVERS & set(frame.words) or frame.objs & {"mail", "secrets"}
    if not hosts or reading.methods or mailed:
        return None
    if frame.modality is Modality.ASK and FOR_APPROVAL.search(frame.text):
        return None  # "sent on Telegram for approval": there the person is asked
    if frame.modality is Modality.DENY and any(
        x.kind is Kind.COMMAND for x in frame.literals
    ):
        return None  # "never use `curl` with the GitHub API" is of the program
    if frame.verb.rstrip("ings") in ("email", "e-mail", "mail"):
        return None
    outside = frame.outside and frame.modality is Modality.DENY
    listed = frame.modality is not Modality.DENY and bool(_LISTED.search(reading.low))
    exclusive = frame.modality is Modality.ONLY and _about(frame, reading)
    if outside or listed or (exclusive and not _strange(frame, world)):
        return _allowed(hosts, world)
    if frame.modality not in (Modality.DENY, Modality.ASK) or not _about(
        frame, reading
    ):
        return None
    denied = frame.modality is Modality.DENY
    if denied and (frame.exception or frame.condition or _strange(frame, world)):
        return None
    says = "are refused" if denied else "wait for a person"
    sends = bool(frame.acts & {"send", "post", "upload"}) and not frame.verb.startswith(
        _CONTACT
    )
    methods = UNSAFE if sends else ()
    what = CALLS if sends else "calls"
    below = _below(frame)
    named = (
        tuple(f"{h}{p}" for h, p in zip(hosts, below, strict=True)) if below else hosts
    )
    meaning = f"{what} to {quoted(named)} {says}"
    deep = tuple(glob for path in below for glob in (path, f"{path}/**"))
    where = Where(hosts=hosts, methods=methods, url_paths=deep)
    action = Action.DENY if denied else Action.ASK
    return Draft(DENY, action, _CALL, meaning, where)


def _below(frame: Frame) -> tuple[str, ...]:
    """The paths of the URLs it names; none where one of its hosts has no path."""
    named = [x.text for x in frame.literals if x.kind is Kind.HOST]
    paths = [
        urlsplit(text).path.rstrip("/*") if "://" in text else "" for text in named
    ]
    return tuple(paths) if all(paths) and len(paths) == 1 else ()


def _about(frame: Frame, reading: Reading) -> bool:
    """Whether a statement is about calling: by its verb, or by what it is about."""
    alone = frame.modality is Modality.ONLY and bool(frame.hosts) and not frame.acts
    return (
        alone
        or bool(frame.acts & _CALLING or "hosts" in frame.objs)
        or bool(_ABOUT.search(reading.low))
    )


def _strange(frame: Frame, world: World) -> bool:
    """Whether it has words nobody knows, beside those that call a host something."""
    named = {x.text.lower() for x in frame.literals if x.kind is Kind.HOST}
    told = list(frame.words)
    called: set[str] = set()
    for at in (i for i, word in enumerate(told) if word in named):
        # "the ERP interface `erp.example.com`"
        before = reversed(told[:at])
        called.update(itertools.takewhile(lambda w: w in frame.unknown, before))
    left = (w for w in frame.unknown if w not in called | _CONNECTING)
    return any(not world.service(word) for word in left)


def _named(reading: Reading, world: World) -> tuple[str, ...]:
    found = [name for frame in reading.frames for name in _of(frame, world)]
    return tuple(dict.fromkeys(found))


def _of(frame: Frame, world: World) -> tuple[str, ...]:
    """The hosts one statement names, services by their domains."""
    literals = (*frame.literals, *frame.except_literals)
    if not literals and not _LEFT & set(frame.aside_words[:1]):
        literals = frame.aside_literals  # "hosts not on the list (a.example.com)"
    found = [host(x.text) for x in literals if x.kind is Kind.HOST]
    on = {"on", "to", "from", "via"} & set(frame.words) or frame.acts & {"post", "send"}
    for word in frame.words:
        if word not in _WORDS or on:  # "never access X" may be a placeholder
            found += world.service(word)
    return tuple(dict.fromkeys(found))
