"""Owns which calls of a module are effects, and which outcome their arguments give.

Rules, providers and what detects an earlier run are others' to say.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from soulguard.audit.calling import find, spread
from soulguard.audit.evaluating import Evaluator
from soulguard.audit.scopes import Module, Site, called, written
from soulguard.audit.values import (
    CONSTANT,
    HOLE,
    LIST,
    PATH,
    TEXT,
    Value,
    Values,
    readable,
    said,
)
from soulguard.model.signature import Argument, Case, Harm, Signature

_TEXTS = (TEXT, LIST)
_LONG = 300
"""Letters of a target that are kept for a person."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An effectful call: its signature with what the arguments made of it.

    `target` is the text of what it is done to, with holes, None where nothing is known,
    `others` what else it may be; `node` is the expression that names it. `method` is upper case, empty if unknown.
    """

    site: Site
    call: ast.Call
    signature: Signature
    does: str
    twice: str
    prior: str
    target: str | None
    node: ast.expr | None
    method: str
    receiver: Value
    others: tuple[str, ...] = ()

    def each(self) -> Iterator[Sighting]:
        """Give the effect once for everything it may be done to."""
        for target in (self.target, *self.others):
            yield replace(self, target=target, others=())


def sightings(module: Module, evaluator: Evaluator) -> Iterator[Sighting]:
    """Give the effects of a module in the order they are written."""
    seen: set[int] = set()
    for site in sorted(module.sites, key=lambda each: each.at):
        name = called(site.call)
        wanted = None
        if not isinstance(site.call.func, ast.Attribute) or (
            evaluator.table.wanted(name) or evaluator.project.gives(name)
        ):
            wanted = _direct(site, evaluator)
        wanted = wanted or _handed(site, evaluator)
        if wanted and id(site.call) not in seen:
            seen.add(id(site.call))
            yield wanted


def _direct(site: Site, evaluator: Evaluator) -> Sighting | None:
    for callee in evaluator.calls.callees(site):
        if callee.path[:1] == "@":
            continue
        for signature in evaluator.table.matches(callee.path):
            if _our_own(callee, signature, evaluator):
                continue
            found = _sighting(site, site.call, signature, callee, evaluator)
            if found:
                return found
    return None


def _our_own(callee: Value, signature: Signature, evaluator: Evaluator) -> bool:
    """Whether the receiver is unknown and may be of a class of the audited code.

    Where the arguments tell (a statement of SQL), the name need not.
    """
    if callee.path[:2] != "?.":
        return False
    if any(case.skip and case.test == "given" for case in signature.cases):
        return False
    return evaluator.project.defines(callee.path.rpartition(".")[2])


def _handed(site: Site, evaluator: Evaluator) -> Sighting | None:
    """Give the effect of a function that is handed on to be called: `to_thread(f, x)`."""
    name = called(site.call)
    at = evaluator.table.hands_on(name)
    if at is None:
        return None
    handed = find(site.call, Argument(at, ("target", "func", "function", "fn")))
    if not isinstance(handed, (ast.Name, ast.Attribute)):
        return None
    rest = site.call.args[at + 1 :] if at >= 0 else _given(site.call)
    call = ast.copy_location(ast.Call(handed, rest, site.call.keywords), site.call)
    if name == "partial":
        return None  # it counts where it is called
    for callee in evaluator.values(handed, site.scope, site.block):
        for signature in evaluator.table.matches(callee.path):
            found = _sighting(site, call, signature, callee, evaluator)
            if found:
                return found
    return None


def _given(call: ast.Call) -> list[ast.expr]:
    """Give the arguments of ``Thread(target=f, args=(...))``."""
    given = find(call, Argument(-1, ("args",)))
    return given.elts if isinstance(given, (ast.Tuple, ast.List)) else []


def _sighting(
    site: Site, call: ast.Call, signature: Signature, receiver: Value,
    evaluator: Evaluator,
) -> Sighting | None:  # fmt: skip
    does, twice, prior = signature.does, signature.twice, ""
    for case in signature.cases:
        if _holds(case, call, site, evaluator):
            if case.skip:
                return None
            does, twice = case.does or does, case.twice or twice
            prior = case.prior
            break
    node, targets = _targets(signature, call, site, receiver, evaluator)
    target = targets[0] if targets else None
    if _nowhere(node, target, site, evaluator):
        return None
    method = _method(signature, call, site, evaluator)
    return Sighting(
        site, call, signature, does, twice, prior, target, node, method, receiver,
        tuple(targets[1:]),
    )  # fmt: skip


def _holds(case: Case, call: ast.Call, site: Site, evaluator: Evaluator) -> bool:
    node = find(call, case.argument)
    if node is None:
        if case.test == "unknown":
            return spread(call)
        return case.test == "absent" and not spread(call)
    if case.test in ("given", "absent"):
        return case.test == "given"
    values = evaluator.values(node, site.scope, site.block)
    found = _comparable(values, node)
    if case.test == "unknown":
        return not found
    if case.test == "is":
        held = [said_so.lower() == case.value.lower() for said_so in found]
    else:
        held = [bool(re.search(case.value, said_so)) for said_so in found]
    if _harmless(case, evaluator):  # then it must be so whatever it turns out to be
        return len(held) == len(values) and all(held)
    return any(held)


def _harmless(case: Case, evaluator: Evaluator) -> bool:
    if case.skip or not case.twice:
        return case.skip
    harm = evaluator.table.outcome(case.twice).harm
    return harm in (Harm.NONE, Harm.FAILS)


def _comparable(found: Values, node: ast.expr) -> list[str]:
    """Give the texts an argument may be; what is written stands for a name or a dict."""
    texts = []
    for value in found:
        if value.text is not None and not value.path.startswith("@"):
            if value.text.replace(HOLE, "").strip():
                texts.append(value.text)
        elif value.path == LIST and value.items:
            words = _words(value)
            if words.replace(HOLE, "").strip():
                texts.append(words)
        elif isinstance(node, (ast.Attribute, ast.BinOp, ast.Dict)):
            texts.append(written(node))
    return texts


def _nowhere(
    node: ast.expr | None, target: str | None, site: Site, evaluator: Evaluator
) -> bool:
    """Whether what is written goes to memory, to the terminal, or to no place at all."""
    nowhere = evaluator.table.nowhere
    if node is None:
        return target in nowhere
    found = evaluator.values(node, site.scope, site.block)
    return all(value.path in nowhere or value.text in nowhere for value in found)


def _targets(
    signature: Signature, call: ast.Call, site: Site, receiver: Value,
    evaluator: Evaluator,
) -> tuple[ast.expr | None, list[str]]:  # fmt: skip
    """Give the expression that names the target, and all it may be; none if unsure."""
    if signature.target is None:
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        return owner, [receiver.text] if receiver.text is not None else []
    node = find(call, signature.target)
    if node is None:
        return None, []
    found = evaluator.values(node, site.scope, site.block)
    texts = [
        _whole(v) for v in found if v.path == PATH or v.path.split(".")[0] in _TEXTS
    ]
    known = [each[:_LONG] for each in texts if each is not None]
    return node, list(dict.fromkeys(known)) if len(known) == len(found) else []


def _words(value: Value) -> str:
    """Write a list of words as a line; None among them is nothing known."""
    nothing = Value(CONSTANT, "None")
    return " ".join(HOLE if i == nothing else said(i) for i in value.items)


def _whole(value: Value) -> str | None:
    if value.path == LIST:
        return _words(value) or None
    return value.text


def _method(
    signature: Signature, call: ast.Call, site: Site, evaluator: Evaluator
) -> str:
    if signature.method_in is None:
        return _urllib(signature, call, site, evaluator) or signature.method
    found = evaluator.calls.argument(call, signature.method_in, site.scope, site.block)
    if len(found) == 1 and found[0].path == TEXT:
        return readable(said(found[0])).upper() if found[0].text != HOLE else ""
    return ""


def _urllib(
    signature: Signature, call: ast.Call, site: Site, evaluator: Evaluator
) -> str:
    """Give a method said beside the usual one, as `urllib.request.Request` takes it."""
    given = find(call, Argument(-1, ("method",))) if signature.does == "http.call" else None  # fmt: skip
    if given is None:
        return ""
    found = evaluator.values(given, site.scope, site.block)
    return said(found[0]).upper() if len(found) == 1 and found[0].path == TEXT and found[0].text != HOLE else ""  # fmt: skip
