"""Owns the decision: a policy and an effect in, a judgement out.

Pure: no file, clock, socket or memory of earlier effects. What the record says of an
effect (done, in doubt, over a limit) is the broker's to add, from `duties`.

Order: a rule's precedence (built-in protections over blocks over prose), then deny over
ask over allow, then the more specific place.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from soulguard.model import (
    Action,
    Effect,
    EffectKind,
    Judgement,
    Policy,
    Rule,
    Scope,
    Verdict,
    Where,
)
from soulguard.policy import globs
from soulguard.policy.commands import CommandPattern, names, spares, started_by
from soulguard.policy.index import HostIndex, PathIndex, hosts_pattern
from soulguard.policy.places import left, wheres
from soulguard.policy.scope import scope

_VERDICTS = {
    Action.DENY: (2, Verdict.DENY),
    Action.ASK: (1, Verdict.ASK),
    Action.ALLOW: (0, Verdict.ALLOW),
}
_REPEATED = frozenset((EffectKind.HTTP_CALL, EffectKind.FILE_APPEND))
_PLACES_KEPT = 256
Rank = tuple[int, ...]
Found = tuple[Rank, "_Compiled", str]


class _Compiled:
    """A rule with everything precompiled that matching it needs."""

    __slots__ = (
        "except_commands",
        "except_hosts",
        "excepts",
        "methods",
        "order",
        "precedence",
        "rule",
        "urls",
        "where",
    )

    def __init__(self, rule: Rule, where: Where, root: str, order: int) -> None:
        self.rule = rule
        self.where = where
        self.order = order
        self.precedence = int(rule.params.get("precedence", 0))
        self.excepts = globs.compile_any(
            tuple(globs.absolute(p, root) for p in where.except_paths)
        )
        self.except_hosts = hosts_pattern(where.except_hosts)
        self.except_commands = tuple(CommandPattern(c) for c in where.except_commands)
        self.methods = frozenset(m.upper() for m in where.methods)
        self.urls = globs.compile_any(
            tuple(p if p.startswith("/") else "/" + p for p in where.url_paths)
        )


class Engine:
    """A policy made ready for questions; build one per generation."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._paths: dict[EffectKind, PathIndex[_Compiled]] = {}
        self._hosts: dict[EffectKind, HostIndex[_Compiled]] = {}
        self._commands: dict[str, list[tuple[CommandPattern, _Compiled]]] = {}
        self._scope = scope(policy)
        self._judged: dict[tuple[str, ...], Judgement] = {}
        for order, rule in enumerate(policy.rules):
            for where in wheres(rule, policy.root):
                compiled = _Compiled(rule, where, policy.root, order)
                for kind in rule.effects:
                    self._add(kind, compiled)

    def numbered(self, generation: int) -> Engine:
        """Give the same engine under another generation number."""
        other = copy.copy(self)
        other.policy = replace(self.policy, generation=generation)
        other._scope = replace(self._scope, generation=generation)
        return other

    def scope(self) -> Scope:
        """Give the guard's prefilter: what has to be asked about at all."""
        return self._scope

    def judge(self, effect: Effect) -> Judgement:
        """Say what the rules alone say of an effect."""
        if effect.kind not in _REPEATED:
            return self._judge(effect)
        # all that rules look at; an agent goes to the same few places many times
        place = effect.kind, effect.method, effect.host, effect.target
        if effect.kind is EffectKind.HTTP_CALL:
            place = (*place[:3], effect.target.partition("?")[0])
        known = self._judged.get(place)
        if known is None:
            if len(self._judged) >= _PLACES_KEPT:
                self._judged.clear()
            known = self._judged[place] = self._judge(effect)
        return known

    def _judge(self, effect: Effect) -> Judgement:
        best: tuple[Rank, _Compiled, str] | None = None
        duties: dict[int, Found] = {}
        for rank, compiled, fact in self._find(effect):
            verdict = _VERDICTS.get(compiled.rule.action)
            if verdict is None:
                known = duties.get(compiled.order)
                if known is None or known[0] < rank:
                    duties[compiled.order] = (rank, compiled, fact)
                continue
            order = (compiled.precedence, verdict[0], *rank)
            if best is None or best[0] < order:
                best = (order, compiled, fact)
        return self._judgement(best, duties.values())

    # -- building -------------------------------------------------------------------

    def _add(self, kind: EffectKind, compiled: _Compiled) -> None:
        where = compiled.where
        if kind is EffectKind.COMMAND_RUN:
            if not (where.paths or where.hosts or where.methods or where.url_paths):
                self._add_commands(compiled)
        elif kind in (EffectKind.HTTP_CALL, EffectKind.MAIL_SEND):
            if not (where.paths or where.commands):
                hosts = self._hosts.setdefault(kind, HostIndex())
                for host in where.hosts or ("*",):
                    hosts.add(host, compiled)
        elif not (where.hosts or where.methods or where.url_paths or where.commands):
            paths = self._paths.setdefault(kind, PathIndex())
            for path in where.paths or ("/**",):
                paths.add(globs.absolute(path, self.policy.root), compiled)

    def _add_commands(self, compiled: _Compiled) -> None:
        for text in compiled.rule.where.commands or ("*",):
            pattern = CommandPattern(text)
            for name in pattern.names:
                key = name if globs.is_literal(name) else "*"
                self._commands.setdefault(key, []).append((pattern, compiled))

    # -- finding --------------------------------------------------------------------

    def _find(self, effect: Effect) -> Iterator[Found]:
        if effect.kind is EffectKind.COMMAND_RUN:
            return self._find_commands(effect)
        if effect.kind is EffectKind.HTTP_CALL:
            return self._find_calls(effect)
        if effect.kind is EffectKind.MAIL_SEND:
            return self._find_mail(effect)
        return self._find_paths(effect)

    def _find_paths(self, effect: Effect) -> Iterator[Found]:
        index = self._paths.get(effect.kind)
        if index is None:
            return
        for entry in index.find(effect.target):
            compiled = entry.value
            if compiled.excepts and compiled.excepts.match(effect.target):
                continue
            yield entry.rank, compiled, entry.glob

    def _find_calls(self, effect: Effect) -> Iterator[Found]:
        index = self._hosts.get(EffectKind.HTTP_CALL)
        if index is None:
            return
        method, path = effect.method.upper(), ""
        for entry in index.find(effect.host):
            compiled = entry.value
            if compiled.methods and method not in compiled.methods:
                continue
            if compiled.except_hosts and compiled.except_hosts.match(effect.host):
                continue
            if compiled.urls:
                path = path or urlsplit(effect.target).path or "/"
                if not compiled.urls.match(path):
                    continue
            yield _host_rank(entry.glob, compiled), compiled, entry.glob

    def _find_mail(self, effect: Effect) -> Iterator[Found]:
        index = self._hosts.get(EffectKind.MAIL_SEND)
        if index is None:
            return
        for address in effect.target.lower().replace(",", " ").split():
            domain = address.rpartition("@")[2].rstrip(">")
            for name in (address, domain) if "@" in address else (address,):
                for entry in index.find(name):
                    compiled = entry.value
                    excepts = compiled.except_hosts
                    if compiled.methods or compiled.urls:
                        continue
                    if excepts and (excepts.match(domain) or excepts.match(address)):
                        continue
                    yield _host_rank(entry.glob, compiled), compiled, entry.glob

    def _find_commands(self, effect: Effect) -> Iterator[Found]:
        if not self._commands:
            return
        argv = effect.details.get("argv") or ()
        for simple in started_by(effect.target, argv):
            words = simple.words
            named = [f for n in names(words) for f in self._commands.get(n, ())]
            for pattern, compiled in (*named, *self._commands.get("*", ())):
                if pattern.matches(words) and not spares(
                    simple, compiled.except_commands
                ):
                    yield (len(pattern.text),), compiled, pattern.text

    # -- answering ------------------------------------------------------------------

    def _judgement(self, best: Found | None, duties: Iterable[Found]) -> Judgement:
        ordered = sorted(
            duties, key=lambda d: (-d[1].precedence, [-n for n in d[0]], d[1].order)
        )
        bound = tuple(d[1].rule for d in ordered)
        if best is None:
            return Judgement(Verdict.ALLOW, "no rule refuses it", None, bound)
        _, compiled, fact = best
        _, verdict = _VERDICTS[compiled.rule.action]
        return Judgement(
            verdict, self._reason(compiled.rule, fact), compiled.rule, bound
        )

    def _reason(self, rule: Rule, fact: str) -> str:
        """Say the fact that decided: the place it is in, or the list it is outside."""
        outside = left(rule)
        if outside and rule.params.get("allow_list"):
            return f"it is outside {', '.join(f'`{o}`' for o in outside[:4])}"
        return f"it matches `{fact.removeprefix(self.policy.root + '/')}`"


def _host_rank(glob: str, compiled: _Compiled) -> Rank:
    literal = len(glob) - glob.count("*")
    return (literal, bool(compiled.urls), bool(compiled.methods))
