"""Owns the four answers for an effect that was found, and where that leaves it.

Everything is known by now; nothing is looked up here.
"""

from __future__ import annotations

import ast
import os.path

from soulguard.audit.evaluating import Evaluator
from soulguard.audit.findings import Finding, Status
from soulguard.audit.keys import key
from soulguard.audit.priors import Prior, guard
from soulguard.audit.renames import puts_in_place, renamed
from soulguard.audit.scopes import written
from soulguard.audit.sentences import Beside, Cover
from soulguard.audit.services import Service, answer, service
from soulguard.audit.sighting import Sighting
from soulguard.audit.values import known, readable
from soulguard.effects.inference import Inference
from soulguard.effects.providers import Providers
from soulguard.model.signature import Harm, Outcome

_NO_RULES = Cover("none: no SOUL.md")
_SCRATCH = ("/tmp/", "/dev/", "/var/tmp/")
_WIDE = 72


class Answers:
    """Answers for one audit."""

    def __init__(
        self, evaluator: Evaluator, providers: Providers, inference: Inference,
        rules: Beside, home: str,
    ) -> None:  # fmt: skip
        self.evaluator = evaluator
        self.providers = providers
        self.inference = inference
        self.rules = rules
        self.home = home

    def finding(self, seen: Sighting) -> Finding:
        """Give the finding for an effect."""
        where = service(seen, self.providers, self.inference)
        outcome = self._outcome(seen, where)
        prior = self._prior(seen, where, outcome)
        module, call = seen.site.scope.module, seen.call
        sentences = self.rules.of(module.file.parent)
        cover = sentences.cover(seen, where) if sentences else _NO_RULES
        return Finding(
            file=module.shown, line=call.lineno, column=call.col_offset + 1,
            end_line=call.end_lineno or call.lineno,
            call=_written(call.func), signature=seen.signature.id,
            what=_what(seen), does=seen.does, target=_shown(seen, where),
            status=_status(outcome, prior, cover, where), twice=outcome.says,
            prior=prior.says if prior else "nothing", key=answer(seen, where),
            rule=cover.says, rule_at=cover.at, grade=cover.grade,
        )  # fmt: skip

    def _outcome(self, seen: Sighting, where: Service) -> Outcome:
        table = self.evaluator.table
        if seen.does.startswith("file.") and all(
            self._scratch(each.target or "") for each in seen.each()
        ):
            return table.outcome("scratch")
        if puts_in_place(seen, self.evaluator):
            return table.outcome("replaced")
        if where.thinks and seen.twice == "request":
            return table.outcome("answer")
        return table.outcome(seen.twice)

    def _scratch(self, target: str) -> bool:
        """Whether a path lies among temporary files, and not in what is audited."""
        return target.startswith(_SCRATCH) and not target.startswith(self.home)

    def _prior(self, seen: Sighting, where: Service, outcome: Outcome) -> Prior | None:
        if seen.prior:
            return Prior(seen.prior, sure=outcome.harm is not Harm.AGAIN)
        found = renamed(seen, self.evaluator)
        if found is None and seen.does in ("http.call", "message", "database"):
            found = key(seen, where.carrier, self.evaluator)
        return found or guard(seen, self.evaluator)


def _status(
    outcome: Outcome, prior: Prior | None, cover: Cover, where: Service
) -> Status:
    if outcome.harm in (Harm.NONE, Harm.FAILS):
        return Status.SAFE
    if prior is not None and prior.sure:
        # a key that was merely sent is no protection
        if not prior.key or where.takes:
            return Status.SAFE
        if not cover.held:
            return Status.UNKNOWN
    if cover.held:
        return Status.UNKNOWN if cover.if_inside else Status.GUARDED
    return Status.UNKNOWN if outcome.harm is Harm.UNKNOWN else Status.DEBT


def _what(seen: Sighting) -> str:
    if seen.does == "file.append" and seen.signature.what == "write a file":
        return "append to a file"
    return seen.signature.what


def _shown(seen: Sighting, where: Service) -> str:
    """Give the target for a person: a URL with its method, a path, the first words."""
    said = readable(seen.target or "")
    if seen.does == "http.call":
        if seen.signature.url and where.host:
            return where.host
        method = seen.method or "?"
        base = seen.receiver.text
        if base and "://" not in said and said != "…":
            said = f"{readable(base).rstrip('/')}/{said.lstrip('/')}"
        return f"{method} {said or '…'}"
    if not known(seen.target):
        return _named(seen)
    if seen.does.startswith("file."):
        said = _near(said)
    if seen.others:
        said += f" or {readable(seen.others[0])}" + ", ..." * (len(seen.others) > 1)
    return said if len(said) <= _WIDE else said[: _WIDE - 3] + "..."


def _named(seen: Sighting) -> str:
    """Give the words by which the call itself names its target, empty without."""
    named = seen.signature.target is not None or seen.does.startswith("file.")
    return written(seen.node)[:_WIDE] if seen.node is not None and named else ""


def _near(path: str) -> str:
    """Give a path from here where it lies below, as it is otherwise."""
    if not path.startswith("/"):
        return path
    near = os.path.relpath(path)
    return path if near.startswith("..") else near


def _written(node: ast.expr) -> str:
    said = written(node)
    return said if len(said) <= _WIDE else "..." + said[-_WIDE:]
