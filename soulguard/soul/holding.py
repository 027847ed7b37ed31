"""Owns which rules of the YAML form could not hold: nobody would ever enforce them.

A rule that is accepted is one that is kept. What each action needs of an effect is told
in docs/policy.md, "What enforcement needs of a rule". Nothing is read here.
"""

from __future__ import annotations

from soulguard.model import Action, EffectKind, Rule, Where

_WRITES = frozenset(
    (EffectKind.FILE_WRITE, EffectKind.FILE_APPEND, EffectKind.FILE_RENAME)
)
_FILES = _WRITES | {EffectKind.FILE_DELETE, EffectKind.FILE_READ}
_CALLS = frozenset((EffectKind.HTTP_CALL, EffectKind.MAIL_SEND))
_MAILS = frozenset((EffectKind.MAIL_SEND,))
_COMMANDS = frozenset((EffectKind.COMMAND_RUN,))
_WRITE = frozenset((EffectKind.FILE_WRITE,))

_ACTS_ON: dict[Action, frozenset[EffectKind]] = {
    Action.ONCE: _WRITE | _CALLS | _COMMANDS,
    Action.ATOMIC: _WRITES,
    Action.STAMP: _WRITE,
    Action.KEY: _CALLS,
    Action.SECRET: _WRITES | _CALLS | _COMMANDS,
    Action.TRASH: frozenset((EffectKind.FILE_DELETE,)),
    Action.APPEND_ONLY: _FILES - {EffectKind.FILE_READ},
    Action.RESEND: _CALLS,
}
"""What an action does something to; one that is not here acts on everything."""

_WITH_WRITES = _WRITES | {EffectKind.FILE_DELETE}
"""Effects that follow from writing: naming them beside it does no harm."""

_REQUIRED_OF: dict[str, frozenset[EffectKind]] = {
    "fields": _CALLS,
    "values": _CALLS,
    "begins": _CALLS,
    "absent": _CALLS,
    "recipients": _MAILS,
    "listed": _MAILS,
    "unlisted": _MAILS,
    "variables": _COMMANDS,
    "lines": _COMMANDS,
    "folder": _COMMANDS,
    "repository": _COMMANDS,
}
"""What only some effects can come with."""

UNITS = (
    "calls", "mails", "messages", "commands", "files", "bytes", "tokens", "usd",
    "retries", "effects", "characters", "words",
)  # fmt: skip
"""What a limit can count."""

LENGTHS = frozenset(("characters", "words"))
"""Units of the text of one message."""

SCOPES = ("recipient", "host", "target", "thread")
"""What can have a count of its own."""


def mistake(rule: Rule) -> tuple[str, str]:
    """Say why a rule could not hold and what would, both empty where it can."""
    if rule.action is Action.SEED:
        return "", ""  # it speaks of processes, wherever they work
    checks = (_wrong_effect, _nowhere, _left_out, _unsaid, _required, _instant)
    found = (wrong(rule) for wrong in checks)
    return next(filter(None, found), ("", ""))


def _wrong_effect(rule: Rule) -> tuple[str, str] | None:
    known = _ACTS_ON.get(rule.action, frozenset(EffectKind))
    beside = _WITH_WRITES if known & _WRITE & set(rule.effects) else frozenset()
    for kind in rule.effects:
        if kind not in known | beside:
            said = f"`{rule.action.value}` does nothing to `{kind.value}`"
            names = ", ".join(f"`{k.value}`" for k in EffectKind if k in known)
            return said, f"it holds for {names}"
    return None


def _nowhere(rule: Rule) -> tuple[str, str] | None:
    """Whether the places asked for are such that no effect of the rule has them all."""
    if any(_fits(rule.where, kind) for kind in rule.effects):
        return None
    names = ", ".join(f"`{kind.value}`" for kind in rule.effects)
    return f"no {names} has all that `where` asks for", "make it two rules"


def _fits(where: Where, kind: EffectKind) -> bool:
    if kind in _FILES:
        return not (where.hosts or where.methods or where.url_paths or where.commands)
    if kind in _COMMANDS:
        return not (where.paths or where.hosts or where.methods or where.url_paths)
    if kind is EffectKind.MAIL_SEND and (where.methods or where.url_paths):
        return False
    return not (where.paths or where.commands)


def _left_out(rule: Rule) -> tuple[str, str] | None:
    """Whether something is excepted that no effect of the rule has."""
    kinds, where = set(rule.effects), rule.where
    for name, said, having in (
        ("path", where.except_paths, _FILES),
        ("to` or `host", where.except_hosts, _CALLS),
        ("command", where.except_commands, _COMMANDS),
    ):
        if said and not kinds & having:
            names = ", ".join(f"`{k.value}`" for k in rule.effects)
            message = f"`{said[0]}` is excepted as a `{name}`, which {names} has not"
            return message, "say of which kind it is: `except: {to: ...}` or the like"
    return None


def _unsaid(rule: Rule) -> tuple[str, str] | None:
    """Whether a length is asked of what has no text."""
    unit = rule.params.get("unit")
    if rule.action is not Action.LIMIT or unit not in LENGTHS:
        return None
    without = [f"`{k.value}`" for k in rule.effects if k not in _CALLS]
    if not without:
        return None
    names = ", ".join(f"`{k.value}`" for k in EffectKind if k in _CALLS)
    return f"{', '.join(without)} has no {unit} to count", f"it holds for {names}"


def _required(rule: Rule) -> tuple[str, str] | None:
    """Whether something is required that an effect of the rule has not."""
    if rule.action is not Action.REQUIRE:
        return None
    for name, having in _REQUIRED_OF.items():
        if name in rule.params and (rest := set(rule.effects) - having):
            names = ", ".join(sorted(f"`{kind.value}`" for kind in rest))
            held = ", ".join(f"`{kind.value}`" for kind in having)
            return f"{names} has no `{name}`", f"it holds for {held}"
    return None


def _instant(rule: Rule) -> tuple[str, str] | None:
    """Whether what is over at once is to be counted while it lasts."""
    lasting = _CALLS | _COMMANDS
    if rule.action is not Action.LIMIT or "at_once" not in rule.params:
        return None
    if rest := set(rule.effects) - lasting:
        names = ", ".join(sorted(f"`{kind.value}`" for kind in rest))
        held = ", ".join(f"`{k.value}`" for k in EffectKind if k in lasting)
        return f"{names} is over at once", f"`at_once` holds for {held}"
    return None
