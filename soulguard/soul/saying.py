"""Owns rules in words: what a rule of the YAML form does, told from the rule alone.

Sentences are told by the family that read them. Nothing is read or decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from soulguard.model import Action, EffectKind, OnDuplicate, Rule, Where
from soulguard.soul import amounts
from soulguard.soul.drafts import UNSAFE, quoted
from soulguard.soul.phrases import CALL

_DEEDS: dict[EffectKind, str] = {
    EffectKind.FILE_WRITE: "writing",
    EffectKind.FILE_APPEND: "appending to",
    EffectKind.FILE_RENAME: "renaming",
    EffectKind.FILE_DELETE: "deleting",
    EffectKind.FILE_READ: "reading",
}
_WITH_WRITING = ("appending to", "renaming")
"""What goes without saying beside writing."""
_DOES: dict[Action, str] = {
    Action.ATOMIC: "appears whole or not at all",
    Action.STAMP: "puts the run id on it",
    Action.KEY: "carries a deduplication key",
    Action.DENY: "is refused",
    Action.ASK: "waits for a person",
    Action.ALLOW: "is allowed",
    Action.TRASH: "moves it to the trash",
    Action.APPEND_ONLY: "may add to it, and bytes that are there do not change",
    Action.SECRET: "is refused with a known secret in it",
    Action.NOTIFY: "is reported to the owner",
    Action.RECORD: "is on record",
    Action.RESEND: "may be sent again where it is in doubt",
}
_AGAIN = {
    OnDuplicate.BLOCK: "refused",
    OnDuplicate.SKIP: "skipped",
    OnDuplicate.WARN: "done with a warning",
}
_BEYOND = {"wait": "waits", "deny": "is refused", "ask": "waits for a person"}


def says(rule: Rule) -> str:
    """Say what a rule does and to what."""
    if rule.action is Action.SEED:
        return f"{quoted(rule.params['sources'])} give the same values after a restart"
    done = " and ".join(_subjects(rule))
    if rule.action is Action.LIMIT:
        return f"{done}: {_limit(rule.params)}"
    if rule.action is Action.REQUIRE:
        beyond = "; else it waits for a person" if "unmet" in rule.params else ""
        return f"{done}: only {', '.join(_required(rule.params))}{beyond}"
    if rule.action is Action.ONCE:
        second = f"a second time is {_AGAIN[rule.on_duplicate]}"
        return f"{done} happens at most once per run; {second}"
    return f"{done} {_DOES[rule.action]}"


def _subjects(rule: Rule) -> Iterator[str]:
    where, kinds = rule.where, rule.effects
    deeds = [name for kind, name in _DEEDS.items() if kind in kinds]
    if EffectKind.FILE_WRITE in kinds:
        deeds = [d for d in deeds if d not in _WITH_WRITING]
    if rule.action is Action.ONCE:
        deeds = deeds[:1]  # a file that is written once stays
    if deeds:
        yield f"{' and '.join(deeds)} {_files(where)}"
    if EffectKind.HTTP_CALL in kinds:
        yield _call(where)
    if EffectKind.MAIL_SEND in kinds:
        yield f"every mail{_to(where)}"
    if EffectKind.COMMAND_RUN in kinds:
        yield f"starting {_of(where.commands, where.except_commands, 'any command')}"


def _files(where: Where) -> str:
    if where.paths == ("**",):  # what it leaves out are no outputs
        return "any output"
    return _of(where.paths, where.except_paths, "any file")


def _of(named: tuple[str, ...], excepted: tuple[str, ...], every: str) -> str:
    said = quoted(named) if named and named != ("*",) else every
    return f"{said} but {quoted(excepted)}" if excepted else said


def _to(where: Where) -> str:
    if where.hosts or where.except_hosts:
        return f" to {_of(where.hosts, where.except_hosts, 'anyone')}"
    return ""


def _call(where: Where) -> str:
    kind = "call"
    if where.methods:
        usual = set(where.methods) == set(UNSAFE)
        kind = CALL if usual else f"{' or '.join(where.methods)} call"
    paths = f" under {quoted(where.url_paths)}" if where.url_paths else ""
    return f"every {kind}{_to(where)}{paths}"


def _limit(params: Mapping[str, Any]) -> str:
    said = [
        text for name, say in _LIMITS.items() if name in params for text in say(params)
    ]
    whose = params.get("by") or params.get("scope")
    each = f" for each {whose}" if whose else ""
    then = params.get("on_exceed")
    beyond = f"; what is more {_BEYOND[then]}" if then else ""
    return f"{', '.join(said)}{each}{beyond}"


def _most(params: Mapping[str, Any]) -> Iterator[str]:
    most, unit, per = params["max"], params.get("unit", ""), params.get("per", "run")
    size = unit == "bytes" or (per == "file" and not unit)
    much = amounts.size(most) if size else amounts.figure(most)
    if unit == "usd":
        much = amounts.dollars(most)
    elif unit == "sum":
        much = f"a sum of {much}"
    elif unit and not size:
        much = amounts.many(most, unit)
    yield f"at most {much} {amounts.period(per)}"


def _gap(params: Mapping[str, Any]) -> Iterator[str]:
    yield f"at least {amounts.lasting(params['gap'])} apart"


def _at_once(params: Mapping[str, Any]) -> Iterator[str]:
    yield f"at most {amounts.figure(params['at_once'])} at work at once"


_LIMITS: dict[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "max": _most,
    "at_once": _at_once,
    "gap": _gap,
}


def _required(params: Mapping[str, Any]) -> Iterator[str]:
    zone = f" ({params['zone']})" if "zone" in params else ""
    if "hours" in params:
        yield f"in {quoted(params['hours'])}{zone}"
    if "quiet" in params:
        yield f"outside {quoted(params['quiet'])}{zone}"
    yield from _carried(params)
    if "variables" in params:
        given = (f"{name}={value}" for name, value in params["variables"].items())
        yield f"with {quoted(given)}"
    if "lines" in params:
        yield f"in {amounts.many(params['lines'], 'lines')}"
    if "folder" in params:
        yield f"in {quoted(params['folder'])}"
    if "repository" in params:
        yield "in a git repository"


def _carried(params: Mapping[str, Any]) -> Iterator[str]:
    if "fields" in params:
        future = " in the future" if params.get("future") else ""
        yield f"with {quoted(params['fields'])}{future}"
    for key, word in (("values", "="), ("begins", "beginning with")):
        for name, text in params.get(key, {}).items():
            yield f"with `{name}` {word} `{text}`"
    if "absent" in params:
        yield f"without {quoted(params['absent'])}"
    if "recipients" in params:
        yield f"to {amounts.many(params['recipients'], 'recipients')}"
    for key, word in (("listed", "in"), ("unlisted", "not in")):
        if key in params:
            yield f"to people {word} {quoted(params[key])}"
