"""External actions: mail, posts, messages and other calls that reach somebody outside.

Takes::

    Ask before acting externally (emails, tweets, public posts).
    Never send client-facing communications without explicit approval.
    You do not post anything anywhere.
    Sending emails or external communications          (under "Ask first")

Refuses prohibitions with a word nobody can check (``half-baked replies``), and warnings
(``Be careful with external actions``). *External* is mail, and an unsafe call to a host
that is neither local nor a model API.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import times
from soulguard.soul.approval import FOR_APPROVAL
from soulguard.soul.drafts import UNSAFE, Draft, World, quoted
from soulguard.soul.families import bulk
from soulguard.soul.frames import Frame
from soulguard.soul.literals import Kind
from soulguard.soul.modality import Modality
from soulguard.soul.phrases import CALLS, OUTSIDE_CALL
from soulguard.soul.reading import Reading

ASK = "ask-external"
DENY = "external-deny"

_SENDING = frozenset(("send", "post", "upload", "external"))
_THINGS = frozenset(("mail", "messages", "posts", "applications", "places", "people"))
_OUTGOING = frozenset(("mail", "posts", "messages"))
_ELSEWHERE = frozenset(
    (
        "secrets",
        "code",
        "files",
        "git-history",
        "branches",
        "config",
        "database",
        "infrastructure",
        "software",
        "production",
        "system-config",
        "background",
    )
)
_PLAIN = ("send", "auto-send", "post", "auto-post", "publish", "tweet", "email", "e-mail", "mail",
          "upload", "transmit", "dm", "repost", "sending", "posting", "publishing", "share externally",
          "reply", "auto-reply", "contact", "reach out", "cold", "go public", "make public",
          "exfiltrate", "broadcast publicly", "post publicly", "share publicly", "make outreach", "do outreach")  # fmt: skip
"""Verbs that need no object to speak of what leaves."""
_NOT_SENT = frozenset(("comment", "comments", "articles", "public content"))
_LIVE = ("go live", "goes live", "going live")
"""What goes live is put out or is seen: nobody can tell which is meant."""
_SUBMITTED = frozenset(
    ("auto-apply", "auto-applies", "auto-applying", "apply to jobs", "rsvp", "book", "booking", "schedule interviews",
     "scheduling interviews")
)  # fmt: skip


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the external rule of a sentence."""
    if reading.methods:
        return  # HTTP methods are the hosts family's
    asked = [f for f in reading.frames if f.modality is Modality.ASK and _asked(f)]
    denied = [f for f in reading.frames if f.modality is Modality.DENY and _denied(f)]
    if reading.paths and any(f.verb.endswith("ed") for f in denied):
        denied = []  # "nothing from `records/` is ever uploaded, mailed or pasted"
    asked = [f for f in asked if not _of_another(f, reading)]
    denied = [f for f in denied if not _of_another(f, reading)]
    if len(reading.frames) > 1 and reading.frames[0].verb.startswith("shar"):
        denied = []  # "share private talks or DM content": other things may be sent
    if any("secrets" in f.objs for f in reading.frames):
        sent = (f for f in denied if f.verb.startswith(_PLAIN) and f.objs)
        denied = [f for f in sent if not {"them", "it"} & set(f.words)]
    asked = [f for f in asked if not bulk.many(f, reading)]
    if denied and times.find(times.even(reading.low)):
        denied = []  # it is forbidden then, and not at all times
    if asked:
        yield from _drafts(_all(asked), world, Action.ASK, ASK)
    elif denied:
        yield from _drafts(_all(denied), world, Action.DENY, DENY)


def _of_another(frame: Frame, reading: Reading) -> bool:
    """``All is well: log it, no message``; ``background noise -> never send``.

    What is not sent there is what the sentence began with, and nobody can tell it.
    """
    before = reading.frames[: reading.frames.index(frame)]
    noun = frame.text.startswith("no ") and any(f.acts for f in before)
    ahead = reading.plain.lower().partition(frame.text[:12])[0]
    bare = not (frame.objs or frame.literals or frame.acts & {"external", "upload"})
    return noun or (bare and any(mark in ahead for mark in ("\u2192", "->")))


def _all(found: list[Frame]) -> Frame:
    """One frame for ``sending any mail, post or message``."""
    return replace(
        found[0],
        acts=frozenset().union(*(f.acts for f in found)),
        objs=frozenset().union(*(f.objs for f in found)),
        words=tuple(word for f in found for word in f.words),
    )


def _asked(frame: Frame) -> bool:
    if frame.counter or frame.paths or frame.commands:
        return False
    if frame.verb.startswith("auto-") and "send" in frame.acts:
        return True  # "never auto-send, and treat refunds as sensitive"
    if frame.approval.startswith("unless") and _of_a_kind(frame):
        return False  # "Never post promotional links unless told": others may be
    if _of_others(frame):
        return False
    if frame.verb.startswith(_LIVE) and not (frame.objs or frame.literals):
        return True
    if "external" in frame.acts or _shared_outside(frame):
        return True
    if frame.words[-1:] in (("changes",), ("updates",)) and frame.unknown:
        return False  # "messaging profile changes" change a profile
    if _submits(frame):
        return True
    if frame.acts & _SENDING:
        return not frame.objs & {"secrets", "code"} and frame.verb != "share"
    outgoing = {"mail", "posts"} if frame.inherited else _OUTGOING
    return not (frame.acts or frame.unknown) and bool(frame.objs & outgoing)


def _of_others(frame: Frame) -> bool:
    """Whether other families speak of it: money, a host, those at an address."""
    if frame.approval.startswith(("when ", "if ")) and "mail" not in frame.objs:
        return True  # "Only reply when asked" is about talking too much
    if "money" in frame.objs or (frame.acts & {"pay"} and "external" not in frame.acts):
        return True
    left_out = any(x.kind is Kind.MAIL for x in frame.except_literals)
    return bool(frame.hosts) or (frame.outside and left_out)


def _of_a_kind(frame: Frame) -> bool:
    """Whether it is a kind of content nobody can tell, and no kind of sending."""
    known = frame.objs - ({"posts"} if "post" in frame.acts else set())
    return bool(frame.unknown) and not known


def _shared_outside(frame: Frame) -> bool:
    """``Sharing documents outside the company requires permission``."""
    outside = frame.outside or frame.exception.startswith(("outside", "beyond"))
    given = frame.verb.startswith(("shar", "forward", "distribut", "disclos", "surfac"))
    return outside and given and not frame.except_literals


def _denied(frame: Frame) -> bool:
    if not frame.firm or frame.outside or frame.literals or "money" in frame.objs:
        return False
    if "about" in frame.words:
        return False  # "Never post anything about the family": the rest may be posted
    if "only" in frame.aside_words:
        return False  # "(only to the owner)" leaves something nobody can tell
    if _submits(frame):
        return True
    if "external" in frame.acts:
        return True
    if not frame.acts and frame.objs and frame.objs <= {"mail", "posts"}:
        said = frame.text.lower()
        return said.startswith(("no ", "zero ")) and not _NOT_SENT & set(frame.words)
    if not frame.acts & _SENDING or frame.objs & (_ELSEWHERE - {"files"}):
        return False
    if frame.acts & {"send", "post"} and frame.verb in ("share", "forward"):
        return False
    if _noun_alone(frame):
        return False
    alone = len(frame.words) <= 3 and frame.verb.startswith(_PLAIN)
    return bool(frame.objs & (_THINGS | {"files"})) or alone


def _noun_alone(frame: Frame) -> bool:
    """``No upload, no cost``: what there is none of, and nothing that is forbidden."""
    if frame.verb == "comments" and not frame.objs & {"places", "people"}:
        return True
    nouns = ("upload", "post", "e-mail", "email", "mail")
    return frame.text.startswith("no ") and not frame.objs and frame.verb in nouns


def _submits(frame: Frame) -> bool:
    if "submit" not in frame.acts:
        return False
    if frame.verb in _SUBMITTED or frame.objs & {"applications"}:
        return True
    applies = frame.verb in ("apply", "applying") and frame.modality is Modality.ASK
    applies = applies and bool(frame.objs or frame.inherited) and not frame.unknown
    return (
        applies and not frame.objs & (_ELSEWHERE - {"secrets"}) and not frame.literals
    )


def _drafts(frame: Frame, world: World, action: Action, family: str) -> Iterator[Draft]:
    named = _services(frame, world)
    asked_there = named if named and FOR_APPROVAL.search(frame.text) else ()
    if named and not asked_there:
        where = Where(hosts=named, methods=UNSAFE)
        says = "wait for a person" if action is Action.ASK else "are refused"
        meaning = f"{CALLS} to {quoted(named)} {says}"
        yield Draft(family, action, (EffectKind.HTTP_CALL,), meaning, where)
        return
    says = "waits for a person" if action is Action.ASK else "is refused"
    params = {"approval": frame.approval} if frame.approval else {}
    said = frame.objs | frame.aside_objs
    posts = frame.acts == {"post"}  # a post is no mail, whatever is posted
    mailed = {"mail", "messages", "people"} | (set() if posts else {"files"})
    if said & mailed or "external" in frame.acts or not (said or posts):
        meaning = f"every mail {says}"
        yield Draft(family, action, (EffectKind.MAIL_SEND,), meaning, params=params)
    if said == {"mail"} and "external" not in frame.acts:
        return
    hosts = (*world.hosts("local"), *world.hosts("model-apis"), *asked_there)
    where = Where(methods=UNSAFE, except_hosts=hosts)
    meaning = f"{OUTSIDE_CALL} {says}"
    yield Draft(family, action, (EffectKind.HTTP_CALL,), meaning, where, params=params)


def _services(frame: Frame, world: World) -> tuple[str, ...]:
    """The hosts of the services a statement names (``never post to Twitter``)."""
    found = (host for word in frame.words for host in world.service(word))
    return tuple(dict.fromkeys(found))
