"""Changes: what alters something on other people's machines, whatever it is called.

Takes::

    Anything that changes state on somebody else's server is out.
    Never modify anything on external systems.
    Never submit forms on websites.
    Look, don't touch: no form is ever submitted.

A call with POST, PUT, PATCH or DELETE changes something; one that only reads does not.
Refuses changes of what is named (see hosts) and what holds at times.
"""

from __future__ import annotations

from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.demands import demand
from soulguard.soul.drafts import UNSAFE, Draft, World
from soulguard.soul.phrases import OUTSIDE_CALL
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, Stems

FAMILY, SUBMITTED = "http-method", "external-deny"

_STEMS = Stems(
    ("server", "site", "service", "system", "api", "form", "web", "machine", "host")
)
_OTHERS = (
    r"(?:(?:somebody|someone|anybody|anyone) else's|(?:other|third[- ]party|external|remote|foreign|outside)(?: people's| companies'| parties'?)?|"
    r"others'|other people's|the remote|any (?:external|remote|third[- ]party|outside)|any)"
)
_THEIRS = rf"{_OTHERS} (?:servers?|websites?|web ?sites?|sites?|services?|systems?|apis?|machines?|hosts?|infrastructure|platforms?)"
_CHANGE = r"(?:chang|modif|alter|mutat|writ|updat|edit|creat|delet)\w*"
_WHAT = r"(?:anything|something|any(?: remote)? (?:state|data|thing)|state|data|things|content|records?)"
_BARRED = (
    r"(?:(?:is|are) (?:strictly |always )?(?:out|forbidden|off[- ]limits|prohibited|not allowed|not permitted|banned|taboo|a no-go|disallowed|refused)|"
    r"(?:must|may|should) (?:not|never) (?:be (?:sent|made|done)|happen))"
)
_NEVER = r"(?:never|do not|don't|must not|no)"
_FORM = r"(?:web ?)?forms?"
_SENT = Pattern(rf"\b{_FORM}\b")
_END = r"(?:,? ever| at all| anywhere)*\W*\Z"
_FRAMES = (
    Pattern(rf"\A(?:anything|everything|whatever|requests?|any (?:request|call)|calls?|(?:any|every) \w+) (?:that |which )?{_CHANGE}(?: (?:{_WHAT}))? (?:on|at|in|of) {_THEIRS} {_BARRED}{_END}"),
    Pattern(rf"\A{_NEVER} {_CHANGE}(?:(?:,| or|, or) {_CHANGE})* {_WHAT} (?:on|at|in) {_THEIRS}{_END}"),
    Pattern(rf"\A{_NEVER} (?:ever )?(?:submit|fill in|fill out|send|post)(?: (?:in|out))?(?: or (?:submit|send))? (?:any |a |an )?{_FORM}(?: (?:on|at) (?:any |the )?(?:{_THEIRS}|websites?|web pages?|sites?|web))?{_END}"),
    Pattern(rf"\A(?:(?:look|we crawl|we read|read|browse),? (?:but )?(?:do not|don't|we do not|never) (?:touch|submit|write|change)(?: anything)?[:;.,] )?no {_FORM} (?:is|are|gets?) (?:ever )?(?:submitted|posted|sent|filled(?: in| out)?){_END}"),
    Pattern(rf"\A{_FORM} (?:submissions? )?{_BARRED}{_END}"),
    Pattern(rf"\A(?:submitting|filling in|posting) (?:any )?{_FORM} {_BARRED}{_END}"),
)  # fmt: skip


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the rule about what changes something elsewhere."""
    if not _STEMS.within(reading.low) or reading.methods:
        return
    said = demand(reading).lower().strip()
    if any(frame.match(said) for frame in _FRAMES):
        near = (*world.hosts("local"), *world.hosts("model-apis"))
        where = Where(methods=UNSAFE, except_hosts=near)
        meaning = f"{OUTSIDE_CALL} is refused"
        family = SUBMITTED if _SENT.search(said) else FAMILY
        yield Draft(family, Action.DENY, (EffectKind.HTTP_CALL,), meaning, where)
