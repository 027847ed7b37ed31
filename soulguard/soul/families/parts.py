"""Parts: what a command line or a call must be given, or must not.

Takes::

    Always use DEBIAN_FRONTEND=noninteractive for apt install.
    Always pass --dry-run to terraform apply.
    Never use --no-verify with git commit.
    Commands must always be a single line.
    Every Stripe call must include `metadata`.
    Every Blotato call must include a future `scheduledTime`.

Refuses parts for a part of the time (``first``, ``when``, ``lightly``), and fields of what
is no call (reports, records). A service nobody knows is every host with its name in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import called, phrases, programs
from soulguard.soul.demands import demand, unlabelled
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, wording

COMMAND, DENY, CALL = "command-format", "command-deny", "param-required"

_RUN, _CALLED = (EffectKind.COMMAND_RUN,), (EffectKind.HTTP_CALL,)
_SHAPE = re.compile(r"-|=|line|`|[a-z][A-Z]|_")
_BOUND = wording(
    r"\b(?:if|when|whenever|where|unless|except|first|lightly|while|usually|prefer|until|"
    r"before you|just|merely|needed|in case|lest|or ask)\b"
)
_CALLING = re.compile(
    r"\bwhen(?:ever)? (?:calling|you call|using|posting to|you post to)(?= (?:the )?(?:[A-Z`]|[\w-]+\.))"
)
_SUBJECT = re.compile(
    r"\A(?:i|we|you|the agent|it)\s(?=(?:always|never|only|must)\b)", re.IGNORECASE
)
_MANNER = re.compile(r"\bwhen (?:running|using|you run|you use)\b")
_PART = r"`?(?P<part>--?[A-Za-z][\w-]*(?:=[\w.,:/-]*[\w/]|(?<=[\w]) (?:[\w.,:/-]+|<[\w -]+>)(?=`))?|[A-Z_][A-Z0-9_]*=[\w.,:/-]*[\w/])`?"
_LINE = r"(?:(?:every|all|any|each|the)\s)?(?P<command>`[^`]+`|[a-z][\w.+-]*(?:\s[a-z][\w.:-]*){0,3}?)"
_AFTER = r"(?:\s(?:commands?|calls?|invocations?|runs?|step))?"
_END = r"\s*(?:\Z|[.,;!\u2014(]|\s-\s)"
_GIVE = r"(?:use|pass|add|include|set|give|supply|provide|specify|prepend)"
_TO = r"(?:to|for|with|in|on|when running|when you run|before|when using|when you use)"
_ALWAYS = r"(?:always|you must|must|you should always)"
_NEVER = r"(?:never|do not|don't|must not|must never|you must not)"
_NEEDED = (
    Pattern(rf"\A{_ALWAYS}\s{_GIVE}\s{_PART}\s{_TO}\s{_LINE}{_AFTER}{_END}"),
    Pattern(rf"\A{_GIVE}\s{_PART}\s{_TO}\s(?:every|all|any|each)\s{_LINE}{_AFTER}{_END}"),
    Pattern(rf"\A(?:{_ALWAYS}\s(?:run|use|call|invoke|execute|start)|only\s(?:run|use|call|invoke))\s{_LINE}\s(?:only )?with\s(?:the\s)?{_PART}(?:\sflag|\soption)?{_END}"),
    Pattern(rf"\A{_LINE}{_AFTER}\s(?:must|should|has to|have to|needs? to)\s(?:always\s)?(?:be (?:run|called|used|invoked|started) with|include|have|use|carry|get|contain)\s(?:the\s)?{_PART}(?:\sflag|\soption)?{_END}"),
    Pattern(rf"\A(?=every|all|any|each|`){_LINE}{_AFTER}\s(?:always\s)?(?:needs?|requires?|takes?|gets?|carr(?:y|ies)|includes?|has|have|uses?|comes? with|goes? with)\s(?:the\s)?{_PART}(?:\sflag|\soption)?{_END}"),
    Pattern(rf"\A{_LINE}{_AFTER}\s(?:(?:is|are)\s(?:always|only)\s(?:ever\s)?(?:run|called|used|invoked|started|executed)|always\sruns?)\s(?:only\s)?with\s(?:the\s)?{_PART}(?:\sflag|\soption)?{_END}"),
    Pattern(rf"\A{_LINE}{_AFTER}\s(?:is|are)\s(?:run|called|used|invoked|started|executed)\swith\s(?:the\s)?{_PART}(?:\sflag|\soption)?,? (?:always|every time){_END}"),
    Pattern(rf"\A(?:use|pass)\s{_PART}\s(?:with|for|to)\s{_LINE}{_AFTER}\s*[.!]?\Z"),
    Pattern(rf"\A(?:{_ALWAYS}\s)?(?:prefix|start|begin|precede)\s{_LINE}{_AFTER}\swith\s{_PART}{_END}"),
    Pattern(rf"\A{_NEVER}\s(?:(?:run|use|call|invoke|execute|start)\s)?{_LINE}\swithout\s(?:the\s)?{_PART}(?:\sflag|\soption)?{_END}"),
)  # fmt: skip
_BARRED = (
    Pattern(rf"\A{_NEVER}\s(?:use|pass|add|give|set)\s{_PART}\s{_TO}\s{_LINE}{_AFTER}{_END}"),
    Pattern(rf"\A{_NEVER}\s(?:run|use|call|invoke|execute|start)\s{_LINE}\swith\s(?:the\s)?{_PART}(?:\sflag|\soption)?{_END}"),
)  # fmt: skip
_ONE_LINE = Pattern(
    r"(?:\A|[;.]\s)(?:(?:every|all|any|each|shell|bash|terminal|the|your)\s){0,3}commands?:?\s(?:must|should|shall|have to|has to|need to|are|is)?\s?"
    r"(?:always\s)?(?:be\s)?(?:written\s|given\s|emitted\s)?(?:on\s|in\s|as\s)?(?:a\s|exactly\s)?(?:single|one)\s(?:logical\s|physical\s|shell\s)?lines?"
    + _END
    + r"|\A(?:no|never use|avoid|never run|do not use|don't use)\smulti-?line\s(?:shell\s)?commands?\b"
)
_REQUESTS = r"(?i:(?:api |http |rest |outgoing |external )?(?:calls?|requests?|posts?|puts?|patch(?:es)?|publish calls?|submissions?))"
_THINGS = r"(?:pages?|posts?|messages?|charges?|payments?|invoices?|calls?|requests?|items?|records?|tickets?|events?|customers?)"
_WHO = r"(?:the )?(?P<who>`[^`]+`|[A-Za-z][\w.-]*(?: (?!API\b)[A-Z][\w.-]*)?)(?: API)?"
_HAVE = r"(?:include|carry|contain|have|set|specify|pass|send|come with|provide|be sent with)"
_MUST = r"(?:must|should|shall|has to|have to|needs? to)(?: always)?"
_FIELD = (
    r"(?P<attributes>(?:(?:an?|the|its|valid|unique|non-empty|explicit|future|own)\s)*)"
    r"(?:`(?P<quoted>[A-Za-z_][\w.\[\]-]*)`|(?P<bare>[a-z]+(?:[A-Z][a-z0-9]*)+|[a-z]+(?:_[a-z0-9]+)+))"
    r"(?:\s(?:field|parameter|param|header|value|key|property|set))?(?P<later>\s(?:set )?in the future)?"
)
_CALLS = (
    Pattern(rf"\A(?:(?:every|all|each|any) )?{_WHO} {_REQUESTS} {_MUST} {_HAVE} {_FIELD}{_END}"),
    Pattern(rf"\A(?:(?:every|all|each|any) )?{_REQUESTS} to {_WHO} {_MUST} {_HAVE} {_FIELD}{_END}"),
    Pattern(rf"\A(?:never|do not|don't) (?:call|post to|query|hit) {_WHO} without {_FIELD}{_END}"),
    Pattern(rf"\Ano {_WHO} {_REQUESTS} without {_FIELD}{_END}"),
    Pattern(rf"\A(?:never|do not|don't) (?:create|send|make|publish|post|schedule|submit) (?:an? |any )?{_WHO} {_THINGS} without {_FIELD}{_END}"),
    Pattern(rf"\A(?:always )?(?:include|set|pass|send|specify|add) {_FIELD} (?:in|on|with|to|for) (?:(?:all|every|each|any) )?(?:{_REQUESTS} to {_WHO}|(?P<who2>`[^`]+`|[A-Za-z][\w.-]*) {_REQUESTS}){_END}"),
    Pattern(rf"\A(?:(?:every|all|each|any) )(?:{_WHO} {_REQUESTS}|{_REQUESTS} to (?:the )?(?P<who2>`[^`]+`|[\w.-]+)) (?:needs?|requires?) {_FIELD}{_END}"),
    Pattern(rf"\A(?:{_WHO} {_REQUESTS}|{_REQUESTS} to (?:the )?(?P<who2>`[^`]+`|[\w.-]+)) without {_FIELD} (?:are|is) (?:forbidden|not allowed|prohibited|refused|banned|never (?:allowed|ok)){_END}"),
)  # fmt: skip


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the rules about the parts of commands and calls."""
    said, plain = (
        _SUBJECT.sub("", _CALLING.sub("in calls to", text))
        for text in (demand(reading), unlabelled(reading.plain))
    )
    if "idempoten" in said.lower():
        return  # a key has a family of its own
    if not _SHAPE.search(plain) or _BOUND.search(_MANNER.sub("with", said.lower())):
        return
    if _ONE_LINE.search(reading.low.strip(" -*")):
        params = {"lines": 1}
        meaning = "a command of more than one line is refused"
        yield Draft(COMMAND, Action.REQUIRE, _RUN, meaning, params=params)
        return
    yield from _of_command(said)
    drafts = (list(_of_call(text, world)) for text in (said, plain))
    yield from next(filter(None, drafts), [])


# -- commands ---------------------------------------------------------------------------


def _of_command(said: str) -> Iterator[Draft]:
    for frames, needed in ((_NEEDED, True), (_BARRED, False)):
        for frame in frames:
            found = frame.match(said)
            command = programs.pattern(found["command"]) if found else ""
            if found and command:
                yield from _draft(command, found["part"], needed=needed)
                return


def _draft(command: str, part: str, *, needed: bool) -> Iterator[Draft]:
    if part.startswith("-"):
        yield _flagged(command, part, needed=needed)
    elif needed:
        name, _, value = part.partition("=")
        meaning = f"starting `{command}` without `{part}` is refused"
        params, where = {"variables": {name: value}}, Where(commands=(command,))
        yield Draft(COMMAND, Action.REQUIRE, _RUN, meaning, where, params=params)


def _flagged(command: str, flag: str, *, needed: bool) -> Draft:
    given = _given(command, flag)
    if not needed:
        meaning, where = f"starting `{given[0]}` is refused", Where(commands=given)
        return Draft(DENY, Action.DENY, _RUN, meaning, where)
    meaning = f"starting `{command}` without `{flag}` is refused"
    where = Where(commands=(command,), except_commands=given)
    listed = {"allow_list": True}
    return Draft(COMMAND, Action.DENY, _RUN, meaning, where, params=listed)


def _given(command: str, flag: str) -> tuple[str, ...]:
    """Give the ways to write a command with a flag: its place, its value apart."""
    program, _, rest = command.partition(" ")
    name, _, value = flag.partition("=")
    if " " in flag:
        name, _, value = flag.partition(" ")
        given = value if not value.startswith("<") else ""
        flags = (f"{name} {given}", f"{name}={given}") if given else (name,)
    else:
        flags = (flag, f"{name} {value}") if value else (flag,)
    behind = [f"{command} {f}" for f in flags]
    before = [f"{program} {f} {rest}" for f in flags] if rest else []
    return (*behind, *before)


# -- calls ------------------------------------------------------------------------------


def _of_call(plain: str, world: World) -> Iterator[Draft]:
    for frame in _CALLS:
        found = frame.match(plain)
        if found is None:
            continue
        groups = found.groupdict()
        who = groups.get("who") or groups.get("who2") or ""
        where = called.calls_to(who, world)
        if where is None:
            continue
        field = (groups["quoted"] or groups["bare"]).split(".")[-1].strip("[]")
        future = "future" in (groups["attributes"] or "") or bool(groups["later"])
        said = f" to {quoted(where.hosts)}" if where.hosts else " to an outside host"
        kind = f"`{field}`" + (" in the future" if future else "")
        meaning = f"a {phrases.CALL}{said} without {kind} is refused"
        params = {"fields": [field], **({"future": True} if future else {})}
        yield Draft(CALL, Action.REQUIRE, _CALLED, meaning, where, params=params)
        return
