"""Drafting: the agent writes messages, a person sends them.

Takes::

    You draft, I send.
    Draft before publish.
    Drafts only; never send directly.
    Leave every reply as a draft for me to send.

Sending waits for a person then, who is the one that sends. Refuses drafts of anything
that is not sent (plans, code), and advice on how drafts are written.
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.demands import demand
from soulguard.soul.drafts import UNSAFE, Draft, World
from soulguard.soul.phrases import OUTSIDE_CALL
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, Stems

FAMILY = "ask-external"

_STEMS = Stems(("draft",))
_ME = r"(?:i|we|the (?:owner|human|user|boss|team|client)|a (?:human|person)|[a-z]+)"
_SENT = r"(?:sends?|posts?|publish(?:es)?|hits? send|press(?:es)? send|decides? (?:what|when) to send|do(?:es)? the sending)"
_SENDING = r"(?:send|sending|sent|post|posting|posted|publish|publishing|published|tweet|tweeting|reply|replying|mail|mailing|email|emailing|go out|goes out)"
_WHAT = r"(?:(?:e-?)?mails?|messages?|repl(?:y|ies)|posts?|tweets?|dms?|responses?|outreach|comments?|newsletters?|invitations?|everything|all communications?|communications?|content|it|them)"
_END = r"(?:,? (?:always|ever|please|first))*\W*\Z"
_FRAMES = (
    Pattern(rf"\A(?:you|the agent|agents?|your job: you|always) drafts?(?: {_WHAT})?[,;:]? (?:and |but |then )?{_ME} {_SENT}(?: (?:it|them))?{_END}"),
    Pattern(rf"\A(?:always )?draft(?: (?:it|them|first))? (?:before|prior to) (?:you )?{_SENDING}{_END}"),
    Pattern(r"\A(?:always )?drafts? (?:it |them |everything )?first[,;:]? (?:and )?(?:then )?(?:ask|wait|show)\b.*"),
    Pattern(rf"\A(?:(?:you|the agent) (?:may |can |will )?)?(?:only|just) (?:ever )?(?:draft|create drafts?|write drafts?|prepare drafts?|save drafts?)(?: (?:of )?{_WHAT})?(?:\s?[,;:\u2014-]+ (?:and )?(?:never|do not|don't|not) (?:actually )?{_SENDING}\b.*)?{_END}"),
    Pattern(rf"\A(?:{_WHAT} (?:is |are |stays? |remain )?)?(?:draft-only|drafts? only)(?:\s?[,;:\u2014-]+ (?:and )?(?:never|do not|don't|no) (?:actually |auto-?)?{_SENDING}\b.*)?{_END}"),
    Pattern(rf"\A(?:never|do not|don't) (?:actually )?{_SENDING} (?:{_WHAT} )?(?:directly|yourself|on your own)?[,;:\u2014 -]+(?:only|just|always) (?:create |save |prepare |leave |write )?(?:them |it )?(?:as )?(?:a )?drafts?{_END}"),
    Pattern(rf"\A(?:always )?(?:leave|save|keep|put|prepare|create) (?:all |every |each |any |your )*{_WHAT} (?:as (?:a )?drafts?|in (?:the )?drafts?(?: folder)?) (?:for {_ME} to (?:review|send|approve|post|publish|check)|until {_ME} (?:approves?|sends?|says? (?:so|yes)))\b.*"),
    Pattern(rf"\A(?:all |every |each |any |outgoing )*{_WHAT} (?:go(?:es)?|stays?|remains?|is left|are left|is saved|are saved|is kept|are kept|must stay) (?:to|in|into|as) (?:the |a )?drafts?(?: folder)? (?:for {_ME} to (?:review|send|approve|check)|until {_ME} (?:approves?|sends?|says? (?:so|yes)))\b.*"),
)  # fmt: skip


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the questions about what only a person sends."""
    if not _STEMS.within(reading.low):
        return
    said = demand(reading).lower().strip()
    if not any(frame.match(said) for frame in _FRAMES):
        return
    mail, call = (EffectKind.MAIL_SEND,), (EffectKind.HTTP_CALL,)
    yield Draft(FAMILY, Action.ASK, mail, "every mail waits for a person")
    near = (*world.hosts("local"), *world.hosts("model-apis"))
    where = Where(methods=UNSAFE, except_hosts=near)
    yield Draft(FAMILY, Action.ASK, call, f"{OUTSIDE_CALL} waits for a person", where)
