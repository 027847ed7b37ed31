"""Owns which sentence of SOUL.md covers an effect that was found, and at which grade.

Asks the compiled policy as `soulguard explain` does; decides nothing of its own.
"""

from __future__ import annotations

import os.path
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from soulguard.audit.services import PLACEHOLDER, Service
from soulguard.audit.sighting import Sighting
from soulguard.audit.values import HOLE, known
from soulguard.errors import SourceMissingError
from soulguard.model import Action, Effect, EffectKind, Judgement, Rule, Verdict
from soulguard.policy.engine import Engine
from soulguard.soul.compiler import examine
from soulguard.soul.sources import discover_sources

_KINDS = {
    "file.write": EffectKind.FILE_WRITE,
    "file.append": EffectKind.FILE_APPEND,
    "file.rename": EffectKind.FILE_WRITE,  # what counts is the name it gets
    "file.delete": EffectKind.FILE_DELETE,
    "http.call": EffectKind.HTTP_CALL,
    "mail.send": EffectKind.MAIL_SEND,
    "command.run": EffectKind.COMMAND_RUN,
}
_KEEPS = frozenset((Action.ONCE, Action.KEY))
_ANYWHERE = "known-only-when-it-runs"


@dataclass(frozen=True, slots=True)
class Cover:
    """What the rules say of an effect. `held`: it does not happen twice under them."""

    says: str
    at: str = ""
    grade: str = ""
    held: bool = False
    if_inside: bool = False


class Sentences:
    """The rules that stand beside the audited tree, ready to be asked."""

    def __init__(self, sources: Sequence[Path]) -> None:
        compiled = examine(sources)
        for diagnostic in compiled.errors:
            raise diagnostic.error()
        self.sources = tuple(sources)
        self.root = compiled.policy.root
        self._engine = Engine(compiled.policy)

    def cover(self, seen: Sighting, where: Service) -> Cover:
        """Say which sentence covers an effect, as far as the source tells its place.

        Of several places it may be done to, the one that is covered least.
        """
        covers = [self._cover(each, where) for each in seen.each()]
        return min(covers, key=lambda cover: (cover.held, not cover.if_inside))

    def _cover(self, seen: Sighting, where: Service) -> Cover:
        kind = _KINDS.get(seen.does)
        if kind is None:
            return Cover("none: the guard has no door for it")
        effect, sure = self._effect(kind, seen, where)
        judgement = self._engine.judge(effect)
        stops = _stopping(judgement, told=_ANYWHERE not in effect.target)
        rule = stops or _keeping(judgement)
        if rule is None:
            return Cover("none" if sure else "none that holds everywhere")
        held = stops is not None or rule.action in _KEEPS
        place = rule.source.span.short
        words = {Verdict.DENY: "refused by", Verdict.ASK: "asked about by"}
        how = words.get(judgement.verdict, "") if stops else ""
        said = f"{how} {place}".strip()
        if not sure:
            said += ", if it is under the rules' folder"
        return Cover(said, place, rule.grade.value, held, if_inside=not sure)

    def _effect(
        self, kind: EffectKind, seen: Sighting, where: Service
    ) -> tuple[Effect, bool]:
        """Give the effect to ask about, and whether its place is sure."""
        target = (seen.target or "").replace(HOLE, PLACEHOLDER)
        if kind is EffectKind.HTTP_CALL:
            host = where.host or f"{_ANYWHERE}.invalid"
            url = where.url or f"https://{host}/"
            return Effect(kind, url, method=seen.method or "POST", host=host), True
        if kind is EffectKind.MAIL_SEND:
            return Effect(kind, target if "@" in target else f"{PLACEHOLDER}@{_ANYWHERE}.invalid"), True  # fmt: skip
        if kind is EffectKind.COMMAND_RUN:
            return Effect(kind, target or _ANYWHERE), True
        sure = known(seen.target) and not str(seen.target).startswith(HOLE)
        path = os.path.expanduser(target) if sure else _ANYWHERE
        return Effect(kind, os.path.normpath(os.path.join(self.root, path))), sure


class Beside:
    """The rules of each folder: the SOUL.md there or above, or the one that was named."""

    def __init__(self, named: Sequence[Path] = ()) -> None:
        self._named = tuple(named)
        self._by_sources: dict[tuple[Path, ...], Sentences] = {}
        self._by_folder: dict[Path, Sentences | None] = {}
        if named:  # a name that leads nowhere is told at once
            self.of(Path.cwd())

    def of(self, folder: Path) -> Sentences | None:
        """Give the rules that hold for a folder, None where there are none to find.

        Raises:
            PolicyError: a rule file cannot be used, or one that was named is missing.
        """
        if folder not in self._by_folder:
            self._by_folder[folder] = self._find(folder)
        return self._by_folder[folder]

    @property
    def files(self) -> tuple[str, ...]:
        """The rule files that were asked, as a person knows them."""
        every = [path for sources in self._by_sources for path in sources]
        shown = [os.path.relpath(path) for path in every]
        return tuple(str(p) if s.startswith("..") else s for p, s in zip(every, shown, strict=True))  # fmt: skip

    def _find(self, folder: Path) -> Sentences | None:
        try:
            sources = tuple(discover_sources(folder, self._named))
        except SourceMissingError:
            if self._named:
                raise
            return None
        if sources not in self._by_sources:
            self._by_sources[sources] = Sentences(sources)
        return self._by_sources[sources]


def _stopping(judgement: Judgement, *, told: bool) -> Rule | None:
    """Give the rule that refuses the effect or asks about it.

    `told`: the source tells its place. Where it does not, nobody knows whether that is
    on the list of a rule that allows some places only.
    """
    rule = judgement.rule
    if rule is None or judgement.verdict is Verdict.ALLOW:
        return None
    return rule if told or not rule.params.get("allow_list") else None


def _keeping(judgement: Judgement) -> Rule | None:
    """Give the rule that keeps the effect from happening twice."""
    return next((r for r in judgement.duties if r.action in _KEEPS), None)
