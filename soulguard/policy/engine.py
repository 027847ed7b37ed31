"""Owns the decision: a policy and an effect in, a judgement out.

Pure: no file, clock, socket or memory of earlier effects. What the record says of an
effect (done, in doubt, over a limit) is the broker's to add, from `duties`.

Order: a rule's precedence (built-in protections over blocks over prose), then deny over
ask over allow, then the more specific place. A command line is judged as a command and
as each effect it names (`touched`): the strictest of these answers holds, and what
allows one of them allows nothing of the others.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
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
from soulguard.policy.commands import CommandPattern, names, spares
from soulguard.policy.index import Entry, HostIndex, PathIndex, hosts_pattern
from soulguard.policy.places import left, wheres
from soulguard.policy.pushes import destined
from soulguard.policy.scope import is_timely, scope
from soulguard.policy.scripts import scripts
from soulguard.policy.shell import Simple
from soulguard.policy.sight import BLIND, Sight
from soulguard.policy.started import placed
from soulguard.policy.touched import Touch, touched

_VERDICTS = {
    Action.DENY: (2, Verdict.DENY),
    Action.ASK: (1, Verdict.ASK),
    Action.ALLOW: (0, Verdict.ALLOW),
}
_REPEATED = frozenset((EffectKind.HTTP_CALL, EffectKind.FILE_APPEND))
_STOPPING = (Action.DENY, Action.ASK)
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

    def judge(self, effect: Effect, sight: Sight = BLIND) -> Judgement:
        """Say what the rules alone say of an effect.

        `sight` is what the disk tells about a command line.
        """
        if effect.kind is EffectKind.COMMAND_RUN:
            return self._judge_line(effect, sight)
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
        best, duties = _weighed(self._find(effect))
        return self._judgement(best, duties)

    def _judge_line(self, effect: Effect, sight: Sight) -> Judgement:
        line = placed(effect)
        best, duties = _weighed(self._find_commands(line, sight))
        subject = "it"
        for says, others in self._besides(effect, line, sight):
            found, also = _weighed(others)
            for order, each in also.items():
                if is_timely(each[1].rule):
                    duties.setdefault(order, each)
            if found and _harder(found, best):
                best, subject = found, says
        return self._judgement(best, duties, subject)

    def _besides(
        self, effect: Effect, line: list[Simple], sight: Sight
    ) -> Iterator[tuple[str, Iterable[Found]]]:
        """Give the rules about what a line does beside being one, with what it does."""
        yield from self._touches("it", line, sight)
        for path, inside in scripts(effect, line, sight):
            says = f"`{self._below(path)}`, a script it starts,"
            yield says, self._find_commands(inside, sight)
            yield from self._touches(says, inside, sight)

    def _touches(
        self, says: str, line: list[Simple], sight: Sight
    ) -> Iterator[tuple[str, Iterable[Found]]]:
        for touch in touched(line, sight):
            does = f"{says} would {self._says(touch)}, and that"
            yield does, self._find_touched(touch, sight)

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
        if effect.kind is EffectKind.HTTP_CALL:
            return self._find_calls(effect)
        if effect.kind is EffectKind.MAIL_SEND:
            return self._find_mail(effect)
        return self._find_paths(effect)

    def _find_paths(self, effect: Effect) -> Iterator[Found]:
        yield from self._at(effect.kind, effect.target)
        to = effect.details.get("to") if effect.kind is EffectKind.FILE_RENAME else None
        if to:
            yield from self._leaving(effect.target, str(to))

    def _at(self, kind: EffectKind, path: str) -> Iterator[Found]:
        index = self._paths.get(kind)
        for entry in index.find(path) if index else ():
            if not _excepts(entry.value, path):
                yield entry.rank, entry.value, entry.glob

    def _leaving(self, path: str, to: str) -> Iterator[Found]:
        """Give the rules that stop a deletion, where a move takes a file out of them."""
        stopping = [
            f
            for f in self._at(EffectKind.FILE_DELETE, path)
            if f[1].rule.action in _STOPPING
        ]
        if stopping:
            still = {f[1].order for f in self._at(EffectKind.FILE_DELETE, to)}
            yield from (f for f in stopping if f[1].order not in still)

    def _find_touched(self, touch: Touch, sight: Sight) -> Iterator[Found]:
        effect = touch.effect
        if not touch.below:
            yield from self._find(effect)
        if touch.glob or touch.below:
            yield from self._reached(touch, sight)

    def _reached(self, touch: Touch, sight: Sight) -> Iterator[Found]:
        """Give the rules about what a glob or a folder holds, as far as it is there."""
        kind, target = touch.effect.kind, touch.effect.target
        kinds = [kind]
        if kind is EffectKind.FILE_RENAME and "to" in touch.effect.details:
            kinds.append(EffectKind.FILE_DELETE)
        for index in filter(None, map(self._paths.get, kinds)):
            for path, entry in index.reach(target, below=touch.below):
                if entry.value.rule.action not in _STOPPING:
                    continue
                if _excepts(entry.value, path) or not sight.there(path):
                    continue
                if touch.below or not sight.folder(path):
                    yield entry.rank, entry.value, entry.glob

    def _find_calls(self, effect: Effect) -> Iterator[Found]:
        index = self._hosts.get(EffectKind.HTTP_CALL)
        if index is None:
            return
        method, path, host = effect.method.upper(), "", effect.host.rstrip(".")
        for entry in self._hosted(index, host):
            compiled = entry.value
            if compiled.methods and method not in compiled.methods:
                continue
            if compiled.except_hosts and compiled.except_hosts.match(host):
                continue
            if compiled.urls:
                path = path or urlsplit(effect.target).path or "/"
                if not compiled.urls.match(path):
                    continue
            yield _host_rank(entry.glob, compiled), compiled, entry.glob

    def _hosted(
        self, index: HostIndex[_Compiled], host: str
    ) -> Iterator[Entry[_Compiled]]:
        yield from index.find(host)
        if host.startswith("www."):
            # who may not be contacted may not be under this name of theirs either
            for entry in index.named(host.removeprefix("www.")):
                if entry.value.rule.action in _STOPPING:
                    yield entry

    def _find_mail(self, effect: Effect) -> Iterator[Found]:
        index = self._hosts.get(EffectKind.MAIL_SEND)
        if index is None:
            return
        for address in effect.target.lower().replace(",", " ").split():
            domain = address.rpartition("@")[2].rstrip(">.")
            for name in (address, domain) if "@" in address else (address,):
                for entry in index.find(name):
                    compiled = entry.value
                    excepts = compiled.except_hosts
                    if compiled.methods or compiled.urls:
                        continue
                    if excepts and (excepts.match(domain) or excepts.match(address)):
                        continue
                    yield _host_rank(entry.glob, compiled), compiled, entry.glob

    def _find_commands(self, line: list[Simple], sight: Sight) -> Iterator[Found]:
        for simple in line if self._commands else ():
            words = destined(simple, sight)
            named = [f for n in names(words) for f in self._commands.get(n, ())]
            for pattern, compiled in (*named, *self._commands.get("*", ())):
                if pattern.found_in(simple, words) and not spares(
                    simple, compiled.except_commands
                ):
                    yield (len(pattern.text),), compiled, pattern.text

    # -- answering ------------------------------------------------------------------

    def _judgement(
        self, best: Found | None, duties: Mapping[int, Found], subject: str = "it"
    ) -> Judgement:
        ordered = sorted(
            duties.values(),
            key=lambda d: (-d[1].precedence, [-n for n in d[0]], d[1].order),
        )
        bound = tuple(d[1].rule for d in ordered)
        if best is None:
            return Judgement(Verdict.ALLOW, "no rule refuses it", None, bound)
        _, compiled, fact = best
        _, verdict = _VERDICTS[compiled.rule.action]
        reason = f"{subject} {self._reason(compiled.rule, fact)}"
        return Judgement(verdict, reason, compiled.rule, bound)

    def _says(self, touch: Touch) -> str:
        """Give what a line says that it does, as a person reads it."""
        effect = touch.effect
        if effect.kind is not EffectKind.HTTP_CALL:
            all_in_it = " with all in it" if touch.below else ""
            return f"{touch.does} `{self._below(effect.target)}`{all_in_it}"
        if not effect.method:
            return f"{touch.does} `{effect.host}`"
        return f"{touch.does} `{effect.method} {effect.target.partition('?')[0]}`"

    def _below(self, path: str) -> str:
        """Give a path as it is called in the folder of the policy."""
        return path.removeprefix(self.policy.root.rstrip("/") + "/")

    def _reason(self, rule: Rule, fact: str) -> str:
        """Say the fact that decided: the place it is in, or the list it is outside."""
        outside = left(rule)
        if outside and rule.params.get("allow_list"):
            return f"is outside {', '.join(f'`{o}`' for o in outside[:4])}"
        return f"matches `{fact.removeprefix(self.policy.root + '/')}`"


def _weighed(found: Iterable[Found]) -> tuple[Found | None, dict[int, Found]]:
    """Give what decides, with its order as its rank, and the duties by their rules."""
    best: Found | None = None
    duties: dict[int, Found] = {}
    for rank, compiled, fact in found:
        verdict = _VERDICTS.get(compiled.rule.action)
        if verdict is None:
            known = duties.get(compiled.order)
            if known is None or known[0] < rank:
                duties[compiled.order] = (rank, compiled, fact)
            continue
        order = (compiled.precedence, verdict[0], *rank)
        if best is None or best[0] < order:
            best = (order, compiled, fact)
    return best, duties


def _harder(found: Found, best: Found | None) -> bool:
    """Whether what decides about one effect of a line stops more than another does."""
    precedence, verdict, *_ = found[0]
    if best is None:
        return verdict > 0
    return (verdict, precedence) > (best[0][1], best[0][0])


def _excepts(compiled: _Compiled, path: str) -> bool:
    return compiled.excepts is not None and bool(compiled.excepts.match(path))


def _host_rank(glob: str, compiled: _Compiled) -> Rank:
    literal = len(glob) - glob.count("*")
    return (literal, bool(compiled.urls), bool(compiled.methods))
